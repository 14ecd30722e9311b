// How do icons and glyphs look? Shapes as data, made into SVG elements; always hidden from screen readers.

const SVG = "http://www.w3.org/2000/svg";

// 16 px, drawn with a pen.
const ICONS = {
  eye: [["path", { d: "M1.5 8s2.4-4.2 6.5-4.2S14.5 8 14.5 8 12.1 12.2 8 12.2 1.5 8 1.5 8Z" }], ["circle", { cx: 8, cy: 8, r: 1.9 }]],
  send: [["path", { d: "M14.2 1.8 1.9 6.5l5.1 2.4 2.4 5.2 4.8-12.3ZM7 8.9l3.3-3.2" }]],
  refresh: [["path", { d: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.7 1.6v3.1h-3.1" }]],
  pencil: [["path", { d: "M2.5 13.5l.7-3 7.9-7.9a1.4 1.4 0 0 1 2 0l.3.3a1.4 1.4 0 0 1 0 2l-7.9 7.9-3 .7Z" }]],
  external: [["path", { d: "M9.5 2.5h4v4M13.3 2.7 7.8 8.2M6.5 3.5h-3a1 1 0 0 0-1 1v8a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1v-3" }]],
  lock: [["rect", { x: 3, y: 7, width: 10, height: 7, rx: 1.4 }], ["path", { d: "M5.2 7V4.8a2.8 2.8 0 0 1 5.6 0V7" }]],
  unlock: [["rect", { x: 3, y: 7, width: 10, height: 7, rx: 1.4 }], ["path", { d: "M5.2 7V4.5a2.8 2.8 0 0 1 5.4-1" }]],
  check: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "m5.3 8.2 1.9 1.9 3.5-3.9" }]],
  tick: [["path", { d: "m3 8.5 3.3 3.3L13 4.7" }]],
  warning: [["path", { d: "M8 2.3 14.3 13.5H1.7L8 2.3ZM8 6.5v3.3M8 11.7v.1" }]],
  plug: [["path", { d: "M5.7 1.7v3.6M10.3 1.7v3.6M3.8 5.3h8.4v2a4.2 4.2 0 0 1-8.4 0v-2ZM8 11.5v3" }]],
  arrow: [["path", { d: "M2.5 8h10.7M9 3.8 13.2 8 9 12.2" }]],
  close: [["path", { d: "m3.5 3.5 9 9M12.5 3.5l-9 9" }]],
  person: [["circle", { cx: 8, cy: 5, r: 2.9 }], ["path", { d: "M2.5 14.3c0-3 2.4-4.8 5.5-4.8s5.5 1.8 5.5 4.8" }]],
  plus: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "M8 5.2v5.6M5.2 8h5.6" }]],
  info: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "M8 7.4v3.5M8 5.1v.1" }]],
  up: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "M8 11V5.2M5.4 7.7 8 5.1l2.6 2.6" }]],
  equal: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "M5.4 6.7h5.2M5.4 9.3h5.2" }]],
  failed: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "m6 6 4 4M10 6l-4 4" }]],
  time: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "M8 4.8V8l2.3 1.5" }]],
  stop: [["rect", { x: 4, y: 4, width: 8, height: 8, rx: 1 }]],
  mail: [["rect", { x: 1.8, y: 3.3, width: 12.4, height: 9.4, rx: 1.2 }], ["path", { d: "m2.2 4.2 5.8 4.6 5.8-4.6" }]],
  struck: [["circle", { cx: 8, cy: 8, r: 6 }], ["path", { d: "m3.8 3.8 8.4 8.4" }]],
  copy: [["rect", { x: 5.5, y: 5.5, width: 8, height: 8, rx: 1.3 }], ["path", { d: "M10.5 3.2a.7.7 0 0 0-.7-.7H3.7a1.2 1.2 0 0 0-1.2 1.2v6.1c0 .4.3.7.7.7" }]],
  unlink: [["path", { d: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.6.6M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.6-.6" }]],
  working: [["path", { d: "M8 2a6 6 0 1 1-6 6" }]],
};

// 28 px. "solid" is filled, "cut" is the ground seen through it, "faint" is a pale track.
const RING = ["circle", { cx: 14, cy: 14, r: 11 }];
const DISC = ["circle", { cx: 14, cy: 14, r: 12.5, class: "solid" }];
const DASHED = ["circle", { cx: 14, cy: 14, r: 11, "stroke-dasharray": "4.4 3.28" }];
const HANDS = "M14 7.8V14l4.2 2.6";
const GLYPHS = {
  none: [DASHED],
  draft: [DASHED, ["path", { d: "m10 18 .5-2.3 5.6-5.6a1.2 1.2 0 0 1 1.7 0l.1.1a1.2 1.2 0 0 1 0 1.7l-5.6 5.6L10 18Z", class: "thin" }]],
  dots: [RING, ...[9.3, 14, 18.7].map((cx) => ["circle", { cx, cy: 14, r: 1.4, class: "solid" }])],
  ring: [RING],
  paid: [DISC, ["path", { d: "m8.7 14.4 3.7 3.7 7-7.9", class: "cut" }]],
  overdue: [DISC, ["path", { d: HANDS, class: "cut" }]],
  struck: [RING, ["path", { d: "m6.4 6.4 15.2 15.2" }]],
  blocked: [["path", { d: "M14 3.2 26 24.3H2L14 3.2Z", class: "solid joined" }], ["path", { d: "M14 10.8v6.2M14 20.4v.2", class: "cut" }]],
  plug: [
    ["path", { d: "M10 4.5v5M18 4.5v5M14 20v4.5" }],
    ["path", { d: "M7 9.5h14v3.3a7 7 0 0 1-14 0V9.5Z", class: "solid joined" }],
    ["path", { d: "M4 5.8 22.2 24", class: "cut wide" }],
    ["path", { d: "M4 4 24 24" }],
  ],
  differs: [DISC, ["path", { d: "M8.8 11.7h10.4M8.8 16.3h10.4M16.7 8l-5.4 12", class: "cut" }]],
  waiting: [RING, ["path", { d: HANDS }]],
  working: [["circle", { cx: 14, cy: 14, r: 11, class: "faint" }], ["path", { d: "M14 3a11 11 0 0 1 11 11", class: "arc" }], ["path", { d: "M14 3a11 11 0 1 1-11 11", class: "still-arc" }]],
  done: [RING, ["path", { d: "m9.2 14.3 3.4 3.4 6.3-7.1" }]],
  person: [["circle", { cx: 14, cy: 9.5, r: 4.6 }], ["path", { d: "M5 24c0-4.8 4-7.5 9-7.5s9 2.7 9 7.5" }]],
  window: [["rect", { x: 3, y: 4.5, width: 22, height: 19, rx: 2 }], ["path", { d: "M3 10h22M11.3 14l5.4 5.4M16.7 14l-5.4 5.4" }]],
  info: [RING, ["path", { d: "M14 13v6.2M14 8.9v.2" }]],
};

export function icon(name) {
  return drawn(ICONS[name], 16, name === "working" ? "icon spin" : "icon");
}

/** The glyph of a state; `share` (0 to 1) fills the ring of a partly paid invoice. */
export function glyph(name, share = 0) {
  const shapes = name === "partial" ? [RING, ["path", { d: sector(share), class: "solid" }]] : GLYPHS[name];
  return drawn(shapes, 28, name === "working" ? "glyph spin" : "glyph");
}

function drawn(shapes, size, kind) {
  const svg = made("svg", { viewBox: `0 0 ${size} ${size}`, class: kind, "aria-hidden": "true", focusable: "false" });
  svg.append(...shapes.map(([name, shape]) => made(name, shape)));
  return svg;
}

function made(name, attributes) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  return element;
}

/** A slice of a pie from twelve o'clock, never quite nothing and never quite all: it is partly paid. */
function sector(share) {
  const turn = Math.min(0.97, Math.max(0.04, share)) * 2 * Math.PI;
  const x = 14 + 7.6 * Math.sin(turn);
  const y = 14 - 7.6 * Math.cos(turn);
  return `M14 14V6.4A7.6 7.6 0 ${turn > Math.PI ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}Z`;
}
