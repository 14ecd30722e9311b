// How are lines shown before anything is sent? A table, one row a line; what we added to CRM's rows stands out calmly.

import { el } from "./el.js";
import { money, number } from "./format.js";
import { accountOf } from "./notices.js";
import { say } from "./words.js";

const MANY = 12; // beyond that the lines scroll by themselves, so that the totals stay in sight

const cell = (name, kind, text) => el(name, { class: kind, role: name === "th" ? "columnheader" : "cell", scope: name === "th" ? "col" : null, dir: "auto", text });
const isOurs = ({ part }) => Boolean(part) && part !== "row";

/** Roles are named because narrow frames show rows as cards, and tables shown as blocks lose them. */
export function linesTable(preview) {
  const { lines, amounts } = preview;
  const columns = [
    ["name", countOf(lines)],
    ["account", say("lines.account")],
    ["figure quantity", say("lines.quantity")],
    ["figure price", say("lines.price")],
    ["figure discount", say("lines.discount")],
    ["tax", say("lines.tax")],
    ["figure amount", say(amounts === "inclusive" ? "lines.amount_inclusive" : "lines.amount")],
  ];
  const head = el("tr", { role: "row" }, columns.map(([kind, text]) => cell("th", kind, text)));
  const table = el(
    "table",
    { class: "lines", role: "table" },
    el("thead", { role: "rowgroup" }, head),
    el("tbody", { role: "rowgroup" }, lines.map((line) => lineRow(line, preview))),
  );
  const props = { class: "many-lines", role: "region", tabindex: "0", "aria-label": countOf(lines), data: { key: "lines region" } };
  return lines.length > MANY ? el("div", props, table) : table;
}

/** "4 lines", "4 lines and 2 of ours". */
function countOf(lines) {
  const ours = lines.filter(isOurs).length;
  const rows = say("lines.count", { count: lines.length - ours });
  return ours ? say("lines.with_own", { lines: rows, count: ours }) : rows;
}

function lineRow(line, preview) {
  const { currency } = preview;
  const account = accountOf(line);
  const discount = line.discount ? money(line.discount, currency) : "";
  const values = { quantity: number(line.quantity), price: money(line.price, currency), discount };
  const ours = isOurs(line);
  const [name, ...more] = line.text.split("\n");
  return el(
    "tr",
    { role: "row", class: ours ? "ours" : "" },
    el(
      "th",
      { scope: "row", role: "rowheader", class: "name" },
      el("span", { class: "text", dir: "auto", text: name }),
      more.map((text) => el("span", { class: "grey more", dir: "auto", text })),
      ours ? el("span", { class: "grey note", text: say(`lines.own.${line.part}`) }) : codeOf(line, preview),
      tracking(line),
      ours ? null : el("span", { class: "grey in-card", text: say(discount ? "lines.short_discount" : "lines.short", values) }),
      el("span", { class: "grey in-card", dir: "auto", text: say("lines.booked", { account, tax: line.tax }) }),
    ),
    cell("td", "account", account),
    cell("td", "figure quantity", ours ? "" : values.quantity),
    cell("td", "figure price", ours ? "" : values.price),
    cell("td", "figure discount", discount),
    cell("td", "tax", line.tax),
    cell("td", "figure amount", money(line.amount, currency)),
  );
}

/** CRM's product code, and whether Xero gets a new product for it. */
function codeOf({ code, product_code: told }, { new_products: several = [] }) {
  const isNew = Boolean(told) && several.some((each) => each.code === told);
  const text = isNew ? say("lines.new_code", { code: told }) : (code ?? say("lines.no_code"));
  return el("span", { class: `grey code${isNew ? " new" : ""}`, dir: "auto", text });
}

function tracking({ tracking: options }) {
  const text = options?.map((each) => say("lines.tracking", each)).join(", ");
  return text ? el("span", { class: "grey note", dir: "auto", text }) : null;
}
