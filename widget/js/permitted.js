// What of a view may this person press? Buttons they lack the right for make room for whom to ask.

import { say } from "./words.js";

const NEEDED = { push: "push", link_it: "push", preview: "preview", check: "preview", keep: "overwrite", replace: "overwrite", remove: "remove", unlink: "remove" };

/** The view without what the server would refuse; the server decides in any case. `record`: as it told us. */
export function permitted(view, record) {
  const may = record?.viewer?.may;
  if (!may) {
    return view;
  }
  const right = (each) => NEEDED[each.act === "continue" ? view.asks : each.act];
  const lacking = view.buttons.map(right).filter((name) => name && !may.includes(name));
  if (!lacking.length) {
    return view;
  }
  const buttons = view.buttons.filter((each) => !lacking.includes(right(each)));
  const note = { sentence: say(`may.${lacking[0]}`), detail: whomToAsk(record) };
  return { ...view, buttons, notes: [...(view.notes ?? []), note] };
}

/** Whether this person may have it previewed. */
export function mayLook({ viewer }) {
  return viewer.may?.includes("preview") ?? true;
}

export function whomToAsk({ setup }) {
  const names = setup?.administrators ?? [];
  return names.length ? say("may.ask_names", { names: names.join(", ") }) : say("may.ask");
}
