// How do outcomes look as figures? A bar of shares, tiles that filter, and a legend; each made from a tally.

import { el } from "../el.js";
import { money, number } from "../format.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { SIGNS } from "./table.js";

const MOST_SUMS = 2;

/** `list` as of tally(); what is not yet done is the bar's ground. The words beside it say the same. */
export function shares(list, all) {
  const part = ({ group, count }) => {
    const bar = el("span", { data: { group } });
    bar.style.setProperty("flex-grow", String(count));
    return bar;
  };
  const counted = list.filter(({ group }) => !["checking", "waiting"].includes(group));
  const rest = all - counted.reduce((sum, { count }) => sum + count, 0);
  const bar = el("div", { class: "shares", "aria-hidden": "true" }, counted.map(part));
  if (rest > 0) {
    const ground = el("span", { data: { group: "rest" } });
    ground.style.setProperty("flex-grow", String(rest));
    bar.append(ground);
  }
  return bar;
}

/** One a group, with its sum; pressed, the list shows only these. `press(group)`. */
export function tiles(list, chosen, press) {
  const one = ({ group, count, sums }) =>
    el(
      "button",
      { type: "button", class: "tile", "aria-pressed": String(chosen === group), data: { key: `tile ${group}`, group }, on: { click: () => press(group) } },
      el("span", { class: "outcome", data: { group } }, icon(SIGNS[group]), el("span", { text: say(`many.group.${group}`) })),
      el("strong", { text: number(count) }),
      sumLines(sums),
    );
  return el("div", { class: "tiles", role: "group", "aria-label": say("many.filter") }, list.map(one));
}

function sumLines(sums) {
  const shown = sums.slice(0, MOST_SUMS).map(({ currency, amount }) => el("span", { class: "sum", text: money(amount, currency) }));
  return sums.length > MOST_SUMS ? [...shown, el("span", { class: "sum", text: say("changed.more", { count: sums.length - MOST_SUMS }) })] : shown;
}

export function legend(list) {
  const one = ({ group, count }) =>
    el("li", { class: "outcome", data: { group } }, icon(SIGNS[group]), el("span", { text: say("many.counted", { count: number(count), group: say(`many.group.${group}`).toLowerCase() }) }));
  return el("ul", { class: "tally" }, list.map(one));
}

/** How far the work is, for eyes and for those who listen. */
export function progress(list, { done, count }) {
  const props = { role: "progressbar", "aria-label": say("many.title"), "aria-valuemin": "0", "aria-valuemax": String(count), "aria-valuenow": String(done), "aria-valuetext": say("many.progress", { done, count }) };
  const percent = el("span", { class: "percent", text: new Intl.NumberFormat(undefined, { style: "percent" }).format(count ? done / count : 0) });
  return [el("div", props, shares(list, count)), el("div", { class: "tally-row" }, legend(list), percent)];
}
