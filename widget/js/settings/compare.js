// What did the other administrator save, and what stands here? Both sides of each place that differs.

import { el } from "../el.js";
import { button } from "../pieces.js";
import { say } from "../words.js";
import { apart } from "./parts.js";
import { placeName, placeTold } from "./told.js";

export function comparison(ctx, section) {
  const rows = section.parts.flatMap((part) =>
    apart(part, ctx.value(part), ctx.parts.saved(part)).map((place) => ({
      name: placeName(ctx.page, part, place),
      theirs: placeTold(ctx.page, part, place, ctx.parts.saved(part)),
      mine: placeTold(ctx.page, part, place, ctx.value(part)),
    })),
  );
  const head = ["conflict.what", "conflict.theirs", "conflict.mine"].map((key) => el("th", { scope: "col", text: say(key) }));
  const cell = (text) => el("td", { dir: "auto", text: text ?? say("told.nothing") });
  return el(
    "div",
    { class: "compare" },
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows.map(({ name, theirs, mine }) => el("tr", {}, el("th", { scope: "row", dir: "auto", text: name }), cell(theirs), cell(mine))))),
    el(
      "div",
      { class: "card-buttons" },
      button({ name: "take_theirs", label: say("button.take_theirs"), kind: "plain", act: `theirs ${section.id}` }, ctx.press),
      button({ name: "keep_mine", label: say("button.keep_mine"), kind: "plain", act: `mine ${section.id}` }, ctx.press),
    ),
  );
}
