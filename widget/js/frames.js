// How do our frames on one CRM page agree? One renews at a time, and what one learns the others hear.

/** Runs `work` while no other frame runs work of the same name; without the Locks API it runs at once. */
export function alone(name, work) {
  try {
    if (navigator.locks?.request) return navigator.locks.request(name, work);
  } catch {
    // a frame without storage has no locks either
  }
  return work();
}

/** A channel to the other frames; where the browser gives none, `send` does nothing. */
export function channel(name, onMessage) {
  try {
    const open = new BroadcastChannel(name);
    open.addEventListener("message", (event) => onMessage(event.data));
    return { send: (message) => open.postMessage(message) };
  } catch {
    return { send: () => {} };
  }
}
