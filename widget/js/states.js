// In which state is the panel? One function for each, from what is known to what is to be drawn. Pure.

import { figureFacts, foundFacts, linkFacts, paymentsOf, previewFacts } from "./facts.js";
import { clock, moment } from "./format.js";
import { atFoot } from "./footers.js";
import { lockOf } from "./linked.js";
import { isChecking, linkedView } from "./linked_states.js";
import { permitted, whomToAsk } from "./permitted.js";
import { brokenService, verdictOf } from "./record.js";
import { signInView } from "./signing_in.js";
import { say } from "./words.js";

const STEP_COUNT = 4;

/** {tone, glyph, headline, under, buttons, lock, steps, problems, sides, notes, facts, payments, preview, foot, alert}. */
export function panelView(state, now) {
  const empty = { buttons: [], lock: null, steps: null, problems: null, sides: null, notes: [], facts: null, payments: null, preview: null };
  const view = permitted({ ...empty, ...chosen(state, now) }, state.record);
  view.foot = atFoot(state, view, now);
  view.alert = alertOf(state);
  return view;
}

function chosen(state, now) {
  if (state.phase !== "ready") {
    return PHASES[state.phase]();
  }
  if (state.restored && !state.user) {
    return signedOut(state);
  }
  if (state.trouble) {
    return hidden(state);
  }
  return state.record ? known(state, now) : unknown(state);
}

const PHASES = {
  loading: () => ({ loading: true, tone: "n", glyph: null, headline: say("loading.headline"), under: "" }),
  outside: () => told("n", "info", "outside", "foot.nothing"),
  no_sdk: () => ({ ...told("a", "blocked", "no_sdk", "foot.nothing"), buttons: [filled("try_again", "refresh", "reload")] }),
  silent: () => ({ ...told("a", "blocked", "silent", "foot.nothing"), buttons: [filled("try_again", "refresh", "reload")] }),
};

function told(tone, glyph, name, footer) {
  return { state: name, tone, glyph, headline: say(`${name}.headline`), under: say(`${name}.under`), footer };
}

export function filled(name, icon, act, more = {}) {
  return { name, icon, act, kind: "filled", ...more };
}

export function plain(name, icon, act, more = {}) {
  return { name, icon, act, kind: "plain", ...more };
}

/** CRM's own fields stand here while nothing else is known: they need neither sign-in nor our server. */
function unknown(state) {
  const slow = state.away && state.figures;
  if (!slow) {
    return PHASES.loading();
  }
  const view = told("n", "person", "signed_out", null);
  return { ...view, glyph: "waiting", headline: say("loading.headline"), under: "", facts: figureFacts(state.figures) };
}

function signedOut(state) {
  const facts = state.figures ? figureFacts(state.figures) : null;
  const footer = state.figures ? (state.figures.xeroId ? "foot.crm_fields" : "foot.never_unsigned") : "foot.small_window";
  return { state: "signed_out", facts, footer, ...signInView(state) };
}

function hidden(state) {
  const gone = state.trouble.status === 404;
  const view = told("a", "info", gone ? "hidden" : "refused", "foot.nothing");
  return { ...view, under: gone ? say("hidden.under", { name: state.user?.name ?? "" }) : state.trouble.message };
}

// --- signed in, and the record is known -----------------------------------------------------------

function known(state, now) {
  const { record } = state;
  const broken = brokenService(record);
  if (broken) {
    return disconnected(state, broken, now);
  }
  if (!isOpenTo(record)) {
    return notSetUp(state);
  }
  const pushing = pushUnderWay(state);
  if (pushing) {
    return underWay(state, pushing);
  }
  return record.link ? linkedView(state) : unlinked(state);
}

function disconnected(state, service, now) {
  const { record } = state;
  const name = service === "zoho" ? "disconnected.zoho" : "disconnected.headline";
  const figures = record.link ? say("disconnected.figures", { moment: moment(record.link.checked_at, now) }) : "";
  const waits = state.run?.kind === "push" || record.run?.kind === "push" ? say("disconnected.waits") : "";
  const under = [figures, waits].filter(Boolean).join(" ") || say("disconnected.no_figures");
  const view = { state: "disconnected", tone: "r", glyph: "plug", headline: say(name), under };
  return { ...view, ...connectButtons(state, service, `reconnect_${service}`), ...bookFacts(record, { broken: true }) };
}

function bookFacts(record, { broken = false } = {}) {
  if (!record.link) {
    const preview = verdictOf(record)?.preview;
    return { facts: preview ? previewFacts(preview) : null };
  }
  const dueAt = broken ? record.link.checked_at : null;
  return { lock: lockOf(record, { broken }), facts: linkFacts(record.link, { dueAt }), payments: paymentsOf(record.link) };
}

/** One button for those who may connect; while its window is open or was stopped, what to do about that. */
function connectButtons(state, service, name) {
  if (!state.record.viewer.administrator) {
    return { buttons: [] };
  }
  const { stage, kind, url, message } = state.window;
  const button = filled(name, "plug", `connect_${service}`);
  if (kind === "connect" && stage === "over") {
    return { under: message ?? say("over.away"), buttons: [button] };
  }
  if (kind !== "connect" || !["opening", "open", "blocked"].includes(stage)) {
    return { buttons: [button] };
  }
  if (stage === "blocked") {
    const link = url ? [plain("connect_page", "external", "follow", { href: url })] : [];
    return { headline: say("popup_blocked.connect"), under: say("popup_blocked.under"), buttons: [filled("try_again", "refresh", button.act), ...link] };
  }
  return { under: say("connecting.under"), buttons: [] };
}

