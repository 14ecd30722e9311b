// What is shown while somebody chooses invoices by a CRM view or a day, and how is that choice named later? Pure.

import { day } from "../format.js";
import { filled, plain } from "../states.js";
import { say } from "../words.js";

export function chooseView({ choosing, selected, asking, away }) {
  const { count, views } = choosing;
  if (!views) {
    return { loading: true, tone: "n", headline: say("loading.headline") };
  }
  const back = selected.length ? { ...plain("back", null, "selected"), label: say("many.back", { count: selected.length }) } : plain("cancel", null, "close");
  const check = { ...filled("check", "refresh", "check", { busy: Boolean(asking) }), label: say("many.check", { count }) };
  return {
    state: "choose",
    tone: "n",
    glyph: "none",
    headline: say("many.choose"),
    under: say("many.choose_under"),
    choosing,
    answer: answerOf(choosing),
    foot: away ? { text: say("foot.away"), until: away.until } : {},
    buttons: count ? [back, check] : [back],
  };
}

/** {text, tone} of what the choice comes to, or null. */
function answerOf({ count, counting, told, silent }) {
  if (counting || silent) {
    return { text: say(silent ? "many.count_silent" : "many.counting") };
  }
  if (told) {
    return { text: told, isNo: true };
  }
  return count === null ? null : count ? { text: say("many.count", { count }), isFound: true } : { text: say("many.count_none"), isNo: true };
}

/** "1,640 invoices in Approved this month", for the head of the window. */
export function foundLine({ by, name, day: since }, count) {
  if (by === "view") {
    return say("many.found_view", { count, name });
  }
  return by === "day" ? say("many.found_day", { count, day: day(since) }) : say("many.found", { count });
}
