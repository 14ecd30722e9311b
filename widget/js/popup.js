// What does the push button's popup do? Shows what will happen, asks before an approval, follows the work, tells the end.

import { closePopup } from "./crm.js";
import { el } from "./el.js";
import { icon } from "./icons.js";
import { createInvoice } from "./invoice.js";
import { linesTable, totals } from "./lines.js";
import { button, consequences, facts, lockLine, notes, problems } from "./pieces.js";
import { popupView } from "./popup_states.js";
import { createSheet } from "./sheet.js";
import { say } from "./words.js";

const WIDE = 800;
const NARROW = 576; // just wide enough not to stack

const invoice = createInvoice({ onChange: show, always: true });
let view = null;
let asked = null; // the digest that the question is about
let page = "";
const sheet = createSheet(document.querySelector("#popup"), { level: 2, width: () => (view?.wide ? WIDE : NARROW), now: invoice.now });

const ACTS = {
  close: () => closePopup({ reload: Boolean(view?.hasChanged) }),
  continue: () => ask(view.digest),
  back: () => ask(null),
  push,
  check: invoice.check,
  sign_in: invoice.signIn,
  follow: invoice.followed,
  connect_xero: () => invoice.connect("xero"),
  connect_zoho: () => invoice.connect("zoho"),
  reload: () => window.location.reload(),
};
const press = (act) => ACTS[act]?.();

function show() {
  view = popupView(invoice.state, asked, invoice.now());
  if (asked && view.digest !== asked) {
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
  put("question", view.question, (preview) => consequences(preview));
  sheet.drawSteps(view.steps);
  put("problems", view.problems, (reasons) => problems(reasons, { administrator: invoice.state.record?.viewer.administrator, onEdit: invoice.edit }));
  put("notes", view.notes.length ? view.notes : null, notes);
  drawFacts();
  put("preview", view.preview?.lines?.length ? view.preview : null, (preview) => [linesTable(preview), totals(preview)]);
  put("foot", [view.foot.icon, view.foot.title, view.link, view.buttons], foot);
  sheet.running(sheet.root.querySelector(".foot-text"), view.foot.text ?? "", view.foot);
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

function push() {
  const { digest } = view;
  asked = null;
  if (digest) {
    invoice.push(digest);
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
