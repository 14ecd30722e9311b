// What holds up many invoices at once? One line for each cause, with how many wait and the way to what mends it.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { button } from "../pieces.js";
import { say } from "../words.js";
import { sectionOfSetting } from "./sections.js";

export function notices(several, press) {
  return el("ul", { class: "notices", "aria-label": say("notices.name") }, several.map((each) => one(each, press)));
}

const ended = (sentence) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

function one({ code, subject, sentence, next_step: next, setting, count }, press) {
  const section = sectionOfSetting(setting);
  const waits = count ? say("notices.count", { count }) : null;
  return el(
    "li",
    { class: "banner tone-a" },
    icon("warning"),
    el("p", { dir: "auto" }, el("strong", { text: ended(sentence) }), " ", [waits, next].filter(Boolean).join(" ")),
    section ? button({ name: `notice ${code} ${subject}`, label: say("button.open_section", { section: say(`heading.${section}`) }), kind: "plain", act: `open ${section}` }, press) : null,
  );
}
