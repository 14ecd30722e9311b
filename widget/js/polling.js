// How often is our server asked? Fast after a click, slower the longer it takes, never while nobody looks.

const RUN = [
  [1_500, 100],
  [5_000, 500],
  [15_000, 1_000],
  [60_000, 2_000],
];
const RUN_LATER = 5_000;
const IDLE = 4_000;
const IDLE_UNUSED = 30_000;
const UNUSED_AFTER = 600_000;
const LONGEST_BACKOFF = 30_000;

export function runDelay(age) {
  return RUN.find(([until]) => age < until)?.[1] ?? RUN_LATER;
}

export function idleDelay(unusedFor) {
  return unusedFor < UNUSED_AFTER ? IDLE : IDLE_UNUSED;
}

/** 2, 4, 8 … 30 seconds; a server that names a time is not asked before it. */
export function backoff(failures, named = 0) {
  return Math.max(named * 1000, Math.min(2 ** failures * 1000, LONGEST_BACKOFF));
}

/** Calls `work` again and again; `work` returns the milliseconds to the next time. `poke()` makes it come at once. */
export function createLoop(work) {
  let wake = null;
  let poked = false;
  let running = false;

  function pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function shown() {
    return new Promise((resolve) => {
      const look = () => {
        if (!document.hidden) {
          document.removeEventListener("visibilitychange", look);
          resolve();
        }
      };
      document.addEventListener("visibilitychange", look);
      look();
    });
  }

  async function go() {
    for (;;) {
      await shown();
      poked = false;
      const ms = await work();
      if (!poked) {
        await pause(ms);
      }
    }
  }

  document.addEventListener("visibilitychange", () => document.hidden || wake?.());

  return {
    poke() {
      poked = true;
      wake?.();
      if (!running) {
        running = true;
        go();
      }
    },
  };
}

/** Milliseconds since the last key or pointer on this page. */
export function createUse(onReturn) {
  let last = Date.now();
  const used = () => {
    const away = Date.now() - last > UNUSED_AFTER;
    last = Date.now();
    if (away) {
      onReturn();
    }
  };
  for (const name of ["keydown", "pointerdown", "pointermove"]) {
    document.addEventListener(name, used, { passive: true });
  }
  return () => Date.now() - last;
}
