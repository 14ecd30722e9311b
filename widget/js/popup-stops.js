// What does the popup say where nothing can be sent? Locked, nothing to change, and all that is missing around it.

import { el } from "./dom.js";
import { day, daysUntil, money } from "./popup-amounts.js";
import { button, lockLine } from "./popup-parts.js";
import { leftLine } from "./popup-shell.js";
import { closeButton, openInXero } from "./popup-views.js";
import { has, t } from "./popup-words.js";

const TONES = {
  draft: ["n", "draft"],
  awaiting_approval: ["b", "awaiting_approval"],
  awaiting_payment: ["b", "awaiting_payment"],
  overdue: ["r", "overdue"],
  partially_paid: ["b", "partially_paid"],
  paid: ["g", "paid"],
  voided: ["n", "voided"],
  deleted: ["n", "voided"],
};

/** E: the invoice is in Xero and CRM can't change it; or it is a draft there and nothing differs. No push is offered. */
export function settled({ link, act }) {
  const [tone, glyph] = TONES[link.payment_status] ?? ["n", "info"];
  const locked = link.lock.state === "locked";
  return {
    name: locked ? "locked" : "unchanged",
    band: { tone, glyph, share: share(link), headline: headline(link), under: locked ? t("popup.settled.nothing_sent") : t("popup.settled.same") },
    body: lockLine(link.lock, lockWords(link)),
    left: openInXero(link),
    buttons: [closeButton(act)],
  };
}

function headline(link) {
  const late = daysUntil(link.today, link.due_date ?? link.today);
  const values = { amount: money(link.due, link.currency), day: link.paid_on ? day(link.paid_on) : "", count: late };
  const plain = link.payment_status === "paid" && !link.paid_on;
  return t(`popup.settled.${link.payment_status}${plain ? "_plain" : ""}`, values);
}

function lockWords(link) {
  const reason = link.payment_status === "awaiting_approval" ? "submitted" : link.lock.reason;
  const until = link.lock.closed_up_to ? { day: day(link.lock.closed_up_to) } : {};
  const key = reason === "period_closed" && !link.lock.closed_up_to ? "period_closed_plain" : reason;
  const step = `popup.lock_step.${reason}`;
  return { reason: t(`popup.lock_reason.${key}`, until), step: has(step) ? t(step) : null };
}

// A share for the drawing only, never shown as a figure: whole hundredths are exact enough for a pie.
function share(link) {
  if (link.payment_status !== "partially_paid") return null;
  const units = (amount) => BigInt(String(amount ?? "0").replace(".", ""));
  const total = units(link.total);
  return total === 0n ? null : Number(((units(link.paid) + units(link.credited)) * 100n) / total) / 100;
}

/** Xero or CRM is disconnected. An administrator can mend it from here. */
export function disconnected({ service, administrator, act }) {
  const mend = administrator
    ? button({ label: t(`popup.disconnected.reconnect_${service}`), icon: "plug", kind: "filled", name: "reconnect", on: () => act.reconnect(service) })
    : null;
  return {
    name: "disconnected",
    band: { tone: "r", glyph: "disconnected", headline: t(`popup.disconnected.${service}`), under: t(administrator ? "popup.disconnected.under_admin" : "popup.disconnected.under") },
    left: leftLine(null, t("popup.nothing_sent")),
    buttons: [closeButton(act), mend],
  };
}

/** Something in Settings is missing; every part of it is named. */
export function notSetUp({ missing, administrator, act }) {
  const known = missing.filter((name) => has(`popup.missing.${name}`));
  return {
    name: "not_set_up",
    band: { tone: "n", glyph: "info", headline: t("popup.not_set_up.head"), under: t(administrator ? "popup.not_set_up.under_admin" : "popup.not_set_up.under") },
    body: known.length
      ? el("div", { class: "pop-text" }, el("p", { text: t("popup.not_set_up.list") }), el("ul", { class: "pop-list" }, known.map((name) => el("li", { text: t(`popup.missing.${name}`) }))))
      : null,
    left: leftLine(null, t("popup.nothing_sent")),
    buttons: [closeButton(act), tryAgain(act.again)],
  };
}

const tryAgain = (on) => button({ label: t("popup.try_again"), icon: "refresh", kind: "outline", name: "try-again", on });
const signIn = (act, label = "popup.signed_out.go") => button({ label: t(label), icon: "person", kind: "filled", name: "sign-in", on: act.signIn });

/** Nobody is signed in, the window is open, or the browser stopped it. `session` has state, digits, url and trouble. */
export function signedOut({ session, act }) {
  const views = { popup_blocked: windowBlocked, signing_in: signingIn };
  return (views[session.state] ?? notSignedIn)({ session, act });
}

function notSignedIn({ session, act }) {
  return {
    name: "signed_out",
    band: { tone: "n", glyph: "person", headline: t("popup.signed_out.head"), under: session.message ?? t("popup.signed_out.under") },
    left: leftLine(null, t("popup.signed_out.left")),
    buttons: [closeButton(act), signIn(act)],
  };
}

function signingIn({ session, act }) {
  return {
    name: "signing_in",
    band: { tone: "b", glyph: "working", headline: t("popup.signing_in.head"), under: t("popup.signing_in.under") },
    body: digits(session),
    left: leftLine(null, t("popup.signed_out.left")),
    buttons: [closeButton(act), button({ label: t("popup.try_again"), kind: "outline", name: "sign-in", on: act.signIn })],
  };
}

function windowBlocked({ session, act }) {
  const page = session.url ? button({ label: t("popup.window_blocked.page"), icon: "external", kind: "outline", name: "sign-in-page", href: session.url }) : null;
  return {
    name: "window_blocked",
    band: { tone: "a", glyph: "window_blocked", headline: t("popup.window_blocked.head"), under: t("popup.window_blocked.under") },
    body: digits(session),
    buttons: [closeButton(act), page, signIn(act, "popup.try_again")],
  };
}

function digits(session) {
  if (!session.digits) return null;
  return el("div", { class: "pop-digits" }, el("p", { text: t("popup.digits") }), el("p", { class: "pop-digits-code", text: session.digits }));
}

/** No CRM page around us, or Zoho's script is missing; then nothing else can work. */
export function noCrm(problem) {
  const name = problem === "sdk_missing" ? "sdk_missing" : "outside";
  return { name, band: { tone: "n", glyph: name === "outside" ? "info" : "window_blocked", headline: t(`popup.${name}.head`), under: t(`popup.${name}.under`) }, left: leftLine(null, t("popup.nothing_sent")) };
}

/** There is no record yet, CRM does not show it, or our server says no for a reason of its own. */
export function refused({ name, message, act }) {
  return {
    name,
    band: { tone: "n", glyph: "info", headline: t(`popup.${name}.head`), under: message ?? t(`popup.${name}.under`) },
    left: leftLine(null, t("popup.nothing_sent")),
    buttons: [closeButton(act), name === "refused" ? tryAgain(act.again) : null],
  };
}

/** Our server can't be reached. `sending`: whether the push arrived is not known yet. */
export function away({ sending, act }) {
  const part = sending ? "sending" : "opening";
  return {
    name: "away",
    busy: true,
    band: { tone: sending ? "b" : "a", glyph: sending ? "waiting" : "disconnected", headline: t(`popup.away.${part}`), under: t(`popup.away.${part}_under`) },
    buttons: [closeButton(act), tryAgain(act.now)],
  };
}
