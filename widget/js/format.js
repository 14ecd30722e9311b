// How are money, numbers, days and times written for this person? Amounts are decimal texts and stay exact.

import { language, say } from "./words.js";

const locales = wished();
const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const DAY = 86_400_000;

function wished() {
  const named = navigator.languages?.length ? [...navigator.languages] : [navigator.language];
  try {
    return Intl.getCanonicalLocales(named);
  } catch {
    return [language];
  }
}

/** "1850.5", "AUD" → "$1,850.50". More decimals than the currency has are shown where they are not zero. */
export function money(amount, currency) {
  if (amount === null || amount === undefined) {
    return "–";
  }
  const style = currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : { minimumFractionDigits: 2 };
  try {
    return written(amount, style);
  } catch {
    return `${currency} ${written(amount, { minimumFractionDigits: 2 })}`;
  }
}

// Currencies whose hundredth is called a cent.
const WITH_CENTS = ["AUD", "CAD", "EUR", "HKD", "NZD", "SGD", "USD", "ZAR"];

/** How far two amounts are apart: "1 cent", "63 cents", "$1.20", "¥1". */
export function apart(amount, currency) {
  const size = String(amount).replace("-", "");
  const [whole, decimals = ""] = size.split(".");
  const isCents = WITH_CENTS.includes(currency) && isZero(whole) && /^\d{2}0*$/.test(decimals.padEnd(2, "0"));
  return isCents ? say("money.cents", { count: Number(decimals.padEnd(2, "0").slice(0, 2)) }) : money(size, currency);
}

/** Whether its smallest unit is a hundredth: of yen there is none, of dinars it is a thousandth. */
export function hasHundredths(currency) {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits === 2;
  } catch {
    return true;
  }
}

/** A quantity or rate, with the decimals it has. */
export function number(amount) {
  return amount === null || amount === undefined ? "–" : written(amount, { minimumFractionDigits: 0 });
}

function written(amount, style) {
  const text = String(amount);
  const decimals = (text.split(".")[1] ?? "").replace(/0+$/, "").length;
  const usual = new Intl.NumberFormat(locales, style).resolvedOptions().minimumFractionDigits;
  const shown = { ...style, maximumFractionDigits: Math.min(20, Math.max(usual, decimals)), signDisplay: "negative" };
  const parts = new Intl.NumberFormat(locales, shown).formatToParts(text);
  return parts.map((part) => (part.type === "minusSign" ? "\u2212" : part.value)).join("");
}

/** a − b of two decimal texts, as decimal text. */
export function minus(a, b) {
  if (a === null || b === null || a === undefined || b === undefined) {
    return null;
  }
  const places = Math.max(...[a, b].map((each) => (String(each).split(".")[1] ?? "").length));
  const apart = scaled(a, places) - scaled(b, places);
  const digits = String(apart < 0n ? -apart : apart).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const sign = apart < 0n ? "-" : "";
  return places ? `${sign}${whole}.${digits.slice(-places)}` : sign + whole;
}

/** a + b of two decimal texts, as decimal text. */
export function plus(a, b) {
  return minus(a, String(b).startsWith("-") ? String(b).slice(1) : `-${b}`);
}

function scaled(text, places) {
  const [whole, decimals = ""] = String(text).split(".");
  return BigInt(whole + decimals.padEnd(places, "0"));
}

export function isZero(amount) {
  return /^-?0*(\.0*)?$/.test(String(amount ?? "0"));
}

/** "2026-11-27" → "27 Nov 2026". A calendar day has no time zone. */
export function day(text) {
  if (!text) {
    return say("fact.no_day");
  }
  const shape = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locales, shape).format(new Date(`${text.slice(0, 10)}T00:00:00Z`));
}

/** Whole days from one calendar day to another. */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);
}

/** "in 7 days", "today", "2 days ago". */
export function inDays(count) {
  if (count === 0) {
    return say("days.today");
  }
  return say(count > 0 ? "days.in" : "days.ago", { count: Math.abs(count) });
}

/** The hour and minute of an instant, rounded up where it is something to wait for. */
export function clock(instant, { up = false } = {}) {
  const at = Date.parse(instant);
  const shown = up ? Math.ceil(at / 60_000) * 60_000 : at;
  return new Intl.DateTimeFormat(locales, { hour: "2-digit", minute: "2-digit" }).format(new Date(shown));
}

/** "09:14 today", or with its day. `at`: "today at 09:14". */
export function moment(instant, now, { at = false } = {}) {
  const then = new Date(instant);
  const same = then.toDateString() === new Date(now).toDateString();
  const shape = { day: "numeric", month: "short", year: "numeric" };
  const date = new Intl.DateTimeFormat(locales, shape).format(then);
  const key = same ? "today" : "other";
  return say(`moment.${at ? "at_" : ""}${key}`, { time: clock(instant), date });
}

/** Day, hour, minute and second, for a title. */
export function exact(instant) {
  return instant ? new Intl.DateTimeFormat(locales, { dateStyle: "long", timeStyle: "medium" }).format(new Date(instant)) : "";
}

/** "just now", "10 seconds ago", "3 hours ago". */
export function ago(instant, now) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
  const steps = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [10, "second"],
  ];
  const step = steps.find(([least]) => seconds >= least);
  if (!step) {
    return say("moment.just_now");
  }
  // Seconds go by tens: a footer is no stop-watch.
  const count = step[1] === "second" ? Math.floor(seconds / 10) * 10 : Math.floor(seconds / step[0]);
  return relative.format(-count, step[1]);
}
