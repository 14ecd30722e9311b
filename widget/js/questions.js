// What is asked before something that can't be taken back? Heading, what will happen, and the button that does it.

import { partOf, replacedIn, valueOf } from "./differences.js";
import { el } from "./el.js";
import { money } from "./format.js";
import { icon } from "./icons.js";
import { namesOf } from "./notices.js";
import { arrivesApproved } from "./record.js";
import { fill, say } from "./words.js";

/** {heading, points, confirm, choice}: `points` are [icon, parts]; `choice` goes with the push. By the kind of question. */
export function questionOf(kind, preview, link) {
  return QUESTIONS[kind](preview, link);
}

const QUESTIONS = { approve, replace, remove, unlink };

function question(heading, points, confirm, sign, choice) {
  return { heading, points: points.filter(Boolean), confirm: { name: confirm, icon: sign }, choice };
}

function approve(preview) {
  const update = preview.decision === "update";
  const heading = say("confirm.heading", { total: totalOf(preview) });
  return question(heading, [update ? updates(preview) : creates(preview), ...alongWith(preview), locks(), mails()], "push", "send", null);
}

function replace(preview, link) {
  const number = numberOf(preview, link);
  const one = (each) => {
    const values = { part: strong(partOf(each, preview.currency)), xero: valueOf(each, "xero", preview.currency), crm: valueOf(each, "crm", preview.currency) };
    return ["pencil", fill(say(`replace.${{ removed: "out", added: "in" }[each.what] ?? "line"}`), values)];
  };
  const totals = { xero: money(preview.held?.total, preview.held?.currency), crm: totalOf(preview) };
  const points = [
    ...replacedIn(preview).map(one),
    totals.xero === totals.crm ? null : ["send", fill(say("replace.total"), totals)],
    ...alongWith(preview),
    arrivesApproved(preview) ? locks() : null,
  ];
  return question(say("replace.heading", { number }), points, "send_crm", "send", "send_crm");
}

function remove(preview, link) {
  const voids = preview.removal === "VOIDED";
  const values = { number: numberOf(preview, link), total: money(preview.held?.total, preview.held?.currency) };
  const key = voids ? "void" : preview.held?.status === "SUBMITTED" ? "delete_submitted" : "delete";
  const parts = { number: strong(values.number), total: strong(values.total) };
  const points = [
    ["struck", fill(say(voids ? "remove.void_does" : "remove.delete_does"), parts)],
    ["lock", [say("remove.final")]],
    ["mail", mails()[1]],
  ];
  return question(say(`remove.${key}`, values), points, voids ? "void" : "delete", "struck", "remove");
}

function unlink(preview, link) {
  const old = link?.number ?? preview.held?.number ?? say("question.unnumbered");
  const gone = say(link?.status === "DELETED" ? "unlink.stays_deleted" : "unlink.stays_voided");
  const stays = ["struck", fill(gone, { old: strong(old) })];
  const points = [creates(preview), ...alongWith(preview), stays, arrivesApproved(preview) ? locks() : null, mails()];
  return question(say("unlink.heading", { old, total: totalOf(preview) }), points, "send_new", "send", "send_as_new");
}

// --- the points ------------------------------------------------------------------------------------

const strong = (text) => el("strong", { dir: "auto", text });
const totalOf = (preview) => money(preview.totals?.crm?.total, preview.currency);
const numberOf = (preview, link) => link?.number ?? preview.held?.number ?? say("question.unnumbered");

function creates(preview) {
  const customer = strong(preview.customer?.name ?? "");
  const parts = preview.number
    ? fill(say("confirm.creates"), { number: strong(preview.number), customer })
    : fill(say("confirm.creates_unnumbered"), { customer });
  return ["plus", parts];
}

function updates(preview) {
  const number = strong(preview.held?.number ?? preview.number ?? say("question.unnumbered"));
  return ["pencil", fill(say("confirm.updates"), { number, customer: strong(preview.customer?.name ?? "") })];
}

/** A rounding line that stands in Xero already is not added again. */
function addsRounding({ decision, rounding, differences }) {
  const moved = (differences ?? []).some(({ part, name }) => part === "line" && name === "Rounding");
  return rounding && (decision === "create" || moved);
}

/** What comes into Xero besides the invoice, and the line that no one wrote. */
function alongWith(preview) {
  const products = preview.new_products ?? [];
  return [
    newCustomer(preview),
    products.length ? ["plus", [say("confirm.new_products", { count: products.length, products: namesOf(products) })]] : null,
    addsRounding(preview) ? ["info", [say("confirm.rounding", { amount: money(preview.rounding, preview.currency) })]] : null,
  ];
}

function newCustomer(preview) {
  const isNew = preview.customer?.action === "create";
  return isNew ? ["person", fill(say("confirm.new_customer"), { customer: strong(preview.customer.name) })] : null;
}

function locks() {
  return ["lock", fill(say("confirm.locks"), { cannot: strong(say("confirm.cannot")) })];
}

function mails() {
  return ["mail", fill(say("confirm.mail"), { not: strong(say("confirm.not")) })];
}

export function pointsList(points) {
  return el("ul", { class: "consequences" }, points.map(([sign, parts]) => el("li", {}, icon(sign), el("span", {}, parts))));
}
