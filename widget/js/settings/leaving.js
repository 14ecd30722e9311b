// Which fields leave CRM, where do they go, and how long are they kept? As the server lists them for these settings.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { wrongLine } from "./fields.js";
import { fieldName } from "./told.js";

export function leavingTable(ctx) {
  const { leaving } = ctx.state;
  if (leaving?.told) {
    return wrongLine(leaving.told);
  }
  if (!leaving?.fields) {
    return el("p", { class: "grey", role: "status" }, icon("working"), ` ${say("loading.headline")}`);
  }
  const head = ["leaving.field", "leaving.xero", "leaving.kept"].map((key) => el("th", { scope: "col", role: "columnheader", text: say(key) }));
  const one = ({ module, field, xero, kept }) =>
    el(
      "tr",
      { role: "row" },
      el("th", { scope: "row", role: "rowheader" }, el("strong", { dir: "auto", text: fieldName(ctx.page, field, module) }), el("span", { class: "grey", dir: "auto", text: module.replaceAll("_", " ") })),
      el("td", { role: "cell", dir: "auto", text: xero || say("leaving.not_sent") }),
      el("td", { role: "cell", class: "grey", dir: "auto", text: kept }),
    );
  return el(
    "table",
    { class: "mapping leaving", role: "table" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)),
    el("tbody", { role: "rowgroup" }, leaving.fields.map(one)),
  );
}
