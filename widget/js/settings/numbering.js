// From which day on, and under whose number, does an invoice go to Xero?

import { el } from "../el.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { KINDS, field, fields } from "./choices.js";
import { chooser, pick, typing } from "./fields.js";
import { isGoneField } from "./gone.js";

const LIKE_XEROS = /^INV-?\d/;

export function startFields(ctx) {
  const number = ctx.value("number");
  return [
    typing({
      key: "start_date",
      type: "date",
      label: say("start.label"),
      hint: say("start.hint"),
      value: ctx.value("start_date"),
      width: "day",
      suggested: ctx.suggested("start_date"),
      wrong: ctx.wrong("start_date"),
      onType: (day) => day && ctx.set("start_date", day, { soft: true }),
    }),
    pick({
      key: "number",
      label: say("number.label"),
      suggested: ctx.suggested("number", "from"),
      value: number?.from,
      options: ["field", "xero"].map((from) => ({ value: from, name: say(`number.${from}`), note: say(`number_note.${from}`) })),
      onTake: (from) => ctx.set("number", from === "xero" ? { from } : { from, field: fields(ctx.page, "Invoices", KINDS.ids)[0]?.value }),
    }),
    number?.from === "field" ? numberField(ctx, number) : null,
    number?.from === "xero" ? writtenTo(ctx, number) : null,
    reference(ctx),
  ];
}

function numberField(ctx, number) {
  const known = field(ctx.page, "Invoices", number.field);
  const examples = known?.examples ?? [];
  return el(
    "div",
    { class: "grid" },
    chooser({
      key: "number field",
      label: say("number.which"),
      options: fields(ctx.page, "Invoices", KINDS.ids),
      value: number.field ?? null,
      foot: ctx.crmSource(),
      suggested: ctx.suggested("number", "field"),
      wrong: ctx.wrong("number.field") ?? (isGoneField(ctx.page, "Invoices", number.field) ? say("fields.gone") : null),
      onTake: (name) => ctx.set("number", { from: "field", field: name }),
    }),
    el("div", { class: "field" }, el("p", { class: "field-head field-label", text: say("number.examples") }), exampleList(examples), seriesNote(examples)),
  );
}

function exampleList(examples) {
  return examples.length
    ? el("p", { class: "examples" }, examples.map((text) => el("span", { class: "chip", dir: "auto", text })))
    : el("p", { class: "hint grey", text: say("number.no_examples") });
}

/** Xero counts on from what it sees, so two who count must not meet. */
function seriesNote(examples) {
  return examples.some((text) => LIKE_XEROS.test(text)) ? el("p", { class: "hint" }, icon("info"), el("span", { text: say("number.like_xeros") })) : null;
}

function writtenTo(ctx, number) {
  return el(
    "div",
    { class: "grid" },
    chooser({
      key: "number write_to",
      label: say("number.write_to"),
      options: fields(ctx.page, "Invoices", KINDS.plain, { none: say("number.our_field") }),
      value: number.write_to ?? null,
      foot: ctx.crmSource(),
      wrong: ctx.wrong("number.write_to"),
      onTake: (name) => ctx.set("number", name ? { from: "xero", write_to: name } : { from: "xero" }),
    }),
  );
}

function reference(ctx) {
  return el(
    "div",
    { class: "grid" },
    chooser({
      key: "reference_field",
      label: say("number.reference"),
      options: fields(ctx.page, "Invoices", KINDS.texts, { none: say("number.no_reference") }),
      value: ctx.value("reference_field"),
      foot: ctx.crmSource(),
      suggested: ctx.suggested("reference_field"),
      wrong: ctx.wrong("reference_field") ?? (isGoneField(ctx.page, "Invoices", ctx.value("reference_field")) ? say("fields.gone") : null),
      onTake: (name) => ctx.set("reference_field", name),
    }),
  );
}