/** Before the company goes live, administrators try it out. */
export function isOpenTo({ setup, viewer }) {
  return setup.ready && (setup.live !== false || viewer.administrator);
}

function notSetUp(state) {
  const { record } = state;
  const [first] = record.setup.missing;
  const missing = record.setup.missing.map((part) => say(`setup.${part}`)).join(", ");
  const admin = record.viewer.administrator;
  const view = { state: "setup", tone: "n", glyph: "info", headline: say("setup.headline") };
  const under = admin ? say("setup.admin", { missing }) : `${say("setup.under")} ${whomToAsk(record)}`;
  const connect = admin && ["zoho", "xero"].includes(first) ? connectButtons(state, first, `connect_${first}`) : {};
  const facts = state.figures ? figureFacts(state.figures) : null;
  return { ...view, under, facts, footer: admin ? "foot.never" : "foot.ask_admin", ...connect };
}

/** The push that is followed or being asked for, as {step, task}; null where there is none. */
export function pushUnderWay({ asked, run }) {
  if (run?.kind === "push") {
    return run;
  }
  return asked === "push" ? { step: 1, task: { state: "working" } } : null;
}

function underWay(state, run) {
  const { task } = run;
  const books = bookFacts(state.record);
  if (task.state === "waiting" && task.cause) {
    return { ...waiting(task), ...books, steps: null };
  }
  return { ...working(state, run, "pushing.under"), ...books };
}

/** A push as it goes on; keeping Xero's version and removing it have no four steps. */
export function working({ choice }, { step }, under) {
  const view = { state: "pushing", tone: "b", glyph: "working" };
  const short = { keep_xero: "keeping", remove: "removing" }[choice];
  if (short) {
    return { ...view, headline: say(`${short}.headline`), under: say(`${short}.under`), steps: null };
  }
  return { ...view, headline: say("pushing.headline"), under: say(under, { step, steps: STEP_COUNT }), steps: step };
}

/** What is waited for, and until when it is known. */
export function waiting(task) {
  const name = task.cause === "unconfirmed" ? "unconfirmed" : "waiting";
  const values = task.until ? { time: clock(task.until, { up: true }) } : {};
  const headline = say(task.until ? `${name}.headline` : `${name}.no_time`, values);
  const under = name === "unconfirmed" ? "unconfirmed.under" : `waiting.${task.cause}`;
  return { state: "waiting", tone: "b", glyph: "waiting", headline, under: say(under) };
}

function unlinked(state) {
  const verdict = verdictOf(state.record);
  const checking = isChecking(state);
  if (!verdict && !checking && state.note?.kind === "refused") {
    return { state: "refused", tone: "n", glyph: "none", headline: say("none.headline"), under: "", buttons: [filled("check", "refresh", "check")] };
  }
  if (!verdict || (checking && !verdict.reasons.length)) {
    const facts = verdict?.preview ? previewFacts(verdict.preview) : state.figures ? figureFacts(state.figures) : null;
    return { state: "checking", tone: "n", glyph: "none", headline: say("none.headline"), under: say("none.checking"), facts };
  }
  return verdict.reasons.length ? blocked(verdict, checking) : ready(state, verdict);
}

function blocked(verdict, checking) {
  if (verdict.preview?.found) {
    return numbered(verdict, checking);
  }
  const count = verdict.reasons.length;
  const again = filled("check", "refresh", "check", { busy: checking });
  return {
    state: "blocked",
    tone: "a",
    glyph: "blocked",
    headline: say("blocked.headline", { count }),
    under: say("blocked.under", { count }),
    buttons: [again],
    problems: verdict.reasons,
    preview: verdict.preview,
    previewAtFoot: Boolean(verdict.preview?.lines?.length),
  };
}

/** Xero has an invoice of this number: the same one, which can be linked, or another. */
export function numbered({ preview, reasons }, checking) {
  const { found } = preview;
  const again = (draw) => draw("check", "refresh", "check", { busy: checking });
  const others = reasons.filter(({ code }) => code !== "in_xero_already");
  const link = filled("link_it", "check", "link_it", { busy: checking });
  return {
    state: "blocked",
    tone: "a",
    glyph: found.agrees ? "differs" : "blocked",
    headline: say(found.agrees ? "found.headline" : "blocked.headline", { count: reasons.length }),
    under: say(found.agrees ? "found.under" : "found.other"),
    buttons: found.agrees ? [again(plain), link] : [again(filled)],
    problems: found.agrees ? [] : others,
    facts: foundFacts(found),
    preview,
    subject: preview,
    previewAtFoot: Boolean(preview.lines?.length),
  };
}

function ready(state, verdict) {
  const note = verdict.changed ? say("none.changed") : state.note?.kind === "not_sent" ? say("none.lost") : null;
  return {
    state: "ready",
    tone: "n",
    glyph: "none",
    headline: say("none.headline"),
    under: note ?? say("none.ready", { ago: "{ago}" }),
    checkedAt: verdict.task.ended_at,
    facts: previewFacts(verdict.preview),
    preview: verdict.preview,
    subject: verdict.preview,
    buttons: verdict.preview?.digest
      ? [plain("preview", "eye", "preview"), filled("push", "send", "push")]
      : [],
  };
}

function alertOf(state) {
  if (state.note?.kind === "lost") {
    return say("note.lost");
  }
  return state.note?.kind === "refused" ? say("note.refused", { message: state.note.message }) : null;
}
