// How are hundreds of rows shown without a stutter? One table whose rows are made once and replaced where they differ.

import { el } from "../el.js";
import { money } from "../format.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { needsPerson } from "./rows.js";
import { whyOf } from "./says.js";

const AT_ONCE = 20; // rows a frame: more of them are a frame that is felt
export const SIGNS = {
  create: "plus",
  update: "up",
  remove: "struck",
  unchanged: "equal",
  locked: "lock",
  conflict: "warning",
  blocked: "warning",
  checking: "time",
  waiting: "time",
  unasked: "time",
  created: "plus",
  updated: "up",
  linked: "check",
  removed: "struck",
  cancelled: "stop",
  failed: "failed",
};

/** `openRecord(id)` hears of a click on an invoice. `show(rows, planned)` may be called as often as one likes. */
export function createTable({ openRecord }) {
  const heads = ["invoice", "customer", "will", "why", "crm", "xero"].map((name) => el("th", { scope: "col", class: ["crm", "xero"].includes(name) ? "figure" : null, data: { column: name } }));
  const body = el("tbody");
  const table = el("table", { class: "many" }, el("caption", { class: "unseen", text: say("many.rows") }), el("thead", {}, el("tr", {}, heads)), body);
  const root = el("div", { class: "many-rows", tabindex: "0", role: "group", "aria-label": say("many.rows") }, table);
  const known = new Map();
  let turn = 0;

  function show(rows, planned) {
    turn += 1;
    name(planned);
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, held] of known) {
      if (!wanted.has(id)) {
        held.element.remove();
        known.delete(id);
      }
    }
    draw(rows, 0, turn);
  }

  function name(planned) {
    const names = { will: planned ? "will" : "result", why: planned ? "why" : "detail" };
    for (const head of heads) {
      const text = say(`many.column.${names[head.dataset.column] ?? head.dataset.column}`);
      if (head.textContent !== text) {
        head.textContent = text;
      }
    }
  }

  /** A share of the rows now, the next one with the next frame; a later show() takes over. */
  function draw(rows, from, mine) {
    if (mine !== turn) {
      return;
    }
    let changed = 0;
    let place = from;
    for (; place < rows.length && changed < AT_ONCE; place += 1) {
      changed += put(rows[place], place) ? 1 : 0;
    }
    if (place < rows.length) {
      requestAnimationFrame(() => draw(rows, place, mine));
    }
  }

  /** Whether anything had to be done about this row. */
  function put(row, place) {
    const held = known.get(row.id);
    if (held?.row === row && body.children[place] === held.element) {
      return false;
    }
    const key = JSON.stringify([row.group, row.number, row.customer, row.crm_total, row.xero_total, row.reasons, whyOf(row)]);
    const element = held?.key === key ? held.element : drawn(row);
    if (held && held.element !== element) {
      held.element.replaceWith(element);
    }
    const isPlaced = body.children[place] === element;
    if (!isPlaced) {
      body.insertBefore(element, body.children[place] ?? null);
    }
    known.set(row.id, { key, element, row });
    return held?.element !== element || !isPlaced;
  }

  function drawn(row) {
    const cell = (column, ...content) => el("td", { data: { label: say(`many.column.${column}`), column } }, ...content);
    const total = (side) => el("td", { class: "figure", data: { label: say(`many.column.${side}`), column: side }, text: sumOf(row, side) });
    return el(
      "tr",
      { data: { record: row.id, group: row.group } },
      el("th", { scope: "row" }, link(row)),
      cell("customer", el("span", { dir: "auto", text: row.customer?.name ?? "" })),
      cell("result", sign(row.group)),
      cell("detail", needsPerson(row) && row.reasons?.length ? problem(row) : el("span", { class: "grey", dir: "auto", text: whyOf(row) })),
      total("crm"),
      total("xero"),
    );
  }

  function link(row) {
    const text = row.number ?? (row.state === undefined || row.state !== "ended" ? "…" : say("many.no_number"));
    const props = { type: "button", class: "as-link", data: { key: `open ${row.id}` }, on: { click: () => openRecord(row.id) } };
    return el("button", props, el("span", { dir: "auto", text }), el("span", { class: "unseen", text: ` ${say("link.new_tab")}` }));
  }

  return { root, show };
}

function sumOf({ crm_total: crm, xero_total: xero, currency, group }, side) {
  const amount = side === "crm" ? crm : xero;
  if (amount) {
    return money(amount, currency);
  }
  return ["checking", "waiting", "unasked"].includes(group) || !crm ? "" : say("many.unknown");
}

export function sign(group) {
  return el("span", { class: "outcome", data: { group } }, icon(SIGNS[group]), el("span", { text: say(`many.group.${group === "unasked" ? "waiting" : group}`) }));
}

/** The first problem with where to mend it, and how many more there are. */
function problem({ reasons }) {
  const [first] = reasons;
  const chip = first.setting_label ?? first.field_label;
  const more = reasons.length - 1;
  return [
    el("span", { class: "reason", dir: "auto", text: first.sentence }),
    el("span", { class: "grey", dir: "auto" }, chip ? [el("span", { class: "chip", text: chip }), " "] : null, first.next_step ?? "", more > 0 ? ` (${say("many.why.more", { count: more })})` : ""),
  ];
}
