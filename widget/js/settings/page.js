// What is known of the settings now, and who is asking? The one state behind the page, read anew after each change.

import { api, Away, Problem } from "../api.js";
import * as crm from "../crm.js";
import { backoff } from "../polling.js";
import { createSession, SignedOut } from "../session.js";
import { createWindows, IDLE } from "../sign_in.js";
import { calls } from "./calls.js";
import { createParts } from "./parts.js";
import { sectionOfSetting } from "./sections.js";

export function createPage({ onChange }) {
  const session = createSession(signedInOrOut);
  const windows = createWindows({ onChange: (stage) => change({ window: stage }), onSession: session.adopt, onConnected: () => load() });
  const state = {
    phase: "loading", // then ready, or outside, no_sdk, silent
    user: null,
    again: false, // Zoho must be asked once more
    restored: false, // whether it was looked for a sign-in
    window: IDLE,
    page: null, // as GET /settings answered last
    etag: null,
    turn: 0, // of the page: each answer is another
    ties: null, // both connections
    trouble: null, // why there is no page: {message}
    away: null, // our server can't be reached: {until}
    current: null, // the section that is worked on
    notices: [], // causes that hold up many invoices
    asked: null, // the section that somebody came for
    opened: {}, // sections opened or folded by hand
    busy: null, // what is being done: "save accounts"
    failed: null, // a save that did not go: {section, message, fields}
    compared: null, // the section whose two states stand side by side: somebody else saved it meanwhile
    asking: null, // a question that waits for its answer
    tests: {}, // service → {ok, told}
    done: null, // what was just done, for screen readers
  };
  const parts = createParts(() => state.page);
  let failures = 0;
  let retry = 0;
  let reading = 0;

  function change(news) {
    Object.assign(state, news);
    onChange(state);
  }

  function start() {
    if (crm.isOutside()) {
      change({ phase: "outside" });
      return;
    }
    crm.start({ onRecord: begin, onTrouble: (phase) => state.phase === "loading" && change({ phase }) });
  }

  async function begin({ setting } = {}) {
    const user = await crm.currentUser();
    change({ phase: "ready", asked: sectionOfSetting(setting) });
    try {
      await session.restore(user?.id ?? null);
    } catch (trouble) {
      if (!(trouble instanceof Away)) {
        throw trouble;
      }
    }
    change({ restored: true, user: session.user });
    if (session.user) {
      await load();
    }
  }

  function signedInOrOut() {
    const { user } = session;
    const news = Boolean(user) && user.id !== state.user?.id;
    change(user ? { user, again: false, window: IDLE } : { user: null });
    if (news && state.restored) {
      load();
    }
  }

  /** All that the page shows. What was typed stays. */
  async function load({ fresh = false } = {}) {
    clearTimeout(retry);
    reading += 1;
    const mine = reading;
    try {
      const [page, ties] = await Promise.all([
        session.authorised((token) => calls.page(token, fresh)),
        session.authorised((token) => calls.connections(token)),
      ]);
      failures = 0;
      if (mine === reading) {
        learn(page, { ties: ties.body });
        await hear();
      }
    } catch (trouble) {
      failed(trouble);
    }
  }

  /** What holds invoices up; a save may have mended some of it. */
  async function hear() {
    if (state.page.may_change) {
      try {
        change({ notices: (await session.authorised((token) => calls.notices(token))).body.notices });
      } catch (trouble) {
        failed(trouble);
      }
    }
  }

  /** An answer of the settings themselves. `ours`: to a save of ours, which saw the page that stands here. */
  function learn({ body, etag }, { ours = false, ...more } = {}) {
    const next = withLikelyOrganisation(body);
    parts.turn(() => (state.page = next), ours);
    change({ etag, turn: state.turn + 1, trouble: null, away: null, ...more });
  }

  function failed(trouble) {
    if (trouble instanceof SignedOut) {
      signedOut(trouble);
    } else if (trouble instanceof Problem && trouble.status < 500) {
      change({ trouble: { message: trouble.message }, away: null });
    } else if (trouble instanceof Away || trouble instanceof Problem) {
      failures += 1;
      const wait = backoff(failures, trouble.seconds ?? 0);
      change({ away: { until: Date.now() + wait } });
      retry = setTimeout(load, wait);
    } else {
      throw trouble;
    }
  }

  function signedOut(trouble) {
    change({ user: session.user, again: trouble.again, window: IDLE });
  }

  return {
    state,
    parts,
    change,
    start,
    load,
    learn,
    hear,
    signedOut,
    authorised: session.authorised,
    signIn: () => windows.signIn(),
    followed: () => windows.followed(),
    connect: (service) => windows.connect(() => session.authorised((token) => (service === "another" ? calls.another(token) : api.startConnect(token, service)))),
  };
}

/** Where only one organisation can be chosen, it stands there as a suggestion. */
function withLikelyOrganisation(page) {
  const free = (page.choices?.organisations ?? []).filter(({ taken }) => !taken);
  const likely = !page.organisation && free.length === 1 ? { organisation: free[0].id } : {};
  return { ...page, suggested: { ...page.suggested, ...likely } };
}
