// How are money, days and moments written for this user?

import { t } from "./words.js";

let locale = "en-AU";
const DAY = 86_400_000;

/** Sets the language and country of numbers and dates; CRM writes `en_US`, browsers `en-US`. */
export function useLocale(name) {
  const tag = String(name ?? "").replace("_", "-");
  try {
    if (tag && Intl.NumberFormat.supportedLocalesOf(tag).length) locale = tag;
  } catch {
    // a name no browser knows keeps the locale there was
  }
}

/** Decimal text and a currency as money, `money("1386.00", "AUD")` → "$1,386.00". The text goes to Intl as it is: no rounding through a float. */
export function money(amount, currency) {
  if (amount === null || amount === undefined || amount === "") return "";
  try {
    const look = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
    return new Intl.NumberFormat(locale, look).format(exact(amount));
  } catch {
    return currency ? `${amount} ${currency}` : String(amount);
  }
}

/** A quantity or a price without currency, with all the places it came with. */
export function number(amount) {
  if (amount === null || amount === undefined || amount === "") return "";
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 10 }).format(exact(amount));
}

/** A calendar day with the month's name, `day("2026-11-20")` → "20 Nov 2026". */
export function day(date) {
  const at = calendar(date);
  if (at === null) return date ? String(date) : "";
  const look = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  const made = new Intl.DateTimeFormat(locale, look).formatToParts(at);
  const month = made.find((part) => part.type === "month")?.value ?? "";
  if (!locale.startsWith("en")) return made.map((part) => part.value).join("");
  const short = month.replace(".", "").replace("Sept", "Sep");
  return locale === "en-US" ? `${short} ${at.getUTCDate()}, ${at.getUTCFullYear()}` : `${at.getUTCDate()} ${short} ${at.getUTCFullYear()}`;
}

/** How long ago `iso` was, in words; both instants come from the server, so a wrong clock on the desk does not matter. */
export function ago(iso, nowIso) {
  const now = nowIso ? Date.parse(nowIso) : Date.now();
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (Number.isNaN(seconds)) return "";
  if (seconds < 5) return t("time.now");
  if (seconds < 60) return t("time.seconds", { count: seconds });
  if (seconds < 3600) return t("time.minutes", { count: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("time.hours", { count: Math.floor(seconds / 3600) });
  return t("time.days", { count: Math.floor(seconds / 86_400) });
}

/** The clock time of an instant where the user sits, "14:32". */
export function time(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** Day and clock time of an instant, for `title`. */
export function moment(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }).format(at);
}

/** "09:14 today" or "09:14 on 19 Nov 2026". */
export function timeAndDay(iso) {
  const at = new Date(iso);
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return t("time.today_at", { time: time(iso) });
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return t("time.day_at", { time: time(iso), day: day(local) });
}

/** Whole days from the organisation's `today` to `due`: negative when it is past. */
export function daysUntil(due, today) {
  const from = calendar(today);
  const to = calendar(due);
  return from === null || to === null ? null : Math.round((to - from) / DAY);
}

/** "due in 7 days", "due tomorrow", "due today", "9 days overdue"; empty without a due date. */
export function dueIn(due, today) {
  const left = daysUntil(due, today);
  if (left === null) return "";
  if (left === 0) return t("time.due_today");
  if (left === 1) return t("time.due_tomorrow");
  return left > 0 ? t("time.due_in", { count: left }) : t("time.overdue", { count: -left });
}

/** The difference of two decimal texts in the smallest unit, as text with its sign and the places of the longer one. */
export function difference(a, b) {
  const places = Math.max(fraction(a).length, fraction(b).length);
  const units = scaled(a, places) - scaled(b, places);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return `${units < 0n ? "-" : ""}${whole}${places ? "." + digits.slice(digits.length - places) : ""}`;
}

/** Whether decimal text is zero, whatever its places. */
export function isZero(amount) {
  return /^-?0*(\.0*)?$/.test(String(amount ?? ""));
}

function calendar(date) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(String(date ?? ""));
  return match ? new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))) : null;
}

// Intl takes decimal text exactly in current browsers; older ones turn it into a number, which is exact enough to show.
function exact(amount) {
  const text = String(amount);
  return /^-?\d+(\.\d+)?$/.test(text) ? text : Number(text);
}

const fraction = (text) => String(text).split(".")[1] ?? "";
const scaled = (text, places) => {
  const [whole, rest = ""] = String(text).replace("-", "").split(".");
  const value = BigInt((whole || "0") + rest.padEnd(places, "0"));
  return String(text).startsWith("-") ? -value : value;
};
