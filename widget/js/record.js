// What does a record from our API mean? Pure readings of it, shared by panel and popup.

const FRESH = 60_000;
const CHANGED = "changed_since_preview";
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
  const refused = ["blocked", "failed", "conflict"].includes(record.last?.outcome) ? record.last : null;
  const [task] = [record.check, refused].filter(Boolean).sort((a, b) => Date.parse(b.ended_at) - Date.parse(a.ended_at));
  return task ? verdictOfTask(task) : null;
}

export function verdictOfTask(task) {
  const changed = task.reasons.some((reason) => reason.code === CHANGED) && Boolean(task.preview?.digest);
  const reasons = changed ? task.reasons.filter((reason) => reason.code !== CHANGED) : task.reasons;
  return { task, reasons, preview: task.preview, changed };
}

/** Whether the person has to be shown a fresh check before anything else. */
export function wantsCheck(record, crm, now) {
  if (record.link || !record.setup.ready || brokenService(record) || record.run) {
    return false;
  }
  const verdict = verdictOf(record);
  if (!verdict) {
    return true;
  }
  const edited = crm?.modified ? Date.parse(crm.modified) + 1000 >= Date.parse(verdict.task.created_at) : false;
  return edited || now - Date.parse(verdict.task.ended_at) > FRESH;
}

export function arrivesApproved(preview) {
  return preview?.arrives_as === "AUTHORISED";
}

/** Reasons that came after the invoice was in Xero: a check or push of a linked record that found something. */
export function laterReasons(record) {
  const verdict = verdictOf(record);
  const sent = record.link?.sent_at;
  return verdict && (!sent || Date.parse(verdict.task.ended_at) > Date.parse(sent)) ? verdict.reasons : [];
}

/** Whether the latest check of a linked record found nothing to send. */
export function isSame(record) {
  return record.check?.preview?.decision === "unchanged" && Date.parse(record.check.ended_at) >= Date.parse(record.link.sent_at ?? 0);
}

/** Warnings of the push that made this invoice, such as a total that Xero worked out otherwise. */
export function warningsOf(record) {
  return record.link ? (record.last?.warnings ?? []) : [];
}
