// Which options does a drop-down show for what was typed, and how? In groups, with what was typed marked in them.

import { el } from "../el.js";
import { icon } from "../icons.js";

const plain = (text) => (text ?? "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** All words that were typed stand somewhere in its code, name or note. */
export function fits(option, typed) {
  const text = plain([option.code, option.name, option.note].filter(Boolean).join(" "));
  return plain(typed).split(/\s+/).every((word) => text.includes(word));
}

/** Codes that begin with what was typed come first, then names that do. */
function order(typed) {
  const start = plain(typed).trim();
  const rank = ({ code, name }) => (plain(code).startsWith(start) ? 0 : plain(name).startsWith(start) ? 1 : 2);
  return (one, other) => rank(one) - rank(other);
}

/** Fills `list`, and gives the options in the order in which they stand there. */
export function rows(list, options, { typed, id, value, onTake }) {
  const found = options.filter((option) => fits(option, typed));
  const groups = [...new Set(found.map((option) => option.group ?? ""))];
  const shown = groups.flatMap((group) => {
    const own = found.filter((option) => (option.group ?? "") === group);
    return typed ? own.sort(order(typed)) : own;
  });
  const one = (option) => row(option, `${id}-${shown.indexOf(option)}`, { typed, chosen: option.value === value, onTake });
  const part = (group, place) => {
    const own = shown.filter((option) => (option.group ?? "") === group).map(one);
    const head = `${id}-group-${place}`;
    return group ? el("div", { role: "group", "aria-labelledby": head }, el("p", { id: head, class: "combo-group", text: group }), own) : own;
  };
  list.replaceChildren(...groups.map(part).flat());
  return shown;
}

function row(option, id, { typed, chosen, onTake }) {
  return el(
    "div",
    { id, role: "option", class: "combo-row", "aria-selected": chosen ? "true" : "false", on: { click: () => onTake(option) } },
    option.code ? el("span", { class: "combo-code" }, marked(option.code, typed)) : null,
    el("span", { class: "combo-name", dir: "auto" }, marked(option.name ?? "", typed), option.note ? el("span", { class: "combo-note grey", dir: "auto", text: option.note }) : null),
    chosen ? icon("tick") : null,
  );
}

function marked(text, typed) {
  const wanted = typed.trim().toLowerCase();
  const at = wanted ? text.toLowerCase().indexOf(wanted) : -1;
  if (at < 0) {
    return [text];
  }
  return [text.slice(0, at), el("mark", { text: text.slice(at, at + wanted.length) }), text.slice(at + wanted.length)];
}
