// How do the parts of a sheet look as elements? Each function makes one part from what is to be said.

import { el } from "./el.js";
import { day, money } from "./format.js";
import { icon } from "./icons.js";
import { STEPS } from "./record.js";
import { fill, say } from "./words.js";

/** A button or, with `href`, a link that looks like one. `act(name)` hears of a click. */
export function button({ name, icon: sign, kind, act, href, busy, label, last, expanded }, press) {
  const text = el("span", { text: label ?? say(`button.${name}`) });
  const parts = [busy ? icon("working") : sign && !last ? icon(sign) : null, text, sign && last && !busy ? icon(sign) : null];
  const props = { class: `button ${kind}`, data: { key: name } };
  if (href) {
    const link = { ...props, href: safe(href), target: "_blank", rel: "noopener", on: { click: () => press(act) } };
    return el("a", link, parts, el("span", { class: "unseen", text: ` ${say("link.new_tab")}` }));
  }
  const on = { click: () => busy || press(act) };
  return el("button", { ...props, type: "button", "aria-disabled": busy ? "true" : null, "aria-expanded": expanded ?? null, on }, parts);
}

/** Only web addresses become links. */
function safe(href) {
  return /^https?:\/\//.test(href ?? "") ? href : null;
}

export function lockLine({ locked, why, next }) {
  const line = (key, text) => el("p", {}, el("strong", { text: say(key) }), ` ${text}`);
  return el(
    "section",
    { class: "row lock", "aria-label": say(locked ? "lock.locked" : "lock.editable").replace(":", "") },
    el("span", { class: "mark" }, icon(locked ? "lock" : "unlock")),
    el("div", {}, line(locked ? "lock.locked" : "lock.editable", why), next ? line("lock.next", next) : null),
  );
}

/** Four bars. Made once, then moved forward by `moveSteps`. */
export function steps() {
  const one = (name) => el("div", { class: "step", data: { step: name } }, el("span", { class: "bar" }, el("span")), el("span", { class: "step-name" }));
  const props = { class: "row steps", role: "progressbar", "aria-label": say("step.label"), "aria-valuemin": "0", "aria-valuemax": String(STEPS.length) };
  return el("div", props, STEPS.map(one));
}

/** `index` counts from 1: that step is under way, those before it are done. */
export function moveSteps(element, index) {
  const name = say(`step.${STEPS[index - 1]}`);
  element.setAttribute("aria-valuenow", String(index));
  element.setAttribute("aria-valuetext", say("step.said", { step: index, steps: STEPS.length, name }));
  [...element.children].forEach((step, place) => {
    const state = place + 1 < index ? "done" : place + 1 === index ? "now" : "later";
    if (step.dataset.state !== state) {
      step.dataset.state = state;
      const key = state === "done" ? `step.done.${STEPS[place]}` : `step.${STEPS[place]}`;
      step.lastElementChild.replaceChildren(...(state === "done" ? [icon("tick")] : []), say(key));
      step.querySelector(".bar > span").style.setProperty("width", { done: "100%", now: "45%", later: "0%" }[state]);
    }
  });
}

/** Label and value pairs. `changed`: labels whose values have just changed. */
export function facts(list, changed = new Set()) {
  return el("dl", { class: "row facts" }, list.map((each) => oneFact(each, changed.has(each.label))));
}

function oneFact({ label, value, href, note, end, fixed, strong, tone, icon: sign }, changed) {
  const kinds = ["fact", end && "end", fixed && "fixed", strong && "strong", tone && "late", changed && "changed"].filter(Boolean).join(" ");
  const said = safe(href) ? xeroLink(value, href) : el("span", { class: "value", dir: "auto", text: value });
  const more = [
    note ? el("span", { class: "note", dir: "auto", text: note }) : null,
    changed ? el("span", { class: "note changed-words", text: say("fact.changed") }) : null,
  ];
  return el("div", { class: kinds }, el("dt", { text: label }), el("dd", {}, sign ? icon(sign) : null, said, more));
}

export function xeroLink(text, href) {
  const props = { class: "value link", href, target: "_blank", rel: "noopener", data: { key: "xero" } };
  return el("a", props, el("span", { dir: "auto", text }), icon("external"), el("span", { class: "unseen", text: ` ${say("link.new_tab")}` }));
}

