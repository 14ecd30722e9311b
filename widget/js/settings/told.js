// How is a part of the settings said in words? For the one line of a folded section, and to lay two states side by side.

import { day, money } from "../format.js";
import { language, say } from "../words.js";
import { flat } from "./parts.js";

const list = new Intl.ListFormat(language, { type: "unit", style: "short" });
const and = (words) => list.format(words.filter(Boolean));

const named = (several, value, code = "code") => several?.find((each) => each[code] === value);

export function accountName(page, code) {
  const found = named(page.choices?.accounts, code);
  return found ? `${code} ${found.name}` : code;
}

export function taxName(page, type) {
  const found = named(page.choices?.tax_rates, type, "tax_type");
  return found ? say("tax.named", found) : type;
}

export function fieldName(page, name, module = "Invoices") {
  return named(page.crm?.fields?.[module], name, "api_name")?.label ?? name;
}

export function organisationName(page) {
  return named(page.choices?.organisations, page.organisation, "id")?.name ?? page.organisation_name ?? page.organisation;
}

/** One place of a part, as words; null where nothing stands there. */
export function placeTold(page, part, place, value) {
  const now = flat(part, value).get(place);
  return now === undefined ? null : (PLACES[part]?.(page, place, now) ?? usual(page, place, now));
}

function usual(page, place, now) {
  if (typeof now === "boolean") {
    return say(now ? "told.yes" : "told.no");
  }
  const last = place.split(".").at(-1);
  if (last === "tax_type") {
    return taxName(page, now);
  }
  return ["field", "home_total", "write_to", "product_field", "tax_number_field"].includes(last) ? fieldName(page, now) : String(now);
}

const PLACES = {
  organisation: (page) => organisationName(page),
  start_date: (page, place, now) => day(now),
  account: (page, place, now) => accountName(page, now),
  accounts: (page, place, now) => (place === "product_field" ? fieldName(page, now, "Products") : accountName(page, now)),
  taxes: (page, place, now) => taxName(page, now),
  statuses: (page, place, now) => say(`becomes.${now || "none"}`),
  products: (page, place, now) => say(`products.${now}`),
  rounding_limit: (page, place, now) => money(now, page.currency ?? null),
  number: (page, place, now) => (place === "from" ? say(`number.${now}`) : fieldName(page, now)),
  due: (page, place, now) => (place === "from" ? say(`due.${now}`) : String(now)),
  rate: (page, place, now) => (place === "from" ? say(`rate.${now}`) : fieldName(page, now)),
  customers: (page, place, now) => (place === "from" ? say(`customers.${now}`) : usual(page, place, now)),
  reference_field: (page, place, now) => fieldName(page, now),
  rights: (page, place, now) => and(now.split(",").map((id) => named(page.crm?.profiles, id, "id")?.name ?? id)) || say("may.nobody"),
};

// What a place is called where its control has a label already.
const LABELS = {
  organisation: "organisation.label",
  start_date: "start.label",
  "number.from": "number.label",
  "number.field": "number.which",
  "number.write_to": "number.write_to",
  reference_field: "number.reference",
  account: "accounts.default",
  "accounts.discount": "accounts.discount",
  "accounts.adjustment": "accounts.adjustment",
  "accounts.product_field": "accounts.product_field",
  products: "products.label",
  "amounts.inclusive": "amounts.inclusive_place",
  "amounts.tax_type": "amounts.tax",
  "amounts.field": "amounts.field",
  "customers.from": "customers.label",
  "customers.address": "customers.address_place",
  "customers.phone": "customers.phone_place",
  "customers.tax_number_field": "customers.tax_number",
  "theme.name": "tracking.theme",
  "theme.field": "tracking.theme_field",
  "due.from": "due.label",
  "due.days": "due.count",
  rounding_limit: "rounding.label",
  "rate.from": "rate.label",
  "rate.field": "rate.field",
  "rate.home_total": "rate.home_total",
};

