// What is as usual until somebody chooses otherwise: customers, tracking, themes, due dates, rounding and rates.

import { el } from "../el.js";
import { say } from "../words.js";
import { KINDS, categoriesOfXero, fields, themes } from "./choices.js";
import { chooser, pick, tick, typing } from "./fields.js";

export function customerFields(ctx) {
  const rule = { from: "account", address: true, phone: true, ...ctx.value("customers") };
  const put = (news) => ctx.set("customers", { ...rule, ...news });
  const module = rule.from === "contact" ? "Contacts" : "Accounts";
  return [
    pick({
      key: "customers",
      label: say("customers.label"),
      value: rule.from,
      options: ["account", "contact"].map((from) => ({ value: from, name: say(`customers.${from}`), note: say(`customers_note.${from}`) })),
      onTake: (from) => put(from === rule.from ? {} : { from, tax_number_field: null }), // the other module's fields are others
    }),
    el(
      "fieldset",
      { class: "field picks" },
      el("legend", { class: "field-label", text: say("customers.told") }),
      tick({ key: "customers address", label: say("customers.address"), value: rule.address, onTick: (address) => put({ address }) }),
      tick({ key: "customers phone", label: say("customers.phone"), value: rule.phone, onTick: (phone) => put({ phone }) }),
    ),
    el(
      "div",
      { class: "grid" },
      chooser({
        key: "customers tax",
        label: say("customers.tax_number"),
        options: fields(ctx.page, module, KINDS.texts, { none: say("customers.no_tax_number") }),
        value: rule.tax_number_field ?? null,
        foot: ctx.crmSource(),
        wrong: ctx.wrong("customers.tax_number_field"),
        onTake: (name) => put({ tax_number_field: name }),
      }),
    ),
  ];
}

const FROM = { invoice: "Invoices", line: "Invoiced_Items", product: "Products" };

export function trackingFields(ctx) {
  const rules = ctx.value("tracking") ?? [];
  const ruleOf = (category) => rules.find((rule) => rule.category === category);
  const put = (category, rule) => {
    const others = rules.filter((each) => each.category !== category);
    ctx.set("tracking", rule ? [...others, { category, ...rule }] : others);
  };
  const names = [...new Set([...categoriesOfXero(ctx.page).map(({ category }) => category), ...rules.map(({ category }) => category)])];
  const one = (category) => {
    const rule = ruleOf(category);
    const wrong = ctx.wrong(`tracking.${rules.indexOf(rule)}`);
    return chooser({
      key: `tracking ${category}`,
      label: say("tracking.category", { category }),
      options: trackingOptions(ctx.page, category),
      value: rule ? `${rule.from}:${rule.option ?? rule.field}` : "",
      shown: rule?.option,
      foot: ctx.source(),
      wrong,
      onTake: (value, option) => put(category, option.rule),
    });
  };
  const theme = { field: null, name: null, ...ctx.value("theme") };
  const putTheme = (news) => {
    const now = { ...theme, ...news };
    ctx.set("theme", now.field || now.name ? now : null);
  };
  return [
    names.length ? el("div", { class: "grid" }, names.map(one)) : el("p", { class: "grey", text: say("tracking.none") }),
    el(
      "div",
      { class: "grid" },
      chooser({ key: "theme", label: say("tracking.theme"), options: themes(ctx.page), value: theme.name, foot: ctx.source(), wrong: ctx.wrong("theme.name"), onTake: (name) => putTheme({ name }) }),
      chooser({
        key: "theme field",
        label: say("tracking.theme_field"),
        options: fields(ctx.page, "Invoices", KINDS.texts, { none: say("told.none") }),
        value: theme.field,
        foot: ctx.crmSource(),
        wrong: ctx.wrong("theme.field"),
        onTake: (name) => putTheme({ field: name }),
      }),
    ),
  ];
}

/** One list for all: an option that is always meant, or a field of CRM that names it. */
function trackingOptions(page, category) {
  const always = categoriesOfXero(page).find((each) => each.category === category)?.options ?? [];
  const fixed = always.map((option) => ({ value: `fixed:${option}`, name: option, group: say("tracking.fixed"), rule: { from: "fixed", option } }));
  const from = Object.entries(FROM).flatMap(([way, module]) =>
    fields(page, module, KINDS.texts).map((each) => ({ ...each, value: `${way}:${each.value}`, group: say(`tracking.${way}`), rule: { from: way, field: each.value } })),
  );
  return [{ value: "", name: say("told.none"), rule: null }, ...fixed, ...from];
}

export function dueFields(ctx) {
  const due = ctx.value("due") ?? { from: "crm" };
  return [
    pick({
      key: "due",
      label: say("due.label"),
      value: due.from,
      options: ["crm", "terms", "days"].map((from) => ({ value: from, name: say(`due.${from}`) })),
      onTake: (from) => ctx.set("due", from === "days" ? { from, days: 30 } : { from }),
    }),
    due.from === "days"
      ? typing({
          key: "due days",
          type: "number",
          label: say("due.count"),
          value: due.days,
          width: "short",
          wrong: ctx.wrong("due.days"),
          onType: (text) => ctx.set("due", { from: "days", days: /^\d+$/.test(text) ? Number(text) : text }, { soft: true }),
        })
      : null,
  ];
}

export function roundingFields(ctx) {
  const rate = { from: "xero", ...ctx.value("rate") };
  const several = (ctx.page.choices?.currencies ?? []).length > 1 || rate.from === "crm";
  return [
    typing({
      key: "rounding_limit",
      label: say("rounding.label"),
      hint: say("rounding.hint"),
      mode: "decimal",
      width: "short",
      value: ctx.value("rounding_limit") ?? "0.05",
      wrong: ctx.wrong("rounding_limit"),
      onType: (text) => ctx.set("rounding_limit", text.trim().replace(",", "."), { soft: true }),
    }),
    several ? rateFields(ctx, rate) : null,
  ];
}

function rateFields(ctx, rate) {
  const put = (news) => ctx.set("rate", { ...rate, ...news });
  return [
    pick({
      key: "rate",
      label: say("rate.label"),
      value: rate.from,
      options: ["xero", "crm"].map((from) => ({ value: from, name: say(`rate.${from}`) })),
      onTake: (from) => (from === "xero" ? ctx.set("rate", { from }) : put({ from })),
    }),
    rate.from === "crm"
      ? el(
          "div",
          { class: "grid" },
          chooser({
            key: "rate home_total",
            label: say("rate.home_total"),
            hint: say("rate.home_total_hint"),
            options: fields(ctx.page, "Invoices", KINDS.numbers),
            value: rate.home_total ?? null,
            foot: ctx.crmSource(),
            wrong: ctx.wrong("rate.home_total"),
            onTake: (name) => put({ home_total: name }),
          }),
        )
      : null,
  ];
}
