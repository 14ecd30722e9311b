// What happens when something on the settings page is pressed? One function for each name of a button.

import { Problem } from "../api.js";
import { SignedOut } from "../session.js";
import { say } from "../words.js";
import { calls } from "./calls.js";
import { createCustomerLinksActs } from "./customer_links_acts.js";
import { SECTIONS, needed, nowSection, sectionOf } from "./sections.js";

/** `focus(key)` puts the focus on a control once it is drawn. `together()`: sections whose suggestions are all in sight. */
export function createActs({ page, saving, trying, focus, together }) {
  const { state, parts, change } = page;

  function go(id) {
    change({ current: id });
    focus(`head ${id}`, true);
  }

  function open(id, on) {
    change({ opened: { ...state.opened, [id]: on }, current: id });
    focus(on ? `head ${id}` : `edit ${id}`);
    if (id === "data" && on && !state.leaving?.fields) {
      leaving();
    }
    if (id === "linked" && on) {
      links.linked();
    }
  }

  /** Back to its line, where it has one. */
  function closed(id) {
    const opened = { ...state.opened };
    delete opened[id];
    change({ opened, turn: state.turn + 1 });
    focus(`head ${id}`);
  }

  function save(id) {
    if (id === "all") {
      return saveAll();
    }
    const section = sectionOf(id);
    const lacks = needed(parts, section);
    if (Object.keys(lacks).length) {
      change({ failed: { section: id, message: say("needs.first"), fields: lacks } });
      return null;
    }
    if (parts.clashing(section.parts).length) {
      change({ compared: id });
      return null;
    }
    // A gate that asks to be looked at is passed by a save of what is as usual.
    const more = id === "may" && !state.page.rights ? { rights: parts.value("rights") ?? {} } : {};
    return savedOrAsked(saving.save(id, section.parts, more));
  }

  /** A change of organisation is asked about before anything happens. */
  async function savedOrAsked(save) {
    await save;
    if (state.asking?.kind === "organisation") {
      focus("ask-head");
    }
  }

  function saveAll() {
    const own = together().flatMap((id) => sectionOf(id).parts);
    return saving.save("all", own);
  }

  async function suggest(id) {
    change({ busy: `suggest ${id}` });
    await page.load({ fresh: true });
    const { parts: own } = sectionOf(id);
    parts.fill(own);
    change({ busy: null, done: parts.countSuggestions(own) ? "suggested" : "nothing_to_suggest", turn: state.turn + 1 });
  }

  function accept(id) {
    parts.accept(sectionOf(id).parts);
    change({ edited: id, current: id, turn: state.turn + 1 });
    focus(`save ${id}`);
  }

  /** Asks the service now; its answer stays on the card. */
  async function test(service) {
    await withService(`test ${service}`, async (token) => {
      const { body } = await calls.test(token, service);
      change({ tests: { ...state.tests, [service]: body } });
    });
    await page.load();
  }

  async function disconnect(service) {
    await withService(`disconnect ${service}`, (token) => calls.disconnect(token, service));
    change({ asking: null, tests: { ...state.tests, [service]: null } });
    await page.load();
    focus("head connections");
  }

  async function withService(busy, work) {
    if (state.busy) {
      return;
    }
    const service = busy.split(" ")[1];
    change({ busy });
    try {
      await page.authorised(work);
    } catch (trouble) {
      if (trouble instanceof SignedOut) {
        page.signedOut(trouble);
      } else {
        const told = trouble instanceof Problem ? trouble.message : say("set.away_kept");
        change({ tests: { ...state.tests, [service]: { ok: false, told } } });
      }
    }
    change({ busy: null });
  }

  function ask(asking) {
    change({ asking });
    focus("ask-head");
  }

  const links = createCustomerLinksActs({ page, focus });

  const acts = {
    ...links,
    sign_in: () => page.signIn(),
    follow: () => page.followed(),
    reload: () => window.location.reload(),
    refresh: () => refresh(),
    go,
    open: (id) => open(id, true),
    fold: (id) => open(id, false),
    save,
    discard(id) {
      saving.discard(id, sectionOf(id).parts);
      change({ asking: null });
      closed(id);
    },
    suggest,
    accept,
    connect(service) {
      change({ connecting: service });
      page.connect(service);
    },
    test,
    sure: () => saving.save("organisation", ["organisation"], { organisation_confirmed: true }),
    leaving,
    ask_disconnect: (service) => ask({ kind: "disconnect", service }),
    ask_stop: () => ask({ kind: "stop" }),
    unask() {
      const { asking } = state;
      change({ asking: null });
      focus({ stop: "stop", organisation: "save organisation" }[asking?.kind] ?? `disconnect ${asking?.service}`);
    },
    disconnect,
    live: () => saving.live(true),
    stop: () => saving.live(false),
    compare: (id) => change({ compared: state.compared === id ? null : id }),
    mine(id) {
      saving.settle("mine", sectionOf(id).parts);
      change({ edited: id });
      focus(`save ${id}`);
    },
    theirs(id) {
      saving.settle("theirs", sectionOf(id).parts);
      closed(id);
    },
    try: (record) => trying.one(record),
    try_here: () => focus("run_try", true),
    three: () => trying.three(),
  };

  async function leaving() {
    change({ leaving: { busy: true } });
    try {
      change({ leaving: { fields: (await page.authorised((token) => calls.leaving(token))).body.fields } });
    } catch (trouble) {
      if (trouble instanceof SignedOut) {
        page.signedOut(trouble);
      }
      change({ leaving: { told: trouble instanceof Problem ? trouble.message : say("try.away") } });
    }
  }

  async function refresh() {
    change({ busy: "refresh" });
    await page.load({ fresh: true });
    change({ busy: null, done: "refreshed" });
  }

  /** After a save: on to the next gate where this was one, else back to its line. */
  function saved(section, wasNow) {
    const own = section === "all" ? SECTIONS.filter(({ id }) => wasNow === id).map(({ id }) => id) : [section];
    const opened = { ...state.opened };
    delete opened[section];
    const next = own.includes(wasNow) || section === "all" ? nowSection(state.page) : null;
    change({ opened, current: next ?? section, edited: null });
    focus(`head ${next ?? section}`, Boolean(next));
  }

  return { saved, press: (act) => acts[act.split(" ")[0]]?.(act.split(" ").slice(1).join(" ") || undefined) };
}
