// How does one click sign somebody in, or connect a service? A window of our own, opened inside the click.

import { api, Away, Problem } from "./api.js";

const SIZE = "popup,width=560,height=680";
const LOOK_AT_WINDOW = 400;
const LAST_WORD = 1500; // between the window's end and what it said before
const ASK_SERVER = 2000;

export const IDLE = Object.freeze({ stage: "idle" });

/**
 * Drives one flow after the other. `onChange(state)` hears of {stage, kind, url, digits, message}:
 * idle, opening, open, blocked (no window: show `url` as a link), digits (the window lost us: show them), over.
 * `onSession(answer)` and `onConnected()` hear of the good ends.
 */
export function createWindows({ onChange, onSession, onConnected }) {
  let flow = 0;
  let latest = null;

  /** Must be called from the click itself, or the browser stops the window. A new flow ends the one before. */
  function begin(kind) {
    latest?.window?.close();
    flow += 1;
    latest = { flow, kind, window: window.open("about:blank", "_blank", SIZE) };
    onChange({ stage: latest.window ? "opening" : "blocked", kind });
    return latest;
  }

  async function signIn() {
    const own = begin("sign_in");
    await guarded(own, async () => {
      own.secret = base64url(crypto.getRandomValues(new Uint8Array(32)));
      const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(own.secret)));
      const { body } = await api.startSignIn(challenge);
      Object.assign(own, { ticket: body.ticket, digits: body.digits, url: body.url, until: Date.parse(body.expires_at) });
      lead(own);
    });
  }

  /** `start()` asks our server for the one-time address. */
  async function connect(start) {
    const own = begin("connect");
    await guarded(own, async () => {
      own.url = (await start()).body.url;
      lead(own);
    });
  }

  /** The window goes to the one-time address; without one, the address is shown as a link. */
  function lead(own) {
    if (own.flow !== flow) {
      return;
    }
    if (!own.window) {
      onChange({ stage: "blocked", kind: own.kind, url: own.url });
      return;
    }
    own.window.location.replace(own.url);
    onChange({ stage: "open", kind: own.kind });
    listen(own);
  }

  function listen(own) {
    // A window that has closed itself is no source any more when its last word arrives.
    const isFrom = ({ source }) => source === own.window || (source === null && own.window.closed);
    const hear = (event) => {
      if (own.flow !== flow) {
        stop();
      } else if (event.origin === window.location.origin && isFrom(event) && event.data?.source === "invoicebridge") {
        stop();
        told(own, event.data);
      }
    };
    const watch = setInterval(() => {
      if (own.flow !== flow) {
        stop();
      } else if (own.window.closed) {
        clearInterval(watch);
        late = setTimeout(() => lost(own), LAST_WORD); // and listens on: on a busy machine it may be later still
      }
    }, LOOK_AT_WINDOW);
    let late = null;
    const stop = () => {
      clearInterval(watch);
      clearTimeout(late);
      window.removeEventListener("message", hear);
    };
    window.addEventListener("message", hear);
  }

  function told(own, message) {
    if (own.kind === "connect" && message.kind === "connected") {
      end(own, IDLE);
      onConnected();
    } else if (own.kind === "sign_in" && message.kind === "sign-in" && message.ticket === own.ticket) {
      guarded(own, async () => (await finish(own, message.code)) || askForDigits(own));
    }
  }

  /** The window is gone, or no longer ours to see: it may still ask for the digits. */
  function lost(own) {
    if (own.flow !== flow) {
      return;
    }
    if (own.kind === "connect") {
      end(own, IDLE);
      onConnected();
      return;
    }
    askForDigits(own);
  }

  function askForDigits(own) {
    onChange({ stage: "digits", kind: own.kind, digits: own.digits, url: own.url });
    guarded(own, async () => {
      while (own.flow === flow && Date.now() < own.until && !(await finish(own))) {
        await new Promise((resolve) => setTimeout(resolve, ASK_SERVER));
      }
    });
  }

  async function finish(own, code) {
    const answer = await asked(own, code);
    if (own.flow !== flow || answer === null || answer.status !== 200) {
      return false;
    }
    end(own, IDLE);
    onSession(answer.body);
    return true;
  }

  /** A server that is away for a moment does not end a sign-in that is waited for. */
  async function asked(own, code) {
    try {
      return await api.finishSignIn({ ticket: own.ticket, secret: own.secret, ...(code ? { code } : {}) });
    } catch (trouble) {
      if (trouble instanceof Away && !code) {
        return null;
      }
      throw trouble;
    }
  }

  async function guarded(own, work) {
    try {
      await work();
    } catch (trouble) {
      if (own.flow !== flow) {
        return;
      }
      if (!own.ticket && !own.url) {
        own.window?.close(); // it would stay empty
      }
      end(own, { stage: "over", kind: own.kind, message: messageOf(trouble), again: trouble.status === 401 });
    }
  }

  function end(own, state) {
    if (own.flow === flow) {
      flow += 1;
      onChange(state);
    }
  }

  /** The link was followed: its tab does not know us, so it will ask for the digits. */
  function followed() {
    if (latest?.flow === flow && latest.kind === "sign_in" && latest.digits) {
      askForDigits(latest);
    }
  }

  return { signIn, connect, followed };
}

function messageOf(trouble) {
  return trouble instanceof Problem ? trouble.message : null;
}

function base64url(bytes) {
  const text = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
