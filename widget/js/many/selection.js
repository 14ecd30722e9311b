// What is known of the selected or found invoices now, and what is done to them? The one state behind the list's popup.

import { api, Away, Problem } from "../api.js";
import * as crm from "../crm.js";
import { backoff, createLoop, runDelay } from "../polling.js";
import { createSession, SignedOut } from "../session.js";
import { createWindows, IDLE } from "../sign_in.js";
import { createFinder, nothingChosen, whereOf } from "./finder.js";
import { keptOf, shownOf } from "./rows.js";
import { isGoingOn, learned, runOf } from "./run.js";

const NOBODY = 60_000;
const REFUSED = 30_000;
const LAST_WISH = 1_000;
export const MOST = 500;

/** `onChange(state)` is called whenever something is known anew. */
export function createSelection({ onChange }) {
  const session = createSession(signedInOrOut);
  const windows = createWindows({ onChange: (stage) => change({ window: stage }), onSession: session.adopt, onConnected: () => lookAgain() });
  const loop = createLoop(work);
  const state = { phase: "loading", selected: [], ids: [], where: null, choosing: null, user: null, again: false, restored: false, window: IDLE, record: null, figures: null, ...nothing() };
  const finder = createFinder({ state, session, change, failed, follow: showFound });
  let crmUser = null;
  let failures = 0;
  let turn = 0;

  function nothing() {
    return { sought: false, check: null, push: null, earlier: new Map(), asking: null, trouble: null, away: null, ties: null, skew: 0 };
  }

  function change(news) {
    Object.assign(state, news);
    onChange(state);
  }

  // --- which records, and who -------------------------------------------------------------------------

  function start() {
    if (crm.isOutside()) {
      change({ phase: "outside" });
      return;
    }
    crm.start({ onRecord: open, onTrouble: (phase) => state.phase === "loading" && change({ phase }) });
  }

  /** May be called again; the same selection goes on where it was. */
  async function open({ module, ids }) {
    turn += 1;
    const mine = turn;
    const chosen = [...new Set(ids)];
    if (state.phase === "loading" || chosen.join() !== state.selected.join()) {
      Object.assign(state, home(chosen), { module });
    }
    change({ phase: "ready" });
    const user = await crm.currentUser();
    if (mine === turn) {
      crmUser = user;
      change({ restored: false });
      loop.poke();
    }
  }

  /** What was selected, or where nothing was: the question which ones are meant. */
  function home(selected = state.selected) {
    return { ...nothing(), selected, ids: selected, where: null, choosing: selected.length ? null : nothingChosen() };
  }

  function signedInOrOut() {
    const { user } = session;
    change(user ? { user, again: false, window: IDLE } : { user: null, ...nothing() });
    loop.poke();
  }

  // --- keeping up to date -----------------------------------------------------------------------------

  async function work() {
    const mine = turn;
    try {
      const ms = await look();
      failures = 0;
      if (state.away) {
        change({ away: null });
      }
      return mine === turn ? ms : 0;
    } catch (trouble) {
      return mine === turn ? failed(trouble) : 0;
    }
  }

  async function look() {
    if (!isFound() && state.ids.length > MOST) {
      return NOBODY;
    }
    if (!state.restored) {
      await session.restore(crmUser?.id ?? null);
      change({ restored: true, user: session.user });
    }
    if (!state.user) {
      return NOBODY;
    }
    if (!state.sought) {
      await seek();
    }
    if (state.choosing) {
      await (state.choosing.views ?? finder.readViews());
      return NOBODY;
    }
    const run = state.push ?? state.check;
    return run && isGoingOn(run) ? follow(run) : NOBODY;
  }

  /** Whether the records are not those that were selected. */
  function isFound() {
    return Boolean(state.choosing ?? state.where);
  }

  /** What this person began with this selection, or with what was found, and closed; or a check of the selection. */
  async function seek() {
    const { module, ids } = state;
    const mine = turn;
    const named = isFound() ? {} : { record_ids: ids };
    const { body } = await session.authorised((token) => api.openRun(token, { module, ...named }));
    if (mine !== turn) {
      return;
    }
    if (body.id) {
      Object.assign(state, isFound() ? { where: state.where ?? {}, choosing: null, ids: [] } : {});
      const check = body.check ? await readOnce(body.check) : null;
      change({ sought: true, check, push: runOf(body.id) });
    } else if (isFound()) {
      change({ sought: true, where: null, choosing: state.choosing ?? nothingChosen() });
    } else {
      change({ sought: true });
      await ask("preview");
    }
  }

  /** The preview that was seen before the work began. */
  async function readOnce(id) {
    const run = runOf(id);
    learn(run, await session.authorised((token) => api.rows(token, id, null, null)));
    return run;
  }

  async function follow(run) {
    const mine = turn;
    const answer = await session.authorised((token) => api.rows(token, run.id, run.since, run.etag));
    if (mine !== turn || (state.push ?? state.check) !== run) {
      return 0;
    }
    if (answer.status !== 304) {
      learn(run, answer);
    }
    if (run.waits.some(({ cause }) => cause === "disconnected")) {
      const { body } = await session.authorised((token) => api.connections(token));
      change({ ties: body });
    }
    return isGoingOn(run) ? runDelay(Date.now() - run.began) : 0;
  }

  function learn(run, answer) {
    learned(run, answer);
    if (state.where && !state.ids.length) {
      state.ids = [...run.rows.keys()];
    }
    change({ skew: Date.parse(run.since) - Date.now(), trouble: null });
  }

  function failed(trouble) {
    if (trouble instanceof SignedOut) {
      change({ user: session.user, again: trouble.again, window: IDLE, ...nothing() });
      return NOBODY;
    }
    if (trouble instanceof Problem && trouble.status < 500) {
      const { status, code, message } = trouble;
      change({ trouble: { status, code, message }, away: null });
      return REFUSED;
    }
    if (!(trouble instanceof Away || trouble instanceof Problem)) {
      throw trouble;
    }
    failures += 1;
    const wait = backoff(failures, trouble.seconds);
    change({ away: { until: Date.now() + wait, code: trouble.code } });
    return wait;
  }

  // --- what a person asks for -----------------------------------------------------------------------

  /** What else was selected stays as it is. `more` goes with a push: the digests of what was shown, what was chosen. */
  async function ask(kind, records = state.ids, more = {}) {
    if (state.asking) {
      return;
    }
    const mine = turn;
    change({ asking: kind, trouble: null });
    try {
      const named = more.where ? {} : { record_ids: records };
      const body = { kind, module: state.module, ...named, ...more };
      const answer = await session.authorised((token) => api.startRun(token, body));
      const run = runOf(answer.body.id);
      if (mine !== turn) {
        return;
      }
      change(kind === "push" ? { push: run } : { earlier: keptOf(state, records), check: run, push: null });
    } catch (trouble) {
      failed(trouble);
    }
    change({ asking: null });
    loop.poke();
  }

  /** Many are found anew: what changed in CRM since may have brought others, and taken some away. */
  function check(records = state.ids) {
    const { choosing, where } = state;
    const mine = turn;
    const isWanted = () => mine === turn;
    if (choosing) {
      return whereOf(choosing) ? finder.check(choosing, isWanted) : lookAgain();
    }
    if (!where || (records.length < state.ids.length && records.length <= MOST)) {
      return ask("preview", records);
    }
    return whereOf(where) ? finder.check(where, isWanted) : goHome({ choosing: nothingChosen() });
  }

  function lookAgain() {
    change({ trouble: null, ties: null });
    loop.poke();
  }

  /** What CRM found, being checked; `choice` is how. */
  async function showFound(id, choice, isWanted) {
    const run = await readOnce(id);
    if (!isWanted()) {
      called(run);
      return;
    }
    change({ ...nothing(), sought: true, where: choice, choosing: null, ids: [...run.rows.keys()], check: run });
    loop.poke();
  }

  function goHome(more = {}) {
    leave();
    turn += 1;
    change({ ...home(), ...more });
    loop.poke();
  }

  /** Nobody waits for this check any more: reading the rest of hundreds would cost CRM's calls for nothing. */
  async function leave() {
    const { check: run, push: sent, where } = state;
    if (where && !sent && run?.state === "open") {
      await Promise.race([called(run), new Promise((resolve) => setTimeout(resolve, LAST_WISH))]);
    }
  }

  /** Called off, if our server can be reached. */
  function called(run) {
    return session.authorised((token) => api.cancelRun(token, run.id)).catch(() => null);
  }

  /** Sends what was shown of these rows; those that are to be removed were asked about. */
  function push(rows) {
    const where = state.where ? { where: { preview: state.check.id } } : {};
    return ask("push", rows.map((row) => row.record_id), { ...shownOf(rows), ...where });
  }

  async function cancel() {
    const { push } = state;
    change({ asking: "cancel" });
    try {
      await session.authorised((token) => api.cancelRun(token, push.id));
      push.etag = null;
    } catch (trouble) {
      failed(trouble);
    }
    change({ asking: null });
    loop.poke();
  }

  return {
    state,
    start,
    check,
    choose: () => goHome({ choosing: nothingChosen() }),
    backToSelected: () => goHome(),
    leave,
    setChoice: finder.set,
    push,
    cancel,
    now: () => Date.now() + state.skew,
    signIn: () => windows.signIn(),
    followed: () => windows.followed(),
    connect: (service) => windows.connect(() => session.authorised((token) => api.startConnect(token, service))),
    openRecord: (id) => crm.openRecord(state.module, id),
  };
}
