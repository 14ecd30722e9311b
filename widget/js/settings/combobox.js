// How is something chosen from a list? The one drop-down of all pages: an ARIA combobox with a listbox.
// Typing filters code and name, arrows move, Enter takes, Esc restores; whoever leaves it leaves it as it was.

import { el } from "../el.js";
import { icon } from "../icons.js";
import { say } from "../words.js";
import { rows } from "./listbox.js";
import { sign } from "./signs.js";

const TYPED = 250; // a search at the server waits until nobody types
let count = 0;
let open = null;
let later = null;

/** Whether a list is open: redrawing would take it away. `again` is then called once it is closed. */
export function choosing(again) {
  later = open ? again : null;
  return open !== null;
}

/**
 * `options`: [{value, code, name, note, group}], or `search(text)` that promises them. `onTake(value, option)`.
 * `always`: hears of what was chosen before, too. `foot`: {text, act, press} below the list. `wrong`: nothing is chosen that must be, or it can't be used.
 */
export function combobox({ key, label, labelledBy, options = [], search, value, shown, placeholder, foot, wrong, describedBy, always = false, onTake }) {
  count += 1;
  const id = `choice-${count}`;
  const state = { list: options, active: -1, text: "", asked: 0 };
  const chosen = options.find((option) => option.value === value);
  const text = shown ?? (chosen ? titleOf(chosen) : (value ?? ""));
  const input = el("input", {
    class: "combo-text",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    dir: "auto",
    placeholder: placeholder ?? say("combo.choose"),
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-controls": id,
    "aria-label": label,
    "aria-labelledby": labelledBy,
    "aria-describedby": describedBy,
    "aria-invalid": wrong ? "true" : null,
    data: { key },
  });
  input.value = text;
  const list = el("div", { id, role: "listbox", class: "combo-list", "aria-label": label, "aria-labelledby": labelledBy });
  const said = el("p", { class: "combo-none grey", role: "status" });
  const pop = el("div", { class: "combo-pop", hidden: true }, list, said, foot ? footLine(foot) : null);
  const root = el("div", { class: `combo${wrong ? " wrong" : ""}` }, input, el("span", { class: "combo-sign" }, sign("chevron")), pop);

  function show(typed) {
    if (pop.hidden) {
      closeOther(close);
      pop.hidden = false;
      input.setAttribute("aria-expanded", "true");
      root.classList.add("open");
    }
    if (search) {
      ask(typed ?? "");
    } else {
      fill(typed ?? "");
    }
    pop.scrollIntoView?.({ block: "nearest" });
  }

  function fill(typed) {
    state.shown = rows(list, state.list, { typed, id, value, onTake: take });
    const now = state.shown.findIndex((option) => option.value === value);
    move(typed ? 0 : Math.max(now, 0));
    said.textContent = state.shown.length ? "" : say(search ? "combo.nothing_found" : "combo.nothing");
    said.hidden = state.shown.length > 0;
  }

  function ask(typed) {
    state.asked += 1;
    const mine = state.asked;
    setTimeout(async () => {
      if (mine !== state.asked || pop.hidden) {
        return;
      }
      const found = await search(typed);
      if (mine === state.asked && !pop.hidden) {
        state.list = found;
        fill("");
      }
    }, typed ? TYPED : 0);
  }

  function move(to) {
    const all = [...list.querySelectorAll("[role=option]")];
    state.active = Math.min(Math.max(to, 0), all.length - 1);
    all.forEach((row, place) => row.classList.toggle("active", place === state.active));
    const active = all[state.active];
    if (active) {
      input.setAttribute("aria-activedescendant", active.id);
      scrollTo(list, active);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  /** As it was; whoever types something that is no choice has chosen nothing. */
  function close() {
    if (pop.hidden) {
      return;
    }
    pop.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    root.classList.remove("open");
    input.value = text;
    open = null;
    const again = later;
    later = null;
    again?.();
  }

  function closeOther(own) {
    open?.();
    open = own;
  }

  function take(option) {
    close();
    if (option.value !== value || search || always) {
      onTake(option.value, option);
    }
  }

  const keys = {
    ArrowDown: () => (pop.hidden ? show() : move(state.active + 1)),
    ArrowUp: () => (pop.hidden ? show() : move(state.active - 1)),
    PageDown: () => pop.hidden || move(state.active + 8),
    PageUp: () => pop.hidden || move(state.active - 8),
    Enter: () => (pop.hidden ? show() : state.shown?.[state.active] && take(state.shown[state.active])),
    Escape: () => close(),
  };

  input.addEventListener("keydown", (event) => {
    const way = keys[event.key];
    const closed = pop.hidden;
    if (way && !event.isComposing) {
      way();
      if (!(event.key === "Escape" && closed)) {
        event.preventDefault();
        event.stopPropagation();
      }
    }
  });
  input.addEventListener("input", () => show(input.value));
  input.addEventListener("click", () => pop.hidden && (input.select(), show()));
  input.addEventListener("blur", close);
  // A press inside the list must not take the focus away, or the list is gone before it was a click.
  pop.addEventListener("mousedown", (event) => event.preventDefault());
  root.querySelector(".combo-sign").addEventListener("mousedown", (event) => {
    event.preventDefault();
    if (input.matches(":disabled")) {
      return;
    }
    input.focus();
    if (pop.hidden) {
      show();
    } else {
      close();
    }
  });
  return root;
}

/** "200 Sales". */
export function titleOf({ code, name }) {
  return [code, name].filter(Boolean).join(" ");
}

/** Only the list moves, never the page under a person's hand. */
function scrollTo(list, row) {
  const [top, bottom] = [row.offsetTop, row.offsetTop + row.offsetHeight];
  if (top < list.scrollTop) {
    list.scrollTop = top;
  } else if (bottom > list.scrollTop + list.clientHeight) {
    list.scrollTop = bottom - list.clientHeight;
  }
}

function footLine({ text, act, press }) {
  const again = act ? el("button", { type: "button", class: "link-button", tabindex: "-1", text: act, on: { click: press } }) : null;
  return el("p", { class: "combo-foot grey" }, icon("refresh"), el("span", { text }), again);
}
