// What is known before anything is known? The state that panel and popup are drawn from, in its first shape.

import { SENT, STEPS } from "./record.js";
import { IDLE } from "./sign_in.js";

/** What belongs to one record. */
export function fresh(module, id) {
  return {
    module,
    id,
    figures: undefined, // CRM's own fields: undefined while asked for, null where CRM does not answer
    record: null,
    trouble: null, // why there is no record: {status, code, message}
    run: null, // work that is followed: {id, kind, task, askedBy, step}
    asked: null, // the kind of work that is being asked for
    choice: null, // what a person chose with the push that is followed
    copied: null, // true: the differences were just copied; "by_hand": the browser did not let us
    checked: null, // the ended task of a check made here
    pushed: null, // the ended task of a push followed here
    lines: false, // whether all lines of a change are shown
    note: null, // {kind, message}: said to a person who waited for something
  };
}

/** The whole state of a page that was just opened. */
export function stateBefore() {
  return {
    ...fresh(null, null),
    phase: "loading", // then ready, or outside, no_sdk, silent
    user: null, // who is signed in
    again: false, // Zoho must be asked once more
    restored: false, // whether it was looked for a sign-in
    away: null, // our server can't be reached: {until, code}
    window: IDLE, // the stage of a sign-in or connect window
    names: {}, // of CRM users, by id
    skew: 0, // our server's clock minus this one
  };
}

/** Work to be followed to its end. */
export function runOf(id, kind, task) {
  const run = { id, kind, task, askedBy: null, createdAt: task.created_at, etag: null, step: 1 };
  return forward(run);
}

/** Takes in what our server says of the run now. */
export function learnt(run, body, recordId) {
  run.task = body.tasks.find((task) => task.record_id === recordId) ?? run.task;
  run.askedBy = body.asked_by;
  run.createdAt = body.created_at;
  return forward(run);
}

/** Bars move forward only: work that is put back does not undo what a person saw. */
function forward(run) {
  run.step = Math.max(run.step, STEPS.indexOf(run.task.step) + 1);
  return run;
}

/** A follow-up that finds nothing more to send does not undo what was told of the push before it. */
export function news(before, task) {
  return SENT.includes(before?.outcome) && ["unchanged", "locked"].includes(task.outcome) ? before : task;
}
