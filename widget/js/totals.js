// How do CRM's and Xero's totals stand beside each other? A table whose columns add up, and whether they agree.

import { el } from "./el.js";
import { hasHundredths, isZero, minus, money } from "./format.js";
import { icon } from "./icons.js";
import { roundingLine } from "./notices.js";
import { say } from "./words.js";

const LONG = 11; // signs of a figure of which two fit beside a label in a narrow frame; letters are wider

/** Lines, discount, each tax, adjustment, rounding, total: in CRM, in Xero, and how far apart. Null where nothing is known. */
export function totals(preview) {
  const { totals: sums, currency } = preview;
  if (!sums) {
    return null;
  }
  const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ["part", "crm", "xero", "difference"].map(heading)));
  const rows = rowsOf(preview);
  const body = el("tbody", { role: "rowgroup" }, rows.map((row) => totalRow(row, currency)));
  const table = el("table", { role: "table" }, el("caption", { class: "unseen", text: say("totals.caption") }), head, body);
  const long = rows.some(({ crm, xero }) => [crm, xero].some((amount) => widthOf(money(amount, currency)) > LONG));
  return el("div", { class: `row totals${long ? " long" : ""}` }, verdict(preview), table);
}

const widthOf = (text) => text.length + (text.match(/[A-Z]/g) ?? []).length;

/** {label, crm, xero, kind}. Where prices hold the tax, it stands below the total: it is in it. */
function rowsOf(preview) {
  const { totals: sums, currency } = preview;
  const parts = partsOf(preview);
  const [before, after] = [["row", "discount"], ["adjustment", "rounding"]].map((names) => parts.filter(({ part }) => names.includes(part)));
  const inclusive = preview.amounts === "inclusive";
  const taxes = sums.taxes
    .filter(({ ours, crm, xero }) => !(ours && isZero(crm) && isZero(xero)))
    .map((tax) => ({ ...tax, label: say(inclusive ? "totals.tax_in_it" : "totals.tax", { name: tax.name, net: money(tax.net, currency) }), kind: inclusive ? "in-it" : "" }));
  const total = { label: say("totals.total", { currency }), crm: sums.crm.total, xero: sums.xero.total, kind: "total" };
  return inclusive ? [...before, ...after, total, ...taxes] : [...before, ...taxes, ...after, total];
}

function partsOf(preview) {
  const { totals: sums } = preview;
  const parts = sums.parts ?? [{ part: "row", crm: sums.crm.subtotal, xero: sums.xero.subtotal }];
  const account = roundingLine(preview)?.account ?? "";
  const lines = preview.amounts === "inclusive" ? "totals.lines_inclusive" : parts.length > 1 ? "totals.lines" : "totals.subtotal";
  return parts.map((each) => ({ ...each, label: say(each.part === "row" ? lines : `totals.${each.part}`, { account }) }));
}

function heading(name) {
  const text = name === "part" ? el("span", { class: "unseen", text: say("totals.part") }) : say(`totals.${name}`);
  return el("th", { scope: "col", role: "columnheader", class: name === "part" ? "" : `figure ${name}` }, text);
}

/** CRM has no rounding line: all of it is the difference. */
function totalRow({ label, crm, xero, part, kind = "" }, currency) {
  const figure = (name, amount) => el("td", { class: `figure ${name}`, role: "cell", text: money(amount, currency) });
  const gap = minus(xero, part === "rounding" ? "0" : crm);
  return el("tr", { role: "row", class: kind }, el("th", { scope: "row", role: "rowheader", dir: "auto", text: label }), figure("crm", crm), figure("xero", xero), figure("difference", gap));
}

/** Whether the two totals agree, and why figures above them may not. */
export function verdict(preview) {
  const { crm, xero } = preview.totals;
  const gap = minus(xero.total, crm.total);
  const agree = hasHundredths(preview.currency) ? "totals.agree" : "totals.agree_exactly";
  const [kind, sign, words, how] =
    gap === null
      ? ["a", "warning", "totals.unknown", "totals.unknown_how"]
      : isZero(gap)
        ? ["g", "check", agree, lowersTax(preview) ? "totals.discount_how" : "totals.how"]
        : ["a", "warning", "totals.apart", "totals.how"];
  return el("p", { class: `verdict tone-${kind}` }, el("strong", {}, icon(sign), say(words)), el("span", { class: "grey", text: say(how) }));
}

/** Where lines bear the taxes, CRM's discount is one of gross amounts (and its tax stays): Xero's lines differ by it. */
function lowersTax({ way, totals: sums }) {
  const off = sums.parts?.find(({ part }) => part === "discount");
  return way === "row_taxes" && Boolean(off) && off.crm !== off.xero;
}
