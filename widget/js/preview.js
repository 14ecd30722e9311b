// What will stand in Xero? The view of a Preview: customer, how it arrives, dates, lines and both totals.

import { append, el } from "./dom.js";
import { day, daysUntil, difference, isZero, money, number } from "./popup-amounts.js";
import { icon } from "./icons.js";
import { has, t } from "./popup-words.js";

/** A Preview of our API as one element. It fits any width: under 560 px the lines are cards, above it a table. */
export function previewView(preview) {
  const lines = preview.lines ?? [];
  return el("div", { class: "pv" },
    el("div", { class: "pv-room" },
      headFacts(preview),
      lines.length ? [linesTable(preview), lineCards(preview)] : null,
      preview.totals ? totalsPart(preview) : null));
}

/** Whether both totals are known and the same, to the cent. */
export function totalsAgree(preview) {
  const apart = apartBy(preview);
  return apart !== null && isZero(apart);
}

/** CRM's total less Xero's as decimal text; null while one of them is not known. */
export function apartBy(preview) {
  return gap(preview.totals?.crm?.total, preview.totals?.xero?.total);
}

/** The words for a Xero status an invoice will arrive in. */
export function arrivesWords(status) {
  return status ? t(`preview.arrives_as.${status}`) : t("preview.not_known");
}

function headFacts(preview) {
  return el("dl", { class: "pv-facts" },
    fact("customer", preview.customer?.name ?? t("preview.not_known"), matched(preview.customer), { dir: "auto" }),
    fact("arrives", arrivesWords(preview.arrives_as), crmStatus(preview)),
    fact("date", preview.date ? day(preview.date) : t("preview.none")),
    fact("due", preview.due_date ? day(preview.due_date) : t("preview.none"), termDays(preview)));
}

function fact(name, value, under = null, { dir = null } = {}) {
  return el("div", { class: "pv-fact", data: { fact: name } },
    el("dt", { text: t(`preview.fact.${name}`) }),
    el("dd", { class: "pv-value", text: value, attrs: { dir } }),
    under ? el("dd", { class: "pv-under", text: under }) : null);
}

function matched(customer) {
  if (!customer?.action) return null;
  if (customer.action === "create") return t("preview.matched.create");
  const key = `preview.matched.${customer.matched_by}`;
  return has(key) ? t(key) : null;
}

function crmStatus(preview) {
  return preview.crm_status ? t("preview.crm_status", { status: preview.crm_status }) : null;
}

function termDays(preview) {
  const days = preview.date && preview.due_date ? daysUntil(preview.due_date, preview.date) : null;
  return days === null || days < 0 ? null : t("preview.term", { count: days });
}

const COLUMNS = [["account"], ["quantity", "num"], ["price", "num"], ["discount", "num"], ["tax"], ["amount", "num"]];

function linesTable(preview) {
  const { lines, currency } = preview;
  const count = t("preview.lines", { count: lines.length });
  return el("table", { class: "pv-lines" },
    el("caption", { class: "sr-only", text: t("preview.lines_caption") }),
    el("thead", {}, el("tr", {}, columnHead(count), COLUMNS.map(([name, look]) => columnHead(t(`preview.column.${name}`), look)))),
    el("tbody", {}, lines.map((line) => lineRow(line, currency))));
}

const columnHead = (text, look = null) => el("th", { class: look, text, attrs: { scope: "col" } });
const numberCell = (text) => el("td", { class: "num", text });

function lineRow(line, currency) {
  return el("tr", { data: { line: line.position } },
    el("th", { class: "pv-what", attrs: { scope: "row" } }, what(line)),
    el("td", { text: account(line), attrs: { dir: "auto" } }),
    numberCell(number(line.quantity)),
    numberCell(money(line.price, currency)),
    numberCell(line.discount ? money(minus(line.discount), currency) : ""),
    el("td", { text: line.tax, attrs: { dir: "auto" } }),
    numberCell(money(line.amount, currency)));
}

function what(line) {
  return [
    el("span", { class: "pv-text", text: line.text, attrs: { dir: "auto" } }),
    el("span", { class: "pv-code", text: line.code ?? t("preview.no_code"), attrs: { dir: "auto" } }),
  ];
}

