// How does the page change without jumping? Parts are replaced only where they differ, and the focus stays where it was.

/** `slots`: name → element. */
export function createBoard(slots) {
  const keys = new Map();

  function put(name, key, build) {
    const wanted = JSON.stringify(key) ?? "";
    if (keys.get(name) === wanted) {
      return;
    }
    keys.set(name, wanted);
    const built = key === null ? [] : [build()];
    slots[name].replaceChildren(...built.flat(Infinity).filter(Boolean));
  }

  /** What has the focus has it again after the redraw; where it is gone, `instead` says what gets it, by its card. */
  function keepingFocus(draw, instead) {
    const held = document.activeElement;
    const key = held?.dataset?.key;
    const card = held?.closest?.("section.card")?.id;
    draw();
    if (held && held !== document.body && !held.isConnected) {
      const same = key && find(key);
      (same || instead(card))?.focus({ preventScroll: true });
    }
  }

  return { put, keepingFocus, find };
}

/** The control of this name. */
export function find(key) {
  return [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key) ?? null;
}
