// How is an invoice shown that is in Xero? Its state in words, tone and shape, and its lock with the next step.

import { settledShare } from "./facts.js";
import { day, daysBetween, inDays, money } from "./format.js";
import { isSame } from "./record.js";
import { say } from "./words.js";

/** {tone, glyph, headline, under} by the payment status. */
export function linkedBand(record) {
  return BANDS[record.link.payment_status](record.link, record);
}

const BANDS = {
  draft: (_, record) => band("n", "draft", "draft.headline", isSame(record) ? "same.under" : "draft.under"),
  awaiting_approval: (_, record) =>
    band("b", "dots", "submitted.headline", isSame(record) ? "submitted.same" : "submitted.under"),
  awaiting_payment: (link) => {
    const when = link.due_date ? inDays(daysBetween(link.today, link.due_date)) : null;
    return band("b", "ring", when ? "approved.headline" : "approved.no_day", "approved.under", { when });
  },
  partially_paid: partlyPaid,
  paid: (link) =>
    band("g", "paid", link.paid_on ? "paid.headline" : "paid.no_day", "paid.under", { date: day(link.paid_on) }),
  overdue: (link) => {
    const days = say("days.count", { count: daysBetween(link.due_date, link.today) });
    const due = money(link.due, link.currency);
    return band("r", "overdue", "overdue.headline", "overdue.under", { days, due, date: day(link.due_date) });
  },
  voided: () => band("n", "struck", "voided.headline", "voided.under"),
  deleted: () => band("n", "struck", "deleted.headline", "deleted.under"),
};

function band(tone, glyph, headline, under, values = {}) {
  return { tone, glyph, headline: say(headline, values), under: say(under, values) };
}

function partlyPaid(link) {
  const left = link.due_date ? daysBetween(link.today, link.due_date) : null;
  const values = {
    due: money(link.due, link.currency),
    when: left === null ? "" : inDays(left),
    days: left === null ? "" : say("days.count", { count: -left }),
    date: day(link.due_date),
  };
  const under = left === null ? "part.no_day" : left < 0 ? "part.overdue" : "part.under";
  const made = band(left !== null && left < 0 ? "r" : "b", "partial", "part.headline", under, values);
  return { ...made, share: settledShare(link) };
}

/** {locked, why, next}, as long as nothing else is to be done. `broken`: Xero can't be asked, so it is said as of the last look. `unsent`: CRM's change did not go. */
export function lockOf(record, { broken = false, unsent = false } = {}) {
  const { lock, payment_status: status } = record.link;
  const locked = lock.state === "locked";
  if (broken) {
    const next = record.viewer.administrator ? "lock.next.admin" : "lock.next.others";
    return { locked, why: say(`lock.old.${lock.reason}`), next: say(next) };
  }
  if (unsent) {
    return { locked, why: say(`lock.unsent.${lock.reason}`), next: say("lock.next.differs") };
  }
  const submitted = status === "awaiting_approval" ? "submitted" : lock.reason;
  const late = status === "overdue" && lock.reason === "approved" ? "overdue" : submitted;
  return { locked, why: why(submitted, lock.closed_up_to), next: say(`lock.next.${late}`) };
}

function why(reason, closedUpTo) {
  if (reason === "period_closed" && !closedUpTo) {
    return say("lock.why.period_closed_no_day");
  }
  return say(`lock.why.${reason}`, { date: day(closedUpTo) });
}
