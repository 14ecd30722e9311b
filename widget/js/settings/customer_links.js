// Which customers of CRM are which contacts in Xero? A list to look through, and per customer: its history, another contact, none.

import { candidateRow, contactSearch } from "../customer_choice.js";
import { el } from "../el.js";
import { moment } from "../format.js";
import { icon } from "../icons.js";
import { button } from "../pieces.js";
import { say } from "../words.js";
import { wrongLine } from "./fields.js";

const HOWS = ["number", "account_number", "name", "email", "created", "chosen", "linked"];

export function customerLinks(ctx) {
  const { linked } = ctx.state;
  if (!linked || linked.busy === "reading") {
    return el("p", { class: "grey", role: "status" }, icon("working"), ` ${say("loading.headline")}`);
  }
  const rows = linked.rows.length ? el("ul", { class: "linked", "aria-label": say("linked_list.name") }, linked.rows.map((each) => one(ctx, each))) : el("p", { class: "grey", text: say(linked.search ? "linked_list.none_found" : "linked_list.none") });
  const more = linked.next ? el("p", {}, button({ name: "linked_more", label: say("linked_list.more"), kind: "plain", act: "linked_more", busy: linked.busy === "more" }, ctx.press)) : null;
  return [searchField(ctx), linked.told ? wrongLine(linked.told) : null, rows, more];
}

function searchField(ctx) {
  const { linked } = ctx.state;
  const on = { change: ({ target }) => ctx.press(`linked_search ${target.value}`) };
  const input = el("input", { id: "linked-search", type: "search", class: "typed", autocomplete: "off", maxlength: "100", value: linked.search, data: { key: "linked search" }, on });
  const label = el("p", { class: "field-head" }, el("label", { for: "linked-search", class: "field-label", text: say("linked_list.search") }));
  return el("div", { class: "field linked-search" }, label, input, el("p", { class: "grey", role: "status", text: say("linked_list.count", { count: linked.total }) }));
}

function one(ctx, customer) {
  const { linked } = ctx.state;
  const open = linked.open?.id === customer.id ? linked.open : null;
  return el(
    "li",
    { class: "linked-one", data: { customer: customer.id } },
    el("div", { class: "said" }, el("strong", { dir: "auto", text: customer.name ?? say("linked_list.gone", { id: customer.id }) }), el("p", { class: "grey", dir: "auto", text: tied(customer) }), how(ctx, customer)),
    el("div", { class: "to-do" }, ctx.may ? buttons(ctx, customer, open) : historyButton(ctx, customer, open)),
    open ? el("div", { class: "linked-open" }, PARTS[open.kind](ctx, customer, open)) : null,
  );
}

function tied({ contact_id: id, contact_name: name, contact_status: status, matched_by: by }) {
  if (!id) {
    return say(by === "create" ? "linked_list.new" : "linked_list.no_contact");
  }
  return [say("linked_list.is", { name: name ?? id }), status === "ARCHIVED" ? say("choice.archived") : null].filter(Boolean).join(" · ");
}

function how(ctx, { matched_by: by, chosen_by: person, chosen_at: at }) {
  const said = [
    HOWS.includes(by) ? say(`linked_how.${by}`) : null,
    person && at ? say("linked_list.by", { name: ctx.state.people?.[person] ?? say("told.somebody"), moment: moment(at, Date.now()) }) : null,
  ];
  return el("p", { class: "grey small", dir: "auto", text: said.filter(Boolean).join(" · ") });
}

function buttons(ctx, customer, open) {
  const press = (name, more = {}) => labelled(button({ name: `linked ${name} ${customer.id}`, label: say(`linked_list.${name}`), kind: "plain", act: `linked_${name} ${customer.id}`, expanded: String(open?.kind === name), ...more }, ctx.press), customer);
  return [press("choose"), customer.contact_id ? press("untie") : null, historyButton(ctx, customer, open)];
}

function historyButton(ctx, customer, open) {
  return customer.history.length ? labelled(button({ name: `linked history ${customer.id}`, label: say("linked_list.history"), kind: "text", act: `linked_history ${customer.id}`, expanded: String(open?.kind === "history") }, ctx.press), customer) : null;
}

/** One "Unlink" after the other says too little to whoever hears them. */
function labelled(made, { name }) {
  made.append(el("span", { class: "unseen", text: ` ${name ?? ""}` }));
  return made;
}

const PARTS = { history, choose, untie };

function history(ctx, customer) {
  const line = ({ at, by, from, from_name: was, to, to_name: is, matched_by: how }) => {
    const values = { from: was ?? from ?? say("linked_list.nobody"), to: is ?? to ?? (how === "create" ? say("linked_list.a_new") : say("linked_list.nobody")) };
    const who = say("linked_list.by", { name: ctx.state.people?.[by] ?? say("told.somebody"), moment: moment(at, Date.now()) });
    return el("li", {}, el("span", { dir: "auto", text: say("linked_list.change", values) }), el("span", { class: "grey", text: ` ${who}` }));
  };
  return el("ol", { class: "linked-history", reversed: true }, [...customer.history].reverse().map(line));
}

/** Candidates with what speaks for and against them; a contact of another customer's takes a second press. */
function choose(ctx, customer, open) {
  const search = contactSearch(customer.id, open.search, (words) => ctx.press(`linked_seek ${customer.id} ${words}`));
  if (open.stage === "reading") {
    return [el("p", { class: "grey", role: "status", text: say("choice.reading") }), search];
  }
  const others = open.candidates.filter(({ contact_id: id }) => id !== customer.contact_id);
  const rows = others.map((each) => candidateRow(each, open, () => ctx.press(`linked_use ${customer.id} ${each.contact_id}`)));
  return [
    el("p", { class: "grey", text: say("linked_list.from_now_on") }),
    open.told ? el("p", { role: "alert", text: open.told }) : null,
    rows.length ? el("ul", { class: "problems", "aria-label": say("choice.list") }, rows) : el("p", { class: "grey", text: say(open.search ? "choice.none_found" : "linked_list.no_other") }),
    search,
    el("p", {}, button({ name: `linked new ${customer.id}`, label: say("choice.create"), kind: "plain", act: `linked_use ${customer.id} new`, busy: open.stage === "sending" }, ctx.press)),
  ];
}

function untie(ctx, customer, open) {
  return [
    el("h3", { tabindex: "-1", data: { key: "linked-ask" }, text: say("linked_list.ask", { contact: customer.contact_name ?? "", name: customer.name ?? "" }) }),
    el("p", { text: say("linked_list.ask_does") }),
    el(
      "div",
      { class: "card-buttons" },
      button({ name: "linked keep", label: say("linked_list.keep"), kind: "plain", act: `linked_untie ${customer.id}` }, ctx.press),
      button({ name: "linked yes", label: say("linked_list.untie"), kind: "filled", act: `linked_untied ${customer.id}`, busy: open.stage === "sending" }, ctx.press),
    ),
  ];
}
