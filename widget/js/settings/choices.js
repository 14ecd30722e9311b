// What can be chosen from, in the form in which drop-downs show it? From Xero's lists and CRM's, as the page has them.

import { ago, exact } from "../format.js";
import { say } from "../words.js";

const CLASSES = ["REVENUE", "EXPENSE", "ASSET", "LIABILITY", "EQUITY"];
const NUMBERS = ["double", "currency", "formula", "bigint", "integer", "decimal"];
const TEXTS = ["text", "picklist", "autonumber", "integer", "bigint", "formula", "lookup"];
const IDS = ["autonumber", "text", "integer", "bigint", "formula"];
export const KINDS = { numbers: NUMBERS, texts: TEXTS, ids: IDS, flags: ["boolean", ...TEXTS], plain: ["text"] };

const chosenFrom = (page, name) => page.choices?.[name] ?? [];

/** Accounts in groups by their class, those for sales first. */
export function accounts(page, { none } = {}) {
  const all = chosenFrom(page, "accounts").map((account) => ({ value: account.code, code: account.code, name: account.name, group: groupOf(account) }));
  const rank = ({ group }) => GROUPS().indexOf(group);
  const sorted = [...all].sort((one, other) => rank(one) - rank(other) || one.code.localeCompare(other.code, undefined, { numeric: true }));
  return none ? [{ value: null, name: none }, ...sorted] : sorted;
}

const GROUPS = () => ["sales", ...CLASSES].map((name) => say(`class.${name}`));

function groupOf(account) {
  const { type, class: kind } = account;
  return say(["SALES", "REVENUE"].includes(type) ? "class.sales" : `class.${CLASSES.includes(kind) ? kind : "REVENUE"}`);
}

/** Tax rates for sales; with `rate` those of that percentage alone. */
export function taxRates(page, rate) {
  const all = chosenFrom(page, "tax_rates").filter((each) => rate === undefined || Number(each.rate) === Number(rate));
  return all.map((each) => ({ value: each.tax_type, name: say("tax.named", { name: each.name, rate: each.rate }) }));
}

export function organisations(page) {
  return chosenFrom(page, "organisations").map(({ id, name, taken }) => ({ value: id, name, note: taken ? say("organisation.taken") : null, taken }));
}

export function themes(page) {
  return [{ value: null, name: say("tracking.xero_theme") }, ...chosenFrom(page, "themes").map((name) => ({ value: name, name }))];
}

export const categoriesOfXero = (page) => chosenFrom(page, "tracking");

/** CRM's fields of a module that can hold such a value; those with examples first. `none`: that no field is chosen. */
export function fields(page, module, kinds, { none } = {}) {
  const all = (page.crm?.fields?.[module] ?? []).filter(({ data_type: type }) => kinds.includes(type));
  const shown = all.map((field) => ({ value: field.api_name, name: field.label, note: (field.examples ?? []).join(", ") || null, examples: field.examples ?? [], type: field.data_type }));
  const sorted = [...shown].sort((one, other) => kinds.indexOf(one.type) - kinds.indexOf(other.type) || other.examples.length - one.examples.length);
  return none ? [{ value: null, name: none }, ...sorted] : sorted;
}

/** The same by a field's name, or undefined where CRM does not have it (any more). */
export function field(page, module, name) {
  return (page.crm?.fields?.[module] ?? []).find((each) => each.api_name === name);
}

/** What stands below a list: whose it is, and how old. */
export function source(page, press, whose = "xero") {
  const at = whose === "xero" ? page.choices?.read_at : page.crm?.read_at;
  return { text: at ? say(`combo_from.${whose}`, { ago: ago(at, Date.now()) }) : say("combo.not_read"), title: exact(at), act: say("combo.refresh"), press };
}