function lineCards(preview) {
  const { lines, currency } = preview;
  return el("ul", { class: "pv-cards", attrs: { "aria-label": t("preview.lines", { count: lines.length }) } },
    lines.map((line) => lineCard(line, currency)));
}

function lineCard(line, currency) {
  const sum = { quantity: number(line.quantity), price: money(line.price, currency) };
  const price = line.discount
    ? t("preview.card_less", { ...sum, discount: money(line.discount, currency) })
    : t("preview.card_price", sum);
  return el("li", { data: { line: line.position } },
    el("div", { class: "pv-card-head" },
      el("span", { class: "pv-text", text: line.text, attrs: { dir: "auto" } }),
      el("span", { class: "num pv-strong", text: money(line.amount, currency) })),
    el("div", { class: "pv-under", text: price }),
    el("div", { class: "pv-under", text: [account(line), line.tax].filter(Boolean).join(", "), attrs: { dir: "auto" } }));
}

const account = (line) => [line.account, line.account_name].filter(Boolean).join(" ");
const minus = (amount) => (isZero(amount) ? amount : difference("0", amount));

function totalsPart(preview) {
  return el("div", { class: "pv-sums" }, verdict(preview), totalsTable(preview));
}

function verdict(preview) {
  const apart = apartBy(preview);
  if (apart === null) return note("pv-open", "info", t("preview.open"), t("preview.open_under"));
  if (isZero(apart)) return note("pv-agree", "done", t("preview.agree"), t("preview.agree_under"));
  return note("pv-apart", "warn", t("preview.apart", { amount: money(plain(apart), preview.currency) }), t("preview.apart_under"));
}

const note = (look, glyph, head, under) =>
  el("div", { class: `pv-verdict ${look}` },
    el("p", { class: "pv-verdict-head" }, icon(glyph, 16), el("span", { text: head })),
    el("p", { class: "pv-under", text: under }));

function totalsTable(preview) {
  const { crm, xero, taxes } = preview.totals;
  const side = (name) => columnHead(t(`preview.side.${name}`), "num");
  return el("table", { class: "pv-totals" },
    el("caption", { class: "sr-only", text: t("preview.totals_caption") }),
    el("thead", {}, el("tr", {}, el("td"), side("crm"), side("xero"), side("difference"))),
    el("tbody", {},
      sumRow(preview, t("preview.subtotal"), crm.subtotal, xero.subtotal, "subtotal"),
      taxRows(preview, taxes ?? []),
      sumRow(preview, t("preview.total", { currency: preview.currency }), crm.total, xero.total, "total")));
}

/** One row for each tax; where the rows do not make the whole tax, a row for all tax says what is missing. */
function taxRows(preview, taxes) {
  const { crm, xero } = preview.totals;
  const rows = taxes.map((tax) => {
    const net = money(tax.net, preview.currency);
    return sumRow(preview, t("preview.tax_on", { tax: tax.name, net }), tax.crm, tax.xero, "tax");
  });
  const whole = taxes.length && same(sum(taxes, "crm"), crm.tax) && same(sum(taxes, "xero"), xero.tax);
  return whole ? rows : [...rows, sumRow(preview, t("preview.all_tax"), crm.tax, xero.tax, "tax")];
}

function sumRow(preview, label, crm, xero, name) {
  const apart = gap(crm, xero);
  const shown = (amount) => (amount === null || amount === undefined ? "–" : money(amount, preview.currency));
  const off = apart !== null && !isZero(apart);
  return el("tr", { class: `pv-sum-${name}`, data: { sum: name } },
    el("th", { text: label, attrs: { scope: "row" } }),
    numberCell(shown(crm)), numberCell(shown(xero)),
    el("td", { class: off ? "num pv-off" : "num", text: shown(apart) }));
}

const known = (amount) => amount !== null && amount !== undefined;
const gap = (crm, xero) => (known(crm) && known(xero) ? difference(crm, xero) : null);
const same = (one, other) => known(other) && isZero(difference(one, other));
const plain = (amount) => amount.replace("-", "");

/** The sum of decimal texts without a float: minus the difference to what stands before. */
function sum(taxes, side) {
  return taxes.reduce((total, tax) => difference(total, minus(tax[side] ?? "0")), "0");
}

/** Puts a preview in the place of what `node` holds; for callers that keep one place for it. */
export function showPreview(node, preview) {
  node.replaceChildren();
  return append(node, [previewView(preview)]);
}