/** What a place is called. */
export function placeName(page, part, place) {
  if (part === "taxes") {
    const [rate, names] = place.split("|");
    return names ? names.split("+").join(" + ") : taxTitle(page, rate);
  }
  if (part === "statuses" || part === "tracking") {
    return place;
  }
  if (part === "rights") {
    return say(`right.${place}`);
  }
  return place.startsWith("by_category.") ? say("accounts.category", { category: place.slice(12) }) : say(LABELS[place ? `${part}.${place}` : part] ?? part);
}

/** The names of CRM's taxes of a rate; for nothing and for sums of several there are words of our own. */
export function taxTitle(page, rate) {
  const names = (page.crm?.taxes ?? []).filter((tax) => Number(tax.rate) === Number(rate)).map(({ name }) => name);
  return and(names) || (Number(rate) === 0 ? say("taxes.none") : say("taxes.sum", { rate }));
}

// --- the one line of a folded section ---------------------------------------------------------------

/** `value(part)`: what stands on the page. */
export const LINES = {
  organisation: (page, value) => (value("organisation") ? organisationName(page) : null),
  start: (page, value) => and([value("start_date") && say("line.start", { day: day(value("start_date")) }), numberLine(page, value("number"))]),
  accounts: (page, value) => value("account") && say("line.accounts", { account: accountName(page, value("account")) }),
  taxes: (page, value) => value("taxes")?.length && and(value("taxes").map((rule) => say("line.pair", { from: placeName(page, "taxes", keyOf(rule)), to: taxName(page, rule.tax_type) }))),
  statuses: (page, value) => and(inCrmsOrder(page, value("statuses") ?? {}).map(([from, to]) => say("line.pair", { from, to: say(`becomes.${to}`) }))),
  amounts: (page, value) => say(value("amounts")?.inclusive ? "line.inclusive" : "line.exclusive"),
  customers: (page, value) => say(`line_customers.${value("customers")?.from ?? "account"}`),
  tracking: (page, value) => trackingLine(page, value),
  due: (page, value) => dueLine(value("due")),
  rounding: (page, value) => and([roundingLine(value("rounding_limit")), say(`line_rate.${value("rate")?.from ?? "xero"}`)]),
  may: (page, value) => (value("rights") ? say("line.may") : say("line.may_usual")),
  linked: () => say("line.linked"),
  data: () => say("line.data"),
  preview: () => say("line.preview"),
  live: (page) => (page.live?.since ? say("line.live", { day: day(page.live.since), name: page.live.by ?? say("told.somebody") }) : null),
};

function inCrmsOrder(page, map) {
  const order = (page.crm?.statuses ?? []).map(({ value }) => value);
  const rank = ([value]) => (order.includes(value) ? order.indexOf(value) : order.length);
  return Object.entries(map).filter(([, to]) => to).sort((one, other) => rank(one) - rank(other));
}

const keyOf = ({ rate, taxes }) => `${rate}|${taxes ? [...taxes].sort().join("+") : ""}`;

function numberLine(page, number) {
  if (!number) {
    return null;
  }
  return number.from === "xero" ? say("line.number_xero") : say("line.number_field", { field: fieldName(page, number.field) });
}

function trackingLine(page, value) {
  const rules = (value("tracking") ?? []).map((rule) => say("line.tracking", { category: rule.category, from: rule.option ?? fieldName(page, rule.field, MODULES[rule.from]) }));
  const theme = value("theme");
  const words = theme?.field ? fieldName(page, theme.field) : theme?.name;
  return and([...rules, words && say("line.theme", { theme: words })]) || say("line.no_tracking");
}

const MODULES = { invoice: "Invoices", line: "Invoiced_Items", product: "Products" };

function dueLine(due) {
  return due?.from === "days" ? say("line_due.days", { count: due.days ?? 0 }) : say(`line_due.${due?.from ?? "crm"}`);
}

function roundingLine(limit) {
  return Number(limit ?? "0.05") === 0 ? say("line.rounding_never") : say("line.rounding", { amount: limit ?? "0.05" });
}
