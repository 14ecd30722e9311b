// What would be done with an invoice, in one line, and do both totals agree?

import { el } from "../el.js";
import { icon, glyph } from "../icons.js";
import { say } from "../words.js";

const WAYS = {
  create: { tone: "g", glyph: "done" },
  update: { tone: "g", glyph: "done" },
  remove: { tone: "n", glyph: "struck" },
  link: { tone: "b", glyph: "done" },
  unchanged: { tone: "n", glyph: "done" },
  locked: { tone: "n", glyph: "ring" },
  conflict: { tone: "a", glyph: "differs" },
  blocked: { tone: "a", glyph: "blocked" },
};

/** {tone, glyph, headline, under} of an answer of settings/try. */
export function outcomeOf({ outcome, saved_outcome: before, preview, problems = [] }) {
  const way = outcome ?? preview?.decision ?? "blocked";
  const { tone, glyph: shape } = WAYS[way] ?? WAYS.blocked;
  const values = { status: say(`status.${preview?.arrives_as ?? "DRAFT"}`), count: problems.length };
  const headline = say(way === "blocked" && !problems.length ? "would.not" : `would.${WAYS[way] ? way : "blocked"}`, values);
  return { way, tone, glyph: shape, headline, under: before && before !== way ? say(`was.${WAYS[before] ? before : "blocked"}`) : null };
}

export function outcomeBand(answer, level = "h3") {
  const { tone, glyph: shape, headline, under } = outcomeOf(answer);
  return el(
    "div",
    { class: `outcome tone-${tone}` },
    glyph(shape),
    el("div", {}, el(level, { class: "outcome-head", text: headline }), under ? el("p", { text: under }) : null),
  );
}

export function problemList(problems) {
  const one = (reason) =>
    el(
      "li",
      { class: "trouble" },
      icon("warning"),
      el("div", {}, el("strong", { dir: "auto", text: reason.sentence }), detailOf(reason) ? el("p", { class: "grey", dir: "auto", text: detailOf(reason) }) : null),
    );
  return problems.length ? el("ul", { class: "troubles" }, problems.map(one)) : null;
}

function detailOf({ detail, field_label: field, setting_label: setting, next_step: next }) {
  const text = (detail ?? "").replace("{field}", field ?? "").replace("{setting}", setting ?? "");
  return [text, setting && !text.includes(setting) ? setting : null, next].filter(Boolean).join(" ");
}
