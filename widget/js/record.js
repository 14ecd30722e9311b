// What does a record from our API mean? Pure readings of it, shared by panel and popup.

import { mayLook } from "./permitted.js";

const FRESH = 60_000;
const CHANGED = "changed_since_preview";
const STOPPED = ["blocked", "failed", "conflict", "locked", "unchanged"];
export const SENT = ["created", "updated", "linked", "removed"];
export const STEPS = ["checking", "customer", "sending", "updating_crm"];

/** The broken connection that keeps work back: "xero", "zoho", or null. */
export function brokenService(record) {
  return ["xero", "zoho"].find((service) => record.connections?.[service]?.state === "disconnected") ?? null;
}

/**
 * What was last found out about sending it: the latest check, or a later push that was not let through.
 * {task, reasons, preview, changed}: `changed` = it is sendable, but it is not what was shown before.
 */
export function verdictOf(record) {
  const stopped = STOPPED.includes(record.last?.outcome) ? record.last : null;
  const [task] = [record.check, stopped].filter(Boolean).sort(latestFirst);
  return task ? verdictOfTask(task) : null;
}

const latestFirst = (a, b) => Date.parse(b.ended_at) - Date.parse(a.ended_at);

export function verdictOfTask(task) {
  const changed = task.reasons.some((reason) => reason.code === CHANGED) && Boolean(task.preview?.digest);
  const reasons = changed ? task.reasons.filter((reason) => reason.code !== CHANGED) : task.reasons;
  return { task, reasons, preview: task.preview, changed };
}

/** The verdict on an invoice that is in Xero; null where it was sent since, or nothing is known. */
export function standing(record) {
  const verdict = verdictOf(record);
  const sent = [record.link?.sent_at, SENT.includes(record.last?.outcome) ? record.last.ended_at : null].filter(Boolean).map(Date.parse);
  return verdict && Date.parse(verdict.task.ended_at) > Math.max(0, ...sent) ? verdict : null;
}

/** Whether the person has to be shown a fresh check before anything else. `crm`: the record's own fields. */
export function wantsCheck(record, crm, now) {
  if (!record.setup.ready || !mayLook(record) || brokenService(record) || record.run) {
    return false;
  }
  const verdict = verdictOf(record);
  const [look] = [record.check, record.last].filter(Boolean).sort(latestFirst);
  if (!look || (!record.link && !verdict) || isOutdated(record)) {
    return true;
  }
  const seen = record.link ? look : verdict.task;
  const edited = crm?.modified ? Date.parse(crm.modified) + 1000 >= Date.parse(seen.created_at) : false;
  return edited || now - Date.parse(seen.ended_at) > FRESH;
}

/** Whether Xero has moved on since the two were compared, or a choice was made on what is no more. */
function isOutdated(record) {
  const verdict = record.link ? standing(record) : null;
  const held = verdict?.preview?.held;
  return Boolean(verdict) && ((held && held.status !== record.link.status) || (verdict.changed && verdict.preview.decision === "kept"));
}

/** Whoever refreshes wants to know how CRM stands to it; whoever chose on what is no more has to see what is. */
export function wantsLook(record, { kind, task, asked }, choice) {
  if (!record?.link || !record.setup.ready || brokenService(record)) {
    return false;
  }
  return (kind === "pull" && asked) || (kind === "push" && Boolean(choice) && verdictOfTask(task).changed);
}

export function arrivesApproved(preview) {
  return preview?.arrives_as === "AUTHORISED";
}

/** Whether nothing of CRM's is missing in Xero, by the latest comparison. */
export function isSame(record) {
  const verdict = standing(record);
  return verdict ? verdict.preview?.decision === "unchanged" : record.link.crm_changed === false;
}

/** Whether a person chose Xero's version, and CRM is as it was then. */
export function isKept(record) {
  return Boolean(record.link?.kept) && ["kept", undefined].includes(standing(record)?.preview?.decision);
}

export function isGone(link) {
  return ["voided", "deleted"].includes(link?.payment_status);
}

/** Whether the record of a voided or deleted invoice can be sent as a new one. */
export function mayUnlink(verdict) {
  const preview = verdict?.preview;
  return Boolean(preview?.digest) && (preview.may_unlink === true || preview.decision === "create");
}

/** Warnings of the push that made this invoice, such as a total that Xero worked out otherwise. */
export function warningsOf(record) {
  return record.link ? (record.last?.warnings ?? []) : [];
}
