// How does a page change without jumping? One sheet whose parts are replaced only where they differ; it keeps the
// focus, speaks a new headline once, lets times run, and gives the frame its height.

import { resize } from "./crm.js";
import { el } from "./el.js";
import { fillTimes } from "./footers.js";
import { glyph } from "./icons.js";
import { moveSteps, skeleton, steps } from "./pieces.js";

const GLOW = 3000;
const LONGEST_PRESS = 5000;

/** `level`: 1 where the headline is the page's heading. `width()`: the width to ask for, or undefined. */
export function createSheet(root, { level, width = () => undefined, now }) {
  const headline = el(`h${level}`, { class: "headline", tabindex: "-1" });
  const under = el("p", { class: "under" });
  const slots = new Map();
  const slot = (name, props = {}) => {
    const element = el("div", { class: `slot-${name}`, ...props });
    slots.set(name, { element, key: "" });
    return element;
  };
  const band = el("section", { class: "band" }, slot("glyph"), el("div", { class: "words" }, el("div", { role: "status" }, headline), under), slot("buttons"));
  const body = ["lock", "question", "steps", "problems", "notes", "sides", "facts", "payments", "told", "preview"].map((name) => slot(name));
  const spoken = slot("spoken", { class: "unseen", "aria-live": "polite" });
  root.replaceChildren(slot("top"), band, slot("alert", { role: "alert" }), spoken, ...body, slot("foot"));
  let times = [];
  let lastSize = "";

  /** Replaces a part where `key` (anything JSON can tell apart) is another than before. */
  function put(name, key, build) {
    const held = slots.get(name);
    const wanted = JSON.stringify(key) ?? "";
    if (held.key !== wanted) {
      held.key = wanted;
      const built = key ? build(key) : null;
      held.element.replaceChildren(...[built].flat().filter(Boolean));
    }
    return held.element;
  }

  /** Draws a view's band, and says a new headline to screen readers. */
  function drawBand(view) {
    band.className = `band tone-${view.tone}${view.loading ? " loading" : ""}${view.plain ? " no-tone" : ""}`;
    root.dataset.state = view.state ?? (view.loading ? "loading" : "");
    root.setAttribute("aria-busy", view.loading ? "true" : "false");
    if (headline.textContent !== view.headline) {
      headline.textContent = view.headline;
    }
    put("glyph", view.glyph ? [view.glyph, view.share ?? 0] : null, ([name, share]) => glyph(name, share));
    put("alert", view.alert, (text) => el("p", { class: "row alarm", text }));
    put("spoken", view.spoken ?? null, (text) => el("p", { text }));
    drawUnder(view);
  }

  /** A text that may run, or parts of which some stand out. */
  function drawUnder({ under: text, underParts: parts, checkedAt }) {
    under.hidden = !text && !parts;
    if (!parts) {
      running(under, text ?? "", { since: checkedAt });
      return;
    }
    times = times.filter((each) => each.element !== under);
    const said = parts.map((part) => part.text).join("");
    if (under.textContent !== said || !under.firstElementChild) {
      under.replaceChildren(...parts.map((part) => (part.strong ? el("strong", { text: part.text }) : part.text)));
    }
  }

  function drawSteps(index) {
    put("steps", index ? "steps" : null, steps);
    if (index) {
      moveSteps(slots.get("steps").element.firstElementChild, index);
    }
  }

  function drawSkeleton(loading) {
    put("facts", loading ? "skeleton" : null, skeleton);
  }

  /** A text whose {ago} or {seconds} runs on by itself. */
  function running(element, text, when) {
    times = [...times.filter((each) => each.element !== element && each.element.isConnected), { element, text, when }];
    write({ element, text, when });
  }

  function write({ element, text, when }) {
    const said = fillTimes(text, when, now());
    if (element.textContent !== said || element.firstElementChild) {
      element.textContent = said;
    }
  }

  setInterval(() => document.hidden || times.forEach(write), 1000);

  /** Redraws with `draw()`; the focus stays on the same control, or goes to the headline where that is gone. */
  function redraw(draw) {
    const held = document.activeElement;
    const key = held?.dataset?.key;
    draw();
    if (held && held !== document.body && !held.isConnected) {
      const same = [...root.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
      (same ?? headline).focus({ preventScroll: !same });
    }
    fit();
  }

  let pressed = false;
  let missed = null;
  let longest = 0;

  /**
   * Whether a control is held down just now: `again` is then called once it is let go. A control that is replaced or
   * moved under the finger would swallow the click, and what is pressed must be what was shown.
   */
  function pressing(again) {
    missed = pressed ? again : null;
    return pressed;
  }

  function letGo() {
    clearTimeout(longest);
    pressed = false;
    setTimeout(() => missed?.()); // the click itself comes first
  }

  root.addEventListener("pointerdown", ({ button }) => {
    if (button === 0) {
      pressed = true;
      clearTimeout(longest);
      longest = setTimeout(letGo, LONGEST_PRESS);
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    window.addEventListener(name, letGo, true);
  }

  let asked = 0;
  function fit() {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      const frame = getComputedStyle(document.body);
      const extra = Number.parseFloat(frame.paddingTop) + Number.parseFloat(frame.paddingBottom);
      const height = Math.ceil(root.getBoundingClientRect().height + extra);
      const size = JSON.stringify([height, width()]);
      if (height > 0 && size !== lastSize) {
        lastSize = size;
        resize(width() === undefined ? { height: String(height) } : { height: String(height), width: String(width()) });
      }
    });
  }

  new ResizeObserver(fit).observe(root);
  return { root, headline, put, drawBand, drawSteps, drawSkeleton, running, redraw, pressing };
}

/** Which facts differ from those shown before; remembered for as long as they glow. `onFaded()` asks for a redraw. */
export function createGlow(onFaded) {
  let before = null;
  let changed = new Set();
  return (list, same) => {
    const known = new Map((before ?? []).map((fact) => [fact.label, fact.value]));
    const news = same && before ? (list ?? []).filter((fact) => known.has(fact.label) && known.get(fact.label) !== fact.value) : [];
    before = list;
    if (news.length) {
      changed = new Set(news.map((fact) => fact.label));
      setTimeout(() => {
        changed = new Set();
        onFaded();
      }, GLOW);
    }
    return changed;
  };
}
