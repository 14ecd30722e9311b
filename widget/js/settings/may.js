// Who may what? CRM's profiles beside the rights; administrators may all of it, whatever stands here.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { suggestedTag, wrongLine } from "./fields.js";

export const RIGHTS = ["preview", "push", "approve", "overwrite", "choose", "remove"];
const EVERYBODYS = ["preview", "push"];
const ADMINISTRATOR = /^administrator$/i; // CRM's own profile of that name: its people may always

export const profilesOf = (page) => (page.crm?.profiles ?? []).filter(({ name }) => !ADMINISTRATOR.test(name));

/** Whether a profile has a right by what stands on the page; what was never said is as usual. */
export function has(rights, right, profile) {
  const named = rights?.[right];
  return named ? named.includes(profile) : EVERYBODYS.includes(right);
}

export function mayTable(ctx) {
  const rights = ctx.value("rights");
  const profiles = profilesOf(ctx.page);
  const put = (right, profile, on) => {
    const shown = profiles.map(({ id }) => id);
    const unseen = (rights?.[right] ?? []).filter((id) => !shown.includes(id)); // profiles that nobody has at present
    const now = shown.filter((id) => (id === profile ? on : has(rights, right, id)));
    ctx.set("rights", { ...rights, [right]: [...unseen, ...now] });
  };
  const head = [say("may.right"), say("may.administrators"), ...profiles.map(({ name }) => name)];
  const box = (right, { id, name }) =>
    el("input", {
      type: "checkbox",
      checked: has(rights, right, id),
      "aria-label": `${say(`right.${right}`)}: ${name}`,
      data: { key: `may ${right} ${id}` },
      on: { change: (event) => put(right, id, event.target.checked) },
    });
  const cell = (profile, inner) => el("td", { role: "cell" }, el("span", { class: "in-card", dir: "auto", text: profile }), inner);
  const one = (right) =>
    el(
      "tr",
      { role: "row" },
      el("th", { scope: "row", role: "rowheader" }, el("strong", { text: say(`right.${right}`) }), el("span", { class: "grey", text: say(`right_note.${right}`) })),
      cell(say("may.administrators"), el("span", { class: "always" }, icon("tick"), el("span", { class: "unseen", text: say("may.always") }))),
      profiles.map((profile) => cell(profile.name, box(right, profile))),
    );
  const wrong = ctx.wrong("rights");
  return [
    ctx.isNow && !ctx.page.rights ? el("p", { class: "usual" }, suggestedTag(), el("span", { class: "grey", text: say("may.usual") })) : null,
    el(
      "table",
      { class: "mapping may", role: "table" },
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head.map((text) => el("th", { scope: "col", role: "columnheader", dir: "auto", text })))),
      el("tbody", { role: "rowgroup" }, RIGHTS.map(one)),
    ),
    wrong ? wrongLine(wrong) : null,
  ];
}
