// Under which outcome is each selected invoice counted, and what do they come to? Pure.

import { plus } from "../format.js";

export const PLANNED = ["create", "update", "remove", "unchanged", "locked", "conflict", "blocked", "checking"];
export const ENDED = ["created", "updated", "linked", "removed", "unchanged", "locked", "conflict", "blocked", "failed", "cancelled", "waiting"];
export const SENT = ["created", "updated", "linked", "removed"];
const SENDABLE = ["create", "update", "remove"];
const NEEDS = ["conflict", "blocked", "failed"];
const FROM_CHECK = ["number", "customer", "currency", "crm_total", "xero_total", "arrives_as", "changed"];

/** One row a selected record, in the order selected: what our server told, and {id, group, isPushed, isEarlier}. */
export function rowsOf({ ids, check, push, earlier }) {
  return ids.map((id) => {
    const [checked, pushed] = [check?.rows.get(id), push?.rows.get(id)];
    if (pushed) {
      return same(pushed, checked, () => ({ ...filledFrom(pushed, checked), id, group: endedGroup(pushed), isPushed: true }));
    }
    return earlier.get(id) ?? planned(id, checked, push);
  });
}

function planned(id, checked, push) {
  const make = () => ({ ...checked, id, group: plannedGroup(checked, push), isPushed: false });
  return checked ? same(checked, Boolean(push), make) : make();
}

const built = new WeakMap();

/** The row made before of the same two: whoever draws hundreds of them skips what is the very same. */
function same(told, beside, make) {
  const held = built.get(told);
  if (held?.beside === beside) {
    return held.row;
  }
  const row = make();
  built.set(told, { beside, row });
  return row;
}

/** What came of those that are not looked at again. */
export function keptOf(state, again) {
  const others = rowsOf(state).filter(({ id }) => !again.includes(id));
  return new Map(others.map((row) => [row.id, { ...row, isEarlier: true }]));
}

/** A push that sent something keeps no preview: what the check before it told stays on screen. */
function filledFrom(pushed, checked) {
  const gaps = FROM_CHECK.filter((name) => isEmpty(pushed[name]) && checked);
  return { ...pushed, ...Object.fromEntries(gaps.map((name) => [name, checked[name]])) };
}

const isEmpty = (value) => value === null || value === undefined || (Array.isArray(value) && !value.length);

function plannedGroup(row, push) {
  if (!row || row.state !== "ended") {
    return push ? "unasked" : "checking";
  }
  const { decision, digest, held_status: held } = row;
  if (decision === "locked" || (decision === "remove" && digest)) {
    return decision;
  }
  if (row.reasons.length || !decision || ["blocked", "remove"].includes(decision)) {
    return "blocked";
  }
  return { create: held ? "conflict" : "create", kept: "unchanged" }[decision] ?? decision;
}

function endedGroup(row) {
  return row.state === "ended" ? row.outcome : "waiting";
}

/** Those that a push would send, as they were shown. */
export function sendable(rows) {
  return rows.filter((row) => !row.isPushed && SENDABLE.includes(row.group) && row.digest);
}

/** What a push says of the rows that it sends: the digest of what was shown, and which of them are to be removed. */
export function shownOf(rows) {
  const told = (pairs) => Object.fromEntries(pairs);
  const previewed = told(rows.map((row) => [row.record_id, row.digest]));
  return { previewed, choices: told(rows.filter((row) => row.decision === "remove").map((row) => [row.record_id, "remove"])) };
}

export function needsPerson(row) {
  return NEEDS.includes(row.group);
}

/** {group, count, sums} of each group that has any, in the given order. */
export function tally(rows, order) {
  const found = order.map((group) => ({ group, rows: rows.filter((row) => row.group === group) }));
  return found.filter((each) => each.rows.length).map((each) => ({ group: each.group, count: each.rows.length, sums: sumsOf(each.rows) }));
}

/** [{currency, amount}] of CRM's totals (of what is removed: Xero's), each currency by itself: never added up. */
export function sumsOf(rows) {
  const sums = new Map();
  for (const { currency, crm_total: crm, xero_total: xero } of rows) {
    const amount = crm ?? xero;
    if (currency && amount) {
      sums.set(currency, plus(sums.get(currency) ?? "0", amount));
    }
  }
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}
