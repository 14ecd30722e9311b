// How does one section look: folded to a line, or open with its controls, what was refused, and its buttons?

import { el } from "../el.js";
import { ago, day } from "../format.js";
import { icon } from "../icons.js";
import { button } from "../pieces.js";
import { say } from "../words.js";
import { comparison } from "./compare.js";
import { tag } from "./fields.js";
import { sectionOfField, standing } from "./sections.js";
import { sign } from "./signs.js";

export function card(ctx, section, { folded, line }) {
  const head = el("h2", { id: `head-${section.id}`, tabindex: "-1", data: { key: `head ${section.id}` }, text: say(`heading.${section.id}`) });
  return folded ? oneLine(ctx, section, head, line) : whole(ctx, section, head);
}

function oneLine(ctx, section, head, line) {
  const later = standing(ctx.page, ctx.parts, section).state === "later";
  const open = { name: `edit ${section.id}`, label: say(ctx.may && section.parts.length ? "button.edit" : "button.show"), kind: "text", act: `open ${section.id}` };
  return el("div", { class: "folded" }, head, el("p", { class: "grey line", dir: "auto", text: line }), later ? null : named(button(open, ctx.press), section));
}

/** "Edit" alone says too little to whoever hears one button after the other. */
function named(made, section) {
  made.append(el("span", { class: "unseen", text: ` ${say(`heading.${section.id}`)}` }));
  return made;
}

function whole(ctx, section, head) {
  const failure = refusal(ctx, section);
  const controls = el("fieldset", { class: `controls${section.whole ? " whole" : ""}`, disabled: !ctx.may || Boolean(ctx.state.busy?.startsWith("save")) }, el("legend", { class: "unseen", text: say(`heading.${section.id}`) }), section.body(ctx));
  const free = ["connections", "preview", "live", "linked", "data"].includes(section.id); // their buttons stand in them
  return [
    el("div", { class: "card-head" }, el("div", {}, head, el("p", { class: "grey", text: say(`under.${section.id}`) })), suggesting(ctx, section)),
    conflict(ctx, section),
    failure ? el("div", { class: "banner tone-a", role: "alert" }, icon("warning"), el("p", { dir: "auto", text: failure })) : null,
    free ? el("div", { class: "controls" }, section.body(ctx)) : controls,
  ];
}

/** Why the save did not go, where no field of this section says it. */
function refusal({ state }, section) {
  const { failed } = state;
  if (!failed || failed.section === "live") {
    return null;
  }
  const own = Object.keys(failed.fields).filter((name) => sectionOfField(name) === section.id);
  const unplaced = Object.entries(failed.fields).filter(([name]) => !sectionOfField(name)).map(([, text]) => text);
  if (failed.section === section.id) {
    return [failed.message, ...unplaced].join(" ");
  }
  return own.length ? failed.message : null;
}

function suggesting(ctx, section) {
  const count = ctx.parts.countSuggestions(section.parts);
  const can = ctx.may && ["start", "accounts", "taxes", "statuses"].includes(section.id);
  if (!can) {
    return null;
  }
  const suggest = starred(button({ name: `suggest ${section.id}`, label: say("button.suggest"), kind: "plain", act: `suggest ${section.id}`, busy: ctx.state.busy === `suggest ${section.id}` }, ctx.press));
  const accept = count ? button({ name: `accept ${section.id}`, label: say("button.accept", { count }), icon: "tick", kind: "plain", act: `accept ${section.id}` }, ctx.press) : null;
  return el("div", { class: "card-buttons" }, suggest, accept);
}

function starred(made) {
  made.prepend(sign("star"));
  return made;
}

function conflict(ctx, section) {
  const [part] = ctx.parts.clashing(section.parts);
  if (!part) {
    return null;
  }
  const { name, at } = ctx.parts.other(part) ?? {};
  const shown = ctx.state.compared === section.id;
  const who = { name: name ?? say("told.somebody_capital"), ago: ago(at ?? new Date().toISOString(), Date.now()) };
  const press = { on: { click: () => ctx.press(`compare ${section.id}`) }, "aria-expanded": String(shown), type: "button", class: "link-button", data: { key: `compare ${section.id}` } };
  return [
    el("div", { class: "banner tone-b", role: "alert" }, icon("info"), el("p", {}, el("span", { dir: "auto", text: say("conflict.told", who) }), " ", el("button", { ...press, text: say("conflict.compare") }))),
    shown ? comparison(ctx, section) : null,
  ];
}

/** Apart from the rest, because it changes while somebody types. */
export function cardFoot(ctx, section) {
  if (!section.parts.length && section.group !== "running") {
    return null;
  }
  return ctx.may && section.parts.length ? foot(ctx, section) : readerFoot(ctx, section);
}

function foot(ctx, section) {
  const changes = ctx.parts.countChanges(section.parts);
  const at = standing(ctx.page, ctx.parts, section);
  const isNow = ctx.now === section.id;
  const busy = ctx.state.busy === `save ${section.id}`;
  const label = isNow ? say("button.save_on") : say("button.save", { what: say(`what.${section.id}`) });
  const due = changes > 0 || isNow || ["suggested", "open"].includes(at.state) || ctx.parts.countSuggestions(section.parts) > 0;
  const save = due ? button({ name: `save ${section.id}`, label, kind: ctx.filled(section.id) ? "filled" : "plain", act: `save ${section.id}`, busy, icon: isNow ? "arrow" : undefined, last: isNow }, ctx.press) : null;
  const discard = changes ? button({ name: `discard ${section.id}`, label: say("button.discard"), kind: "plain", act: `discard ${section.id}` }, ctx.press) : null;
  const fold = !due && !discard && ctx.state.opened[section.id] ? button({ name: `fold ${section.id}`, label: say("button.fold"), kind: "plain", act: `fold ${section.id}` }, ctx.press) : null;
  return el("div", { class: "card-foot" }, changes ? tag("news", say("set.changes", { count: changes })) : savedBy(ctx), el("div", { class: "card-buttons" }, fold, discard, save));
}

function readerFoot(ctx, section) {
  return ctx.state.opened[section.id] ? el("div", { class: "card-foot" }, section.parts.length ? savedBy(ctx) : el("span"), button({ name: `fold ${section.id}`, label: say("button.fold"), kind: "plain", act: `fold ${section.id}` }, ctx.press)) : null;
}

function savedBy({ page }) {
  const { version, changed_at: at, changed_by_name: name } = page;
  return el("span", { class: "grey", text: at ? say("set.version", { version, name: name ?? say("told.somebody"), day: day(at) }) : "" });
}
