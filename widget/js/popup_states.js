// Which page of the popup is shown? One function for each, from what is known to what is to be drawn. Pure.

import { figureFacts, popupFacts, removedFacts, resultFacts } from "./facts.js";
import { atFoot } from "./footers.js";
import { isZero, minus, money } from "./format.js";
import { crmRefused, isChecking } from "./linked_states.js";
import { CANCEL, CLOSE, conflictPage, goOn, leadOn, lockedPage, question, removalPage, stayPage, updatePage } from "./popup_linked.js";
import { permitted } from "./permitted.js";
import { arrivesApproved, brokenService, SENT, verdictOfTask } from "./record.js";
import { filled, isOpenTo, numbered, panelView, pushUnderWay, waiting, working } from "./states.js";
import { say } from "./words.js";

/** As a panel's view, with {number, question, subject, link, wide, hasChanged} beside. `asked`: {kind, digest} in question. */
export function popupView(state, asked, now) {
  const empty = { buttons: [CLOSE], notes: [], lock: null, steps: null, problems: null, sides: null, facts: null, preview: null, question: null, foot: {} };
  const view = permitted({ ...empty, ...page(state, asked, now) }, state.record);
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
  if (brokenService(record) || !isOpenTo(record)) {
    return asPanel(state, now);
  }
  if (pushing) {
    return underWay(state, pushing);
  }
  if (pushed) {
    return afterPush(state, pushed, asked);
  }
  if (checked) {
    return found(state, verdictOfTask(checked), asked);
  }
  return record.link?.lock.state === "locked" ? lockedPage(state) : checking(state);
}

/** Signed out, not set up, disconnected, outside: the panel's words, and a way to close. */
function asPanel(state, now) {
  const view = panelView(state, now);
  const loading = view.loading ? { headline: say("popup.checking"), under: say("popup.checking_under") } : {};
  const outside = view.state === "outside" ? { under: say("outside.popup"), buttons: [] } : { buttons: [CLOSE, ...view.buttons] };
  const facts = view.state === "signed_out" && state.figures ? figureFacts(state.figures) : view.facts;
  return { ...view, ...loading, ...outside, facts, preview: null, subject: null, wide: view.loading, foot: view.foot };
}

function checking(state) {
  if (state.run?.task.state === "waiting" && state.run.task.cause) {
    return waiting(state.run.task);
  }
  const refused = state.note?.kind === "refused";
  const buttons = refused ? [CLOSE, filled("check", "refresh", "check")] : [CANCEL];
  return { loading: !refused, state: "checking", tone: "n", glyph: "none", headline: say("popup.checking"), under: say("popup.checking_under"), buttons, wide: true };
}

/** What a check, or a push that sent nothing, has found: the page for it. */
function found(state, verdict, asked) {
  const { preview } = verdict;
  const page = PAGES[preview?.decision];
  if (asked && preview?.digest && asked.digest === preview.digest) {
    return question(state.record, asked.kind, preview);
  }
  if (page && (!verdict.reasons.length || ["remove", "locked"].includes(preview.decision))) {
    return page(state, { ...verdict, changed: verdict.changed || state.note?.kind === "changed" });
  }
  return blocked(state, verdict);
}

const PAGES = {
  create: previewPage,
  update: updatePage,
  conflict: conflictPage,
  remove: removalPage,
  locked: lockedPage,
  unchanged: (state) => (state.record.link?.lock.state === "locked" ? lockedPage(state) : stayPage(state.record, "unchanged")),
  kept: ({ record }) => stayPage(record, "kept"),
};

function previewPage(state, { preview, changed }) {
  const approved = arrivesApproved(preview);
  return {
    state: changed ? "changed" : "preview",
    wide: true,
    tone: changed ? "a" : "n",
    glyph: changed ? "blocked" : "none",
    headline: say("popup.create"),
    under: say(changed ? "none.changed" : "popup.preview"),
    facts: popupFacts(preview),
    preview,
    subject: preview,
    asks: state.record.link ? "unlink" : "approve",
    buttons: [CANCEL, state.record.link ? leadOn() : goOn(preview, "push")],
    foot: { icon: approved ? "lock" : "unlock", text: say(approved ? "popup.locks" : "popup.editable") },
  };
}

function underWay(state, run) {
  if (run.task.state === "waiting" && run.task.cause) {
    return { ...waiting(run.task), foot: { text: say("popup.carries_on") } };
  }
  return { ...working(state, run, "popup.pushing"), foot: { text: say("popup.usually") } };
}

function afterPush(state, task, asked) {
  if (SENT.includes(task.outcome) && state.record.link) {
    return result(state.record, task);
  }
  if (task.outcome === "cancelled") {
    return { state: "cancelled", tone: "n", glyph: "none", headline: say("none.headline"), under: say("none.cancelled") };
  }
  if (task.outcome === "unchanged" && !task.preview) {
    return stayPage(state.record, "unchanged");
  }
  return found(state, verdictOfTask(task), asked);
}

function result(record, task) {
  const { link } = record;
  const [warning] = task.warnings;
  const key = `popup.${task.outcome}${link.number ? "" : "_unnumbered"}`;
  const removed = task.outcome === "removed";
  const same = link.crm_total === link.total ? "popup.same_total" : "popup.total";
  const under = removed ? say(link.status === "VOIDED" ? "popup.removed_voided" : "popup.removed_deleted") : say(same, { total: money(link.total, link.currency) });
  return {
    state: "result",
    tone: warning ? "a" : "g",
    glyph: warning ? "differs" : "done",
    headline: say(key, { number: link.number ?? "" }),
    under: warning ? `${warning.sentence}. ${warning.detail}` : under,
    facts: removed ? removedFacts(link) : resultFacts(link),
    notes: crmRefused(record),
    link: link.url,
    buttons: [filled("done", null, "close")],
  };
}

/** Where that is what stands against it, both totals are shown beside the reason. */
function totalsDiffer(preview) {
  const apart = minus(preview?.totals?.xero?.total, preview?.totals?.crm?.total);
  return apart !== null && !isZero(apart);
}

function blocked(state, { reasons, preview }) {
  if (preview?.found && !state.record.link) {
    const { buttons, previewAtFoot, preview: lines, ...view } = numbered({ reasons, preview }, isChecking(state));
    return { ...view, buttons: [CLOSE, ...buttons] };
  }
  const count = reasons.length;
  const key = state.record.link ? "linked.blocked" : "blocked.headline";
  const under = say(state.record.link ? "linked.blocked_under" : "blocked.under", { count });
  const again = filled("check", "refresh", "check", { busy: isChecking(state) });
  const sums = totalsDiffer(preview) ? { preview, sumsOnly: true, wide: true } : {};
  return { state: "blocked", tone: "a", glyph: "blocked", headline: say(key, { count }), under, problems: reasons, buttons: [CLOSE, again], ...sums };
}
