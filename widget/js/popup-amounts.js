// How are amounts and days written in the popup? Decimal texts stay texts: no amount passes through a float.

import * as format from "./format.js";

export const { day, isZero, money, number } = format;

/** One decimal text less another, as decimal text. */
export const difference = (from, less) => format.minus(from, less);

/** Whole days from one calendar day to a later one; negative where it is earlier. */
export const daysUntil = (to, from) => format.daysBetween(from, to);

/** The hour and minute until which to wait. */
export const time = (instant) => format.clock(instant, { up: true });
