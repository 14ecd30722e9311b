// What stands around the sections: the head of the page, who may change it, and what is shown before it can be.

import { el } from "../el.js";
import { glyph, icon } from "../icons.js";
import { button } from "../pieces.js";
import { signInView } from "../signing_in.js";
import { language, say } from "../words.js";
import { sign } from "./signs.js";

const list = new Intl.ListFormat(language, { type: "disjunction" });

export function header({ known, state, press }) {
  const may = state.page?.may_change;
  const refresh = button({ name: "refresh_lists", label: say("button.refresh_lists"), icon: "refresh", kind: "plain", act: "refresh", busy: state.busy === "refresh" }, press);
  return [
    el("span", { class: "logo" }, sign("mark")),
    el("h1", { tabindex: "-1", data: { key: "title" }, text: say("set.title") }),
    known ? el("div", { class: "header-right" }, state.page.live?.since ? manyLink() : null, may ? el("span", { class: "grey", text: say("set.may_change") }) : null, may ? refresh : null) : null,
  ];
}

/** In this frame, with what CRM told this page about itself; there a person finds back. */
function manyLink() {
  const query = new URLSearchParams(window.location.search);
  query.set("from", "settings");
  return el("a", { class: "link-button", href: `many.html?${query}`, data: { key: "many" }, text: say("set.many") });
}

/** Who only looks is told who does more. */
export function reading({ administrators }) {
  const ask = administrators?.length ? say("set.ask", { names: list.format(administrators) }) : null;
  return el("div", { class: "banner tone-n reader" }, icon("lock"), el("p", { dir: "auto" }, el("strong", { text: say("set.read_only") }), " ", ask));
}

/** Services that are connected and don't answer now: what they offer is missing on the page. */
export function silentSides({ page, ties }) {
  const works = (service) => ties?.[service]?.state === "ok";
  return [
    works("zoho") && page.crm === null ? "crm" : null,
    works("xero") && page.organisation && page.may_change && !page.choices?.accounts?.length ? "xero" : null,
  ].filter(Boolean);
}

export function alarm({ away, trouble }, silent) {
  if (!away && !trouble) {
    return silent.map((side) => el("p", { class: "banner tone-a" }, icon("warning"), el("span", { text: say(`silent_side.${side}`) })));
  }
  return el("p", { class: "banner tone-r" }, icon("warning"), el("span", { text: away ? say("foot.away_now") : trouble.message }));
}

export function doneWords(done) {
  return el("p", { text: say(DONE.includes(done) ? `done.${done}` : "done.saved") });
}

const DONE = ["suggested", "nothing_to_suggest", "refreshed", "live", "stopped", "linked"];

/** Before there is a page: loading, outside of CRM, signed out, or refused. */
export function welcome(state, press) {
  const view = viewOf(state);
  return el(
    "div",
    { class: "sheet welcome" },
    el(
      "section",
      { class: `band tone-${view.tone}` },
      glyph(view.glyph),
      el("div", { class: "words" }, el("h2", { class: "headline", tabindex: "-1", data: { key: "welcome" }, text: view.headline }), el("p", { class: "under", text: view.under })),
      view.buttons.length ? el("div", { class: "slot-buttons" }, view.buttons.map((each) => button(each, press))) : null,
    ),
  );
}

const plain = (tone, shape, headline, under, buttons = []) => ({ tone, glyph: shape, headline, under, buttons });

function viewOf(state) {
  if (state.phase === "outside") {
    return plain("n", "info", say("outside.headline"), say("set.outside"));
  }
  if (state.phase === "no_sdk" || state.phase === "silent") {
    const again = { name: "try_again", icon: "refresh", kind: "filled", act: "reload" };
    return plain("a", "window", say(state.phase === "no_sdk" ? "no_sdk.headline" : "set.silent"), say(state.phase === "no_sdk" ? "no_sdk.under" : "set.silent_under"), [again]);
  }
  if (state.phase === "loading" || !state.restored || (state.user && !state.trouble)) {
    return plain("n", "working", say("loading.headline"), state.away ? say("foot.away_now") : say("set.loading"));
  }
  if (state.user) {
    return plain("a", "blocked", say("set.refused"), state.trouble.message, [{ name: "try_again", icon: "refresh", kind: "filled", act: "reload" }]);
  }
  const view = signInView({ ...state, figures: false });
  return state.window.stage === "idle" && !state.again ? { ...view, headline: say("set.signed_out"), under: say("set.signed_out_under") } : view;
}
