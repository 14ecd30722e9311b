// Which account of Xero does a line go to, what becomes of its product, and do prices hold the tax?

import { el } from "../el.js";
import { say } from "../words.js";
import { KINDS, accounts, fields, taxRates } from "./choices.js";
import { chooser, pick } from "./fields.js";
import { isGoneAccount, isGoneField } from "./gone.js";

const PRODUCTS = ["off", "without", "block", "create"];

export function accountFields(ctx) {
  const rules = ctx.value("accounts") ?? {};
  const put = (news) => ctx.set("accounts", { ...rules, ...news });
  const categories = [...new Set([...(ctx.page.crm?.categories ?? []), ...Object.keys(rules.by_category ?? {})])];
  const own = (name, none) =>
    chooser({
      key: `accounts ${name}`,
      label: say(`accounts.${name}`),
      options: accounts(ctx.page, { none: say(none) }),
      value: rules[name] ?? null,
      foot: ctx.source(),
      suggested: ctx.suggested("accounts", name),
      wrong: ctx.wrong(`accounts.${name}`) ?? gone(ctx, rules[name]),
      onTake: (code) => put({ [name]: code }),
    });
  const ofCategory = (category) =>
    chooser({
      key: `category ${category}`,
      label: say("accounts.category", { category }),
      options: accounts(ctx.page, { none: say("accounts.usual") }),
      value: rules.by_category?.[category] ?? null,
      foot: ctx.source(),
      suggested: ctx.suggested("accounts", `by_category.${category}`),
      wrong: ctx.wrong(`accounts.by_category.${category}`) ?? gone(ctx, rules.by_category?.[category]),
      onTake: (code) => put({ by_category: without({ ...rules.by_category, [category]: code }) }),
    });
  return [
    el(
      "div",
      { class: "grid" },
      chooser({
        key: "account",
        label: say("accounts.default"),
        options: accounts(ctx.page),
        value: ctx.value("account"),
        foot: ctx.source(),
        suggested: ctx.suggested("account"),
        wrong: ctx.wrong("account") ?? gone(ctx, ctx.value("account")),
        onTake: (code) => ctx.set("account", code),
      }),
      categories.map(ofCategory),
      own("discount", "accounts.usual"),
      own("adjustment", "accounts.usual"),
      productField(ctx, rules, put),
      products(ctx),
    ),
  ];
}

/** Archived after it was chosen: its invoices wait until another is. */
const gone = (ctx, code) => (isGoneAccount(ctx.page, code) ? say("accounts.gone", { code }) : null);
const without = (several) => Object.fromEntries(Object.entries(several).filter(([, value]) => value));

function productField(ctx, rules, put) {
  return chooser({
    key: "accounts product_field",
    label: say("accounts.product_field"),
    hint: say("accounts.product_field_hint"),
    options: fields(ctx.page, "Products", KINDS.texts, { none: say("told.none") }),
    value: rules.product_field ?? null,
    foot: ctx.crmSource(),
    wrong: ctx.wrong("accounts.product_field") ?? (isGoneField(ctx.page, "Products", rules.product_field) ? say("fields.gone") : null),
    onTake: (name) => put({ product_field: name }),
  });
}

function products(ctx) {
  return chooser({
    key: "products",
    label: say("products.label"),
    hint: say(`products_note.${ctx.value("products") ?? "off"}`),
    options: PRODUCTS.map((way) => ({ value: way, name: say(`products.${way}`) })),
    value: ctx.value("products") ?? "off",
    suggested: ctx.suggested("products"),
    wrong: ctx.wrong("products"),
    onTake: (way) => ctx.set("products", way),
  });
}

export function amountFields(ctx) {
  const rule = { inclusive: false, tax_type: null, field: null, ...ctx.value("amounts") };
  const put = (news) => ctx.set("amounts", { ...rule, ...news });
  const asks = rule.inclusive || rule.field;
  return [
    pick({
      key: "amounts",
      label: say("amounts.label"),
      value: rule.inclusive ? "inclusive" : "exclusive",
      options: ["exclusive", "inclusive"].map((way) => ({ value: way, name: say(`amounts.${way}`) })),
      onTake: (way) => put({ inclusive: way === "inclusive" }),
    }),
    el(
      "div",
      { class: "grid" },
      chooser({
        key: "amounts field",
        label: say("amounts.field"),
        hint: say("amounts.field_hint"),
        options: fields(ctx.page, "Invoices", KINDS.flags, { none: say("amounts.no_field") }),
        value: rule.field,
        foot: ctx.crmSource(),
        wrong: ctx.wrong("amounts.field"),
        onTake: (name) => put({ field: name }),
      }),
      asks
        ? chooser({
            key: "amounts tax",
            label: say("amounts.tax"),
            options: taxRates(ctx.page),
            value: rule.tax_type,
            foot: ctx.source(),
            wrong: ctx.wrong("amounts.tax_type"),
            onTake: (type) => put({ tax_type: type }),
          })
        : null,
    ),
  ];
}
