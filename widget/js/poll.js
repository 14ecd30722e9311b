// How often is the server asked, and what happens while it does not answer?

import { get } from "./api.js";

// [until this age of the run, ask every], in milliseconds
const RUN_RHYTHM = [[1500, 100], [5000, 500], [15_000, 1000], [60_000, 2000], [Infinity, 5000]];
const IDLE = 4000;
const QUIET = 30_000;
const QUIET_AFTER = 600_000;
const BACK_OFF = [2000, 4000, 8000, 16_000, 30_000];

/**
 * Follows a run to its end: `onRun(run)` on each change, `onAway(null | milliseconds to the next try)`.
 * Returns what stops it.
 */
export function followRun(id, onRun, { onAway, onRefused } = {}) {
  const began = performance.now();
  return follow(`/runs/${encodeURIComponent(id)}`, {
    onBody: onRun,
    onAway,
    onRefused,
    pause: () => RUN_RHYTHM.find(([age]) => performance.now() - began < age)[1],
    over: (run) => run?.state === "ended",
  });
}

/** Follows what is known of one record, for as long as the page is looked at. The same callbacks; `again()` asks at once. */
export function watchRecord(module, id, onRecord, { onAway, onRefused } = {}) {
  return follow(`/records/${encodeURIComponent(module)}/${encodeURIComponent(id)}`, {
    onBody: onRecord,
    onAway,
    onRefused,
    pause: () => (performance.now() - touched > QUIET_AFTER ? QUIET : IDLE),
    over: () => false,
    idle: true,
  });
}

let touched = performance.now();
for (const name of ["keydown", "pointerdown", "pointermove"]) {
  window.addEventListener(name, () => { touched = performance.now(); }, { passive: true, capture: true });
}

function follow(path, how) {
  const state = { path, how, etag: null, fails: 0, stopped: false, timer: null, asking: false, hidden: false };
  const seen = () => {
    if (!document.hidden && state.hidden) ask(state);
  };
  if (how.idle) document.addEventListener("visibilitychange", seen);
  ask(state);
  const stop = () => {
    state.stopped = true;
    clearTimeout(state.timer);
    document.removeEventListener("visibilitychange", seen);
  };
  stop.again = () => ask(state);
  return stop;
}

async function ask(state) {
  if (state.stopped || state.asking) return;
  clearTimeout(state.timer);
  state.hidden = Boolean(state.how.idle && document.hidden);
  if (state.hidden) return; // asked at once when the page is shown again
  state.asking = true;
  const pause = await once(state);
  state.asking = false;
  if (pause !== null && !state.stopped) state.timer = setTimeout(ask, pause, state);
}

/** One question; the milliseconds to the next one, or null for none. */
async function once(state) {
  const { how } = state;
  try {
    const answer = await get(state.path, { etag: state.etag });
    if (state.stopped) return null;
    if (state.fails) how.onAway?.(null);
    state.fails = 0;
    state.etag = answer.etag;
    if (answer.body) {
      how.onBody(answer.body);
      if (how.over(answer.body)) return null;
    }
    return how.pause();
  } catch (error) {
    if (state.stopped) return null;
    if (!("status" in error)) throw error;
    if (!error.away && error.status < 500) {
      how.onRefused?.(error);
      return null;
    }
    const pause = BACK_OFF[Math.min(state.fails, BACK_OFF.length - 1)];
    state.fails += 1;
    how.onAway?.(pause);
    return pause;
  }
}
