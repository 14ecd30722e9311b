// What does the list's popup do? Shows what would become of many invoices, asks once, sends, and follows the work.

import { closePopup } from "../crm.js";
import { el } from "../el.js";
import { money, number } from "../format.js";
import { icon } from "../icons.js";
import { button } from "../pieces.js";
import { choosing } from "../settings/combobox.js";
import { createSheet } from "../sheet.js";
import { language, say } from "../words.js";
import { chooseForm, chosenLine } from "./choose.js";
import { progress, shares, tiles } from "./figures.js";
import { needsPerson } from "./rows.js";
import { createSelection, MOST } from "./selection.js";
import { createTable } from "./table.js";
import { manyView } from "./view.js";

const WIDE = 840;
const QUARTERS = 4;
const sums = new Intl.ListFormat(language, { type: "conjunction" });

const selection = createSelection({ onChange: show });
const { state } = selection;
const table = createTable({ openRecord: selection.openRecord });
const sheet = createSheet(document.querySelector("#many"), { level: 2, width: () => WIDE, now: selection.now });
let view = null;
let asked = null; // the question that stands: "send" or "stop"
let chosen = null; // the group that is listed alone, or "problems"
let page = "";

const ACTS = {
  close,
  choose: selection.choose,
  selected: selection.backToSelected,
  check: () => selection.check(view.retry ?? undefined),
  send: () => (view.asks ? ask("send") : send(view.subject)),
  send_all: () => send(view.subject),
  send_without: () => send(view.subject.filter(({ group }) => group !== "remove")),
  stop: () => ask("stop"),
  cancel_rest: () => {
    ask(null);
    selection.cancel();
  },
  back: () => ask(null),
  sign_in: selection.signIn,
  follow: selection.followed,
  connect_xero: () => selection.connect("xero"),
  connect_zoho: () => selection.connect("zoho"),
  reload: () => window.location.reload(),
};
const press = (act) => ACTS[act]?.();

/** Whoever came from the settings goes back there: no window closes around a page of a web tab. */
async function close() {
  await selection.leave();
  const query = new URLSearchParams(window.location.search);
  if (query.get("from") !== "settings") {
    closePopup({ reload: Boolean(state.push) });
    return;
  }
  query.delete("from");
  window.location.assign(`settings.html?${query}`);
}

function show() {
  if (sheet.pressing(show) || choosing(show)) {
    return;
  }
  view = manyView(state, asked, MOST);
  sheet.redraw(draw);
  followPage();
}

/** A new page is read from its headline on, with all rows listed, or at the end those that need somebody. */
function followPage() {
  const before = page;
  page = view.state ?? (view.loading ? "loading" : "");
  if (before === page) {
    return;
  }
  const same = [["checking", "preview"], ["preview", "question"]].some((pair) => pair.includes(before) && pair.includes(page));
  if (!same && chosen) {
    choose(null);
  }
  if (before && document.hasFocus() && !["loading", "checking"].includes(before)) {
    sheet.headline.focus({ preventScroll: true });
  }
}

function draw() {
  const { put } = sheet;
  put("top", [view.selected, view.canChoose], top);
  sheet.drawBand({ ...view, spoken: view.answer?.text ?? spokenOf(view) });
  sheet.drawSkeleton(Boolean(view.loading));
  const { by, view: cvid, views } = view.choosing ?? {};
  put("question", view.points ?? (by ? [by, cvid, views] : null), (key) => (by ? chooseForm(view.choosing, selection.setChoice) : points(key)));
  put("problems", view.answer, chosenLine);
  put("notes", view.tiles && [view.tiles, view.rows.length, chosen], ([list, all]) => el("section", { class: "row figures" }, shares(list, all), tiles(list, chosen, choose), el("p", { class: "grey sums-note", text: say("many.sums") })));
  put("sides", view.tally && [view.tally, view.done ?? null, view.count ?? view.rows.length], ([list, done, count]) => el("section", { class: "row figures" }, done === null ? ended(list, count) : progress(list, { done, count })));
  const problems = view.rows?.filter(needsPerson).length ?? 0;
  put("told", view.tally && problems ? [view.rows.length, problems, chosen] : null, filters);
  drawRows();
  put("foot", [view.buttons, Boolean(view.foot.text)], foot);
  sheet.running(sheet.root.querySelector(".foot-text"), view.foot.text ?? "", view.foot);
}

function ended(list, count) {
  const [, row] = progress(list, { done: count, count });
  row.lastElementChild.remove();
  return [shares(list, count), row];
}

function drawRows() {
  const place = sheet.put("preview", view.rows ? "rows" : null, () => [table.root, el("p", { class: "grey shown-count" })]);
  if (view.rows) {
    const listed = view.rows.filter(isListed);
    table.show(listed, Boolean(view.planned));
    place.querySelector(".shown-count").textContent = say("many.rows_shown", { count: listed.length, all: view.rows.length });
  }
}

function isListed(row) {
  return !chosen || (chosen === "problems" ? needsPerson(row) : row.group === chosen);
}

/** A quarter of the way is worth a word to those who listen; each row is not. */
function spokenOf({ state: name, done, count }) {
  const quarter = count ? Math.floor((QUARTERS * done) / count) : 0;
  return name === "progress" && quarter ? say("many.progress", { done: Math.ceil((quarter * count) / QUARTERS), count }) : null;
}

function top([selected, canChoose]) {
  const others = canChoose ? el("button", { type: "button", class: "as-link others", data: { key: "choose" }, text: say("many.others"), on: { click: ACTS.choose } }) : null;
  const title = el("div", { class: "top-words" }, el("h1", {}, say("many.title"), selected ? el("span", { class: "number", dir: "auto", text: selected }) : null), others);
  const cross = { type: "button", class: "button text cross", "aria-label": say("button.close"), data: { key: "cross" }, on: { click: ACTS.close } };
  return el("header", { class: "top-row" }, title, el("button", cross, icon("close")));
}

function points(list) {
  const said = ([sign, key, count, each]) =>
    el("li", {}, icon(sign), el("span", { text: say(key, { count, sums: sums.format(each.map(({ amount, currency }) => money(amount, currency))) }) }));
  return el("ul", { class: "consequences" }, list.map(said));
}

function filters([all, problems]) {
  const one = (name, label) => el("button", { type: "button", class: "button plain small", "aria-pressed": String((chosen === "problems") === (name === "problems")), data: { key: `filter ${name}` }, on: { click: () => choose(name === "problems" ? "problems" : null) } }, label);
  return el("div", { class: "row filters", role: "group", "aria-label": say("many.filter") }, one("all", say("many.all", { count: number(all) })), one("problems", say("many.problems", { count: number(problems) })));
}

function foot([buttons]) {
  const [left, right] = [buttons.filter(({ kind }) => kind === "text"), buttons.filter(({ kind }) => kind !== "text")];
  return el(
    "footer",
    { class: "foot actions-foot" },
    el("div", { class: "foot-left" }, left.map((each) => button(each, press)), el("span", { class: "foot-text" })),
    el("div", { class: "actions" }, right.map((each) => button(each, press))),
  );
}

function choose(group) {
  chosen = group === chosen ? null : group;
  show();
}

function ask(question) {
  asked = question;
  show();
}

/** Only what was shown, and asked about where it must be. */
function send(rows) {
  asked = null;
  chosen = null;
  selection.push(rows);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    (asked ? ACTS.back : view.state === "choose" && state.selected.length ? ACTS.selected : close)(); // the work carries on
  }
});

selection.start();
if (!view) {
  show();
}
