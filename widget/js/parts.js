// What do all our pages build their screens of?

import { el } from "./dom.js";
import { money } from "./format.js";
import { icon } from "./icons.js";
import { parts, t } from "./words.js";

const STEPS = ["checking", "customer", "sending", "updating_crm"];

/** A button, or with `href` a link that looks like one. `kind`: filled, outline or text; only one filled on a surface. */
export function button({ label, icon: glyph, kind = "outline", on, href, name, describedBy, busy = false }) {
  const tag = href ? "a" : "button";
  const attrs = href ? { href, target: "_blank", rel: "noopener" } : { type: "button", "aria-disabled": busy ? "true" : null };
  if (describedBy) attrs["aria-describedby"] = describedBy;
  const listeners = on ? { click: (event) => (busy ? undefined : on(event)) } : {};
  const dataset = name ? { action: name } : {};
  return el(tag, { class: `button ${kind}`, attrs, data: dataset, on: listeners }, glyph ? icon(glyph, kind === "text" ? 14 : 16) : null,
    el("span", { text: label }), href ? el("span", { class: "unseen", text: ` (${t("button.opens_new")})` }) : null);
}

/** The coloured band that says the state. `tone` is n, b, g, a or r; `under` is text, or nodes with strong parts. */
export function band({ tone, glyph, share = null, headline, under, buttons = [], level = "h1" }) {
  const head = el(level, { class: "headline", attrs: { tabindex: "-1" }, text: headline });
  const shown = buttons.filter(Boolean);
  return el("header", { class: `band tone-${tone}`, data: { tone, glyph } },
    el("span", { class: glyph === "working" ? "glyph turning" : "glyph" }, icon(glyph, 28, share)),
    el("div", { class: "band-words" }, head, under ? el("p", { class: "under" }, under) : null),
    shown.length ? el("div", { class: "band-buttons" }, shown) : null);
}

/** Padlock, reason, next step. `words` is { reason, step }; a lock is a state, never a failure. */
export function lockLine(lock, words) {
  const locked = lock.state === "locked";
  return el("section", { class: "lock", data: { lock: lock.state, reason: lock.reason } },
    el("span", { class: "lock-icon" }, icon(locked ? "lock" : "unlock", 18)),
    el("div", {},
      el("p", {}, el("strong", { text: t(locked ? "lock.locked" : "lock.editable") }), " ", words.reason),
      words.step ? el("p", {}, el("strong", { text: t("lock.next") }), " ", words.step) : null));
}

/** A row of facts: [{ label, value, align: "end", strong, href, tone, name, changed }]. Empty ones are left out by the caller. */
export function facts(list) {
  return el("dl", { class: "facts" }, list.filter(Boolean).map(fact));
}

function fact({ label, value, align, strong, href, tone, name, changed }) {
  const shown = href ? linkTo(href, value) : el("span", { class: align === "end" ? "figure" : null, attrs: { dir: align === "end" ? null : "auto" }, text: value });
  const looks = ["fact", align === "end" ? "end" : "", strong ? "strong" : "", tone ? `fact-${tone}` : "", changed ? "changed" : ""];
  return el("div", { class: looks.filter(Boolean).join(" "), data: name ? { fact: name } : {} },
    el("dt", { text: label }), el("dd", {}, shown, changed ? el("span", { class: "unseen-unless-still", text: t("panel.changed_now") }) : null));
}

/** A link to another page, which opens beside this one and says so. */
export function linkTo(href, text) {
  return el("a", { class: "link", attrs: { href, target: "_blank", rel: "noopener noreferrer" } },
    el("span", { text }), icon("external", 14), el("span", { class: "unseen", text: ` (${t("button.opens_new")})` }));
}

/**
 * Every problem at once, numbered: the bold sentence, the grey detail with the field or setting as a chip, and who mends it.
 * `onGoToField(reason)` is offered where the reason names a field of the invoice.
 */
export function problems(reasons, { administrator = false, onGoToField = null } = {}) {
  return el("ol", { class: "problems" }, reasons.map((reason, index) => problem(reason, index, { administrator, onGoToField })));
}

