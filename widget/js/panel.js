// What does the panel in the invoice's related list do? Draws the state of its invoice, and hears what is pressed.

import { createCopying } from "./clipboard.js";
import { createCustomerChoice } from "./customer_choice.js";
import { asText } from "./differences.js";
import { el } from "./el.js";
import { icon } from "./icons.js";
import { createInvoice } from "./invoice.js";
import { linesTable } from "./lines.js";
import { notices, toldOf } from "./notices.js";
import { button, facts, lockLine, notes, payments, problems } from "./pieces.js";
import { pointsList, questionOf } from "./questions.js";
import { arrivesApproved } from "./record.js";
import { createGlow, createSheet } from "./sheet.js";
import { sidesOf, updateTable } from "./sides.js";
import { panelView } from "./states.js";
import { totals } from "./totals.js";
import { say } from "./words.js";

const invoice = createInvoice({ onChange: show });
const sheet = createSheet(document.querySelector("#panel"), { level: 1, now: invoice.now });
const glowing = createGlow(show);
const open = { question: null, preview: false, record: null };
let view = null;
let shown = "";

const ACTS = {
  push: askOrPush,
  link_it: () => invoice.push(view.subject.digest, "link"),
  keep: () => invoice.push(view.subject.digest, "keep_xero"),
  replace: () => ask("replace"),
  remove: () => ask("remove"),
  unlink: () => ask("unlink"),
  copy: createCopying({ state: invoice.state, show, root: sheet.root, text: () => asText(view.sides, invoice.state.record.link) }),
  preview: togglePreview,
  check: invoice.check,
  refresh: invoice.refresh,
  sign_in: invoice.signIn,
  follow: invoice.followed,
  connect_xero: () => invoice.connect("xero"),
  connect_zoho: () => invoice.connect("zoho"),
  reload: () => window.location.reload(),
  cancel: () => answered(false),
  send: () => answered(true),
};
const choice = createCustomerChoice({ invoice, onChange: show });
const press = (act) => ACTS[act]?.();

function show() {
  if (sheet.pressing(show)) {
    return;
  }
  view = panelView(invoice.state, invoice.now());
  forgetWhatIsOver();
  sheet.redraw(draw);
}

/** A question or a preview belongs to one record and one check. */
function forgetWhatIsOver() {
  const record = `${invoice.state.id} ${view.state}`;
  if (record !== shown) {
    shown = record;
    open.question = null;
    open.preview = open.preview && view.preview !== null && ["ready", "blocked", "draft", "awaiting_approval"].includes(view.state);
  }
  if (open.question && open.question.digest !== view.subject?.digest) {
    open.question = null;
  }
  if (view.under === say("none.changed") && invoice.state.pushed && open.record !== invoice.state.pushed.id) {
    open.record = invoice.state.pushed.id;
    open.preview = true;
  }
}

function draw() {
  const { put } = sheet;
  const questioning = open.question !== null;
  sheet.drawBand(view);
  put("buttons", questioning ? null : view.buttons.map(withPreview), (list) => list.map((each) => button(each, press)));
  put("lock", view.lock, lockLine);
  put("question", questioning ? [open.question.kind, view.subject, invoice.state.record.link] : null, question);
  sheet.drawSteps(view.steps);
  put("problems", view.problems && [view.problems, choice.stateFor(view.problems)], ([reasons]) => problems(reasons, { administrator: invoice.state.record?.viewer.administrator, onEdit: invoice.edit, onSetting: invoice.openSettings, choice }));
  put("notes", view.notes.length ? view.notes : null, notes);
  put("sides", view.sides && [view.mode, view.sides, Boolean(view.byHand)], ([mode, sides, byHand]) => sidesOf(mode, sides, byHand && asText(sides, invoice.state.record.link)));
  drawFacts();
  put("payments", view.payments, payments);
  put("told", view.preview && !questioning ? toldOf(view.preview) : null, notices);
  put("preview", open.preview && view.preview ? view.preview : null, previewed);
  put("foot", footKey(), foot);
  drawTimes();
}

function withPreview(each) {
  if (each.act !== "preview") {
    return each;
  }
  return { ...each, expanded: String(open.preview) };
}

function drawFacts() {
  if (view.loading) {
    glowing(null, false);
    sheet.drawSkeleton(true);
    return;
  }
  const changed = [...glowing(view.facts, Boolean(view.lock))];
  sheet.put("facts", view.facts && [view.facts, changed], ([list, labels]) => facts(list, new Set(labels)));
}

function footKey() {
  const { icon: sign, title, links } = view.foot;
  return [view.foot.text ? sign : null, title, links.map(withPreview)];
}

function foot([sign, title, links]) {
  const text = el("span", { class: "foot-text" });
  const left = el("p", { class: "foot-left", title }, sign ? icon(sign) : null, text);
  return el("footer", { class: "foot" }, left, links.length ? el("div", { class: "foot-links" }, links.map((each) => button(each, press))) : null);
}

function drawTimes() {
  sheet.running(sheet.root.querySelector(".foot-text"), view.foot.text ?? "", view.foot);
}

function previewed(preview) {
  const heading = el("h2", { id: "preview-head", text: say("preview.heading") });
  const changes = preview.decision === "update" ? updateTable(preview) : null;
  const body = preview.lines?.length ? [changes, linesTable(preview), totals(preview)] : el("p", { class: "row grey", text: say("preview.nothing") });
  return el("section", { class: "preview-part", "aria-labelledby": "preview-head" }, el("div", { class: "row heading" }, heading), body);
}

// --- what is pressed ------------------------------------------------------------------------------

async function togglePreview() {
  open.preview = !open.preview;
  show();
  if (open.preview && invoice.state.record?.link) {
    await invoice.check(); // what is in Xero already is compared afresh
  }
}

/** Approved invoices ask first; drafts can still be changed, so they go at once. */
function askOrPush() {
  const { subject } = view;
  if (arrivesApproved(subject)) {
    ask("approve");
    return;
  }
  invoice.push(subject.digest);
}

/** A question has the focus on its heading, so that Enter does nothing by accident. */
function ask(kind) {
  open.question = { kind, digest: view.subject.digest };
  show();
  sheet.root.querySelector("#question-head").focus({ preventScroll: true });
}

function question([kind, preview, link]) {
  const { heading, points, confirm } = questionOf(kind, preview, link);
  return el(
    "section",
    { class: "row question", role: "group", "aria-labelledby": "question-head" },
    el("h2", { id: "question-head", tabindex: "-1", text: heading }),
    pointsList(points),
    el(
      "div",
      { class: "actions" },
      button({ name: "cancel", kind: "plain", act: "cancel" }, press),
      button({ ...confirm, kind: "filled", act: "send" }, press),
    ),
  );
}

const ASKED_BY = { approve: ["push", "push_changes"], replace: ["send_crm"], remove: ["void", "delete"], unlink: ["unlink"] };

function answered(yes) {
  const { kind, digest } = open.question;
  open.question = null;
  if (yes) {
    const { choice } = questionOf(kind, view.subject, invoice.state.record.link);
    sheet.headline.focus({ preventScroll: true });
    invoice.push(digest, choice);
    return;
  }
  show();
  ASKED_BY[kind].map((name) => sheet.root.querySelector(`[data-key='${name}']`)).find(Boolean)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open.question) {
    answered(false);
  }
});

invoice.start();
if (!view) {
  show();
}
