// Which page of the popup shows an invoice that is in Xero already, and which one asks? Pure.

import { countOf } from "./differences.js";
import { removalFacts } from "./facts.js";
import { linkedBand, lockOf } from "./linked.js";
import { linkedView } from "./linked_states.js";
import { questionOf } from "./questions.js";
import { arrivesApproved } from "./record.js";
import { filled, plain } from "./states.js";
import { say } from "./words.js";

export const CLOSE = plain("close", null, "close");
export const CANCEL = plain("cancel", null, "close");

/** Leads to the question of the page. */
export const leadOn = () => filled("continue", "arrow", "continue", { last: true });

/** What is approved is asked about first, the rest goes from the page. */
export function goOn(preview, name) {
  return arrivesApproved(preview) ? leadOn() : filled(name, "send", "push");
}

/** Picture F: what changes, and both totals after it. */
export function updatePage({ record, lines }, { preview, changed }) {
  const band = linkedBand(record);
  const submitted = record.link.payment_status === "awaiting_approval";
  return {
    state: changed ? "changed" : "update",
    wide: true,
    tone: changed ? "a" : band.tone,
    glyph: changed ? "blocked" : band.glyph,
    headline: say(submitted ? "popup.update_submitted" : "popup.update"),
    under: changed ? say("none.changed") : say("popup.changes", { count: countOf(preview) }),
    mode: "update",
    sides: preview,
    preview: lines ? preview : null,
    subject: preview,
    asks: "approve",
    buttons: [{ name: lines ? "hide_lines" : "all_lines", kind: "text", act: "lines", expanded: String(Boolean(lines)) }, CANCEL, goOn(preview, "push_changes")],
  };
}

/** What CRM's status takes out of Xero; the question then names number and amount. */
export function removalPage({ record }, { preview, changed }) {
  return {
    state: changed ? "changed" : "removal",
    tone: "a",
    glyph: changed ? "blocked" : "differs",
    headline: say(preview.removal === "VOIDED" ? "popup.void" : "popup.delete"),
    under: changed ? say("none.changed") : say("popup.removal", { status: preview.crm_status ?? "" }),
    facts: removalFacts(record.link),
    subject: preview,
    asks: "remove",
    buttons: [CANCEL, leadOn()],
  };
}

/** The panel's words, both sides, and the choice. */
export function conflictPage(state) {
  return fromPanel(state, { asks: "replace", wide: true });
}

/** Picture E; and what differs, where something does. A voided one may be sent as new. */
export function lockedPage(state) {
  const view = fromPanel(state, { asks: "unlink" });
  const told = view.mode ? {} : { under: say("popup.nothing_sent") };
  return { ...view, state: view.mode ?? "locked", wide: Boolean(view.sides), ...told };
}

function fromPanel(state, more) {
  const { facts, payments, preview, previewAtFoot, ...view } = linkedView(state);
  const usable = view.buttons.filter(({ act }) => act !== "preview" && !(view.checking && act === more.asks)); // a question waits for the check
  const buttons = usable.map((each) => (each.act === more.asks ? { ...each, act: "continue" } : each));
  const foot = view.checking ? { text: say("foot.comparing") } : {};
  return { ...view, link: state.record.link.url, buttons: [CLOSE, ...buttons], foot, ...more };
}

/** Nothing is sent: the two agree, or Xero's version was kept. */
export function stayPage(record, name) {
  const { link } = record;
  const lock = link ? { ...lockOf(record), next: say("lock.next.not_approved") } : null;
  return { state: name, tone: "n", glyph: "done", headline: say(`popup.${name}`), under: say(`popup.${name}_under`), lock, link: link?.url };
}

/** The question has the page to itself; its heading has the focus, so that Enter does nothing by accident. */
export function question(record, kind, preview) {
  const { heading, confirm } = questionOf(kind, preview, record.link);
  return {
    state: "question",
    plain: true,
    tone: "n",
    glyph: null,
    headline: heading,
    under: "",
    question: preview,
    subject: preview,
    asks: kind,
    buttons: [{ name: "back", kind: "text", act: "back" }, CANCEL, filled(confirm.name, confirm.icon, "push")],
  };
}
