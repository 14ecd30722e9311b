// Where does the renewal handle live between two pages? In what storage the frame is given, which may be none.

const PREFIX = "invoicebridge.renewal.";
const memory = new Map();

// Reading the property alone throws where a browser blocks storage in third-party frames.
const PLACES = [() => window.localStorage, () => window.sessionStorage];

/** The handle kept under `key`, or null. */
export function kept(key) {
  for (const place of PLACES) {
    const found = guarded(() => place().getItem(PREFIX + key));
    if (found) return found;
  }
  return memory.get(key) ?? null;
}

/** Keeps `value` in the first place that takes it; null forgets it everywhere. */
export function keep(key, value) {
  memory.delete(key);
  for (const place of PLACES) guarded(() => place().removeItem(PREFIX + key));
  if (value === null) return;
  const taken = PLACES.some((place) => guarded(() => {
    place().setItem(PREFIX + key, value);
    return true;
  }));
  if (!taken) memory.set(key, value);
}

function guarded(touch) {
  try {
    return touch();
  } catch {
    return null;
  }
}
