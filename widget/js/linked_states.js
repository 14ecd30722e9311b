// What is said of an invoice that is in Xero, and what can be done about it? By how CRM and Xero stand to each other. Pure.

import { changedSentence } from "./differences.js";
import { linkFacts, paymentsOf } from "./facts.js";
import { apart, isZero, minus } from "./format.js";
import { linkedBand, lockOf } from "./linked.js";
import { isGone, isKept, isSame, mayUnlink, standing, warningsOf } from "./record.js";
import { say } from "./words.js";

/** A view: the state of the payment first, then what the last comparison with CRM adds. `subject`: what a push is about. */
export function linkedView(state) {
  const { record } = state;
  const verdict = standing(record);
  const preview = verdict?.preview ?? null;
  const base = {
    state: record.link.payment_status,
    ...linkedBand(record),
    lock: lockOf(record),
    facts: linkFacts(record.link),
    payments: paymentsOf(record.link),
    buttons: [],
    problems: null,
    sides: null,
    preview: record.link.lock.state === "editable" ? preview : null,
    checking: isChecking(state),
  };
  const added = totalDiffers(record) ?? cases(record, verdict)(state, verdict, base);
  return { ...base, ...added, notes: crmRefused(record), subject: preview };
}

const button = (kind, name, icon, act, more = {}) => ({ name, icon, act, kind, ...more });
const PREVIEW = button("plain", "preview", "eye", "preview");

export function isChecking({ asked, run }) {
  return asked === "preview" || run?.kind === "preview";
}

function cases(record, verdict) {
  if (isGone(record.link)) {
    return gone;
  }
  const decision = verdict?.preview?.decision;
  if (decision === "remove") {
    return removal;
  }
  if (record.link.lock.state === "locked") {
    return verdict?.preview?.differences?.length ? differs : quiet;
  }
  if (verdict?.reasons.length) {
    return blocked;
  }
  return { update, conflict }[decision] ?? quiet;
}

/** Nothing to do: CRM and Xero agree, Xero's version was kept, or nothing is known yet. */
function quiet(state, verdict, { buttons, preview }) {
  const { record } = state;
  const editable = record.link.lock.state === "editable";
  const kept = isKept(record) ? { under: say("kept.under"), lock: { ...lockOf(record), next: say("lock.next.not_approved") } } : {};
  const problems = verdict?.reasons.length ? verdict.reasons : null; // of a locked one: Xero does not show it, for instance
  return { buttons: editable ? [PREVIEW] : buttons, preview, problems, ...(editable ? kept : {}) };
}

/** State 3: the draft in Xero is older than CRM. */
function update({ record, note }, verdict) {
  const { preview } = verdict;
  const changed = verdict.changed || note?.kind === "changed";
  const facts = linkFacts(record.link, { crmTotal: preview.totals?.crm?.total });
  return {
    mode: "update",
    under: changed ? say("none.changed") : "",
    underParts: changed ? null : changedSentence(preview),
    lock: { ...lockOf(record), next: say("lock.next.update") },
    facts,
    buttons: [PREVIEW, button("filled", "push_changes", "send", "push")],
  };
}

/** Both were edited: nothing goes over the bookkeeper unless somebody who saw it says so. Neither button is filled. */
function conflict({ record, note }, { preview, task }) {
  return {
    state: "conflict",
    mode: "conflict",
    tone: "a",
    glyph: "differs",
    headline: say("conflict.headline"),
    under: say(note?.kind === "changed" ? "none.changed" : "conflict.under"),
    lock: { ...lockOf(record), next: say("lock.next.conflict") },
    facts: linkFacts(record.link, { beside: true }),
    sides: preview,
    checkedAt: task.ended_at,
    preview: null,
    buttons: [button("plain", "keep_xero", "check", "keep"), button("plain", "send_crm", "send", "replace")],
  };
}

