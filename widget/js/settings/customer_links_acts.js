// What happens when something in the list of customer links is pressed? One function for each name of a button.

import { api, Problem } from "../api.js";
import { createPeople } from "../people.js";
import { SignedOut } from "../session.js";
import { say } from "../words.js";
import { calls } from "./calls.js";

const NEW = "new";

/** `focus(key)` puts the focus on a control once it is drawn. */
export function createCustomerLinksActs({ page, focus }) {
  const { state, change } = page;
  const people = createPeople({}, (names) => change({ people: names }));
  let reading = 0;

  function put(news) {
    change({ linked: { ...state.linked, ...news } });
  }

  const look = (query) => page.authorised((token) => calls.customers(token, query));

  /** The list from its beginning. */
  async function read(search = state.linked?.search ?? "") {
    reading += 1;
    const mine = reading;
    change({ linked: { rows: [], next: null, total: 0, search, busy: "reading", open: null, told: null } });
    await trying(async () => {
      const { body } = await look({ search });
      if (mine === reading) {
        learn(body.customers, body, search);
      }
    });
  }

  function learn(rows, { next, total }, search) {
    change({ linked: { rows, next, total, search, busy: null, open: null, told: null } });
    meet(rows);
  }

  /** Who chose, by name. */
  function meet(rows) {
    const ids = rows.flatMap(({ chosen_by: person, history }) => [person, ...history.map(({ by }) => by)]);
    ids.forEach((id) => people.name(id, { viewer: { user_id: state.user?.id, name: state.user?.name } }));
  }

  async function more() {
    const { rows, next, search } = state.linked;
    put({ busy: "more" });
    await trying(async () => {
      const { body } = await look({ search, after: next });
      learn([...rows, ...body.customers], body, search);
    });
  }

  async function trying(work) {
    try {
      await work();
    } catch (trouble) {
      if (trouble instanceof SignedOut) {
        page.signedOut(trouble);
        change({ linked: null });
        return;
      }
      const told = trouble instanceof Problem ? trouble.message : say("try.away");
      const open = state.linked.open && { ...state.linked.open, stage: "shown" };
      put({ busy: null, told: open?.candidates ? null : told, open: open && { ...open, told, confirm: trouble.code === "contact_linked" ? open.sent : null } });
    }
  }

  function show(id, open) {
    const again = state.linked.open?.id === id && state.linked.open.kind === open.kind;
    put({ open: again ? null : { id, ...open }, told: null });
  }

  async function choose(id) {
    show(id, { kind: "choose", stage: "reading", candidates: [], search: "" });
    if (state.linked.open) {
      await candidates(id, "");
    }
  }

  async function candidates(id, search) {
    put({ open: { ...state.linked.open, stage: "reading", search, told: null } });
    await trying(async () => {
      const { body } = await page.authorised((token) => api.candidates(token, id, null, search));
      if (state.linked.open?.id === id && state.linked.open.search === search) {
        put({ open: { ...state.linked.open, stage: "shown", candidates: body.candidates } });
      }
    });
  }

  /** What was answered is read anew: the list then says what holds. */
  async function settle(id, work) {
    put({ open: { ...state.linked.open, stage: "sending", told: null } });
    await trying(async () => {
      await page.authorised(work);
      const { rows } = state.linked;
      const { body } = await look({ after: before(id), size: 1 });
      put({ rows: rows.map((row) => body.customers.find((each) => each.id === row.id) ?? row), open: null });
      meet(body.customers);
      change({ done: "linked" });
      focus(`linked choose ${id}`);
    });
  }

  function use(id, contact) {
    const confirmed = state.linked.open.confirm === contact;
    state.linked.open.sent = contact;
    const body = contact === NEW ? { create: true } : { contact_id: contact, confirmed };
    return settle(id, (token) => api.chooseCustomer(token, id, null, body));
  }

  return {
    linked: () => (state.linked ? null : read()),
    linked_more: more,
    linked_search: (text = "") => read(text.trim()),
    linked_history: (id) => show(id, { kind: "history" }),
    linked_choose: choose,
    linked_seek(both) {
      const [id] = both.split(" ", 1);
      return candidates(id, both.slice(id.length + 1));
    },
    linked_use: (both) => use(...both.split(" ")),
    linked_untie(id) {
      show(id, { kind: "untie" });
      focus(state.linked.open ? "linked-ask" : `linked untie ${id}`);
    },
    linked_untied: (id) => settle(id, (token) => calls.untie(token, id)),
  };
}

/** The id behind which the next one is this: ids are whole numbers of up to twenty digits. */
const before = (id) => String(BigInt(id) - 1n).padStart(id.length, "0");
