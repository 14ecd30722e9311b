// What does the settings page do? Draws what is known of the settings, and hears what is pressed and typed.

import { el } from "../el.js";
import { createActs } from "./acts.js";
import { createBoard, find } from "./board.js";
import { card, cardFoot } from "./card.js";
import { source } from "./choices.js";
import { choosing } from "./combobox.js";
import { nav } from "./nav.js";
import { notices } from "./notices.js";
import { createPage } from "./page.js";
import { createSaving } from "./saving.js";
import { SECTIONS, TRIED, isFolded, lineOf, nowSection, standing, waitsFor } from "./sections.js";
import { alarm, doneWords, header, reading, silentSides, welcome } from "./surroundings.js";
import { createTrying } from "./trying.js";
import { tryIt } from "./try_it.js";

const SOFT = ["start_date", "rounding_limit"]; // typed: redrawing them would take the caret away

const root = document.querySelector("#settings");
const slots = Object.fromEntries(["header", "alarm", "spoken", "welcome", "reader", "notices", "nav", "try"].map((name) => [name, el(name === "header" ? "header" : name === "try" ? "aside" : "div", { class: `slot-${name}` })]));
const cards = SECTIONS.map(({ id }) => {
  slots[id] = el("div", {});
  slots[`${id} foot`] = el("div", {});
  return el("section", { id, class: "card", "aria-labelledby": `head-${id}` }, slots[id], slots[`${id} foot`]);
});
slots.alarm.setAttribute("role", "alert");
slots.spoken.setAttribute("role", "status");
slots.spoken.classList.add("unseen");
slots.try.setAttribute("aria-labelledby", "try-head");
const columns = el("div", { class: "columns" }, slots.nav, el("div", { class: "cards" }, slots.reader, slots.notices, cards), slots.try);
root.replaceChildren(slots.header, slots.alarm, slots.spoken, slots.welcome, columns);

const board = createBoard(slots);
const page = createPage({ onChange: show });
const { state, parts } = page;
const trying = createTrying({ page, all: TRIED });
const saving = createSaving({ page, onSaved: (section) => acts.saved(section, wasNow) });
const acts = createActs({ page, saving, trying, focus, together });
let wasNow = null;
let wanted = null;

function show() {
  if (choosing(show)) {
    return;
  }
  board.keepingFocus(draw, (card) => find(card ? `head ${card}` : "title"));
  if (state.asked && state.user && state.page) {
    const { asked } = state;
    state.asked = null;
    acts.press(`open ${asked}`);
  }
  giveFocus();
}

function draw() {
  const known = Boolean(state.user && state.page);
  root.dataset.state = known ? "ready" : state.phase !== "ready" ? state.phase : state.restored && !state.user ? "signed_out" : "loading";
  board.put("header", [known, state.busy === "refresh", state.page?.may_change, state.page?.live?.since], () => header({ known, state, press }));
  const silent = known ? silentSides(state) : [];
  board.put("alarm", state.away || (state.trouble && state.page) || silent.length ? [Boolean(state.away), state.trouble, silent] : null, () => alarm(state, silent));
  board.put("spoken", state.done ? [state.done, state.turn] : null, () => doneWords(state.done));
  board.put("welcome", known ? null : [state.phase, state.window, state.again, state.restored, state.user, state.trouble, Boolean(state.away)], () => welcome(state, press));
  columns.hidden = !known;
  if (!known) {
    return;
  }
  const ctx = context();
  board.put("reader", ctx.may ? null : state.page.administrators, () => reading(state.page));
  board.put("notices", ctx.may && state.notices.length ? state.notices : null, () => notices(state.notices, press));
  board.put("nav", [state.turn, ctx.current, ctx.together, SECTIONS.map((section) => standing(state.page, parts, section)), state.busy === "save all", state.failed?.section === "all" && state.failed], () => nav(ctx));
  SECTIONS.forEach((section, place) => drawCard(ctx, section, cards[place]));
  
  board.put("try", ctx.may ? [trying.state, Boolean(state.page.organisation), trying.isOld()] : null, () => tryIt({ trying, ready: Boolean(state.page.organisation), press }));
  slots.try.hidden = !ctx.may;
  slots.try.toggleAttribute("data-fresh", Boolean(state.page.organisation) && !trying.state.asked); // narrow frames: a button alone
  if (ctx.may && ctx.now === "preview" && !trying.state.three) {
    setTimeout(() => trying.state.three || trying.three());
  }
}

const seen = () => ({ state, page: state.page, parts });

function context() {
  const now = nowSection(state.page);
  const may = state.page.may_change === true;
  const current = state.current ?? now ?? "connections";
  const owner = may ? filledOne(now) : null;
  const first = state.ties?.zoho?.state !== "ok" ? "zoho" : "xero";
  return {
    state,
    page: state.page,
    parts,
    trying,
    may,
    now,
    current,
    together: may ? together() : [],
    press,
    value: parts.value,
    suggested: (part, place) => parts.isSuggested(part, place),
    changed: (part, place) => parts.changes(part).includes(place),
    filled: (name) => name === owner || (owner === "connections" && name === first),
    wrong: (field) => wrongAt(field),
    source: () => source(state.page, () => press("refresh")),
    crmSource: () => source(state.page, () => press("refresh"), "crm"),
    set,
  };
}

