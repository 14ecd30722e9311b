// What stays the same while the popup changes? Title and close at the top, one spoken line, focus, size and Esc.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { resize } from "./popup-ground.js";
import { band } from "./popup-parts.js";
import { t } from "./popup-words.js";

const WIDTH = 800;

/**
 * The popup's outer parts in `root`. `show(view)` puts a view in: {name, band, body, left, buttons, focus, again}.
 * `onClose()` is the cross at the top and Esc, where the view names no other way out (`view.onEscape`).
 */
export function createShell(root, { onClose }) {
  const number = el("span", { class: "pop-number", attrs: { dir: "auto" } });
  const said = el("p", { class: "pop-said", attrs: { role: "status" } });
  const room = el("div", { class: "pop-room" });
  let view = { name: null, said: null };

  replace(root, head(number, () => onClose()), said, room);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    (view.onEscape ?? onClose)();
  });
  watchSize(root);

  /** A view of the same name is a change of its figures: focus stays where it is, as far as its place still exists. */
  function show(next) {
    const sameView = next.name === view.name;
    const held = sameView ? placeOfFocus(room) : null;
    const opened = view.name === null;
    view = next;
    root.dataset.view = next.name;
    root.toggleAttribute("aria-busy", Boolean(next.busy));
    replace(room, next.band ? band(next.band) : null, el("div", { class: "pop-body" }, next.body ?? null), foot(next));
    // The cross says Close already; one more spoken line only when the state changed, not with each tick.
    const line = next.say ?? next.band?.headline ?? "";
    if (said.textContent !== line) said.textContent = line;
    if (sameView) restoreFocus(room, held);
    else if (!opened || next.focus) focusOn(room, next.focus ?? "headline");
  }

  return { show, get name() { return view.name; }, title: (text) => { number.textContent = text ?? ""; } };
}

function head(number, onClose) {
  const close = el("button", { class: "pop-close", attrs: { type: "button", "aria-label": t("popup.close") }, data: { action: "close-top" }, on: { click: onClose } }, icon("close", 18));
  return el("header", { class: "pop-head" },
    el("h1", { class: "pop-title" }, el("span", { text: t("popup.title") }), " ", number), close);
}

function foot({ left, buttons = [] }) {
  const shown = buttons.filter(Boolean);
  if (!left && !shown.length) return null;
  return el("footer", { class: "pop-foot" }, el("div", { class: "pop-left" }, left ?? null), el("div", { class: "pop-buttons" }, shown));
}

/** A short grey line for the left of the footer. */
export function leftLine(glyph, text) {
  return el("p", { class: "pop-left-line" }, glyph ? icon(glyph, 14) : null, el("span", { text }));
}

function focusOn(room, wanted) {
  const target = room.querySelector(wanted === "headline" ? "[data-headline], .headline" : `[data-action="${wanted}"]`);
  target?.focus({ preventScroll: wanted !== "headline" });
}

function placeOfFocus(room) {
  const held = document.activeElement;
  if (!room.contains(held)) return null;
  return held.dataset.action ?? "headline";
}

function restoreFocus(room, held) {
  if (held === null || room.contains(document.activeElement)) return;
  const again = room.querySelector(`[data-action="${held}"]`);
  if (again) again.focus({ preventScroll: true });
  else focusOn(room, "headline");
}

/** Asks CRM for 800 px and the height of what is shown: once a frame, only when it changed. */
function watchSize(root) {
  let last = 0;
  let planned = false;
  const measure = () => {
    planned = false;
    const height = Math.ceil(root.getBoundingClientRect().height);
    if (height < 1 || height === last) return;
    last = height;
    resize({ width: WIDTH, height });
  };
  new ResizeObserver(() => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(measure);
  }).observe(root);
}