function problem(reason, index, { onGoToField, administrator }) {
  const go = reason.field && onGoToField
    ? button({ label: t("button.go_to_field"), icon: "edit", name: "go-to-field", on: () => onGoToField(reason) })
    : null;
  const asks = asksFor(reason, administrator);
  return el("li", { class: "problem", data: { code: reason.code, line: reason.line } },
    el("span", { class: "problem-number", attrs: { "aria-hidden": "true" }, text: index + 1 }),
    el("div", { class: "problem-words" },
      el("p", { class: "problem-sentence", attrs: { dir: "auto" }, text: reason.sentence }),
      el("p", { class: "problem-detail", attrs: { dir: "auto" } }, withChips(reason), asks ? ` ${asks}` : null)),
    go ? el("div", { class: "problem-button" }, go) : null);
}

function asksFor(reason, administrator) {
  if (reason.next_step) return reason.next_step;
  return reason.owner === "administrator" && !administrator ? t("panel.ask_admin") : null;
}

/** A detail with its `{field}` and `{setting}` marks as chips. */
function withChips(reason) {
  const chips = { "{field}": reason.field_label ?? reason.field, "{setting}": reason.setting_label ?? reason.setting };
  return String(reason.detail ?? "").split(/(\{field\}|\{setting\})/).map((piece) => {
    if (!(piece in chips)) return piece;
    return chips[piece] ? el("span", { class: "chip", text: chips[piece] }) : "";
  });
}

/** `left` is how fresh the screen is (its exact moment in `title`), the right side holds the small buttons. */
export function footer({ left, title, glyph, buttons = [], alert = false }) {
  const shown = buttons.filter(Boolean);
  return el("footer", { class: "footer" },
    el("p", { class: "footer-left", attrs: { title: title ?? null, role: alert ? "alert" : null } }, glyph ? icon(glyph, 14) : null, el("span", { class: "footer-text", text: left ?? "" })),
    shown.length ? el("div", { class: "footer-buttons" }, shown) : null);
}

/** The four steps of a push. */
export function stepsBar(task) {
  const at = Math.max(0, STEPS.indexOf(task?.step ?? "checking"));
  const label = t("steps.value", { step: at + 1, steps: STEPS.length, name: t(`steps.${STEPS[at]}`) });
  return el("ol", { class: "steps", attrs: { "aria-label": t("steps.progress") } }, STEPS.map((step, index) => {
    const state = index < at ? "past" : index === at ? "present" : "future";
    return el("li", { class: `step ${state}`, attrs: { "aria-current": index === at ? "step" : null, title: index === at ? label : null } },
      el("span", { class: "step-bar", attrs: { "aria-hidden": "true" } }), el("span", { class: "step-name" }, state === "past" ? icon("check", 14) : null, t(`steps.${step}`)));
  }));
}

/** The number of the step a task is in, from 1, and of how many. */
export function stepOf(task) {
  return { step: Math.max(0, STEPS.indexOf(task?.step ?? "checking")) + 1, steps: STEPS.length };
}

/** Grey bars where the result will stand, of its height. */
export function skeleton() {
  const bar = (name) => el("span", { class: `bone ${name}` });
  return el("div", { class: "skeleton", attrs: { "aria-hidden": "true" } },
    el("div", { class: "band tone-n" }, bar("disc"), el("div", { class: "band-words" }, bar("head"), bar("line"))),
    el("div", { class: "facts" }, [1, 2, 3, 4, 5, 6].map(() => el("div", { class: "fact" }, bar("label"), bar("value")))),
    el("div", { class: "footer" }, bar("foot")));
}

/** Payments and credits of an invoice with their bar; nothing where there are none. */
export function payments(link) {
  if (!link.payments?.length) return null;
  const sum = { paid: money(link.paid, link.currency), credited: money(link.credited, link.currency), total: money(link.total, link.currency) };
  const key = (name, text) => el("span", { class: `key key-${name}` }, el("span", { class: "key-mark", attrs: { "aria-hidden": "true" } }), text);
  return { sum, key };
}

/** Tells the CRM page how tall we are: once a frame, only when it changed. `always()` also watches what changes by itself. */
export function resizer(crm, root = document.body) {
  let last = 0;
  let planned = false;
  const measure = () => {
    planned = false;
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height < 1 || height === last) return;
    last = height;
    crm.resize({ height });
  };
  const plan = () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(measure);
  };
  if (typeof ResizeObserver === "function") new ResizeObserver(plan).observe(root);
  return plan;
}

export { parts };
