// How does the company begin? A look at three real invoices, then Go live, which can be taken back.

import { el } from "../el.js";
import { day, money } from "../format.js";
import { icon } from "../icons.js";
import { button } from "../pieces.js";
import { say } from "../words.js";
import { wrongLine } from "./fields.js";
import { outcomeBand, problemList } from "./outcome.js";
import { nameOf } from "./try_it.js";
import { verdict } from "../totals.js";

export function previews(ctx) {
  const { three } = ctx.trying.state;
  const label = say(three?.rows.length ? "button.look_again" : "button.look");
  return [
    three?.told ? wrongLine(three.told) : null,
    three?.busy && !three.rows.length ? el("p", { class: "grey", role: "status" }, icon("working"), ` ${say("previews.looking")}`) : null,
    three?.rows.length ? el("ul", { class: "three" }, three.rows.map(one)) : null,
    ctx.trying.areOld() ? el("p", { class: "old" }, icon("info"), el("span", { text: say("previews.old") })) : null,
    ctx.may ? el("div", { class: "tie-actions" }, button({ name: "look", label, icon: "eye", kind: ctx.filled("preview") ? "filled" : "plain", act: "three", busy: three?.busy }, ctx.press)) : null,
  ];
}

function one(answer) {
  const { invoice, preview, problems = [] } = answer;
  const sums = preview?.totals;
  return el(
    "li",
    { class: "one" },
    el("p", { class: "one-head" }, el("strong", { dir: "auto", text: nameOf(invoice) }), invoice.date ? el("span", { class: "grey", text: day(invoice.date) }) : null),
    outcomeBand(answer, "h3"),
    sums ? el("dl", { class: "tie-facts" }, total("totals.crm", sums.crm?.total, preview.currency), total("totals.xero", sums.xero?.total, preview.currency)) : null,
    sums?.xero?.total ? verdict(preview) : null,
    problemList(problems),
  );
}

function total(label, amount, currency) {
  return el("div", {}, el("dt", { text: say(label) }), el("dd", { class: "figure", text: money(amount ?? null, currency) }));
}

export function goLive(ctx) {
  const { live, missing = [] } = ctx.page;
  const open = ctx.page.checklist.filter(({ gate, state }) => !["preview", "live"].includes(gate) && state !== "done" && state !== "attention");
  const failed = ctx.state.failed?.section === "live" ? wrongLine(ctx.state.failed.message) : null;
  if (live?.since) {
    return [el("p", { class: "live" }, icon("check"), el("span", { text: say("live.on", { day: day(live.since), name: live.by ?? say("told.somebody") }) })), failed, ctx.may ? stopping(ctx) : null];
  }
  const ready = open.length === 0 && missing.length === 0;
  return [
    el("ul", { class: "consequences" }, ["everybody", "before", "back"].map((key) => el("li", {}, icon("info"), el("span", { text: say(`live.${key}`) })))),
    ready ? null : el("p", { class: "grey", text: say("live.waits", { gates: open.map(({ gate }) => say(`gate.${gate}`)).join(", ") }) }),
    failed,
    ctx.may && ready ? el("div", { class: "tie-actions" }, button({ name: "go_live", icon: "send", kind: ctx.filled("live") ? "filled" : "plain", act: "live", busy: ctx.state.busy === "live" }, ctx.press)) : null,
  ];
}

function stopping(ctx) {
  if (ctx.state.asking?.kind !== "stop") {
    return el("div", { class: "tie-actions" }, button({ name: "stop", label: say("button.stop"), kind: "plain", act: "ask_stop" }, ctx.press));
  }
  return el(
    "div",
    { class: "ask-first", role: "group", "aria-labelledby": "ask-head" },
    el("h4", { id: "ask-head", tabindex: "-1", data: { key: "ask-head" }, text: say("stop.heading") }),
    el("p", { text: say("stop.does") }),
    el(
      "div",
      { class: "tie-actions" },
      button({ name: "stay_live", label: say("button.stay_live"), kind: "plain", act: "unask" }, ctx.press),
      button({ name: "stop_now", label: say("button.stop_now"), kind: "plain danger", act: "stop", busy: ctx.state.busy === "live" }, ctx.press),
    ),
  );
}
