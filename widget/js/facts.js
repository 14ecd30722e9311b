// Which figures stand in a panel or popup, in which order? Label and value pairs, ready to be drawn.

import { clock, day, daysBetween, isZero, money } from "./format.js";
import { say } from "./words.js";

/** A fact: `end` is set right, `fixed` never wraps, `strong` stands out, `href` leads to Xero, `note` stands under it. */
function fact(label, value, more = {}) {
  return { label, value, ...more };
}

const END = { end: true, fixed: true };
const FIXED = { fixed: true };

/**
 * What is in Xero. `dueAt`: the figures are old, and were true at that time. `crmTotal`: CRM's total of now.
 * `beside`: both totals stand in a table of their own.
 */
export function linkFacts(link, { dueAt = null, crmTotal = link.crm_total, beside = false } = {}) {
  const { currency } = link;
  const late = link.payment_status === "overdue" ? { tone: "r" } : {};
  const gone = ["voided", "deleted"].includes(link.payment_status);
  const sums = beside ? [fact(say("fact.total_xero"), money(link.total, currency), END)] : totals({ ...link, crm_total: crmTotal });
  const credited = sums.length > 1 && isZero(link.credited) ? [] : [fact(say("fact.credited"), money(link.credited, currency), END)];
  const dueLabel = dueAt ? say("fact.due_at", { time: clock(dueAt) }) : say("fact.due");
  return [
    fact(say("fact.xero_invoice"), link.number ?? say("fact.no_number"), { ...FIXED, href: link.url }),
    fact(say("fact.due_date"), day(link.due_date), { ...FIXED, ...late }),
    ...sums,
    fact(say("fact.paid"), money(link.paid, currency), END),
    ...credited,
    fact(dueLabel, gone ? say("fact.none") : money(link.due, currency), { ...END, strong: true, ...late }),
  ];
}

/** One total where both sides agree, else both (never one alone). */
function totals({ total, crm_total: crmTotal, currency }) {
  if (crmTotal === null || crmTotal === undefined || crmTotal === total) {
    return [fact(say("fact.total", { currency }), money(total, currency), END)];
  }
  return [
    fact(say("fact.total_crm", { currency }), money(crmTotal, currency), END),
    fact(say("fact.total_xero"), money(total, currency), END),
  ];
}

/** What will be sent. */
export function previewFacts(preview) {
  const { customer, arrives_as: arrives, currency, totals: sums } = preview;
  const isNew = customer?.action === "create" ? { note: say("fact.new_customer") } : {};
  return [
    fact(say("fact.customer"), customer?.name ?? "–", isNew),
    fact(say("fact.arrives"), arrives ? say(`arrives.${arrives}`) : "–"),
    fact(say("fact.invoice_date"), day(preview.date), END),
    fact(say("fact.due_date"), day(preview.due_date), END),
    fact(say("fact.total", { currency }), money(sums?.crm?.total, currency), { ...END, strong: true }),
  ];
}

/** What Xero has under the record's number already. */
export function foundFacts(found) {
  return [
    fact(say("fact.xero_invoice"), found.number ?? say("fact.no_number"), FIXED),
    fact(say("fact.customer"), found.customer ?? "–"),
    fact(say("fact.invoice_date"), day(found.date), END),
    fact(say("fact.total_xero"), money(found.total, found.currency), { ...END, strong: true }),
  ];
}

/** What CRM itself shows, for people who are not signed in or while our server is away. */
export function figureFacts(figures) {
  const { currency } = figures;
  const total = fact(say("fact.total", { currency: currency ?? "" }).replace(/, $/, ""), money(figures.total, currency), END);
  if (!figures.xeroId) {
    return [
      fact(say("fact.crm_customer"), figures.customer ?? "–"),
      fact(say("fact.crm_status"), figures.status ?? "–"),
      fact(say("fact.invoice_date"), day(figures.date), END),
      fact(say("fact.due_date"), day(figures.dueDate), END),
      { ...total, strong: true },
    ];
  }
  return [
    fact(say("fact.xero_invoice"), figures.xeroNumber ?? "–", FIXED),
    fact(say("fact.due_date"), day(figures.dueDate), FIXED),
    fact(say("fact.payment_status"), figures.paymentStatus ?? "–"),
    fact(say("fact.lock_state"), figures.lockState ?? "–"),
    total,
    fact(say("fact.due"), money(figures.amountDue, currency), { ...END, strong: true }),
  ];
}

/** The popup's four facts above the lines. */
export function popupFacts(preview) {
  const { customer, arrives_as: arrives } = preview;
  const how = customer?.action === "create" ? "create" : customer?.matched_by;
  const matched = ["create", "link", "number", "name"].includes(how) ? { note: say(`popup.matched.${how}`) } : {};
  const status = preview.crm_status ? { note: say("popup.crm_status", { status: preview.crm_status }) } : {};
  const terms = preview.date && preview.due_date ? daysBetween(preview.date, preview.due_date) : 0;
  return [
    fact(say("popup.customer"), customer?.name ?? "–", matched),
    fact(say("popup.arrives"), arrives ? say(`status.${arrives}`) : "–", status),
    fact(say("fact.invoice_date"), day(preview.date), FIXED),
    fact(say("fact.due_date"), day(preview.due_date), { ...FIXED, ...(terms > 0 ? { note: say("popup.terms", { count: terms }) } : {}) }),
    ...(preview.reference ? [fact(say("popup.reference"), preview.reference)] : []),
  ];
}

/** The popup's facts of a finished push. */
export function resultFacts(link) {
  const inCrm = say(`crm.${link.lock.reason}`);
  return [
    fact(say("popup.xero_status"), say(`status.${link.status}`)),
    fact(say("popup.in_crm"), inCrm, { icon: link.lock.state === "locked" ? "lock" : "unlock" }),
    fact(say("fact.due_date"), day(link.due_date)),
  ];
}

/** The popup's facts of what is to be taken out of Xero. */
export function removalFacts(link) {
  return [
    fact(say("fact.xero_invoice"), link.number ?? say("fact.no_number"), { ...FIXED, href: link.url }),
    fact(say("popup.xero_status"), say(`status.${link.status}`)),
    fact(say("fact.total", { currency: link.currency }), money(link.total, link.currency), END),
    fact(say("fact.due"), money(link.due, link.currency), { ...END, strong: true }),
  ];
}

/** The popup's facts once it is removed. */
export function removedFacts(link) {
  return [fact(say("popup.xero_status"), say(`status.${link.status}`)), fact(say("fact.due"), say("fact.none"))];
}

/** Payments and credits with their bar; null where nothing was paid or credited. */
export function paymentsOf(link) {
  if (!link.payments?.length) {
    return null;
  }
  // Widths are pictures: only here may an amount become a number.
  const share = (part) => Math.max(0, Math.min(1, Number(part) / Number(link.total) || 0));
  return {
    currency: link.currency,
    paid: link.paid,
    credited: link.credited,
    shares: { paid: share(link.paid), credited: share(link.credited) },
    rows: [...link.payments].sort((a, b) => String(b.date).localeCompare(String(a.date))),
  };
}

/** How much of it is settled, from 0 to 1, for the ring. */
export function settledShare({ total, paid, credited }) {
  return Math.max(0, Math.min(1, (Number(paid) + Number(credited)) / Number(total) || 0));
}
