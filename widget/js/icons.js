// Which shape goes with which word?
// Every glyph differs from the others in outline, so that a grey-scale print still tells the states apart.

const SVG = "http://www.w3.org/2000/svg";

const LINE = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };
const CUT = { ...LINE, stroke: "var(--glyph-ground, #fff)" };
const SOLID = { fill: "currentColor" };

const path = (d, look = LINE) => ["path", { d, ...look }];
const ring = (look = {}) => ["circle", { cx: 12, cy: 12, r: 9, ...LINE, ...look }];
const disc = () => ["circle", { cx: 12, cy: 12, r: 10.5, ...SOLID }];
const dot = (cx, cy, r = 1.2, look = SOLID) => ["circle", { cx, cy, r, ...look }];
const box = (x, y, width, height, rx) => ["rect", { x, y, width, height, rx, ...LINE }];

const PENCIL = "M8.5 15.5l.6-2.3 4.9-4.9 1.7 1.7-4.9 4.9z";
const DASHES = { "stroke-dasharray": "3.6 3.47" };
const CIRCLE_ARROW = ["M20 11a8 8 0 1 0-2.3 6.3", "M20 5v6h-6"];

/** A pie slice of the settled share, from 12 o'clock clockwise. */
function slice(share) {
  const part = Math.min(0.999, Math.max(0.04, share));
  const angle = part * 2 * Math.PI;
  const x = (12 + 6 * Math.sin(angle)).toFixed(2);
  const y = (12 - 6 * Math.cos(angle)).toFixed(2);
  return path(`M12 12V6A6 6 0 ${part > 0.5 ? 1 : 0} 1 ${x} ${y}Z`, SOLID);
}

const SHAPES = {
  not_sent: () => [ring(DASHES)],
  draft: () => [ring(DASHES), path(PENCIL, { ...LINE, "stroke-width": 1.5 })],
  awaiting_approval: () => [ring(), dot(8, 12), dot(12, 12), dot(16, 12)],
  awaiting_payment: () => [ring()],
  partially_paid: (share) => [ring(), slice(share ?? 0.5)],
  paid: () => [disc(), path("M7.5 12.4l3.1 3.1 6-6.4", CUT)],
  overdue: () => [disc(), path("M12 6.5V12l3.6 2.4", CUT)],
  voided: () => [ring(), path("M5.8 5.8l12.4 12.4")],
  blocked: () => [path("M12 3.2 22 20.5H2z", { ...SOLID, stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" }),
    path("M12 9.5v5", CUT), dot(12, 17.6, 1.3, { fill: "var(--glyph-ground, #fff)" })],
  disconnected: () => [path("M9 3v5M15 3v5M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4", { ...LINE, fill: "currentColor" }),
    path("M4 3.5l16.5 17", { ...CUT, "stroke-width": 4.5 }), path("M3.5 3l17 18")],
  differs: () => [disc(), path("M7.5 10h9M7.5 14.2h9M14.6 6.8l-5 10.6", CUT)],
  waiting: () => [ring(), path("M12 7v5l3.2 2")],
  working: () => [ring({ opacity: 0.28 }), path("M12 3a9 9 0 0 1 9 9")],
  done: () => [ring(), path("M7.8 12.3l2.9 2.9 5.5-5.9")],
  info: () => [ring(), path("M12 11v5"), dot(12, 7.8)],
  person: () => [["circle", { cx: 12, cy: 8, r: 4, ...LINE }], path("M4.5 20.5a7.5 7.5 0 0 1 15 0")],
  window_blocked: () => [box(3, 4, 18, 16, 2), path("M3 8.5h18M9.5 11.8l5 5M14.5 11.8l-5 5")],
  lock: () => [box(5, 11, 14, 10, 2), path("M8 11V7.5a4 4 0 0 1 8 0V11")],
  unlock: () => [box(5, 11, 14, 10, 2), path("M8 11V7.5a4 4 0 0 1 7.6-1.8")],
  send: () => [path("M21 3 10.5 13.5M21 3l-6.5 18-4-7.5L3 9.5z")],
  eye: () => [path("M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12z"), ["circle", { cx: 12, cy: 12, r: 2.8, ...LINE }]],
  refresh: () => CIRCLE_ARROW.map((d) => path(d)),
  edit: () => [path("M4 20l1-4.5L16.5 4 20 7.5 8.5 19z")],
  copy: () => [box(9, 9, 12, 12, 2), path("M5.5 15H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v.5")],
  external: () => [path("M18 13.5V19a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h5.5M14.5 3H21v6.5M21 3l-9.5 9.5")],
  close: () => [path("M6 6l12 12M18 6 6 18")],
  check: () => [path("M4.5 12.5l5 5L20 6.5")],
  plug: () => [path("M9 3v5M15 3v5M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4")],
  clock: () => [ring(), path("M12 7v5l3.2 2")],
  warn: () => [path("M12 3.5 21.5 20h-19zM12 10v4.5"), dot(12, 17.2, 1)],
  arrow: () => [path("M4 12h16M14 6l6 6-6 6")],
  settings: () => [path("M4 7h8M18 7h2M4 17h3M13 17h7"), ["circle", { cx: 15, cy: 7, r: 2.6, ...LINE }], ["circle", { cx: 10, cy: 17, r: 2.6, ...LINE }]],
  plus: () => [path("M12 5v14M5 12h14")],
  up: () => [path("M12 20V5M6 11l6-6 6 6")],
  equals: () => [path("M5 9h14M5 15h14")],
};

/** The drawing called `name`. It is hidden from screen readers: a word always stands beside it. */
export function icon(name, size = 16, share = null) {
  const svg = document.createElementNS(SVG, "svg");
  const all = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", focusable: "false", class: `icon icon-${name}` };
  for (const [key, value] of Object.entries(all)) svg.setAttribute(key, String(value));
  for (const shape of (SHAPES[name] ?? SHAPES.info)(share)) svg.append(draw(shape));
  return svg;
}

function draw([tag, attributes]) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
