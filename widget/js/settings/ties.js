// How are CRM and Xero connected, who stands behind it, and which organisation is it?

import { el } from "../el.js";
import { ago, day, exact } from "../format.js";
import { say } from "../words.js";
import { button } from "../pieces.js";
import { organisations } from "./choices.js";
import { chooser, tag, wrongLine } from "./fields.js";

export function connections(ctx) {
  return el("div", { class: "ties" }, ["zoho", "xero"].map((service) => tie(ctx, service)));
}

function tie(ctx, service) {
  const own = ctx.state.ties?.[service] ?? { state: "none" };
  const test = ctx.state.tests[service];
  const asked = ctx.state.asking?.kind === "disconnect" && ctx.state.asking.service === service;
  return el(
    "section",
    { class: "tie", "aria-labelledby": `tie-${service}` },
    el("div", { class: "tie-head" }, el("h3", { id: `tie-${service}`, text: say(`tie.${service}`) }), stateTag(own)),
    own.state === "none" ? purposes(service, own) : tieFacts(ctx, service, own),
    own.told ? wrongLine(own.told) : own.trouble ? wrongLine(say("tie.trouble")) : null,
    own.clearing ? el("p", { class: "hint grey", text: say("tie.clearing", { count: own.clearing }) }) : null,
    test ? el("p", { class: `hint${test.ok ? "" : " wrong-line"}`, role: "status", text: test.told }) : null,
    windowNote(ctx, service),
    asked ? question(ctx, service) : ctx.may ? actions(ctx, service, own) : null,
  );
}

/** What it will be allowed to do, said before anybody is asked to allow it. */
function purposes(service, { purposes: several }) {
  if (!several?.length) {
    return el("p", { class: "grey", text: say(`tie_needs.${service}`) });
  }
  return [el("p", { class: "grey", text: say("tie.will") }), el("ul", { class: "purposes grey" }, several.map((text) => el("li", { text })))];
}

function stateTag(own) {
  if (own.state === "none") {
    return tag("none", say("tie.none"));
  }
  const kind = own.state === "ok" ? (own.trouble ? "lacks" : "fine") : "lacks";
  return tag(kind, say(own.state === "ok" ? (own.trouble ? "tie.partly" : "tie.healthy") : "tie.disconnected"));
}

function tieFacts(ctx, service, own) {
  const { person, needed = [], granted = [], lacking = [] } = own;
  const gone = person?.active === false;
  const since = own.since && own.state === "ok" ? day(own.since) : null;
  const rows = [
    [service === "zoho" ? "tie.crm_org" : "tie.organisation", own.name ?? say("tie.not_chosen")],
    person?.name ? ["tie.by", [person.name, since].filter(Boolean).join(", ")] : since ? ["tie.since", since] : null,
    gone ? ["tie.person", say("tie.person_gone")] : null,
    ["tie.last_good", own.last_good_at ? ago(own.last_good_at, Date.now()) : say("tie.never"), exact(own.last_good_at)],
    service === "zoho" && ctx.page.crm?.edition ? ["tie.edition", ctx.page.crm.edition] : null,
    needed.length ? ["tie.rights", lacking.length ? say("tie.lacks", { count: lacking.length }) : say("tie.all_granted", { count: granted.length || needed.length })] : null,
  ];
  return [
    el("dl", { class: "tie-facts" }, rows.filter(Boolean).map(([label, value, title]) => el("div", {}, el("dt", { text: say(label) }), el("dd", { dir: "auto", title: title ?? null, text: value })))),
    layoutsNote(ctx, service),
    lacking.length ? el("p", { class: "hint grey", dir: "auto", text: say("tie.lacking", { scopes: lacking.join(", ") }) }) : null,
  ];
}

/** A layout without our fields shows nothing of Xero to whoever uses it. */
function layoutsNote(ctx, service) {
  const bare = service === "zoho" ? (ctx.page.crm?.layouts ?? []).filter((layout) => layout.has_our_fields === false) : [];
  return bare.length ? el("p", { class: "hint grey", dir: "auto", text: say("tie.layouts", { count: bare.length, names: bare.map(({ name }) => name).join(", ") }) }) : null;
}

