// How are two sides shown beside each other? A table, one row a difference; cards in narrow frames.

import { countOf, partOf, rowsOf, valueOf } from "./differences.js";
import { el } from "./el.js";
import { say } from "./words.js";

const SIDES = { crm: ["crm"], xero: ["xero"], both: ["crm", "xero"] };

/** The table of a state, and beneath it the same as text where it has to be copied by hand. */
export function sidesOf(mode, preview, text) {
  const table = { conflict: conflictTable, update: updateTable }[mode] ?? differsTable;
  return [table(preview), text ? byHand(text) : null];
}

function byHand(text) {
  const area = el("textarea", { id: "by-hand", readonly: true, rows: String(text.split("\n").length + 1), dir: "auto" });
  area.value = text;
  return el("div", { class: "row by-hand" }, el("label", { for: "by-hand", class: "grey", text: say("copy.by_hand") }), area);
}

/** Where the customer owes what Xero says: CRM's values stand out. */
export function differsTable(preview) {
  const columns = [column("crm", "side.crm"), column("xero", "side.xero")];
  return table(preview, say("side.count", { count: countOf(preview) }), columns, rowsOf(preview), () => ["crm"]);
}

/** After both were edited: who changed what; the changed value stands out. */
export function conflictTable(preview) {
  const columns = [column("crm", "side.crm"), column("xero", "side.xero"), column("by", "side.changed")];
  return table(preview, say("side.count", { count: countOf(preview) }), columns, rowsOf(preview), ({ by }) => SIDES[by] ?? []);
}

/** What a push makes of the invoice in Xero, its total always among it. */
export function updateTable(preview) {
  const columns = [column("xero", "side.now"), column("crm", "side.after")];
  return table(preview, say("side.changes"), columns, rowsOf(preview, { same: true }), () => ["crm"]);
}

function column(key, label) {
  return { key, label: say(label) };
}

/** Roles are named because narrow frames show rows as cards, and tables shown as blocks lose them. */
function table({ currency }, heading, columns, rows, strong) {
  const head = [heading, ...columns.map(({ label }) => label)];
  const top = head.map((text, place) => el("th", { scope: "col", role: "columnheader", class: place ? "value" : "", text }));
  return el(
    "table",
    { class: "sides", role: "table" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, top)),
    el("tbody", { role: "rowgroup" }, rows.map((each) => row(each, columns, currency, strong(each)))),
  );
}

function row(each, columns, currency, strong) {
  const cells = columns.map(({ key, label }) => {
    const text = key === "by" ? (each.by ? say(`by.${each.by}`) : "–") : valueOf(each, key, currency);
    const unknown = key === "by" && !each.by ? " unknown" : "";
    const kind = `value ${key}${unknown}${strong.includes(key) ? " strong" : ""}${FIXED.includes(each.kind) ? " fixed" : ""}`;
    return el("td", { class: kind, role: "cell" }, el("span", { class: "in-card grey", "aria-hidden": "true", text: label }), el("span", { dir: "auto", text }));
  });
  return el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader", dir: "auto", text: partOf(each, currency) }), cells);
}

const FIXED = ["money", "number", "day"];