/** State 10: CRM was changed after Xero had locked it. */
function differs({ record, copied }, { preview, task }) {
  const byXero = preview.differences.every((each) => each.by === "xero");
  const owed = isZero(record.link.due) ? "differs.stands" : "differs.owes";
  return {
    state: "differs",
    mode: "differs",
    tone: "a",
    glyph: "differs",
    share: null,
    headline: say("differs.headline"),
    under: `${say(byXero ? "differs.by_xero" : "differs.by_crm")} ${say(owed)}`,
    lock: { ...lockOf(record, { unsent: !byXero }), next: say(byXero ? "lock.next.edited" : "lock.next.differs") },
    facts: linkFacts(record.link, { beside: true }),
    sides: preview,
    checkedAt: task.ended_at,
    buttons: [button("filled", "copy", copied ? "tick" : "copy", "copy", copied === true ? { label: say("button.copied") } : {})],
    spoken: copied === true ? say("copy.done") : null,
    byHand: copied === "by_hand",
  };
}

/** CRM has cancelled what Xero still holds. */
function removal({ record, note }, { preview, task, changed }) {
  const voids = preview.removal === "VOIDED";
  const name = voids ? "void" : "delete";
  const { locked, why } = lockOf(record);
  return {
    state: "removal",
    mode: "removal",
    tone: "a",
    glyph: "differs",
    headline: say("removal.headline"),
    under: changed || note?.kind === "changed" ? say("none.changed") : say("removal.under", { status: preview.crm_status ?? "" }),
    lock: { locked, why: voids ? say("lock.why.voidable") : why, next: say(`lock.next.${name}`) },
    checkedAt: task.ended_at,
    preview: null,
    buttons: [button("filled", name, "struck", "remove")],
  };
}

/** State 14: voided or deleted is final; the record may be sent as a new invoice, or it is said why not. */
function gone({ record }, verdict, { checking }) {
  if (mayUnlink(verdict)) {
    return { lock: { ...lockOf(record), next: say("lock.next.unlink") }, buttons: [button("plain", "unlink", "unlink", "unlink")], preview: null };
  }
  if (verdict?.reasons.length) {
    const used = verdict.reasons.some((reason) => reason.code === "number_used");
    const next = say(used ? "lock.next.number_used" : "lock.next.unlink_blocked");
    return { lock: { ...lockOf(record), next }, problems: verdict.reasons, buttons: [again("plain", checking)] };
  }
  const agreed = verdict?.preview?.decision === "unchanged";
  return agreed ? { lock: { ...lockOf(record), next: say("lock.next.agreed") } } : {};
}

/** What is in Xero stays as it is until these are mended. */
function blocked({ record }, { reasons, preview, task }, { checking }) {
  const count = reasons.length;
  return {
    state: "blocked",
    mode: "blocked",
    tone: "a",
    glyph: "blocked",
    headline: say("linked.blocked", { count }),
    under: say("linked.blocked_under", { count }),
    lock: { ...lockOf(record), next: null },
    problems: reasons,
    checkedAt: task.ended_at,
    preview,
    previewAtFoot: Boolean(preview?.lines?.length),
    buttons: [again("filled", checking)],
  };
}

const again = (kind, busy) => button(kind, "check", "refresh", "check", { busy });

/** State 15: Xero's own sum is another one. Told until the next push. */
function totalDiffers(record) {
  const [warning] = warningsOf(record).filter((each) => each.code === "total_differs");
  if (!warning) {
    return null;
  }
  const preview = standing(record)?.preview ?? record.check?.preview ?? null;
  const lock = lockOf(record);
  return {
    mode: "total",
    tone: "a",
    glyph: "differs",
    share: null,
    headline: apartBy(record.link) ?? warning.sentence,
    under: warning.detail,
    lock: { ...lock, next: say(lock.locked ? "lock.next.total_locked" : "lock.next.total") },
    preview,
    buttons: preview?.lines?.length ? [button("filled", "lines", "eye", "preview")] : [],
  };
}

function apartBy({ total, crm_total: crmTotal, currency }) {
  const gap = minus(total, crmTotal);
  return gap === null || isZero(gap) ? null : say("total.apart", { apart: apart(gap, currency) });
}

/** Xero has the invoice and CRM did not take its figures: told, because CRM's own fields are then old. */
export function crmRefused(record) {
  if (record.last?.crm_written !== "refused") {
    return [];
  }
  const message = record.last.crm_refused?.message;
  return [{ sentence: say("note.crm_refused"), detail: message ? say("note.crm_says", { message }) : say("note.crm_silent") }];
}
