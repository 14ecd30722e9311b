// What does the popup of many invoices show? One function for each page, from what is known to what is drawn. Pure.

import { clock } from "../format.js";
import { filled, plain } from "../states.js";
import { signInView } from "../signing_in.js";
import { say } from "../words.js";
import { chooseView, foundLine } from "./choose_view.js";
import { ENDED, needsPerson, PLANNED, rowsOf, sendable, SENT, sumsOf, tally } from "./rows.js";
import { timeLeft } from "./time_left.js";

const CLOSE = plain("close", null, "close");
const CANCEL = plain("cancel", null, "close");
const ASKS = { send: question, stop };
// Where others can't be chosen: there is nobody to choose, or a question or work under way.
const NO_CHOICE = ["choose", "too_many", "outside", "no_sdk", "silent", "signed_out", "question", "progress", "paused", "stop"];

/** {state, tone, glyph, headline, under, tiles, tally, rows, planned, subject, points, foot, buttons}. `asked`: "send", "stop". */
export function manyView(state, asked, most) {
  const empty = { tiles: null, tally: null, rows: null, points: null, subject: [], buttons: [CLOSE], foot: {}, under: "", glyph: null };
  const view = { ...empty, ...page(state, asked, most) };
  const count = state.ids.length;
  const away = state.away && view.rows ? { text: say(state.away.code === "zoho_away" ? "foot.zoho_away" : "foot.away"), until: state.away.until } : null;
  const canChoose = Boolean(view.state) && !NO_CHOICE.includes(view.state);
  return { ...view, selected: state.choosing ? "" : headOf(state, count), canChoose, foot: away ?? view.foot };
}

/** Which invoices these are. */
function headOf({ where }, count) {
  return where ? foundLine(where, count) : count ? say("many.selected", { count }) : "";
}

function page(state, asked, most) {
  if (state.phase !== "ready") {
    return PHASES[state.phase]();
  }
  if (!state.where && !state.choosing && state.ids.length > most) {
    const buttons = [CLOSE, filled("choose", null, "choose")];
    return { state: "too_many", tone: "a", glyph: "blocked", headline: say("many.too_many", { most }), under: say("many.too_many_under", { count: state.ids.length }), buttons };
  }
  if (!state.restored) {
    return PHASES.loading();
  }
  if (!state.user) {
    const view = signInView(state);
    return { state: "signed_out", ...view, under: view.under, buttons: [CLOSE, ...view.buttons] };
  }
  if (state.trouble) {
    return refused(state);
  }
  if (state.choosing) {
    return chooseView(state);
  }
  if (state.where && !state.ids.length) {
    return PHASES.loading();
  }
  const rows = rowsOf(state);
  if (state.push) {
    return state.push.state === "ended" ? result(rows) : (ASKS[asked === "stop" ? asked : ""] ?? underWay)(state, rows);
  }
  const looked = rows.filter(({ isEarlier }) => !isEarlier);
  if (!state.check || state.check.state !== "ended") {
    return checking(state, looked);
  }
  return (ASKS[asked === "send" ? asked : ""] ?? preview)(state, looked);
}

const PHASES = {
  loading: () => ({ loading: true, tone: "n", headline: say("loading.headline") }),
  outside: () => ({ state: "outside", tone: "n", glyph: "info", headline: say("outside.headline"), under: say("many.outside_under"), buttons: [] }),
  no_sdk: () => stuck("no_sdk"),
  silent: () => stuck("silent"),
};

function stuck(name) {
  const buttons = [filled("try_again", "refresh", "reload")];
  return { state: name, tone: "a", glyph: "blocked", headline: say(`${name}.headline`), under: say(`${name}.under`), buttons };
}

function refused({ trouble, user }) {
  const gone = trouble.status === 404;
  const under = gone ? say("many.hidden_under", { name: user.name }) : trouble.message;
  const buttons = [CLOSE, filled("check", "refresh", "check")];
  return { state: "refused", tone: "a", glyph: "info", headline: say(gone ? "many.hidden" : "many.refused"), under, buttons };
}

