// Which sections has the page, in which order, and how far is each? Gates come from the server's checklist.

import { say } from "../words.js";
import { goLive, previews } from "./begin.js";
import { customerLinks } from "./customer_links.js";
import { countGone } from "./gone.js";
import { leavingTable } from "./leaving.js";
import { customerFields, dueFields, roundingFields, trackingFields } from "./details.js";
import { statusRows, statuses, taxRows, taxes } from "./mapping.js";
import { mayTable } from "./may.js";
import { startFields } from "./numbering.js";
import { accountFields, amountFields } from "./sales.js";
import { connections, organisation } from "./ties.js";
import { LINES } from "./told.js";

/** `parts`: what a save of it holds. `gates`: of the checklist. `needs`: what must be there before it can be saved. */
export const SECTIONS = [
  { id: "connections", group: "connect", gates: ["crm", "xero"], parts: [], body: connections },
  { id: "organisation", group: "connect", gates: ["organisation"], parts: ["organisation"], body: organisation, needs: { organisation: "organisation" } },
  { id: "start", group: "set_up", gates: ["start"], parts: ["start_date", "number", "reference_field"], body: startFields, needs: { start_date: "start_date", number: "number" } },
  { id: "accounts", group: "set_up", gates: ["accounts"], parts: ["account", "accounts", "products"], body: accountFields, needs: { account: "account" } },
  { id: "taxes", group: "set_up", gates: ["taxes"], parts: ["taxes"], body: taxes, whole: true, needs: { taxes: "taxes" } },
  { id: "statuses", group: "set_up", gates: ["statuses"], parts: ["statuses"], body: statuses, whole: true, needs: { statuses: "statuses" } },
  { id: "amounts", group: "usual", gates: [], parts: ["amounts"], body: amountFields },
  { id: "customers", group: "usual", gates: [], parts: ["customers"], body: customerFields },
  { id: "tracking", group: "usual", gates: [], parts: ["tracking", "theme"], body: trackingFields },
  { id: "due", group: "usual", gates: [], parts: ["due"], body: dueFields },
  { id: "rounding", group: "usual", gates: [], parts: ["rounding_limit", "rate"], body: roundingFields },
  { id: "may", group: "begin", gates: ["may"], parts: ["rights"], body: mayTable, whole: true },
  { id: "preview", group: "begin", gates: ["preview"], parts: [], body: previews },
  { id: "live", group: "begin", gates: ["live"], parts: [], body: goLive },
  { id: "linked", group: "running", gates: [], parts: [], body: customerLinks },
  { id: "data", group: "running", gates: [], parts: [], body: leavingTable },
];

export const GROUPS = ["connect", "set_up", "usual", "begin", "running"];
/** What can be tried before it is saved: all but the organisation. */
export const TRIED = SECTIONS.flatMap(({ parts }) => parts).filter((part) => part !== "organisation");

export const sectionOf = (id) => SECTIONS.find((section) => section.id === id);
const REFUSED_AS = { rounding_limit: "rounding", rate: "rounding" };

/** The section of a field that the server refused: "taxes.0.rate". */
export function sectionOfField(name) {
  const part = name.split(".")[0];
  return REFUSED_AS[part] ?? SECTIONS.find(({ parts }) => parts.includes(part))?.id;
}

/** The section of a setting that a problem named; null where it is the whole page's. */
export function sectionOfSetting(setting) {
  return SECTIONS.find(({ id, parts }) => id === setting || parts.includes(setting))?.id ?? null;
}

const stateOf = (page, gate) => page.checklist.find((each) => each.gate === gate)?.state ?? "later";
const isDone = (page, gate) => ["done", "attention"].includes(stateOf(page, gate));

/** The section of the gate to pass now; null once all are passed. */
export function nowSection(page) {
  const gate = page.checklist.find(({ state }) => state === "now")?.gate;
  return SECTIONS.find(({ gates }) => gates.includes(gate))?.id ?? null;
}

/** What comes before it: nothing, the connections, or the organisation. */
export function waitsFor(page, { id }) {
  if (id === "connections" || id === "data") {
    return null;
  }
  const before = ["crm", "xero", ...(id === "organisation" ? [] : ["organisation"])].find((gate) => !isDone(page, gate));
  return before ?? (id === "live" && !page.live?.since ? ["start", "accounts", "taxes", "statuses"].find((gate) => !isDone(page, gate)) : null) ?? null;
}

/** How many rows of a mapping nobody has decided, and choices that are gone on the other side. */
function lacking(page, parts, { id }) {
  const open = {
    taxes: () => taxRows(page, parts.value("taxes")).filter(({ type }) => !type).length,
    statuses: () => statusRows(page, parts.value("statuses")).filter(({ value }) => parts.value("statuses")?.[value] === undefined).length,
  };
  return (open[id]?.() ?? 0) + countGone(page, parts.value, id);
}

/** {state, count}: later, now, broken, unsaved, lacks, suggested or ready. */
export function standing(page, parts, section) {
  if (waitsFor(page, section)) {
    return { state: "later" };
  }
  const changes = parts.countChanges(section.parts);
  if (changes) {
    return { state: "unsaved", count: changes };
  }
  if (section.gates.some((gate) => stateOf(page, gate) === "attention")) {
    return { state: "broken" };
  }
  const lacks = lacking(page, parts, section);
  const suggested = parts.countSuggestions(section.parts);
  if (!section.gates.every((gate) => isDone(page, gate))) {
    return { state: section.id === nowSection(page) ? "now" : suggested ? "suggested" : "open", count: suggested };
  }
  if (suggested || lacks) {
    return lacks ? { state: "lacks", count: lacks } : { state: "suggested", count: suggested };
  }
  return { state: "ready" };
}

const usually = (at) => ["later", "ready"].includes(at);
const FOLDED = {
  connections: () => false,
  preview: (at, page) => at !== "now" && (at !== "ready" || Boolean(page.live?.since)), // looked at until they go live
  live: (at) => at === "later",
};

/** Whether it stands there as one line: ready, or not to be done yet. */
export function isFolded({ state, page, parts }, section) {
  const byHand = state.opened[section.id];
  const trouble = parts.clashing(section.parts).length > 0 || Object.keys(state.failed?.fields ?? {}).some((name) => sectionOfField(name) === section.id);
  if (trouble || parts.countChanges(section.parts) > 0) {
    return false;
  }
  if (byHand !== undefined) {
    return !byHand;
  }
  const { state: at } = standing(page, parts, section);
  return (FOLDED[section.id] ?? usually)(at, page);
}

/** The line of a folded section. */
export function lineOf({ page, parts }, section) {
  const before = waitsFor(page, section);
  if (before) {
    const first = SECTIONS.find((each) => waitsFor(page, each) === before) === section;
    return first ? say("set.after", { gate: say(`gate.${before}`) }) : say(`under.${section.id}`);
  }
  return LINES[section.id]?.(page, parts.value) || say(section.gates.length ? "set.open" : "set.usual");
}

/** What must be there before this can be saved: field → sentence. */
export function needed(parts, section) {
  const empty = ([part]) => [null, undefined, ""].includes(parts.value(part)) || Object.keys(parts.value(part)).length === 0;
  const lacks = Object.entries(section.needs ?? {}).filter(([part]) => (typeof parts.value(part) === "string" ? parts.value(part) === "" : empty([part])));
  return Object.fromEntries(lacks.map(([part, name]) => [part, say(`needs.${name}`)]));
}
