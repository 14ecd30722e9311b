// What does the page name that Xero or CRM has no more? An account archived, a tax rate deleted, a field renamed.

import { field, taxRates } from "./choices.js";
import { taxKey } from "./parts.js";

/** Where Xero can't be asked nothing is called gone. */
export function isGoneAccount(page, code) {
  const known = page.choices?.accounts ?? [];
  return Boolean(code) && known.length > 0 && !known.some((account) => account.code === code);
}

export function isGoneField(page, module, name) {
  return Boolean(name) && Boolean(page.crm?.fields?.[module]?.length) && field(page, module, name) === undefined;
}

/** Keys of tax rules whose rate Xero has no more, or with another percentage. */
export function goneTaxes(page, rules) {
  const known = (page.choices?.tax_rates ?? []).length > 0;
  const has = (rule) => taxRates(page, rule.rate).some(({ value }) => value === rule.tax_type);
  return new Set(known ? (rules ?? []).filter((rule) => rule.tax_type && !has(rule)).map(taxKey) : []);
}

/** How many choices of a section are gone. */
export function countGone(page, value, id) {
  return (COUNTS[id] ?? (() => 0))(page, value);
}

const COUNTS = {
  start: (page, value) => Number(isGoneField(page, "Invoices", value("number")?.field)) + Number(isGoneField(page, "Invoices", value("reference_field"))),
  accounts: (page, value) => {
    const { discount, adjustment, by_category: own = {}, product_field: name } = value("accounts") ?? {};
    const codes = [value("account"), discount, adjustment, ...Object.values(own ?? {})];
    return codes.filter((code) => isGoneAccount(page, code)).length + Number(isGoneField(page, "Products", name));
  },
  taxes: (page, value) => goneTaxes(page, value("taxes")).size,
};
