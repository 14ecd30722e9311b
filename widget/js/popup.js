// Which view does the push button's popup show now, and what leads from one to the next?

import { closePopup, createGround, editRecord, backoff, startCrm } from "./popup-ground.js";
import { createShell } from "./popup-shell.js";
import * as stops from "./popup-stops.js";
import * as views from "./popup-views.js";
import { lastPush, ownTask, settledLink, stopOf } from "./popup-record.js";

const BONES_AFTER = 300;

// `turn` counts what a person or CRM started anew: an answer of an earlier turn is left aside.
// `sent` stays true once a push was asked for: then closing reloads CRM's page.
const now = { turn: 0, place: null, record: null, preview: null, warnings: [], sent: false, asking: false, stop: null, retry: null };

const shell = createShell(document.querySelector("#popup"), { onClose: () => act.close() });
const ground = createGround({ onSignIn: signInChanged, onConnected: () => open() });

const act = {
  close: () => closePopup({ reload: now.sent }),
  done: () => closePopup({ reload: true }),
  ask: () => shell.show(views.confirm({ preview: now.preview, act })),
  back: () => showPreview(),
  push: () => push(),
  again: () => open(),
  now: () => now.retry?.(),
  field: () => editRecord(now.place.module, now.place.id),
  signIn: () => ground.openSignIn(),
  reconnect: (service) => ground.connect(service),
};

shell.show(views.opening({ bones: false }));
startCrm({ onRecord: placeKnown, onProblem: (problem) => now.place || shell.show(stops.noCrm(problem)) });

// --- where and who --------------------------------------------------------------------------------

/** CRM may tell the page again; the same record in the middle of something is no news. */
async function placeKnown({ module, ids }) {
  const [id] = ids;
  if (now.place && now.place.id === id && now.place.module === module) return;
  Object.assign(now, { place: { module, id }, record: null, preview: null });
  shell.title("");
  if (!id) {
    begin();
    shell.show(stops.refused({ name: "unsaved", act }));
    return;
  }
  const turn = begin();
  try {
    await ground.restore();
  } catch (trouble) {
    if (trouble.kind !== "away") throw trouble;
  }
  if (turn === now.turn) open();
}

function signInChanged() {
  const { signIn } = ground;
  if (!now.place?.id || shell.name === null) return;
  if (signIn.state === "signed_in") {
    if (SIGN_IN_VIEWS.includes(shell.name)) open();
  } else if (SIGN_IN_VIEWS.includes(shell.name) || signIn.state !== "signed_out") {
    shell.show(stops.signedOut({ session: signIn, act }));
  }
}

const SIGN_IN_VIEWS = ["signed_out", "signing_in", "window_blocked"];

// --- opening --------------------------------------------------------------------------------------

function begin() {
  now.stop?.();
  now.retry = null;
  now.stop = null;
  now.asking = false;
  now.turn += 1;
  return now.turn;
}

/** Looks at the record and goes on from what is known of it: locked, work under way, or a preview. */
async function open(note = null) {
  const turn = begin();
  if (!ground.user) {
    shell.show(stops.signedOut({ session: ground.signIn, act }));
    return;
  }
  const settle = soon((bones) => shell.show(views.opening({ bones })));
  const record = await tried(turn, () => readRecord());
  settle();
  if (record) goOn(record, note);
}

async function readRecord() {
  now.record = await ground.record(now.place.module, now.place.id);
  if (now.record.link?.number) shell.title(now.record.link.number);
  return now.record;
}

function goOn(record, note = null) {
  const stop = stopOf(record);
  const open = record.run;
  const settled = settledLink(record);
  if (open?.kind === "push") followPush(open.id, open.task);
  else if (settled) shell.show(stops.settled({ link: settled, act }));
  else if (stop?.name === "not_set_up") shell.show(stops.notSetUp({ ...stop, administrator: isAdministrator(), act }));
  else if (stop?.name === "disconnected") shell.show(stops.disconnected({ ...stop, administrator: isAdministrator(), act }));
  else startPreview(note);
}

const isAdministrator = () => Boolean(now.record?.viewer?.administrator ?? ground.user?.administrator);

/** A view without grey bars at once, with them after a while. Returns what calls that off. */
function soon(show) {
  show(false);
  const timer = setTimeout(show, BONES_AFTER, true);
  return () => clearTimeout(timer);
}

/** The answer, or null where it was shown what went wrong. A server that is away is asked again by itself. */
async function tried(turn, ask, failures = 0) {
  try {
    const answer = await ask();
    return turn === now.turn ? answer : null;
  } catch (trouble) {
    if (turn !== now.turn) return null;
    if (trouble.kind !== "away") {
      refused(trouble);
      return null;
    }
    shell.show(stops.away({ sending: false, act }));
    await pause(backoff(failures + 1, trouble.wait));
    return turn === now.turn ? tried(turn, ask, failures + 1) : null;
  }
}

/** Waits, or less where a person presses "Try again". */
function pause(ms) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    now.retry = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