/** At most one button is filled: that of what was typed last, else of the gate to pass now, else of what broke. */
function filledOne(now) {
  if (state.asking || SECTIONS.some((section) => parts.clashing(section.parts).length)) {
    return null;
  }
  const dirty = SECTIONS.filter((section) => parts.countChanges(section.parts)).map(({ id }) => id);
  if (dirty.length) {
    return dirty.includes(state.edited) ? state.edited : dirty[0];
  }
  const broken = ["zoho", "xero"].some((service) => state.ties?.[service]?.state === "disconnected");
  return broken ? "connections" : now;
}

/** The words of the first refusal of a field, or of a place in it. */
function wrongAt(field) {
  const found = Object.entries(state.failed?.fields ?? {}).find(([name]) => name === field || name.startsWith(`${field}.`));
  return found?.[1] ?? null;
}

/** Sections with suggestions only, all of them open: one press may take them. */
function together() {
  const open = SECTIONS.filter((section) => section.group === "set_up" && !waitsFor(state.page, section) && !isFolded(seen(), section));
  const ours = open.filter((section) => parts.countSuggestions(section.parts) && !parts.countChanges(section.parts) && !parts.clashing(section.parts).length);
  return ours.map(({ id }) => id);
}

function drawCard(ctx, section, element) {
  const folded = isFolded(seen(), section);
  const line = lineOf(seen(), section);
  const mine = { ...ctx, isNow: ctx.now === section.id };
  element.className = `card${folded ? " is-folded" : ""}${ctx.current === section.id && !folded ? " is-current" : ""}`;
  const after = section.id === "live" && ctx.now === "live" && ctx.current === "preview"; // narrow frames show one at a time
  element.toggleAttribute("data-current", ctx.current === section.id || after);
  const hard = section.parts.filter((part) => !SOFT.includes(part) && !isTypedDays(part)).map(parts.value);
  const flags = section.parts.map((part) => [parts.suggestions(part), SOFT.includes(part) || isTypedDays(part) ? 0 : parts.changes(part)]);
  const own = section.parts.length ? [] : [state.ties, state.tests, state.window, state.connecting, state.asking, state.busy, trying.state.three, trying.areOld(), state.failed, section.id === "linked" ? [state.linked, state.people] : state.leaving];
  const filled = [ctx.filled(section.id), ctx.filled("zoho"), ctx.filled("xero")];
  const asks = section.id === "organisation" && [state.asking, state.window, state.connecting, state.busy];
  const conflict = [parts.clashing(section.parts), state.compared === section.id];
  const key = [state.turn, folded, line, hard, flags, own, asks, conflict, state.failed, ctx.may, mine.isNow, folded || filled, String(state.busy).startsWith("save"), state.busy === `suggest ${section.id}`];
  board.put(section.id, folded ? [state.turn, "folded", line, ctx.may] : key, () => card(mine, section, { folded, line }));
  const footKey = folded || !(section.parts.length || section.group === "running") ? null : [state.turn, flags, parts.countChanges(section.parts), filled, state.busy, mine.isNow, state.opened[section.id], conflict];
  board.put(`${section.id} foot`, footKey, () => cardFoot(mine, section));
}

/** The days of a due date are typed too. */
function isTypedDays(part) {
  return part === "due" && find("due days") !== null && document.activeElement === find("due days");
}

function set(part, value) {
  const section = SECTIONS.find(({ parts: own }) => own.includes(part)).id;
  parts.set(part, value);
  const kept = Object.fromEntries(Object.entries(state.failed?.fields ?? {}).filter(([name]) => name.split(".")[0] !== part));
  const failed = state.failed && !SOFT.includes(part) && !isTypedDays(part) ? { failed: Object.keys(kept).length ? { ...state.failed, fields: kept } : null } : {};
  page.change({ edited: section, current: section, done: null, ...failed });
}

function press(act) {
  if (act.startsWith("save")) {
    wasNow = nowSection(state.page);
  }
  acts.press(act);
}

// --- focus ------------------------------------------------------------------------------------------

/** `into`: the page scrolls there too. */
function focus(key, into = false) {
  wanted = { key, into };
  giveFocus();
}

function giveFocus() {
  const found = wanted && find(wanted.key);
  if (!found) {
    return;
  }
  const { into } = wanted;
  wanted = null;
  found.focus({ preventScroll: true });
  (into ? found.closest("section") ?? found : found).scrollIntoView({ block: into ? "start" : "nearest", behavior: "instant" });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.asking) {
    press("unask");
  }
});

// --- leaving ----------------------------------------------------------------------------------------

window.addEventListener("beforeunload", (event) => {
  if (SECTIONS.some((section) => parts.countChanges(section.parts))) {
    event.preventDefault();
    event.returnValue = ""; // older browsers ask only then
  }
});

page.start();
show();