// --- before anything is sent -------------------------------------------------------------------------

function checking(state, rows) {
  const done = rows.filter(({ group }) => group !== "checking").length;
  const wait = state.check ? waitOf(state.check) : null;
  return {
    state: "checking",
    tone: "n",
    glyph: "working",
    headline: say("many.checking", { count: rows.length }),
    under: say("many.checked", { done, count: rows.length }),
    tiles: tally(rows, PLANNED),
    rows,
    planned: true,
    foot: wait ? { text: wait } : {},
    buttons: [CANCEL],
  };
}

function preview(state, rows) {
  const subject = sendable(rows);
  const needs = rows.filter(needsPerson).length;
  const [count, all] = [subject.length, rows.length];
  const nothing = needs ? say("many.none_ready_needs", { count: needs, all }) : say("many.none_ready");
  const left = all - count;
  return {
    state: "preview",
    tone: count || !needs ? "n" : "a",
    glyph: count ? "none" : needs ? "blocked" : "done",
    headline: count ? say("many.ready", { count, all }) : nothing,
    under: say("many.preview"),
    tiles: tally(rows, PLANNED),
    rows,
    planned: true,
    subject,
    asks: asksFirst(subject),
    foot: { text: left ? say("many.left_alone", { count: left }) : "" },
    buttons: count ? [CANCEL, { ...filled("push", "send", "send"), label: pushLabel(subject) }] : [CLOSE, filled("check", "refresh", "check", { busy: Boolean(state.asking) })],
  };
}

const removals = (rows) => rows.filter(({ group }) => group === "remove");
const approvals = (rows) => rows.filter((row) => row.group !== "remove" && row.arrives_as === "AUTHORISED");
const asksFirst = (rows) => removals(rows).length + approvals(rows).length > 0;

function pushLabel(rows) {
  const out = removals(rows).length;
  const push = rows.length - out;
  if (!out) {
    return say("many.push", { count: push });
  }
  return push ? say("many.push_and_remove", { push, remove: out }) : say("many.remove", { count: out });
}

/** Approving and removing cannot be taken back: asked once for all, with the sums. */
function question(_state, rows) {
  const subject = sendable(rows);
  const out = removals(subject);
  const sent = subject.filter(({ group }) => group !== "remove");
  const without = out.length && sent.length ? [{ ...plain("push_only", null, "send_without"), label: say("many.push_only", { count: sent.length }) }] : [];
  const count = approvals(subject).length;
  return {
    state: "question",
    tone: "n",
    plain: true,
    headline: count ? say("many.approve", { count }) : say("many.removes", { count: out.length }),
    points: pointsOf(subject),
    subject,
    buttons: [plain("back", null, "back"), ...without, { ...filled("push", out.length && !sent.length ? "struck" : "send", "send_all"), label: pushLabel(subject) }],
  };
}

/** [icon, key, count, sums]: what will happen, and what of it cannot be taken back. */
function pointsOf(subject) {
  const out = removals(subject);
  const [voids, deletes] = [out.filter(({ removal }) => removal === "VOIDED"), out.filter(({ removal }) => removal !== "VOIDED")];
  const approved = approvals(subject);
  const others = subject.filter((row) => !out.includes(row) && !approved.includes(row));
  const told = [
    ["send", "approve_does", approved],
    ["lock", "locks", approved],
    ["send", "others_do", others],
    ["struck", "deletes_does", deletes],
    ["struck", "voids_does", voids],
    ["lock", "final", out],
    ["mail", "nobody_mailed", subject],
  ];
  return told.filter(([, , rows]) => rows.length).map(([sign, name, rows]) => [sign, `many.${name}`, rows.length, sumsOf(rows)]);
}

// --- while and after it is sent ------------------------------------------------------------------------

