// How do the controls of a section look? A label, what is suggested, the control, and what is wrong with it.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { combobox } from "./combobox.js";
import { sign } from "./signs.js";

let count = 0;

/** A short word about a row: suggested, not saved, matched, missing. */
export function tag(kind, words) {
  const mark = { suggested: () => sign("star"), fine: () => icon("check"), lacks: () => icon("warning"), news: () => icon("pencil"), none: () => icon("info") }[kind];
  const tone = { suggested: "b", fine: "g", lacks: "a", news: "b", none: "n" }[kind];
  return el("span", { class: `tag ${kind} tone-${tone}` }, mark(), el("span", { text: words }));
}

export const suggestedTag = () => tag("suggested", say("set.suggested"));

/** A labelled drop-down. `wrong`: why it can't stay like that. */
export function chooser({ key, label, hint, suggested, wrong, ...more }) {
  count += 1;
  const ids = { label: `label-${count}`, wrong: `wrong-${count}`, hint: `hint-${count}` };
  const describedBy = [wrong && ids.wrong, hint && ids.hint].filter(Boolean).join(" ") || null;
  return el(
    "div",
    { class: "field" },
    el("p", { class: "field-head" }, el("span", { id: ids.label, class: "field-label", text: label }), suggested ? suggestedTag() : null),
    combobox({ key, labelledBy: ids.label, describedBy, wrong: Boolean(wrong), ...more }),
    wrong ? wrongLine(wrong, ids.wrong) : null,
    hint ? el("p", { id: ids.hint, class: "hint grey", dir: "auto", text: hint }) : null,
  );
}

export function wrongLine(text, id) {
  return el("p", { class: "wrong-line", id }, icon("warning"), el("span", { dir: "auto", text }));
}

/** A text, number or date; what is typed is told at once, so that nothing is lost. */
export function typing({ key, label, type = "text", value, mode, hint, suggested, wrong, width, onType }) {
  count += 1;
  const ids = { input: `input-${count}`, wrong: `wrong-${count}`, hint: `hint-${count}` };
  const input = el("input", {
    id: ids.input,
    type,
    class: `typed ${width ?? ""}`,
    inputmode: mode,
    autocomplete: "off",
    "aria-invalid": wrong ? "true" : null,
    "aria-describedby": [wrong && ids.wrong, hint && ids.hint].filter(Boolean).join(" ") || null,
    data: { key },
    on: { input: (event) => onType(event.target.value) },
  });
  input.value = value ?? "";
  return el(
    "div",
    { class: "field" },
    el("p", { class: "field-head" }, el("label", { for: ids.input, class: "field-label", text: label }), suggested ? suggestedTag() : null),
    input,
    wrong ? wrongLine(wrong, ids.wrong) : null,
    hint ? el("p", { id: ids.hint, class: "hint grey", text: hint }) : null,
  );
}

/** One of a few, all in sight. `options`: [{value, name, note}]. */
export function pick({ key, label, value, options, suggested, onTake }) {
  count += 1;
  const name = `pick-${count}`;
  const one = (option) =>
    el(
      "label",
      { class: "pick" },
      el("input", { type: "radio", name, value: option.value, checked: option.value === value, data: { key: `${key}.${option.value}` }, on: { change: () => onTake(option.value) } }),
      el("span", {}, option.name, option.note ? el("span", { class: "grey pick-note", text: option.note }) : null),
    );
  return el("fieldset", { class: "field picks" }, el("legend", { class: "field-label" }, label, suggested ? suggestedTag() : null), options.map(one));
}

export function tick({ key, label, value, onTick }) {
  const box = el("input", { type: "checkbox", checked: Boolean(value), data: { key }, on: { change: (event) => onTick(event.target.checked) } });
  return el("label", { class: "pick" }, box, el("span", { text: label }));
}
