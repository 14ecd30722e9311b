// What are the popup's views built of?

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./popup-words.js";

const STEPS = ["checking", "customer", "sending", "updating_crm"];

/** A button, or with `href` a link beside this page. `kind`: filled, outline or text; one filled button at the most. */
export function button({ label, icon: glyph, after, kind = "outline", name, on, href }) {
  const attrs = href ? { href, target: "_blank", rel: "noopener noreferrer" } : { type: "button" };
  return el(href ? "a" : "button", { class: `button ${kind}`, attrs, data: { action: name }, on: on ? { click: () => on() } : {} },
    glyph ? icon(glyph, 16) : null, el("span", { text: label }), after ? icon(after, 16) : null,
    href ? el("span", { class: "unseen", text: ` (${t("popup.new_tab")})` }) : null);
}

/** The coloured part that says the state in words, colour and shape. */
export function band({ tone, glyph, share = null, headline, under }) {
  return el("div", { class: `band tone-${tone}`, data: { tone, glyph } },
    el("span", { class: glyph === "working" ? "glyph turning" : "glyph" }, icon(glyph, 28, share)),
    el("div", { class: "band-words" },
      el("h2", { class: "headline", text: headline, attrs: { tabindex: "-1" } }),
      under ? el("p", { class: "under", text: under }) : null));
}

/** Padlock, reason, next step. A lock is a state, never a failure. */
export function lockLine(lock, { reason, step }) {
  const locked = lock.state === "locked";
  const line = (word, text) => el("p", {}, el("strong", { text: word }), " ", text);
  return el("div", { class: "lock", data: { lock: lock.state, reason: lock.reason } },
    el("span", { class: "lock-icon" }, icon(locked ? "lock" : "unlock", 18)),
    el("div", {}, line(t(locked ? "popup.lock.locked" : "popup.lock.editable"), reason), step ? line(t("popup.lock.next"), step) : null));
}

/** Every problem at once: the bold sentence, the grey detail with its chip, who mends it, and the way to the field. */
export function problems(reasons, { administrator, onGoToField }) {
  return el("ol", { class: "problems" }, reasons.map((reason, index) => problem(reason, index, { administrator, onGoToField })));
}

function problem(reason, index, { administrator, onGoToField }) {
  const label = reason.field_label ?? reason.field;
  return el("li", { class: "problem", data: { code: reason.code } },
    el("span", { class: "problem-number", attrs: { "aria-hidden": "true" }, text: index + 1 }),
    el("div", { class: "problem-words" },
      el("p", { class: "problem-sentence", attrs: { dir: "auto" }, text: reason.sentence }),
      el("p", { class: "problem-detail", attrs: { dir: "auto" } }, withChips(reason), asked(reason, administrator))),
    reason.field
      ? el("div", { class: "problem-button" }, button({ label: t("popup.go_to_field"), icon: "edit", name: `field-${index}`, on: () => onGoToField(label) }))
      : null);
}

function asked(reason, administrator) {
  if (reason.next_step) return ` ${reason.next_step}`;
  return reason.owner === "administrator" && !administrator ? ` ${t("popup.blocked.ask_admin")}` : null;
}

/** A detail with its `{field}` and `{setting}` marks as chips. */
function withChips(reason) {
  const chips = { "{field}": reason.field_label ?? reason.field, "{setting}": reason.setting_label ?? reason.setting };
  return String(reason.detail ?? "").split(/(\{field\}|\{setting\})/).map((piece) =>
    (piece in chips ? (chips[piece] ? el("span", { class: "chip", text: chips[piece] }) : null) : piece));
}

/** The four steps of a push, those done with a tick. */
export function stepsBar(task) {
  const at = stepOf(task).step - 1;
  return el("ol", { class: "steps", attrs: { "aria-label": t("popup.steps.label") } }, STEPS.map((step, index) => {
    const state = index < at ? "past" : index === at ? "present" : "future";
    return el("li", { class: `step ${state}`, attrs: { "aria-current": state === "present" ? "step" : null } },
      el("span", { class: "step-bar", attrs: { "aria-hidden": "true" } }),
      el("span", { class: "step-name" }, state === "past" ? icon("check", 14) : null, t(`popup.steps.${step}`)));
  }));
}

/** The number of the step a task is in, from 1, and of how many. */
export function stepOf(task) {
  return { step: Math.max(0, STEPS.indexOf(task.step)) + 1, steps: STEPS.length };
}
