// What of an invoice would surprise somebody who sees it in Xero? Said before it is sent: one short paragraph each.

import { el } from "./el.js";
import { apart, money, number } from "./format.js";
import { icon } from "./icons.js";
import { language, say } from "./words.js";

const MOST_NAMED = 5;
const list = new Intl.ListFormat(language, { type: "conjunction" });

/** {icon, tone, what, how} of each, ready to be drawn; null where there is nothing to say, or nothing is to be sent. */
export function toldOf(preview) {
  if (!["create", "update", "conflict"].includes(preview.decision)) {
    return null;
  }
  const all = [rounding(preview), inclusive(preview), rate(preview), products(preview)].filter(Boolean);
  return all.length ? all : null;
}

export function notices(all) {
  const one = ({ icon: sign, tone, what, how }) =>
    el("li", { class: `row notice${tone ? ` tone-${tone}` : ""}` }, icon(sign), el("p", {}, el("strong", { dir: "auto", text: what }), " ", el("span", { class: "how", dir: "auto", text: how })));
  return el("ul", { class: "notices", "aria-label": say("notice.list") }, all.map(one));
}

/** Products by name and code, the first of many. */
export function namesOf(several) {
  const named = several.slice(0, MOST_NAMED).map(({ code, name }) => (name && name !== code ? say("notice.product", { code, name }) : code));
  const more = several.length - named.length;
  return list.format(more > 0 ? [...named, say("notice.more", { count: more })] : named);
}

/** "860 Rounding". */
export function accountOf(line) {
  return [line?.account, line?.account_name].filter(Boolean).join(" ");
}

export function roundingLine({ lines }) {
  return lines?.find(({ part }) => part === "rounding");
}

function rounding(preview) {
  const { rounding: amount, currency } = preview;
  if (!amount) {
    return null;
  }
  const how = say("notice.rounding_how", { amount: money(amount, currency), account: accountOf(roundingLine(preview)) });
  return { icon: "info", tone: "b", what: say("notice.rounding", { apart: apart(amount, currency) }), how };
}

function inclusive({ amounts, totals, currency }) {
  const tax = totals?.xero?.tax;
  const how = tax ? say("notice.inclusive_how", { tax: money(tax, currency) }) : say("notice.inclusive_open");
  return amounts === "inclusive" ? { icon: "info", what: say("notice.inclusive"), how } : null;
}

function rate({ rate: given, currency, base_currency: base }) {
  if (!base || base === currency) {
    return null;
  }
  const values = { base, currency, rate: given && number(given) };
  const [what, how] = given ? ["notice.rate", "notice.rate_how"] : ["notice.day_rate", "notice.day_rate_how"];
  return { icon: "info", what: say(what, values), how: say(how, values) };
}

function products({ new_products: several = [] }) {
  return several.length ? { icon: "plus", what: say("notice.products", { count: several.length }), how: namesOf(several) } : null;
}