function underWay(state, rows) {
  const { push } = state;
  const mine = rows.filter(({ isPushed }) => isPushed);
  const count = push.size ?? mine.length;
  const waiting = mine.filter(({ group }) => group === "waiting").length;
  const done = mine.length - waiting;
  const cut = cutOf(push, state.ties);
  const stopButton = { ...plain("stop", "stop", "stop"), label: say("many.stop") };
  const shown = { tally: tally(mine, ENDED), share: count ? done / count : 0, done, count, rows, alone: true };
  if (cut) {
    const mend = state.user.administrator ? [filled(`reconnect_${cut}`, "plug", `connect_${cut}`)] : [];
    const ask = state.user.administrator ? "" : ` ${say("many.ask_reconnect")}`;
    const under = say("many.paused_under", { done, waiting }) + ask;
    return { ...shown, state: "paused", tone: "r", glyph: "plug", headline: say(`many.paused_${cut}`), under, buttons: [stopButton, ...(mend.length ? mend : [CLOSE])] };
  }
  const left = timeLeft(push, done, count);
  return {
    ...shown,
    state: "progress",
    tone: "b",
    glyph: "working",
    headline: left ? say("many.progress_left", { done, count, left }) : say("many.progress", { done, count }),
    under: say(!state.where ? "many.carries_on" : state.selected.length ? "many.carries_on_found" : "many.carries_on_alone"),
    foot: { text: waitOf(push) ?? say("many.starting", { ago: "{ago}" }), since: push.created },
    buttons: [...(waiting ? [{ ...stopButton, busy: state.asking === "cancel" }] : []), CLOSE],
  };
}

/** The service whose connection must be mended before this goes on, or null. */
function cutOf({ waits }, ties) {
  const isCut = waits.some(({ cause }) => cause === "disconnected");
  return isCut ? (["xero", "zoho"].find((name) => ties?.[name]?.state === "disconnected") ?? null) : null;
}

function waitOf({ waits }) {
  const [first] = waits.filter(({ until, cause }) => until && ["limit", "service"].includes(cause));
  return first ? say(`many.waits_${first.cause}`, { time: clock(first.until, { up: true }) }) : null;
}

function stop(state, rows) {
  const mine = rows.filter(({ isPushed }) => isPushed);
  const count = mine.filter(({ group }) => group === "waiting").length;
  const done = mine.filter(({ group }) => SENT.includes(group)).length;
  return {
    state: "stop",
    tone: "n",
    plain: true,
    headline: say("many.stop_heading", { count }),
    under: say("many.stop_under", { done }),
    buttons: [{ ...plain("back", null, "back"), label: say("many.keep_going") }, { ...filled("stop", "stop", "cancel_rest"), label: say("many.stop_yes", { count }) }],
  };
}

function result(rows) {
  const shown = rows.filter(({ group }) => group !== "unasked");
  const of = (...groups) => shown.filter(({ group }) => groups.includes(group)).length;
  const [sent, needs, unchanged, locked, cancelled] = [of(...SENT), shown.filter(needsPerson).length, of("unchanged"), of("locked"), of("cancelled")];
  const headline = needs ? say("many.done_needs", { sent, count: needs }) : sent ? say("many.done", { count: sent }) : say("many.done_nothing");
  const retry = [{ ...plain("retry", "refresh", "check"), kind: "text", label: say("many.retry", { count: needs + cancelled }) }];
  return {
    state: "result",
    tone: needs ? "a" : "g",
    glyph: needs ? "blocked" : "done",
    headline,
    under: [fine(unchanged, locked), cancelled ? say("many.cancelled", { count: cancelled }) : ""].filter(Boolean).join(" "),
    tally: tally(shown, ENDED),
    rows: shown,
    retry: needs + cancelled ? shown.filter((row) => needsPerson(row) || row.group === "cancelled").map(({ id }) => id) : null,
    foot: { text: needs + cancelled ? say("many.retry_hint") : "" },
    buttons: [...(needs + cancelled ? retry : []), filled("done", null, "close")],
  };
}

function fine(unchanged, locked) {
  if (unchanged && locked) {
    return say("many.fine_both", { unchanged, locked });
  }
  return unchanged ? say("many.fine_unchanged", { count: unchanged }) : locked ? say("many.fine_locked", { count: locked }) : "";
}
