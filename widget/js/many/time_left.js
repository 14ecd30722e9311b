// How long will it still take, in words? From how fast it went so far; nothing is said before that means something.

import { say } from "../words.js";

const LEAST_DONE = 5;
const LEAST_MS = 2_000;

/** "about 40 seconds", or null. `run`: {began}, the instant at which this page first saw it, and {seen}: how much was done then. */
export function timeLeft(run, done, count) {
  run.seen ??= { at: Date.now(), done };
  const [took, made] = [Date.now() - run.seen.at, done - run.seen.done];
  if (made < LEAST_DONE || took < LEAST_MS || done >= count) {
    return null;
  }
  const seconds = Math.ceil(((took / made) * (count - done)) / 1000);
  return seconds < 60 ? say("many.seconds", { count: Math.max(5, Math.ceil(seconds / 5) * 5) }) : say("many.minutes", { count: Math.ceil(seconds / 60) });
}
