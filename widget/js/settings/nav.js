// How does a person find their way on the page? Sections with their state at the left, a drop-down in narrow frames.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { button } from "../pieces.js";
import { say } from "../words.js";
import { combobox } from "./combobox.js";
import { wrongLine } from "./fields.js";
import { GROUPS, SECTIONS, sectionOfField, standing } from "./sections.js";
import { sign } from "./signs.js";

const MARKS = {
  ready: { icon: () => icon("tick"), tone: "g" },
  later: { icon: () => null, tone: "n" },
  open: { icon: () => null, tone: "n" },
  now: { icon: () => icon("arrow"), tone: "b" },
  broken: { icon: () => icon("warning"), tone: "a" },
  lacks: { icon: () => icon("warning"), tone: "a" },
  suggested: { icon: () => sign("star"), tone: "b" },
  unsaved: { icon: () => icon("pencil"), tone: "b" },
};

/** What stands behind a section's name: never colour alone. */
function words(section, { state, count }) {
  if (state === "lacks") {
    return say({ taxes: "nav.to_match", statuses: "nav.to_map" }[section.id] ?? "nav.to_choose", { count });
  }
  return say(`nav.${state}`, { count: count ?? 0 });
}

export function nav(ctx) {
  const gates = ctx.page.checklist;
  const done = gates.filter(({ state }) => ["done", "attention"].includes(state)).length;
  return [
    el("nav", { class: "wide-nav", "aria-label": say("nav.label") }, GROUPS.map((group) => part(ctx, group))),
    narrow(ctx),
    el(
      "div",
      { class: "progress" },
      bar(done, gates.length),
      el("p", { class: "grey", text: ctx.page.live?.since ? say("nav.live") : say("nav.done", { done, all: gates.length }) }),
    ),
    ctx.together.length > 1 || unsaved(ctx.state) ? together(ctx) : null,
  ];
}

function bar(done, all) {
  const inner = el("span", {});
  inner.style.setProperty("width", `${(done / all) * 100}%`);
  return el("span", { class: "nav-bar", "aria-hidden": "true" }, inner);
}

function part(ctx, group) {
  const own = SECTIONS.filter((section) => section.group === group);
  return [el("p", { class: "nav-group grey", text: say(`group.${group}`) }), el("ul", {}, own.map((section) => entry(ctx, section)))];
}

function entry(ctx, section) {
  const at = standing(ctx.page, ctx.parts, section);
  const { icon: mark, tone } = MARKS[at.state];
  const seen = ["lacks", "unsaved"].includes(at.state) || (at.state === "suggested" && at.count);
  const state = el("span", { class: `nav-state tone-${tone}` }, mark(), el("span", { class: seen ? "" : "unseen", text: at.state === "suggested" ? String(at.count) : words(section, at) }), at.state === "suggested" ? el("span", { class: "unseen", text: ` ${words(section, at)}` }) : null);
  const on = { click: () => ctx.press(`go ${section.id}`) };
  return el("li", {}, el("button", { type: "button", class: "nav-entry", "aria-current": ctx.current === section.id ? "true" : null, data: { key: `nav ${section.id}` }, on }, el("span", { text: say(`heading.${section.id}`) }), state));
}

function narrow(ctx) {
  const options = SECTIONS.map((section) => {
    const at = standing(ctx.page, ctx.parts, section);
    const quiet = ["open", "later"].includes(at.state);
    const name = say(`heading.${section.id}`);
    return { value: section.id, name: quiet ? name : say("nav.with_state", { name, state: words(section, at) }), group: say(`group.${section.group}`) };
  });
  return el(
    "div",
    { class: "narrow-nav" },
    el("p", { id: "nav-section", class: "field-label", text: say("nav.section") }),
    combobox({ key: "nav", labelledBy: "nav-section", options, value: ctx.current, always: true, onTake: (id) => ctx.press(`go ${id}`) }),
  );
}

/** Why the save of all did not go, where no section's field says it alone. */
function unsaved({ failed }) {
  if (failed?.section !== "all") {
    return null;
  }
  const unplaced = Object.entries(failed.fields).filter(([name]) => !sectionOfField(name)).map(([, text]) => text);
  return [failed.message, ...unplaced].join(" ");
}

/** All suggestions stand open on the page, so that one press may take them. */
function together(ctx) {
  const busy = ctx.state.busy === "save all";
  const why = unsaved(ctx.state);
  return el(
    "div",
    { class: "together" },
    el("p", { class: "grey", text: say("nav.together", { count: ctx.together.length }) }),
    button({ name: "save_all", label: say("button.save_all"), icon: "check", kind: "plain", act: "save all", busy }, ctx.press),
    why ? el("div", { role: "alert" }, wrongLine(why)) : null,
  );
}
