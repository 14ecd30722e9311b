// What is known of this invoice now, and what is being done to it? The one state behind a page, kept up to date.

import { api, Away, Problem } from "./api.js";
import * as crm from "./crm.js";
import { fresh, learnt, news, runOf, stateBefore } from "./known.js";
import { createOwnChecks } from "./own_checks.js";
import { createPeople } from "./people.js";
import { backoff, createLoop, createUse, idleDelay, runDelay } from "./polling.js";
import { wantsLook } from "./record.js";
import { createSession, SignedOut } from "./session.js";
import { createWindows, IDLE } from "./sign_in.js";

const NOBODY = 60_000;
const REFUSED = 30_000;

/**
 * `onChange(state)` is called whenever something is known anew. `always`: check before anything else, whatever was
 * checked before (the popup); without it only what is not fresh is checked.
 */
export function createInvoice({ onChange, always = false }) {
  const session = createSession(signedInOrOut);
  const windows = createWindows({ onChange: (stage) => change({ window: stage }), onSession: session.adopt, onConnected: reload });
  const state = stateBefore();
  const loop = createLoop(work);
  const unused = createUse(loop.poke);
  const checks = createOwnChecks(always);
  const people = createPeople(state.names, (names) => change({ names }));
  let crmUser = null;
  let turn = 0;
  let etag = null;
  let failures = 0;

  function change(news) {
    Object.assign(state, news);
    onChange(state);
  }

  // --- which record -----------------------------------------------------------------------------

  function start() {
    if (crm.isOutside()) {
      change({ phase: "outside" });
      return;
    }
    crm.start({ onRecord: open, onTrouble: (phase) => state.phase === "loading" && change({ phase }) });
  }

  /** May be called again at any time; whatever an earlier call still waits for is then too old. */
  async function open({ module, ids }) {
    turn += 1;
    const mine = turn;
    if (ids.length === 0) {
      change({ phase: "outside" });
      return;
    }
    if (ids[0] !== state.id) {
      Object.assign(state, fresh(module, ids[0]));
      etag = null;
    }
    checks.forget();
    change({ phase: "ready" });
    readFigures(mine);
    const user = await crm.currentUser();
    if (mine === turn) {
      crmUser = user;
      change({ restored: false });
      loop.poke();
    }
  }

  async function readFigures(mine) {
    const figures = await crm.figures(state.module, state.id);
    if (mine === turn) {
      change({ figures });
      checkWhereWanted();
    }
  }

  // --- who ----------------------------------------------------------------------------------------

  function signedInOrOut() {
    const { user } = session;
    checks.forget();
    change(user ? { user, again: false, window: IDLE } : { user: null, record: null, run: null });
    etag = null;
    loop.poke();
  }

  function signedOut(trouble) {
    change({ user: session.user, again: trouble.again, record: null, run: null, window: IDLE });
    readFigures(turn);
  }

  // --- keeping up to date -------------------------------------------------------------------------

  async function work() {
    const mine = turn;
    try {
      const ms = await look();
      failures = 0;
      if (state.away) {
        change({ away: null });
      }
      return ms;
    } catch (trouble) {
      return mine === turn ? failed(trouble) : 0;
    }
  }

  async function look() {
    if (!state.id) {
      return NOBODY;
    }
    if (!state.restored) {
      await session.restore(crmUser?.id ?? null);
      change({ restored: true, user: session.user });
    }
    if (!state.user) {
      return NOBODY;
    }
    return state.run ? lookAtRun() : lookAtRecord();
  }

  async function lookAtRecord() {
    const mine = turn;
    const { module, id } = state;
    const answer = await session.authorised((token) => api.record(token, module, id, etag));
    if (mine === turn && answer.status !== 304) {
      etag = answer.etag;
      known(answer.body);
    }
    return state.run ? 0 : idleDelay(unused());
  }

  function known(record) {
    const lost = state.note?.kind === "lost" && !record.run && !record.link;
    const note = lost ? { kind: "not_sent" } : state.note?.kind === "lost" ? null : state.note;
    change({ record, trouble: null, note, skew: Date.parse(record.as_of) - Date.now() });
    if (record.run && !state.run) {
      follow(record.run);
    }
    people.name(record.link?.sent_by, record);
    checkWhereWanted();
  }

  async function lookAtRun() {
    const mine = turn;
    const { run } = state;
    const answer = await session.authorised((token) => api.run(token, run.id, run.etag));
    if (mine !== turn || state.run !== run) {
      return 0;
    }
    if (answer.status !== 304) {
      run.etag = answer.etag;
      learn(run, answer.body);
    }
    if (run.task.state !== "ended") {
      change({});
      if (run.task.cause) {
        await lookAtRecord(); // what it waits for, a broken connection for instance, is told by the record
      }
      return runDelay(now() - Date.parse(run.createdAt));
    }
    return ended(run);
  }

  /** The record is read before the run is let go, so that nothing flickers in between. */
  async function ended(run) {
    etag = null;
    await lookAtRecord();
    const result = run.kind === "push" ? { pushed: news(state.pushed, run.task) } : run.kind === "preview" ? { checked: run.task } : {};
    const { choice } = state;
    change({ ...result, run: null, choice: null });
    if (state.record?.run) {
      follow(state.record.run);
    }
    if (!state.run && wantsLook(state.record, run, choice)) {
      check(choice ? { kind: "changed" } : null);
    }
    checkWhereWanted();
    return state.run ? 0 : idleDelay(unused());
  }

  /** `asked`: by the person at this page. */
  function follow({ id, kind, task, asked = false }) {
    change({ run: { ...runOf(id, kind, task), asked } });
    loop.poke();
  }

  function learn(run, body) {
    learnt(run, body, state.id);
    people.name(body.asked_by, state.record);
  }

  function failed(trouble) {
    if (trouble instanceof SignedOut) {
      signedOut(trouble);
      return NOBODY;
    }
    if (trouble instanceof Problem && trouble.status < 500) {
      etag = null;
      if (state.run) {
        checks.forget();
      }
      const { status, code, message } = trouble;
      change(state.run ? { run: null } : { trouble: { status, code, message }, record: null, away: null });
      return state.record ? 0 : REFUSED;
    }
    if (!(trouble instanceof Away || trouble instanceof Problem)) {
      throw trouble;
    }
    failures += 1;
    const wait = backoff(failures, trouble.seconds);
    change({ away: { until: Date.now() + wait, code: trouble.code } });
    return wait;
  }

  // --- what a person asks for -----------------------------------------------------------------

  function checkWhereWanted() {
    if (checks.due(state, now())) {
      check();
    }
  }

  /** `note`: what is said above what is found. */
  function check(note = null) {
    checks.made(state.record);
    change({ checked: null, pushed: null });
    return ask("preview", { note });
  }

  /** `digest` names the check that the person saw: our server sends that, or nothing. `choice`: what they chose on it. */
  function push(digest, choice = null) {
    const choices = choice ? { choices: { [state.id]: choice } } : {};
    return ask("push", { body: { previewed: { [state.id]: digest }, ...choices }, choice });
  }

  async function ask(kind, { body: more = {}, choice = null, note = null } = {}) {
    if (state.asked || state.run?.kind === kind) {
      return;
    }
    const mine = turn;
    change({ asked: kind, choice, note });
    const body = { kind, module: state.module, record_ids: [state.id], ...more };
    try {
      const answer = await session.authorised((token) => api.startRun(token, body));
      if (mine === turn) {
        follow({ id: answer.body.id, kind, task: answer.body.tasks[0], asked: true });
        learn(state.run, answer.body);
      }
    } catch (trouble) {
      if (mine === turn) {
        notDone(kind, trouble);
      }
    }
    change({ asked: null });
    loop.poke();
  }

  function notDone(kind, trouble) {
    etag = null;
    if (trouble instanceof SignedOut) {
      signedOut(trouble);
    } else if (trouble instanceof Away) {
      if (kind === "preview") {
        checks.forget();
      }
      failures += 1;
      change({ note: kind === "push" ? { kind: "lost" } : null, away: { until: Date.now() + backoff(failures), code: trouble.code } });
    } else if (trouble instanceof Problem) {
      change({ note: { kind: "refused", message: trouble.message } });
    } else {
      throw trouble;
    }
  }

  function reload() {
    etag = null;
    checks.forget();
    loop.poke();
  }

  function now() {
    return Date.now() + state.skew;
  }

  return {
    state,
    start,
    check,
    push,
    now,
    refresh: () => ask("pull"),
    signIn: () => windows.signIn(),
    followed: () => windows.followed(),
    connect: (service) => windows.connect(() => session.authorised((token) => api.startConnect(token, service))),
    edit: () => crm.edit(state.module, state.id),
    openSettings: crm.openSettings,
    authorised: session.authorised,
  };
}
