// Which invoices does a person mean by a CRM view or a day, and how many are they? Counted before any of them is read.

import { api, Away, Problem } from "../api.js";
import { backoff } from "../polling.js";
import { SignedOut } from "../session.js";

const TYPED = 600; // a day is typed part by part
const A_DAY = 86_400_000;
export const EARLIEST = "2000-01-01";

/** A fresh choice: {by, views, view, name, day, count, told, counting}. `told` is a sentence of our server's. */
export function nothingChosen() {
  const day = isoDay(new Date(Date.now() - A_DAY));
  return { by: "view", views: null, view: null, name: "", day, count: null, told: null, counting: false, silent: false };
}

/** What is asked for, as our server wants it; null while nothing is chosen. A day begins where this person is. */
export function whereOf({ by, view, day }) {
  if (by === "view") {
    return view ? { view } : null;
  }
  const [year, month, date] = (day ?? "").split("-").map(Number);
  return day >= EARLIEST ? { changed_since: new Date(year, month - 1, date).toISOString() } : null;
}

export function isoDay(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * `state.choosing` is the choice, or null. `failed(trouble)` hears of what is not about the choice itself, and
 * `follow(id, choice, isWanted)` of a preview that was begun.
 */
export function createFinder({ state, session, change, failed, follow }) {
  let turn = 0;
  let timer = 0;

  function put(news) {
    if (state.choosing) {
      change({ choosing: { ...state.choosing, ...news } });
    }
  }

  async function readViews() {
    const { body } = await session.authorised((token) => api.views(token, state.module));
    put({ views: body.views.map(({ id, name }) => ({ value: id, name })) });
  }

  /** What a person chose; what it comes to is asked once they rest. */
  function set(news) {
    put({ ...news, count: null, told: null, silent: false, counting: false });
    count("day" in news ? TYPED : 0);
  }

  function count(wait, failures = 0) {
    turn += 1;
    clearTimeout(timer);
    const mine = turn;
    const where = state.choosing && whereOf(state.choosing);
    if (where) {
      put({ counting: true });
      timer = setTimeout(() => ask(where, mine, failures), wait);
    }
  }

  async function ask(where, mine, failures) {
    const news = await answered(where, failures);
    if (mine === turn) {
      put({ counting: false, ...news });
    }
  }

  async function answered(where, failures) {
    try {
      const { body } = await session.authorised((token) => api.found(token, state.module, where));
      return { count: body.count, silent: false };
    } catch (trouble) {
      return refused(trouble, failures);
    }
  }

  /** News for the choice: a no is told beside it, silence is asked again. */
  function refused(trouble, failures = 0) {
    if (trouble instanceof SignedOut) {
      failed(trouble);
      return {};
    }
    if (trouble instanceof Problem && trouble.status < 500) {
      return { told: trouble.message, count: null };
    }
    if (!(trouble instanceof Away || trouble instanceof Problem)) {
      throw trouble;
    }
    const wait = backoff(failures + 1, trouble.seconds ?? 0);
    setTimeout(() => state.choosing?.silent && count(0, failures + 1), wait);
    return { silent: true };
  }

  /** All that CRM finds now by this choice: shown, and nothing sent. A no is told beside the choice, where `isWanted()`. */
  async function check(choice, isWanted) {
    if (state.asking) {
      return;
    }
    change({ asking: "preview", trouble: null });
    try {
      const body = { kind: "preview", module: state.module, where: whereOf(choice) };
      const { id } = (await session.authorised((token) => api.startRun(token, body))).body;
      if (id) {
        await follow(id, choice, isWanted);
      } else if (isWanted()) {
        change({ where: null, choosing: { ...choice, count: 0 } });
      }
    } catch (trouble) {
      if (!isWanted()) {
        return;
      }
      if (trouble instanceof Problem && trouble.status < 500) {
        change({ where: null, choosing: { ...choice, ...refused(trouble) } });
      } else {
        failed(trouble);
      }
    }
    if (isWanted()) {
      change({ asking: null });
    }
  }

  return { readViews, set, check };
}
