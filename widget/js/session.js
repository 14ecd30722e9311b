// Who is signed in here? Holds the access token in memory, renews it, and shares it with our other frames.

import { api, Problem } from "./api.js";
import { alone, forget, keep, kept, line } from "./keep.js";

const OTHERS_ANSWER_IN = 150;

/** A person must click before this can go on. `again`: known, but Zoho must be asked once more. */
export class SignedOut extends Error {
  constructor(again = false) {
    super("signed out");
    this.again = again;
  }
}

/**
 * The sign-in of one page. `onChange()` is called when somebody is signed in or out.
 * A session of another CRM user than the one this page belongs to is never taken up by itself: the CRM's word for
 * who that is proves nothing, but it can only make us ask once more.
 */
export function createSession(onChange) {
  const others = line();
  let userId = null;
  let present = null;

  function take(answer, tell) {
    present = answer;
    keep(answer.user.id, answer.renewal);
    if (tell) {
      others.send({ kind: "session", session: answer });
    }
    onChange();
    return answer;
  }

  function drop(again) {
    const had = present !== null;
    present = null;
    if (had) {
      onChange();
    }
    return new SignedOut(again);
  }

  others.hear((message) => {
    if (message?.kind === "session" && message.session?.user?.id === userId) {
      present = message.session;
      keep(userId, present.renewal);
      onChange();
    } else if (message?.kind === "who" && present && message.userId === present.user.id && message.stale !== present.access_token) {
      others.send({ kind: "session", session: present });
    }
  });

  /** Asks our other frames for a token that still works. */
  async function asked(stale) {
    others.send({ kind: "who", userId, stale });
    for (let waited = 0; waited < OTHERS_ANSWER_IN && (present?.access_token ?? stale) === stale; waited += 10) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return present && present.access_token !== stale ? present : null;
  }

  /** A handle works once: two frames must not spend the same one, so whoever waited looks again first. */
  async function renewed(stale) {
    return alone("renew", async () => {
      const shared = await asked(stale);
      return shared ?? spend(kept(userId), true);
    });
  }

  async function spend(renewal, retry) {
    if (!renewal) {
      return null;
    }
    try {
      return take((await api.renew(renewal)).body, true);
    } catch (trouble) {
      if (!(trouble instanceof Problem)) {
        throw trouble;
      }
      const newer = kept(userId);
      forget(userId, renewal);
      return retry && newer !== renewal ? spend(newer, false) : null;
    }
  }

  return {
    get user() {
      return present?.user ?? null;
    },

    /** Whose page this is, by the CRM; takes up that person's session where this browser has one. */
    async restore(crmUserId) {
      userId = crmUserId;
      if (present && present.user.id !== userId) {
        drop();
      }
      if (!present && userId) {
        await renewed(undefined);
      }
    },

    /** Somebody has just signed in on this page. */
    adopt(answer) {
      userId ??= answer.user.id;
      take(answer, true);
    },

    /** Calls `request(token)`; renews once where the token is over. Throws SignedOut, Problem or Away. */
    async authorised(request) {
      if (!present) {
        throw new SignedOut();
      }
      const token = present.access_token;
      try {
        return await request(token);
      } catch (trouble) {
        if (!(trouble instanceof Problem) || trouble.status !== 401) {
          throw trouble;
        }
        if (trouble.code === "sign_in_again" || !(await renewed(token))) {
          throw drop(trouble.code === "sign_in_again");
        }
        return await once(request);
      }
    },
  };

  async function once(request) {
    try {
      return await request(present.access_token);
    } catch (trouble) {
      throw trouble instanceof Problem && trouble.status === 401 ? drop(trouble.code === "sign_in_again") : trouble;
    }
  }
}