function refused(trouble) {
  if (trouble.kind === "signed_out") shell.show(stops.signedOut({ session: ground.signIn, act }));
  else if (trouble.kind !== "refused") throw trouble;
  else if (trouble.code === "not_set_up") shell.show(stops.notSetUp({ missing: [], administrator: isAdministrator(), act }));
  else if (trouble.status === 404) shell.show(stops.refused({ name: "not_found", act }));
  else shell.show(stops.refused({ name: "refused", message: trouble.message, act }));
}

// --- the preview ----------------------------------------------------------------------------------

const wish = (kind, more = {}) => ({ kind, module: now.place.module, record_ids: [now.place.id], ...more });

async function startPreview(note) {
  const turn = now.turn;
  const settle = soon((bones) => shell.show(views.preparing({ bones, act })));
  const run = await tried(turn, () => ground.startRun(wish("preview")));
  if (!run) return settle();
  now.stop = ground.followRun(run.id, {
    onRun: (body) => previewRun(body, settle, note),
    onAway: (away) => away && settle() === undefined && shell.show(stops.away({ sending: false, act })),
    onTrouble: (trouble) => {
      settle();
      refused(trouble);
    },
  });
}

function previewRun(run, settle, note) {
  const task = ownTask(run, now.place.id);
  if (!task) return;
  if (task.state === "ended") {
    settle();
    previewEnded(task, note);
  } else if (task.state === "waiting" && task.cause) {
    settle();
    shell.show(views.waiting({ task, kind: "preview", act }));
  }
}

async function previewEnded(task, note) {
  const shown = task.preview;
  if (shown?.number) shell.title(shown.number);
  if (shown?.decision === "create" && shown.digest) {
    Object.assign(now, { preview: shown, warnings: task.warnings ?? [], note });
    showPreview();
  } else if (shown?.decision === "locked" || shown?.decision === "unchanged") {
    await showSettled(task);
  } else if (task.reasons?.length) {
    shell.show(views.blocked({ task, shown: shown?.lines?.length ? shown : null, administrator: isAdministrator(), act }));
  } else {
    shell.show(views.failed({ task, administrator: isAdministrator(), act }));
  }
}

function showPreview() {
  shell.show(views.preview({ preview: now.preview, warnings: now.warnings, note: now.note, act }));
}

async function showSettled(task) {
  const turn = now.turn;
  const record = await tried(turn, () => readRecord());
  if (!record) return;
  if (record.link) shell.show(stops.settled({ link: record.link, act }));
  else shell.show(views.failed({ task, administrator: isAdministrator(), act }));
}

// --- the push -------------------------------------------------------------------------------------

/** Only ever what was shown: the server sends the previewed decision or nothing. */
async function push() {
  if (now.asking || !now.preview?.digest) return;
  const before = lastPush(now.record)?.id ?? null;
  const turn = begin();
  now.asking = true;
  now.sent = true;
  shell.show(views.progress({ task: { step: "checking" }, act }));
  try {
    const run = await ground.startRun(wish("push", { previewed: { [now.place.id]: now.preview.digest } }));
    if (turn === now.turn) followPush(run.id, ownTask(run, now.place.id));
  } catch (trouble) {
    if (turn !== now.turn) return;
    if (trouble.kind === "away") lookWhetherItArrived(turn, before);
    else refused(trouble);
  }
}

/** No answer says nothing about what arrived, so the record is read before anything is sent again. */
async function lookWhetherItArrived(turn, before, failures = 0) {
  shell.show(stops.away({ sending: true, act }));
  await pause(backoff(failures + 1));
  if (turn !== now.turn) return;
  try {
    const record = await readRecord();
    if (turn !== now.turn) return;
    const last = lastPush(record);
    if (record.run) goOn(record, "not_arrived");
    else if (last && last.id !== before) pushEnded(last);
    else goOn(record, "not_arrived");
  } catch (trouble) {
    if (turn !== now.turn) return;
    if (trouble.kind === "away") lookWhetherItArrived(turn, before, failures + 1);
    else refused(trouble);
  }
}

function followPush(id, first) {
  begin();
  now.sent = true;
  let task = first ?? { step: "checking", state: "waiting" };
  let away = false;
  const draw = () => {
    const waits = task.state === "waiting" && task.cause;
    shell.show(waits ? views.waiting({ task, kind: "push", away, act }) : views.progress({ task, away, act }));
  };
  draw();
  now.stop = ground.followRun(id, {
    onRun(run) {
      task = ownTask(run, now.place.id) ?? task;
      if (task.state === "ended") pushEnded(task);
      else draw();
    },
    onAway(is) {
      away = is;
      draw();
    },
    onTrouble: refused,
  });
}

const SENT = ["created", "updated", "linked", "unchanged", "removed"];

async function pushEnded(task) {
  if (task.reasons?.some((reason) => reason.code === "changed_since_preview")) {
    Object.assign(now, { preview: null });
    open("changed");
  } else if (SENT.includes(task.outcome)) {
    const turn = now.turn;
    const record = await tried(turn, () => readRecord());
    if (record) shell.show(views.result({ task, link: record.link, act }));
  } else if (task.outcome === "locked") {
    await showSettled(task);
  } else if (task.outcome === "blocked" && task.reasons?.length) {
    shell.show(views.blocked({ task, shown: null, administrator: isAdministrator(), act }));
  } else {
    shell.show(views.failed({ task, administrator: isAdministrator(), act }));
  }
}
