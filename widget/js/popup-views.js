// How does the popup look while it can send, sends, and has sent? Each function makes one view for the shell.

import { el } from "./dom.js";
import { day, difference, isZero, money, time } from "./popup-amounts.js";
import { icon } from "./icons.js";
import { button, problems, stepOf, stepsBar } from "./popup-parts.js";
import { leftLine } from "./popup-shell.js";
import { previewView } from "./preview.js";
import { has, parts, t } from "./popup-words.js";

const cancel = (act) => button({ label: t("popup.cancel"), kind: "outline", name: "cancel", on: act.close });
export const closeButton = (act) => button({ label: t("popup.close"), kind: "outline", name: "close", on: act.close });

/** While nothing is known: the words at once, grey bars only when it takes longer. */
export function opening({ bones }) {
  return waitingFor("opening", bones);
}

/** The preview is being worked out. */
export function preparing({ bones, act }) {
  return { ...waitingFor("preparing", bones), buttons: [closeButton(act)] };
}

function waitingFor(name, bones) {
  const bar = () => el("span", { class: "bone" });
  const grey = el("div", { class: bones ? "pop-bones" : "pop-bones pop-bones-empty", attrs: { "aria-hidden": "true" } }, Array.from({ length: 9 }, bar));
  return {
    name,
    busy: true,
    band: { tone: "n", glyph: "working", headline: t(`popup.${name}.head`), under: t("popup.nothing_sent") },
    body: grey,
  };
}

/** A: what Xero will get. `note` says why it is shown again. */
export function preview({ preview: shown, note, warnings = [], act }) {
  const asks = shown.arrives_as === "AUTHORISED";
  const go = asks
    ? button({ label: t("popup.continue"), after: "arrow", kind: "filled", name: "continue", on: act.ask })
    : button({ label: t("popup.push"), icon: "send", kind: "filled", name: "push", on: act.push });
  return {
    name: "preview",
    band: previewBand(note),
    body: [warningLines(warnings), previewView(shown)],
    left: leftLine(asks ? "lock" : "info", t(`popup.left.${shown.arrives_as}`)),
    buttons: [cancel(act), go],
    // Enter may go on to the question, but what sends at once has to be reached for.
    focus: asks && !note ? "continue" : "headline",
  };
}

function previewBand(note) {
  if (note) return { tone: "a", glyph: "info", headline: t(`popup.${note}.head`), under: t(`popup.${note}.under`) };
  return { tone: "n", glyph: "not_sent", headline: t("popup.preview.head"), under: t("popup.preview.under") };
}

function warningLines(warnings) {
  return warnings.map((warning) =>
    el("p", { class: "pop-note", attrs: { dir: "auto" } }, icon("warn", 16), el("span", {}, el("strong", { text: warning.sentence }), " ", plainDetail(warning))));
}

function plainDetail(reason) {
  const filled = String(reason.detail ?? "").replace("{field}", reason.field_label ?? reason.field ?? "").replace("{setting}", reason.setting_label ?? "");
  return [filled, reason.next_step].filter(Boolean).join(" ");
}

/** B: the question, for what will be approved. */
export function confirm({ preview: shown, act }) {
  const values = { number: shown.number, customer: shown.customer?.name ?? "", total: money(shown.totals.xero.total, shown.currency) };
  const line = (glyph, key) => el("li", {}, icon(glyph, 16), el("span", { attrs: { dir: "auto" } }, parts(`popup.confirm.${key}`, values)));
  const body = el("div", { class: "pop-ask" },
    el("h2", { text: t("popup.confirm.head", values), attrs: { tabindex: "-1" }, data: { headline: "" } }),
    el("ul", {},
      line("plus", shown.number ? "creates" : "creates_unnumbered"),
      shown.customer?.action === "create" ? line("person", "customer") : null,
      line("lock", "locks"),
      line("info", "mail")));
  return {
    name: "confirm",
    say: t("popup.confirm.head", values),
    body,
    left: button({ label: t("popup.back"), kind: "text", name: "back", on: act.back }),
    buttons: [cancel(act), button({ label: t("popup.push"), icon: "send", kind: "filled", name: "push", on: act.push })],
    onEscape: act.back,
  };
}

/** C: the steps. `away` is shown as its own line, the work carries on. */
export function progress({ task, away, act }) {
  return {
    name: "progress",
    busy: true,
    band: { tone: "b", glyph: "working", headline: t("popup.progress.head"), under: t("popup.progress.under", stepOf(task)) },
    body: [awayLine(away), stepsBar(task)],
    left: leftLine(null, t("popup.progress.left")),
    buttons: [closeButton(act)],
  };
}

