// How is a section saved, without writing over what another administrator saved meanwhile?

import { Problem } from "../api.js";
import { SignedOut } from "../session.js";
import { say } from "../words.js";
import { calls } from "./calls.js";

const TRIES = 3; // an office in which everybody saves at once

/** `onSaved(section)` hears of each good end. Everything typed stays until the server has it. */
export function createSaving({ page, onSaved }) {
  const { state, parts, change, learn, authorised } = page;

  /** `more`: what is sent though nobody changed it, because a gate asks for it. */
  async function save(section, own, more = {}) {
    if (state.busy) {
      return;
    }
    const mine = { ...more, ...parts.unsaved(own) };
    const before = Object.fromEntries(own.map((part) => [part, parts.saved(part)]));
    change({ busy: `save ${section}`, failed: null, done: null });
    await put(section, own, { mine, before, tries: 0 });
    change({ busy: null });
  }

  async function put(section, own, tried) {
    try {
      kept(section, own, await authorised((token) => calls.save(token, state.etag, tried.mine)));
    } catch (trouble) {
      await refused(section, own, trouble, tried);
    }
  }

  function kept(section, own, answer) {
    parts.forget(own);
    learn(answer, { ours: true, compared: state.compared === section ? null : state.compared, failed: null, asking: null, done: section });
    onSaved(section);
    page.hear();
  }

  async function refused(section, own, trouble, tried) {
    if (trouble instanceof SignedOut) {
      page.signedOut(trouble);
    } else if (trouble instanceof Problem && trouble.status === 412) {
      await compare(section, own, tried, trouble);
    } else if (trouble instanceof Problem && trouble.code === "confirm_organisation") {
      change({ asking: { kind: "organisation", told: trouble.message } });
    } else {
      change({ failed: failureOf(section, trouble) });
    }
  }

  /** Read what the other saved; where it is not the same, both go together and ours is saved after it. */
  async function compare(section, own, { mine, before, tries }, stale) {
    try {
      learn(await authorised((token) => calls.page(token, false)));
    } catch (trouble) {
      change({ failed: failureOf(section, trouble) });
      return;
    }
    own.filter((part) => part in mine).forEach((part) => parts.set(part, mine[part], before[part]));
    if (parts.clashing(own).length) {
      change({ compared: null });
      return;
    }
    if (tries === TRIES) {
      change({ failed: failureOf(section, stale) });
      return;
    }
    await put(section, own, { mine, before, tries: tries + 1 });
  }

  /** "mine": ours is to be saved over theirs, now that a person has seen both. "theirs": ours is let go. */
  function settle(which, own) {
    if (which === "theirs") {
      parts.forget(own);
    } else {
      parts.seen(own);
    }
    change({ compared: null, failed: null });
  }

  function discard(section, own) {
    parts.forget(own);
    const { compared, failed } = state;
    change({ compared: compared === section ? null : compared, failed: failed?.section === section ? null : failed });
  }

  async function live(on) {
    if (state.busy) {
      return;
    }
    change({ busy: "live", failed: null, asking: null });
    try {
      learn(await authorised((token) => calls.live(token, state.etag, on)), { done: on ? "live" : "stopped" });
    } catch (trouble) {
      if (trouble instanceof SignedOut) {
        page.signedOut(trouble);
      } else {
        change({ failed: failureOf("live", trouble) });
        await (trouble instanceof Problem && trouble.status === 412 ? page.load() : null);
      }
    }
    change({ busy: null });
  }

  return { save, settle, discard, live };
}

/** What the server said no to, by field; or that it can't be reached, and nothing is lost. */
export function failureOf(section, trouble) {
  if (trouble instanceof Problem) {
    return { section, message: trouble.message, fields: trouble.fields };
  }
  return { section, message: say("set.away_kept"), fields: {} };
}
