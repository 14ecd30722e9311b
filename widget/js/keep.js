// What may stay in this browser between pages? Only renewal handles. Every touch is guarded: browsers may throw.

const PREFIX = "invoicebridge.renewal.";
const memory = new Map();

function stores() {
  return ["localStorage", "sessionStorage"].map(opened).filter(Boolean);
}

function opened(name) {
  try {
    const store = window[name];
    store.setItem(`${PREFIX}probe`, "1");
    store.removeItem(`${PREFIX}probe`);
    return store;
  } catch {
    return null;
  }
}

/** The renewal handle of a CRM user, or null. */
export function kept(userId) {
  for (const store of stores()) {
    try {
      const found = store.getItem(PREFIX + userId);
      if (found) {
        return found;
      }
    } catch {
      // The next place may have it.
    }
  }
  return memory.get(userId) ?? null;
}

export function keep(userId, renewal) {
  memory.set(userId, renewal);
  const [best] = stores();
  try {
    best?.setItem(PREFIX + userId, renewal);
  } catch {
    // A full store: memory has it.
  }
}

/** Forgets a handle, unless another frame has put a newer one there meanwhile. */
export function forget(userId, renewal) {
  if (memory.get(userId) === renewal) {
    memory.delete(userId);
  }
  for (const store of stores()) {
    try {
      if (store.getItem(PREFIX + userId) === renewal) {
        store.removeItem(PREFIX + userId);
      }
    } catch {
      // Nothing to forget there.
    }
  }
}

/** Runs `work` while no other frame of ours runs it; without locks it just runs. */
export async function alone(name, work) {
  if (!navigator.locks) {
    return work();
  }
  let started = false;
  const once = () => {
    started = true;
    return work();
  };
  try {
    return await navigator.locks.request(`invoicebridge.${name}`, once);
  } catch (trouble) {
    if (started) {
      throw trouble;
    }
    return work(); // storage is blocked here, and locks with it
  }
}

/** A line to our other frames in this browser: `send(message)`; `hear(listener)`. Silent where there is none. */
export function line() {
  let channel = null;
  try {
    channel = new BroadcastChannel("invoicebridge");
  } catch {
    // Frames then learn of each other through storage only.
  }
  return {
    send: (message) => channel?.postMessage(message),
    hear: (listener) => channel?.addEventListener("message", (event) => listener(event.data)),
  };
}
