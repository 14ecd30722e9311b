// How does somebody choose invoices by a CRM view or a day? Two radios, the field that goes with the chosen one.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { combobox } from "../settings/combobox.js";
import { say } from "../words.js";
import { EARLIEST, isoDay } from "./finder.js";

const WAYS = ["view", "day"];

/** `set(news)` hears of what is chosen. */
export function chooseForm(choosing, set) {
  const fields = { view: viewField, day: dayField };
  const one = (by) => {
    const radio = el("input", { type: "radio", name: "by", value: by, data: { key: `by ${by}` }, on: { change: () => set({ by }) } });
    radio.checked = choosing.by === by;
    return [el("label", { class: "way" }, radio, el("span", { id: `by-${by}`, text: say(`many.by.${by}`) })), choosing.by === by ? fields[by](choosing, set) : null];
  };
  return el("fieldset", { class: "ways" }, el("legend", { class: "unseen", text: say("many.choose") }), WAYS.map(one));
}

function viewField({ views, view }, set) {
  if (!views.length) {
    return el("p", { class: "grey way-field", text: say("many.no_views") });
  }
  const onTake = (taken, option) => set({ view: taken, name: option.name });
  return el("div", { class: "way-field" }, combobox({ key: "view", labelledBy: "by-view", options: views, value: view, placeholder: say("many.view"), onTake }));
}

function dayField({ day }, set) {
  const props = { type: "date", class: "typed day", "aria-labelledby": "by-day", min: EARLIEST, max: isoDay(new Date()), data: { key: "day" } };
  const input = el("input", { ...props, on: { input: () => set({ day: input.value }) } });
  input.value = day;
  return el("div", { class: "way-field" }, input, el("p", { class: "grey", text: say("many.day_begins") }));
}

/** What the choice comes to, told as soon as it is known. */
export function chosenLine({ text, isNo, isFound }) {
  return el("p", { class: `row chosen-line${isNo ? " is-no" : ""}` }, isNo ? icon("warning") : null, isFound ? el("strong", { text }) : el("span", { text }), isFound ? el("span", { class: "grey", text: say("many.count_under") }) : null);
}
