// Which taxes and statuses of CRM become what in Xero? One row each, with its state in a word.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { taxRates } from "./choices.js";
import { combobox } from "./combobox.js";
import { tag, wrongLine } from "./fields.js";
import { goneTaxes } from "./gone.js";
import { taxKey } from "./parts.js";
import { placeName } from "./told.js";

const BECOMES = ["DRAFT", "SUBMITTED", "AUTHORISED", "REMOVED", ""];

/** Every set of taxes that has a rule or needs one; "nothing" always does, for lines that we add. */
export function taxRows(page, rules) {
  const rows = (rules ?? []).map((rule) => ({ key: taxKey(rule), rate: rule.rate, taxes: rule.taxes, type: rule.tax_type }));
  const known = new Set(rows.map(({ key }) => key));
  const bare = [...(page.crm?.taxes ?? []).map(({ rate }) => rate), "0"].map((rate) => String(Number(rate)));
  for (const rate of new Set(bare)) {
    if (!known.has(`${rate}|`)) {
      rows.push({ key: `${rate}|`, rate, type: null });
    }
  }
  return rows.map((row) => ({ ...row, title: placeName(page, "taxes", row.key), invoices: invoicesWith(page, row) }));
}

function invoicesWith(page, { rate, taxes }) {
  const own = (page.crm?.taxes ?? []).filter((tax) => (taxes ? taxes.includes(tax.name) : Number(tax.rate) === Number(rate)));
  return own.reduce((count, tax) => Math.max(count, tax.invoices ?? 0), 0);
}

export function taxes(ctx) {
  const rules = ctx.value("taxes") ?? [];
  const gone = goneTaxes(ctx.page, rules);
  const place = (row) => rules.findIndex((rule) => taxKey(rule) === row.key);
  const choose = (row, type) => {
    const rule = { rate: row.rate, tax_type: type, ...(row.taxes ? { taxes: row.taxes } : {}) };
    const at = place(row);
    ctx.set("taxes", at < 0 ? [...rules, rule] : rules.map((each, index) => (index === at ? rule : each)));
  };
  const one = (row) => {
    const options = taxRates(ctx.page, row.rate);
    const wrong = ctx.wrong(`taxes.${place(row)}`);
    const isGone = gone.has(row.key);
    const state = taxState(ctx, row, { options, isGone });
    return el(
      "tr",
      { role: "row" },
      el("th", { scope: "row", role: "rowheader" }, el("strong", { dir: "auto", text: row.title }), row.invoices ? el("span", { class: "grey", text: say("taxes.invoices", { count: row.invoices }) }) : null),
      el(
        "td",
        { role: "cell", class: "control" },
        combobox({
          key: `tax ${row.key}`,
          label: say("taxes.rate_of", { tax: row.title }),
          options,
          value: row.type,
          shown: isGone ? row.type : undefined,
          placeholder: say("taxes.choose"),
          wrong: !row.type || isGone || Boolean(wrong),
          foot: ctx.source(),
          onTake: (type) => choose(row, type),
        }),
        wrong ? wrongLine(wrong) : null,
      ),
      el("td", { role: "cell", class: "state" }, state),
    );
  };
  const head = ["taxes.crm", "taxes.xero", "taxes.state"].map((key) => el("th", { scope: "col", role: "columnheader", text: say(key) }));
  return el(
    "table",
    { class: "mapping", role: "table" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)),
    el("tbody", { role: "rowgroup" }, taxRows(ctx.page, rules).map(one)),
  );
}

function taxState(ctx, row, { options, isGone }) {
  if (!row.type) {
    const why = options.length ? null : el("span", { class: "grey below", text: say("taxes.no_rate", { rate: row.rate }) });
    return [tag("lacks", say("taxes.not_matched")), why];
  }
  if (isGone) {
    return [tag("lacks", say("taxes.gone")), el("span", { class: "grey below", text: say("taxes.gone_how") })];
  }
  if (ctx.suggested("taxes", row.key)) {
    return [tag("suggested", say("set.suggested")), el("span", { class: "grey", text: say("taxes.same_rate") })];
  }
  return ctx.changed("taxes", row.key) ? tag("news", say("set.not_saved")) : tag("fine", say("taxes.matched"));
}

/** CRM's own values in its order, then those that it has no more. */
export function statusRows(page, map) {
  const values = (page.crm?.statuses ?? []).map(({ value }) => value);
  const gone = page.crm ? Object.keys(map ?? {}).filter((value) => !values.includes(value)) : Object.keys(map ?? {});
  return [...values.map((value) => ({ value, gone: false })), ...gone.map((value) => ({ value, gone: Boolean(page.crm) }))];
}

export function statuses(ctx) {
  const map = ctx.value("statuses") ?? {};
  const options = BECOMES.map((status) => ({ value: status, name: say(`becomes.${status || "none"}`), note: say(`becomes_note.${status || "none"}`) }));
  const one = ({ value, gone }) => {
    const now = map[value];
    const wrong = ctx.wrong(`statuses.${value}`);
    return el(
      "div",
      { class: "becomes" },
      el("strong", { class: "from", dir: "auto", text: value }),
      icon("arrow"),
      combobox({
        key: `status ${value}`,
        label: say("statuses.of", { status: value }),
        options,
        value: now ?? null,
        shown: now === undefined ? "" : say(`becomes.${now || "none"}`),
        wrong: now === undefined || Boolean(wrong),
        onTake: (to) => ctx.set("statuses", { ...map, [value]: to }),
      }),
      el("span", { class: "note" }, statusNote(ctx, value, now, gone)),
      wrong ? wrongLine(wrong) : null,
    );
  };
  return statusRows(ctx.page, map).map(one);
}

function statusNote(ctx, value, now, gone) {
  if (gone) {
    return [tag("none", say("statuses.gone"))];
  }
  if (now === undefined) {
    return [tag("lacks", say("statuses.blocked"))];
  }
  const note = el("span", { class: "grey", text: say(`becomes_note.${now || "none"}`) });
  return ctx.suggested("statuses", value) ? [tag("suggested", say("set.suggested")), note] : [note];
}
