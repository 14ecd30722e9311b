// What does the push button's popup do? Shows what will happen, asks before an approval, follows the work, tells the end.

import { createCopying } from "./clipboard.js";
import { closePopup } from "./crm.js";
import { createCustomerChoice } from "./customer_choice.js";
import { asText } from "./differences.js";
import { el } from "./el.js";
import { icon } from "./icons.js";
import { createInvoice } from "./invoice.js";
import { linesTable } from "./lines.js";
import { notices, toldOf } from "./notices.js";
import { button, facts, lockLine, notes, problems } from "./pieces.js";
import { popupView } from "./popup_states.js";
import { pointsList, questionOf } from "./questions.js";
import { createSheet } from "./sheet.js";
import { sidesOf } from "./sides.js";
import { totals, verdict } from "./totals.js";
import { say } from "./words.js";

const WIDE = 800;
const NARROW = 576; // just wide enough not to stack

const invoice = createInvoice({ onChange: show, always: true });
let view = null;
let asked = null; // what the question is about: {kind, digest}
let page = "";
const sheet = createSheet(document.querySelector("#popup"), { level: 2, width: () => (view?.wide ? WIDE : NARROW), now: invoice.now });

const ACTS = {
  close: () => closePopup({ reload: Boolean(view?.hasChanged) }),
  continue: () => ask({ kind: view.asks, digest: view.subject.digest }),
  back: () => ask(null),
  link_it: () => invoice.push(view.subject.digest, "link"),
  keep: () => invoice.push(view.subject.digest, "keep_xero"),
  lines: showLines,
  copy: createCopying({ state: invoice.state, show, root: sheet.root, text: () => asText(view.sides, invoice.state.record.link) }),
  push,
  check: invoice.check,
  sign_in: invoice.signIn,
  follow: invoice.followed,
  connect_xero: () => invoice.connect("xero"),
  connect_zoho: () => invoice.connect("zoho"),
  reload: () => window.location.reload(),
};
const choice = createCustomerChoice({ invoice, onChange: show });
const press = (act) => ACTS[act]?.();

function show() {
  if (sheet.pressing(show)) {
    return;
  }
  view = popupView(invoice.state, asked, invoice.now());
  if (asked && view.subject?.digest !== asked.digest) {
    asked = null; // another preview than the one in question: it is looked at first
  }
  sheet.redraw(draw);
  followPage();
}

/** A new page is read from its headline on, so that Enter approves nothing by accident. */
function followPage() {
  const before = page;
  page = view.state ?? (view.loading ? "loading" : "");
  if (before && before !== page && document.hasFocus()) {
    sheet.headline.focus({ preventScroll: true });
  }
}

function draw() {
  const { put } = sheet;
  put("top", view.number ?? "-", top);
  sheet.drawBand(view);
  put("lock", view.lock, lockLine);
  put("question", view.question && [view.asks, view.question, invoice.state.record.link], (all) => pointsList(questionOf(...all).points));
  sheet.drawSteps(view.steps);
  put("problems", view.problems && [view.problems, choice.stateFor(view.problems)], ([reasons]) => problems(reasons, { administrator: invoice.state.record?.viewer.administrator, onEdit: invoice.edit, onSetting: invoice.openSettings, choice }));
  put("notes", view.notes.length ? view.notes : null, notes);
  put("sides", view.sides && [view.mode, view.sides, Boolean(view.byHand), Boolean(view.preview)], sides);
  drawFacts();
  put("told", view.subject && !view.question ? toldOf(view.subject) : null, notices);
  put("preview", view.preview?.lines?.length ? [view.preview, Boolean(view.sumsOnly)] : null, ([preview, sumsOnly]) => [sumsOnly ? null : linesTable(preview), totals(preview)]);
  put("foot", [view.foot.icon, view.foot.title, view.link, view.buttons], foot);
  sheet.running(sheet.root.querySelector(".foot-text"), view.foot.text ?? "", view.foot);
}

/** Both sides; where it is an update also that the totals agree after it, unless that stands with the lines. */
function sides([mode, preview, byHand, withLines]) {
  const agree = mode === "update" && preview.totals && !withLines ? el("div", { class: "row" }, verdict(preview)) : null;
  return [...sidesOf(mode, preview, byHand && asText(preview, invoice.state.record.link)), agree];
}

function drawFacts() {
  if (view.loading) {
    sheet.drawSkeleton(true);
  } else {
    sheet.put("facts", view.facts, (list) => facts(list));
  }
}

function top(number) {
  const title = el("h1", {}, say("popup.title"), number === "-" ? null : el("span", { class: "number", text: number, dir: "auto" }));
  const close = el(
    "button",
    { type: "button", class: "button text cross", "aria-label": say("button.close"), data: { key: "cross" }, on: { click: ACTS.close } },
    icon("close"),
  );
  return el("header", { class: "top-row" }, title, close);
}

/** Words and the way to Xero on the left, what can be done on the right; leaving is always possible. */
function foot([sign, title, link, buttons]) {
  const [left, right] = [buttons.filter((each) => each.kind === "text"), buttons.filter((each) => each.kind !== "text")];
  const open = link ? button({ name: "open_in_xero", icon: "external", last: true, kind: "text", href: link }, press) : null;
  return el(
    "footer",
    { class: "foot actions-foot" },
    el("div", { class: "foot-left", title }, left.map((each) => button(each, press)), sign ? icon(sign) : null, el("span", { class: "foot-text" }), open),
    el("div", { class: "actions" }, right.map((each) => button(each, press))),
  );
}

function ask(digest) {
  asked = digest;
  show();
}

function showLines() {
  invoice.state.lines = !invoice.state.lines;
  show();
}

/** Only what was shown, and asked about where it must be. */
function push() {
  const { subject } = view;
  const choice = asked ? questionOf(asked.kind, subject, invoice.state.record.link).choice : null;
  asked = null;
  if (subject?.digest) {
    invoice.push(subject.digest, choice);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    ACTS.close(); // the work carries on
  }
});

invoice.start();
if (!view) {
  show();
}
