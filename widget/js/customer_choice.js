// Which contact in Xero is the customer, where no rule can tell? Who may choose sees the candidates, a button each.

import { api, Away, Problem } from "./api.js";
import { el } from "./el.js";
import { SignedOut } from "./session.js";
import { say } from "./words.js";

const CODE = "choose_customer";
const NEW = "new";

/** `invoice`: whose problems are shown; it is checked again once somebody has chosen. `onChange()` asks for a redraw. */
export function createCustomerChoice({ invoice, onChange }) {
  const known = new Map(); // by customer: {stage, name, candidates, sent, confirm, told}

  function customerOf(reason) {
    const may = invoice.state.user && invoice.state.record?.viewer.may?.includes("choose");
    return may && reason.code === CODE ? reason.values?.customer : undefined;
  }

  /** What is known for these problems, as a key for the part that shows it; reads what is not known yet. */
  function stateFor(reasons) {
    const ids = (reasons ?? []).map(customerOf).filter(Boolean);
    ids.filter((id) => !known.has(id)).forEach(read);
    return ids.map((id) => known.get(id) ?? null);
  }

  function put(id, news) {
    known.set(id, { ...known.get(id), ...news });
    onChange();
  }

  async function read(id, search = "") {
    known.set(id, { stage: "reading", candidates: [], search }); // no redraw: this is asked while one is under way
    await trying(id, async () => {
      const { body } = await invoice.authorised((token) => api.candidates(token, id, invoice.state.id, search));
      if (known.get(id)?.search === search) {
        put(id, { stage: "shown", candidates: body.candidates });
      }
    });
  }

  async function choose(id, sent, body) {
    if (known.get(id).stage !== "shown") {
      return;
    }
    put(id, { stage: "sending", sent, told: null });
    await trying(id, async () => {
      await invoice.authorised((token) => api.chooseCustomer(token, id, invoice.state.id, body));
      known.delete(id);
      invoice.check();
    });
  }

  async function trying(id, work) {
    try {
      await work();
    } catch (trouble) {
      if (trouble instanceof SignedOut) {
        known.delete(id);
        onChange();
      } else if (trouble instanceof Problem && known.get(id).stage === "sending") {
        const { sent } = known.get(id);
        put(id, { stage: "shown", told: trouble.message, confirm: trouble.code === "contact_linked" ? sent : null });
      } else if (trouble instanceof Problem || trouble instanceof Away) {
        put(id, { stage: "away" });
      } else {
        throw trouble;
      }
    }
  }

  /** What stands under a problem; null for every other one. */
  function shown(reason) {
    const id = customerOf(reason);
    const held = id && known.get(id);
    if (!held) {
      return null;
    }
    if (held.stage === "reading") {
      return [el("p", { class: "grey", text: say("choice.reading") }), searchFor(id, held)];
    }
    if (held.stage === "away") {
      return el("p", { class: "grey" }, say("choice.away"), " ", press(say("choice.again"), `${CODE} again`, () => again(id)));
    }
    return [held.told ? el("p", { role: "alert", text: held.told }) : null, list(id, held)];
  }

  function again(id, search = "") {
    read(id, search);
    onChange();
  }

  const searchFor = (id, held) => contactSearch(id, held.search, (search) => again(id, search));

  function list(id, held) {
    const rows = held.candidates.map((each) => candidateRow(each, held, () => choose(id, each.contact_id, body(each, held))));
    const none = rows.length ? null : el("p", { class: "grey", text: say(held.search ? "choice.none_found" : "choice.none") });
    const fresh = press(say("choice.create"), `${CODE} ${NEW}`, () => choose(id, NEW, { create: true }), held.stage === "sending");
    return [none, el("ul", { class: "problems", "aria-label": say("choice.list") }, rows), searchFor(id, held), el("p", {}, fresh)];
  }

  return { stateFor, shown };
}

/** Another customer's contact is used only by a second press, having read whose it is. */
const body = (candidate, { confirm }) => ({ contact_id: candidate.contact_id, confirmed: confirm === candidate.contact_id });

/** Who is not among the proposed: looked for in Xero by name, number or e-mail. */
export function contactSearch(id, value, search) {
  const on = { change: ({ target }) => search(target.value.trim()) };
  const input = el("input", { id: `search-${id}`, type: "search", class: "contact-searched", autocomplete: "off", maxlength: "100", value, data: { key: `${CODE} search ${id}` }, on });
  return el("div", { class: "contact-search" }, el("label", { for: `search-${id}`, text: say("choice.search") }), input);
}

/** One contact that may be it: what speaks for and against it, and a button. */
export function candidateRow(candidate, held, choose) {
  const words = held.confirm === candidate.contact_id ? "choice.anyway" : "choice.use";
  const button = press(say(words), `${CODE} ${candidate.contact_id}`, choose, held.stage === "sending", say("choice.use_name", { name: candidate.name }));
  return el(
    "li",
    { class: "problem" },
    el("div", { class: "said" }, el("strong", { dir: "auto", text: candidate.name }), el("p", { class: "grey", dir: "auto", text: about(candidate) })),
    el("div", { class: "to-do" }, candidate.active ? button : null),
  );
}

function about({ active, account_number: number, email, city, country, agrees, differs, linked_to: holders }) {
  const parts = (names) => names.map((name) => say(`choice_part.${name}`)).join(", ");
  const said = [
    active ? null : say("choice.archived"),
    ...holders.map(({ id, name }) => (id ? say("choice.linked", { name: name ?? id }) : say("choice.linked_unseen"))),
    agrees.length ? say("choice.agrees", { parts: parts(agrees) }) : null,
    differs.length ? say("choice.differs", { parts: parts(differs) }) : null,
    [number, email, [city, country].filter(Boolean).join(", ")].filter(Boolean).join(" · ") || null,
  ];
  return said.filter(Boolean).join(" · ");
}

function press(text, key, onPress, busy = false, label = null) {
  return el("button", { type: "button", class: "button plain small", text, "aria-label": label, "aria-disabled": busy ? "true" : null, data: { key }, on: { click: onPress } });
}
