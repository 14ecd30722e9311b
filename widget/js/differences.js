// In what do CRM and Xero differ, in words? Labels and values of both sides, for tables, sentences and a copied list. Pure.

import { day, money, number } from "./format.js";
import { language, say, told } from "./words.js";

const STATUSES = ["DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED"];
const MOST_NAMED = 4;
const list = new Intl.ListFormat(language, { type: "conjunction" });

/** Every difference, and the two totals at the end. `same`: the totals also where they agree. */
export function rowsOf(preview, { same = false } = {}) {
  const rows = preview.differences ?? [];
  const [crm, xero] = [preview.totals?.crm?.total ?? null, preview.held?.total ?? null];
  const isTold = rows.some((each) => each.part === "total") || crm === null || xero === null;
  return isTold || (crm === xero && !same) ? rows : [...rows, { part: "total", line: null, name: null, what: null, kind: "money", crm, xero, by: null }];
}

/** How many of them are not the same on both sides. */
export function countOf(preview) {
  return rowsOf(preview).length;
}

/** "Due Date", or "Line 2, Bar stool: quantity". */
export function partOf(each, currency) {
  if (each.part !== "line") {
    return say(`part.${each.part}`, { currency });
  }
  const values = { line: each.line ?? "", name: each.name ?? "", what: whatOf(each) };
  const key = each.name ? "part.line_named" : "part.line";
  return say(values.what ? `${key}_what` : key, values);
}

function whatOf({ what, kind }) {
  if (!what || ["added", "removed"].includes(what)) {
    return "";
  }
  return say(what === "tax" && kind === "money" ? "what.tax_amount" : `what.${what}`);
}

/** One side's value as it is shown. */
export function valueOf(each, side, currency) {
  const value = each[side];
  if (value === null || value === undefined || value === "") {
    return say(each.kind === "day" ? "fact.no_day" : ["added", "removed"].includes(each.what) ? "side.absent" : "side.none");
  }
  const ways = { money: () => money(value, currency), number: () => number(value), day: () => day(value), status: () => statusOf(value) };
  return ways[each.kind]?.() ?? String(value);
}

function statusOf(value) {
  return STATUSES.includes(value) ? say(`status.${value}`) : String(value);
}

/** "You changed Due Date and line 2 in CRM since the last push.", as parts {text, strong}. */
export function changedSentence(preview) {
  const rows = preview.differences ?? [];
  const names = [...new Set(rows.map(shortName))];
  const more = names.length - MOST_NAMED;
  const shown = more > 0 ? [...names.slice(0, MOST_NAMED), say("changed.more", { count: more })] : names;
  const parts = list.formatToParts(shown).map(({ type, value }) => ({ text: value, strong: type === "element" }));
  const byCrm = rows.every((each) => each.by === "crm");
  return told(byCrm ? "changed.by_crm" : "changed.differ", { parts }).flatMap((part) => (typeof part === "string" ? [{ text: part }] : part));
}

function shortName(each) {
  return each.part === "line" ? say("part.line_short", { line: each.line ?? "" }) : say(`part.${each.part}`, { currency: "" });
}

/** What of Xero's a push would replace: not what CRM has no word for. */
export function replacedIn(preview) {
  return (preview.differences ?? []).filter((each) => !each.stays);
}

/** The differences as lines of plain text, for a message to the bookkeeper. */
export function asText(preview, link) {
  const { currency } = preview;
  const head = say("copy.head", { number: link.number ?? say("fact.no_number") });
  const one = (each) => say("copy.line", { part: partOf(each, currency), crm: valueOf(each, "crm", currency), xero: valueOf(each, "xero", currency) });
  return [head, ...rowsOf(preview).map(one), ...(link.url ? [link.url] : [])].join("\n");
}
