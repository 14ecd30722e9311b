// Which page of the popup is shown? One function for each, from what is known to what is to be drawn. Pure.

import { figureFacts, popupFacts, resultFacts } from "./facts.js";
import { atFoot } from "./footers.js";
import { money } from "./format.js";
import { linkedBand, lockOf } from "./linked.js";
import { arrivesApproved, brokenService, verdictOfTask } from "./record.js";
import { filled, panelView, plain, pushUnderWay, waiting } from "./states.js";
import { say } from "./words.js";

const CLOSE = plain("close", null, "close");
const CANCEL = plain("cancel", null, "close");
const STEP_COUNT = 4;

/** As a panel's view, with {number, question, digest, link, wide, hasChanged} beside. `asked`: the digest in question. */
export function popupView(state, asked, now) {
  const empty = { buttons: [CLOSE], notes: [], lock: null, steps: null, problems: null, facts: null, preview: null, question: null, foot: {} };
  const view = { ...empty, ...page(state, asked, now) };
  const away = state.away && view.state !== "outside" ? atFoot(state, { ...view, footer: "foot.away_now" }, now) : null;
  return {
    ...view,
    foot: away ?? view.foot,
    alert: view.alert ?? panelView(state, now).alert,
    number: state.record?.link?.number ?? view.preview?.number ?? state.figures?.number ?? null,
    hasChanged: state.run?.kind === "push" || Boolean(state.pushed && state.record?.link),
  };
}

function page(state, asked, now) {
  if (state.phase !== "ready" || state.trouble || !state.record) {
    return asPanel(state, now);
  }
  const { record, pushed, checked } = state;
  const pushing = pushUnderWay(state);
  if (brokenService(record) || !record.setup.ready) {
    return asPanel(state, now);
  }
  if (pushing) {
    return underWay(pushing);
  }
  if (pushed) {
    return afterPush(state, pushed, asked);
  }
  if (record.link?.lock.state === "locked") {
    return locked(record);
  }
  return checked ? found(state, verdictOfTask(checked), asked) : checking(state);
}

/** Signed out, not set up, disconnected, outside: the panel's words, and a way to close. */
function asPanel(state, now) {
  const view = panelView(state, now);
  const loading = view.loading ? { headline: say("popup.checking"), under: say("popup.checking_under") } : {};
  const outside = view.state === "outside" ? { under: say("outside.popup"), buttons: [] } : { buttons: [CLOSE, ...view.buttons] };
  const facts = view.state === "signed_out" && state.figures ? figureFacts(state.figures) : view.facts;
  return { ...view, ...loading, ...outside, facts, preview: null, wide: view.loading, foot: view.foot };
}

function checking(state) {
  if (state.run?.task.state === "waiting" && state.run.task.cause) {
    return waiting(state.run.task);
  }
  const refused = state.note?.kind === "refused";
  const buttons = refused ? [CLOSE, filled("check", "refresh", "check")] : [CANCEL];
  return { loading: !refused, state: "checking", tone: "n", glyph: "none", headline: say("popup.checking"), under: say("popup.checking_under"), buttons, wide: true };
}

function found(state, verdict, asked) {
  const { preview, reasons } = verdict;
  if (reasons.length || !preview) {
    return blocked(state, verdict);
  }
  if (preview.decision === "unchanged") {
    return unchanged(state.record);
  }
  if (preview.decision === "locked") {
    return locked(state.record);
  }
  return asked && asked === preview.digest ? question(preview) : previewPage(state, verdict);
}

function previewPage(state, { preview, changed }) {
  const approved = arrivesApproved(preview);
  const go = approved
    ? filled("continue", "arrow", "continue", { last: true })
    : filled("push", "send", "push");
  return {
    state: changed ? "changed" : "preview",
    wide: true,
    tone: changed ? "a" : "n",
    glyph: changed ? "blocked" : "none",
    headline: say("popup.create"),
    under: say(changed ? "none.changed" : "popup.preview"),
    facts: popupFacts(preview),
    preview,
    digest: preview.digest,
    buttons: [CANCEL, go],
    foot: { icon: approved ? "lock" : "unlock", text: say(approved ? "popup.locks" : "popup.editable") },
  };
}

function question(preview) {
  return {
    state: "question",
    plain: true,
    tone: "n",
    glyph: null,
    headline: say("confirm.heading", { total: money(preview.totals.crm.total, preview.currency) }),
    under: "",
    question: preview,
    digest: preview.digest,
    buttons: [{ name: "back", kind: "text", act: "back" }, CANCEL, filled("push", "send", "push")],
  };
}

function underWay(run) {
  if (run.task.state === "waiting" && run.task.cause) {
    return { ...waiting(run.task), foot: { text: say("popup.carries_on") } };
  }
  const under = say("popup.pushing", { step: run.step, steps: STEP_COUNT });
  const foot = { text: say("popup.usually") };
  return { state: "pushing", tone: "b", glyph: "working", headline: say("pushing.headline"), under, steps: run.step, foot };
}

function afterPush(state, task, asked) {
  const { link } = state.record;
  if (["created", "linked", "updated"].includes(task.outcome) && link) {
    return result(task, link);
  }
  if (task.outcome === "unchanged") {
    return unchanged(state.record);
  }
  if (task.outcome === "locked" && link) {
    return locked(state.record);
  }
  if (task.outcome === "cancelled") {
    return { state: "cancelled", tone: "n", glyph: "none", headline: say("none.headline"), under: say("none.cancelled") };
  }
  const verdict = verdictOfTask(task);
  return verdict.reasons.length || !verdict.preview?.digest ? blocked(state, verdict) : found(state, verdict, asked);
}

function result(task, link) {
  const [warning] = task.warnings;
  const number = link.number;
  const headline = task.outcome === "linked" ? "popup.linked" : number ? "popup.created" : "popup.created_unnumbered";
  const same = link.crm_total === link.total ? "popup.same_total" : "popup.total";
  const crmRefused = task.crm_written === "refused" ? [{ sentence: say("note.crm_refused"), detail: task.crm_refused?.message ? say("note.crm_says", { message: task.crm_refused.message }) : say("note.crm_silent") }] : [];
  return {
    state: "result",
    tone: warning ? "a" : "g",
    glyph: warning ? "differs" : "done",
    headline: say(headline, { number: number ?? "" }),
    under: warning ? `${warning.sentence}. ${warning.detail}` : say(same, { total: money(link.total, link.currency) }),
    facts: resultFacts(link),
    notes: crmRefused,
    link: link.url,
    buttons: [filled("done", null, "close")],
  };
}

function locked(record) {
  const view = { state: "locked", ...linkedBand(record), under: say("popup.nothing_sent") };
  return { ...view, lock: lockOf(record), link: record.link.url };
}

function unchanged(record) {
  const lock = record.link ? lockOf(record) : null;
  return { state: "unchanged", tone: "n", glyph: "done", headline: say("popup.unchanged"), under: say("popup.unchanged_under"), lock, link: record.link?.url };
}

function blocked(state, { reasons }) {
  const count = reasons.length;
  const inXero = Boolean(state.record.link);
  const key = inXero ? "linked.blocked" : "blocked.headline";
  const under = inXero ? say("popup.nothing_sent") : say("blocked.under", { count });
  const again = filled("check", "refresh", "check", { busy: state.asked === "preview" || state.run?.kind === "preview" });
  return { state: "blocked", tone: "a", glyph: "blocked", headline: say(key, { count }), under, problems: reasons, lock: inXero ? lockOf(state.record) : null, buttons: [CLOSE, again] };
}
