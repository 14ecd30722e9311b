// What is said about one invoice in a list of many: why that happens to it, or what came of it? Pure.

import { partOf } from "../differences.js";
import { clock, money } from "../format.js";
import { language, say } from "../words.js";

const MOST_PARTS = 3;
const parts = new Intl.ListFormat(language, { type: "conjunction" });

/** The grey text of a row, as one sentence; problems are told by `reasons`. */
export function whyOf(row) {
  return WHY[row.group]?.(row) ?? "";
}

const WHY = {
  create: created,
  update: (row) => changedParts(row),
  remove: (row) => say(row.removal === "VOIDED" ? "many.why.removal_voided" : "many.why.removal_deleted"),
  unchanged: (row) => say(row.decision === "kept" ? "many.why.kept" : "many.why.unchanged"),
  locked: (row) => row.reasons?.[0]?.sentence ?? (row.held_status ? say(`status.${row.held_status}`) : say("many.why.locked")),
  conflict: (row) => (row.decision === "create" ? say("many.why.gone") : say("many.why.conflict")),
  created: (row) => sent(row),
  updated: (row) => sent(row, changedParts(row)),
  linked: (row) => sent(row),
  cancelled: () => say("many.why.cancelled"),
  waiting: waits,
};

function created({ customer, rounding, currency, arrives_as: arrives }) {
  if (rounding) {
    return say("many.why.rounding", { amount: money(rounding, currency) });
  }
  if (customer?.action === "create") {
    return say("many.why.new_contact");
  }
  return arrives ? say("many.why.create", { status: say(`status.${arrives}`) }) : "";
}

function changedParts({ changed = [], currency }) {
  const named = [...new Set(changed.map((each) => partOf(each, currency)))];
  const more = named.length - MOST_PARTS;
  return parts.format(more > 0 ? [...named.slice(0, MOST_PARTS), say("changed.more", { count: more })] : named);
}

function sent({ crm_written: written, crm_refused: refused, held_status: status }, else_ = "") {
  if (written === "refused") {
    const message = refused?.message;
    return message ? say("many.why.crm_refused_because", { message }) : say("many.why.crm_refused");
  }
  return else_ || (status ? say(`status.${status}`) : "");
}

function waits({ cause, until }) {
  return cause && until ? say("waiting.headline", { time: clock(until, { up: true }) }) : "";
}
