// How are lines and totals shown before anything is sent? Two tables; CRM and Xero side by side, never one alone.

import { el } from "./el.js";
import { isZero, minus, money, number } from "./format.js";
import { icon } from "./icons.js";
import { say } from "./words.js";

const cell = (name, kind, text) => el(name, { class: kind, role: name === "th" ? "columnheader" : "cell", scope: name === "th" ? "col" : null, dir: "auto", text });

/** One row a line. Roles are named because narrow frames show rows as cards, and tables shown as blocks lose them. */
export function linesTable({ lines, currency }) {
  const columns = [
    ["name", say("lines.count", { count: lines.length })],
    ["account", say("lines.account")],
    ["figure quantity", say("lines.quantity")],
    ["figure price", say("lines.price")],
    ["figure discount", say("lines.discount")],
    ["tax", say("lines.tax")],
    ["figure amount", say("lines.amount")],
  ];
  const head = el("tr", { role: "row" }, columns.map(([kind, text]) => cell("th", kind, text)));
  return el(
    "table",
    { class: "lines", role: "table" },
    el("thead", { role: "rowgroup" }, head),
    el("tbody", { role: "rowgroup" }, lines.map((line) => lineRow(line, currency))),
  );
}

function lineRow(line, currency) {
  const account = [line.account, line.account_name].filter(Boolean).join(" ");
  const discount = line.discount ? money(line.discount, currency) : "";
  const values = { quantity: number(line.quantity), price: money(line.price, currency), discount };
  return el(
    "tr",
    { role: "row" },
    el(
      "th",
      { scope: "row", role: "rowheader", class: "name" },
      el("span", { class: "text", dir: "auto", text: line.text }),
      el("span", { class: "grey code", dir: "auto", text: line.code ?? say("lines.no_code") }),
      el("span", { class: "grey in-card", text: say(discount ? "lines.short_discount" : "lines.short", values) }),
      el("span", { class: "grey in-card", dir: "auto", text: say("lines.booked", { account, tax: line.tax }) }),
    ),
    cell("td", "account", account),
    cell("td", "figure quantity", values.quantity),
    cell("td", "figure price", values.price),
    cell("td", "figure discount", discount),
    cell("td", "tax", line.tax),
    cell("td", "figure amount", money(line.amount, currency)),
  );
}

/** Subtotal, each tax, total: in CRM, in Xero, and how far apart. Null where nothing could be worked out. */
export function totals({ totals: sums, currency }) {
  if (!sums) {
    return null;
  }
  const taxes = sums.taxes.map((tax) => [say("totals.tax", { name: tax.name, net: money(tax.net, currency) }), tax.crm, tax.xero]);
  // CRM's tax may be spread otherwise than by Xero's rates: then the sum is shown, which both have.
  const rows = [[say("totals.subtotal"), sums.crm.subtotal, sums.xero.subtotal], ...taxes];
  const last = [say("totals.total", { currency }), sums.crm.total, sums.xero.total];
  return el(
    "div",
    { class: "row totals" },
    verdict(sums),
    el(
      "table",
      {},
      el("caption", { class: "unseen", text: say("totals.caption") }),
      el("thead", {}, el("tr", {}, ["part", "crm", "xero", "difference"].map(heading))),
      el("tbody", {}, rows.map((row) => totalRow(row, currency, "")), totalRow(last, currency, "total")),
    ),
  );
}

function heading(name) {
  const text = name === "part" ? el("span", { class: "unseen", text: say("totals.part") }) : say(`totals.${name}`);
  return el("th", { scope: "col", class: name === "part" ? "" : `figure ${name}` }, text);
}

function totalRow([label, crm, xero], currency, kind) {
  const figure = (name, amount) => el("td", { class: `figure ${name}`, text: money(amount, currency) });
  const apart = minus(xero, crm);
  return el("tr", { class: kind }, el("th", { scope: "row", dir: "auto", text: label }), figure("crm", crm), figure("xero", xero), figure("difference", apart));
}

/** Whether the two totals agree. */
export function verdict({ crm, xero }) {
  const apart = minus(xero.total, crm.total);
  const [kind, sign, words, how] =
    apart === null
      ? ["a", "warning", "totals.unknown", "totals.unknown_how"]
      : isZero(apart)
        ? ["g", "check", "totals.agree", "totals.how"]
        : ["a", "warning", "totals.apart", "totals.how"];
  return el("p", { class: `verdict tone-${kind}` }, el("strong", {}, icon(sign), say(words)), el("span", { class: "grey", text: say(how) }));
}