/** The server has not been reached for a moment, in the middle of an action. */
export function awayLine(away) {
  return away ? el("p", { class: "pop-note", attrs: { role: "alert" } }, icon("warn", 16), el("span", { text: t("popup.away.line") })) : null;
}

/** Work that waits: why, until when, and that it goes by itself. */
export function waiting({ task, kind, away, act }) {
  const until = task.until ? time(task.until) : null;
  const key = `popup.waiting.${has(`popup.waiting.${task.cause}.plain`) ? task.cause : "other"}`;
  const carries = kind === "push" ? t("popup.waiting.carries_on") : t("popup.nothing_sent");
  return {
    name: "waiting",
    busy: true,
    band: {
      tone: "b",
      glyph: "waiting",
      headline: until ? t(`${key}.head`, { time: until }) : t(`${key}.plain`),
      under: t(`${key}.under`),
    },
    body: [awayLine(away), kind === "push" ? stepsBar(task) : null],
    left: leftLine(null, carries),
    buttons: [closeButton(act)],
  };
}

/** D: what stands in Xero now. */
export function result({ task, link, act }) {
  return {
    name: "result",
    band: resultBand(task, link),
    body: [warningLines(task.warnings ?? []), crmLine(task), link ? linkFacts(link) : null],
    left: openInXero(link),
    buttons: [button({ label: t("popup.done"), kind: "filled", name: "done", on: act.done })],
    onEscape: act.done,
  };
}

function resultBand(task, link) {
  const known = link && link.total !== null && link.crm_total !== null;
  const apart = known ? difference(link.total, link.crm_total) : null;
  const sums = known ? { xero: money(link.total, link.currency), crm: money(link.crm_total, link.currency) } : {};
  if (known && !isZero(apart)) {
    return { tone: "a", glyph: "differs", headline: t("popup.result.differs"), under: t("popup.result.differs_under", sums) };
  }
  const head = link?.number ? t(`popup.result.${task.outcome}`, { number: link.number }) : t(`popup.result.${task.outcome}_plain`);
  return { tone: "g", glyph: "done", headline: head, under: known ? t("popup.result.same", sums) : null };
}

function crmLine(task) {
  if (task.crm_written !== "refused") return null;
  return el("p", { class: "pop-note" }, icon("warn", 16), el("span", { text: t("popup.result.crm_refused") }));
}

function linkFacts(link) {
  const locked = link.lock.state === "locked";
  const place = (name, ...value) => el("div", { data: { fact: name } }, el("dt", { text: t(`popup.fact.${name}`) }), el("dd", {}, value));
  return el("dl", { class: "pop-facts" },
    place("status", t(`popup.payment.${link.payment_status}`)),
    place("lock", icon(locked ? "lock" : "unlock", 16), el("span", { text: t(`popup.lock.${link.lock.reason}`) })),
    place("due", link.due_date ? day(link.due_date) : t("popup.none")));
}

/** The invoice's page in Xero, opened beside CRM without a way back. */
export function openInXero(link) {
  return link?.url ? button({ label: t("popup.open_in_xero"), after: "external", kind: "text", name: "open-in-xero", href: link.url }) : null;
}

/** Everything that keeps it from being sent, at once; below it what is known of the invoice. */
export function blocked({ task, shown, administrator, act }) {
  const reasons = task.reasons ?? [];
  const count = reasons.length;
  const held = reasons.some((reason) => reason.code === "update_comes_later");
  const under = count === 2 ? "popup.blocked.under_two" : "popup.blocked.under";
  return {
    name: "blocked",
    band: {
      tone: "a",
      glyph: "blocked",
      headline: blockedHead(count, held),
      under: held ? t("popup.blocked.held") : t(under, { count }),
    },
    body: [problems(reasons, { administrator, onGoToField: act.field }), shown ? previewView(shown) : null],
    left: leftLine(null, t("popup.nothing_sent")),
    buttons: [closeButton(act), button({ label: t("popup.check_again"), icon: "refresh", kind: "filled", name: "check-again", on: act.again })],
  };
}

function blockedHead(count, held) {
  if (held && count === 1) return t("popup.blocked.held_head");
  return count ? t("popup.blocked.head", { count }) : t("popup.blocked.plain");
}

/** The push ended without an invoice for another reason than a check. */
export function failed({ task, administrator, act }) {
  return {
    name: "failed",
    band: { tone: "r", glyph: "blocked", headline: t("popup.failed.head"), under: t("popup.failed.under") },
    body: task.reasons?.length ? problems(task.reasons, { administrator, onGoToField: act.field }) : null,
    buttons: [closeButton(act), button({ label: t("popup.check_again"), icon: "refresh", kind: "filled", name: "check-again", on: act.again })],
  };
}