/** All problems at once, each with where to mend it. `choice`: what can be chosen under a problem. */
export function problems(reasons, { administrator, onEdit, onSetting, choice }) {
  const one = (reason, place) =>
    el(
      "li",
      { class: "row problem" },
      el("span", { class: "count", "aria-hidden": "true", text: String(place + 1) }),
      el("div", { class: "said" }, el("strong", { dir: "auto", text: reason.sentence }), detail(reason), choice.shown(reason)),
      el("div", { class: "to-do" }, ...whatToDo(reason, { administrator, onEdit, onSetting })),
    );
  return el("ol", { class: "problems", "aria-label": say("problem.list") }, reasons.map(one));
}

/** The grey line; chips stand where the text has {field} and {setting}, a setting that it does not name behind it. */
function detail(reason) {
  const chip = (text) => (text ? el("span", { class: "chip", text }) : undefined);
  const text = reason.detail ?? "";
  const parts = fill(text, { field: chip(reason.field_label), setting: chip(reason.setting_label) });
  const unnamed = reason.setting_label && !text.includes("{setting}") ? [" ", chip(reason.setting_label)] : null;
  return el("p", { class: "grey", dir: "auto" }, parts, unnamed, reason.next_step ? ` ${reason.next_step}` : null);
}

function whatToDo(reason, { administrator, onEdit, onSetting }) {
  const field = [
    reason.field && onEdit ? toField(reason, onEdit) : null,
    reason.setting && onSetting && administrator ? toSetting(reason, onSetting) : null,
  ].filter(Boolean);
  const asks = { administrator: administrator ? null : "problem.admin", bookkeeper: "problem.bookkeeper" }[reason.owner];
  const saysItself = /^Ask /.test(reason.next_step ?? "");
  return asks && !saysItself ? [...field, el("span", { class: "ask", text: say(asks) })] : field;
}

function toField(reason, onEdit) {
  const name = say("button.field_name", { field: reason.field_label ?? reason.field });
  const props = { type: "button", class: "button plain small", "aria-label": name, data: { key: `field ${reason.field} ${reason.line ?? ""}` } };
  return el("button", { ...props, on: { click: onEdit } }, icon("pencil"), el("span", { text: say("button.field") }));
}

function toSetting(reason, onSetting) {
  const props = { type: "button", class: "button plain small", "aria-label": say("button.setting_name", { setting: reason.setting_label }), data: { key: `setting ${reason.setting} ${reason.line ?? ""}` } };
  return el("button", { ...props, on: { click: () => onSetting(reason.setting) } }, el("span", { text: say("button.setting") }));
}

export function notes(list) {
  const one = ({ sentence, detail: more }) =>
    el("div", { class: "row problem" }, el("span", { class: "mark" }, icon("warning")), el("div", { class: "said" }, el("strong", { text: sentence }), el("p", { class: "grey", dir: "auto", text: more })));
  return list.map(one);
}

/** Paid and credited as a bar, then one row each. */
export function payments({ currency, paid, credited, shares, rows }) {
  const bar = el("div", { class: "settled", "aria-hidden": "true" }, el("span", { class: "paid" }), el("span", { class: "credited" }));
  bar.children[0].style.setProperty("width", `${(shares.paid * 100).toFixed(1)}%`);
  bar.children[1].style.setProperty("width", `${(shares.credited * 100).toFixed(1)}%`);
  const legend = (kind, amount) => el("span", { class: `legend ${kind}` }, say(`payments.${kind}`, { amount: money(amount, currency) }));
  return el(
    "section",
    { class: "row payments", "aria-labelledby": "payments-head" },
    el("div", { class: "heading" }, el("h2", { id: "payments-head", text: say("payments.heading") }), el("span", {}, legend("paid", paid), legend("credited", credited))),
    bar,
    paymentRows(rows, currency),
  );
}

function paymentRows(rows, currency) {
  const head = ["date", "kind", "amount"].map((name) => el("th", { scope: "col", text: say(`payments.${name}`) }));
  const one = ({ date, kind, amount }) =>
    el("tr", {}, el("td", { text: day(date) }), el("td", { text: say(`payments.${kind === "credit" ? "credit" : "payment"}`) }), el("td", { class: "figure", text: money(amount, currency) }));
  return el("table", {}, el("thead", { class: "unseen" }, el("tr", {}, head)), el("tbody", {}, rows.map(one)));
}

export function skeleton() {
  const block = (kind) => el("span", { class: `block ${kind}` });
  return el("div", { class: "row skeleton", "aria-hidden": "true" }, Array.from({ length: 6 }, () => el("span", {}, block("short"), block("long"))));
}
