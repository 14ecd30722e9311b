// How does "Try it" look? One real invoice with the settings as they stand on the page: both totals and each line.

import { el } from "../el.js";
import { money } from "../format.js";
import { icon } from "../icons.js";
import { accountOf } from "../notices.js";
import { button } from "../pieces.js";
import { totals } from "../totals.js";
import { say } from "../words.js";
import { combobox } from "./combobox.js";
import { wrongLine } from "./fields.js";
import { outcomeBand, problemList } from "./outcome.js";

/** `ready`: an organisation is chosen, so there is something to try. */
export function tryIt({ trying, ready, press }) {
  const { state } = trying;
  return [
    el("div", { class: "try-head" }, el("h2", { id: "try-head", tabindex: "-1", text: say("try.heading") }), el("p", { class: "grey", text: say("try.under") })),
    ready ? invoiceChoice(trying, press) : el("div", { class: "row" }, el("p", { class: "grey", text: say("try.not_ready") })),
    state.told ? el("div", { class: "row", role: "alert" }, wrongLine(state.told)) : null,
    ready && state.answer ? answered(trying) : null,
    ready ? foot(trying, press) : null,
  ];
}

function invoiceChoice({ state, search }, press) {
  const options = async (text) => (await search(text)).map((invoice) => ({ value: invoice.id, name: nameOf(invoice), note: noteOf(invoice) }));
  const now = state.invoices[state.record];
  return el(
    "div",
    { class: "row try-choice" },
    el("p", { id: "try-label", class: "field-label", text: say("try.invoice") }),
    combobox({
      key: "try invoice",
      labelledBy: "try-label",
      search: options,
      value: state.record,
      shown: now ? nameOf(now) : "",
      placeholder: say("try.newest"),
      onTake: (id) => press(`try ${id}`),
    }),
  );
}

export const nameOf = ({ number, subject, customer }) => [number ?? subject, customer].filter(Boolean).join(", ");

function noteOf({ status, total, currency }) {
  return [status, total === null ? null : money(total, currency)].filter(Boolean).join(", ");
}

function answered(trying) {
  const { preview, problems } = trying.state.answer;
  return [
    outcomeBand(trying.state.answer),
    trying.isOld() ? el("div", { class: "row" }, el("p", { class: "old" }, icon("info"), el("span", { text: say("try.old") }))) : null,
    problems?.length ? el("div", { class: "row" }, problemList(problems)) : null,
    preview?.totals ? totals(preview) : null,
    preview?.lines?.length ? lines(preview) : null,
  ];
}

function lines(preview) {
  const one = (line) =>
    el(
      "li",
      {},
      el("strong", { dir: "auto", text: line.text.split("\n")[0] }),
      el("span", { class: "figure", text: money(line.amount, preview.currency) }),
      el("span", { class: "grey", dir: "auto", text: say("lines.booked", { account: accountOf(line), tax: line.tax }) }),
    );
  return el("section", { class: "row sent-lines", "aria-labelledby": "sent-head" }, el("h3", { id: "sent-head", text: say("try.lines") }), el("ul", {}, preview.lines.map(one)));
}

function foot({ state }, press) {
  const name = state.answer || state.told ? "try_again" : "try_it";
  return el("div", { class: "row" }, button({ name: `run_try`, label: say(`button.${name}`), icon: state.answer ? "refresh" : "eye", kind: "plain", act: "try", busy: state.busy }, press));
}
