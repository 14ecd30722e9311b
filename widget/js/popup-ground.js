// What does the popup stand on? One sign-in, our API and the CRM page, with three ways a request can go wrong.

import { api, Away, Problem } from "./api.js";
import * as crm from "./crm.js";
import { backoff, runDelay } from "./polling.js";
import { createSession, SignedOut } from "./session.js";
import { createWindows, IDLE } from "./sign_in.js";

const STATES = { idle: "signed_out", over: "signed_out", opening: "signing_in", open: "signing_in", digits: "signing_in", blocked: "popup_blocked" };

/**
 * `onSignIn()` hears of each change of who is signed in and of the sign-in window.
 * Requests throw { kind: "signed_out" | "away" | "refused", … } and nothing else that is not a fault of ours.
 */
export function createGround({ onSignIn, onConnected }) {
  let flow = IDLE;
  const session = createSession(() => onSignIn());
  const windows = createWindows({
    onChange(state) {
      flow = state;
      onSignIn();
    },
    onSession: (answer) => session.adopt(answer),
    onConnected,
  });

  async function asked(request) {
    try {
      return await session.authorised(request);
    } catch (trouble) {
      throw named(trouble);
    }
  }

  return {
    get user() { return session.user; },
    get signIn() {
      return { state: session.user ? "signed_in" : STATES[flow.stage], digits: flow.digits ?? null, url: flow.url ?? null, message: flow.message ?? null, kind: flow.kind ?? null };
    },
    openSignIn: () => windows.signIn(),
    connect: (service) => windows.connect(() => session.authorised((token) => api.startConnect(token, service))),
    /** Takes up the sign-in of the person at the CRM page, where this browser has one. */
    async restore() {
      const person = await crm.currentUser();
      try {
        await session.restore(person?.id ?? null);
      } catch (trouble) {
        throw named(trouble);
      }
    },
    record: async (module, id) => (await asked((token) => api.record(token, module, id))).body,
    startRun: async (body) => (await asked((token) => api.startRun(token, body))).body,
    followRun: (id, hear) => follow((etag) => asked((token) => api.run(token, id, etag)), hear),
  };
}

function named(trouble) {
  if (trouble instanceof SignedOut) return { kind: "signed_out" };
  if (trouble instanceof Away) return { kind: "away", wait: trouble.seconds ?? 0 };
  if (trouble instanceof Problem && trouble.status >= 500) return { kind: "away", wait: 0 };
  if (trouble instanceof Problem) return { kind: "refused", status: trouble.status, code: trouble.code, message: trouble.message };
  return trouble;
}

/** Reads a run until it has ended: `onRun(run)` on each change, `onAway(bool)`, `onTrouble(error)`. Returns what stops it. */
function follow(read, { onRun, onAway, onTrouble }) {
  const began = performance.now();
  let stopped = false;
  let failures = 0;
  let etag = null;
  let timer = null;

  async function once() {
    const answer = await read(etag);
    if (stopped) return null;
    if (failures) onAway(false);
    failures = 0;
    etag = answer.etag;
    if (answer.body) onRun(answer.body);
    return answer.body?.state === "ended" ? null : runDelay(performance.now() - began);
  }

  async function round() {
    let pause = null;
    try {
      pause = await once();
    } catch (trouble) {
      if (stopped) return;
      if (trouble.kind !== "away") {
        onTrouble(trouble);
        return;
      }
      failures += 1;
      pause = backoff(failures, trouble.wait);
      onAway(true);
    }
    if (pause !== null && !stopped) timer = setTimeout(round, pause);
  }

  round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Listens to the CRM page. `onProblem("outside" | "sdk_missing")` may be followed by `onRecord`, where CRM was only slow. */
export function startCrm({ onRecord, onProblem }) {
  if (crm.isOutside()) onProblem("outside");
  else crm.start({ onRecord, onTrouble: (what) => onProblem(what === "no_sdk" ? "sdk_missing" : "outside") });
}

export { backoff };
export const editRecord = (module, id) => crm.edit(module, id);
export const closePopup = (how) => crm.closePopup(how);
export const resize = (size) => crm.resize(size);