function actions(ctx, service, own) {
  const busy = ctx.state.busy === `test ${service}`;
  if (own.state === "none") {
    const kind = ctx.filled(service) ? "filled" : "plain";
    const blocked = service === "xero" && ctx.state.ties?.zoho?.state === "none";
    return blocked ? null : el("div", { class: "tie-actions" }, button({ name: `connect_${service}`, icon: "plug", kind, act: `connect ${service}` }, ctx.press));
  }
  const broken = own.state !== "ok";
  const again = { name: `reconnect ${service}`, label: say("button.reconnect"), kind: broken && ctx.filled(service) ? "filled" : "plain", act: `connect ${service}` };
  return el(
    "div",
    { class: "tie-actions" },
    button({ name: `test ${service}`, label: say("button.test"), kind: "plain", act: `test ${service}`, busy }, ctx.press),
    button(again, ctx.press),
    button({ name: `disconnect ${service}`, label: say("button.disconnect"), kind: "plain danger", act: `ask_disconnect ${service}` }, ctx.press),
  );
}

function question(ctx, service) {
  const busy = ctx.state.busy === `disconnect ${service}`;
  return el(
    "div",
    { class: "ask-first", role: "group", "aria-labelledby": "ask-head" },
    el("h4", { id: "ask-head", tabindex: "-1", data: { key: "ask-head" }, text: say(`disconnect.${service}`) }),
    el("p", { text: say(`disconnect_does.${service}`) }),
    el(
      "div",
      { class: "tie-actions" },
      button({ name: "keep_connected", label: say("button.keep_connected"), kind: "plain", act: "unask" }, ctx.press),
      button({ name: `sure ${service}`, label: say("button.disconnect_now"), kind: "plain danger", act: `disconnect ${service}`, busy }, ctx.press),
    ),
  );
}

/** The browser stopped the consent window, or what it ended with. */
function windowNote(ctx, service) {
  const { window: own, connecting } = ctx.state;
  if (own.kind !== "connect" || connecting !== service) {
    return null;
  }
  if (own.stage === "blocked") {
    const link = own.url ? button({ name: "connect_page", icon: "external", kind: "plain", href: own.url, act: "follow" }, ctx.press) : null;
    return [wrongLine(say("popup_blocked.connect")), link];
  }
  if (own.stage === "over") {
    return wrongLine(own.message ?? say("over.away"));
  }
  return ["open", "opening"].includes(own.stage) ? el("p", { class: "hint grey", role: "status", text: say("tie.in_window") }) : null;
}

export function organisation(ctx) {
  const all = organisations(ctx.page);
  const now = ctx.value("organisation");
  const changes = Boolean(ctx.page.organisation) && ctx.changed("organisation", "");
  return [
    el(
      "div",
      { class: "grid" },
      chooser({
        key: "organisation",
        label: say("organisation.label"),
        options: all,
        value: now,
        shown: all.find(({ value }) => value === now)?.name ?? ctx.page.organisation_name ?? "",
        hint: all.length ? say("organisation.hint") : say("organisation.none"),
        foot: ctx.source(),
        suggested: ctx.suggested("organisation"),
        wrong: ctx.wrong("organisation"),
        onTake: (id) => ctx.set("organisation", id),
      }),
    ),
    ctx.state.asking?.kind === "organisation" ? meant(ctx) : changes ? el("div", { class: "banner tone-a" }, el("p", { text: say("organisation.changes") })) : null,
    ctx.page.organisation && ctx.may ? another(ctx) : null,
  ];
}

/** The demo company first, the real one later: Xero is asked for a further one, then it is chosen here. */
function another(ctx) {
  return el("div", { class: "tie-actions" }, button({ name: "another", label: say("button.another"), icon: "plug", kind: "plain", act: "connect another" }, ctx.press), windowNote(ctx, "another"));
}

/** What a change does, in the server's words and counts; nothing has happened yet. */
function meant(ctx) {
  const busy = ctx.state.busy === "save organisation";
  return el(
    "div",
    { class: "ask-first", role: "group", "aria-labelledby": "ask-head" },
    el("h4", { id: "ask-head", tabindex: "-1", data: { key: "ask-head" }, text: say("organisation.sure") }),
    el("p", { dir: "auto", text: ctx.state.asking.told }),
    el(
      "div",
      { class: "tie-actions" },
      button({ name: "stay", label: say("button.stay"), kind: "plain", act: "unask" }, ctx.press),
      button({ name: "sure_organisation", label: say("button.sure"), kind: "plain danger", act: "sure", busy }, ctx.press),
    ),
  );
}
