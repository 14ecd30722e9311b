// What stands at the foot of the panel? How fresh it is or who asked, and what else can be done.

import { ago, exact, moment } from "./format.js";
import { brokenService, verdictOf } from "./record.js";
import { say } from "./words.js";

/** {icon, text, title, links, since}: `text` may hold {ago} and {seconds}, filled at drawing time. */
export function atFoot(state, view, now) {
  const foot = { icon: null, links: [], ...(view.footer ? { text: say(view.footer) } : told(state, view, now)) };
  return state.away ? { ...foot, ...away(state.away) } : foot;
}

function away({ until, code }) {
  return { icon: "warning", text: say(code === "zoho_away" ? "foot.zoho_away" : "foot.away", { seconds: "{seconds}" }), until };
}

function told(state, view, now) {
  const { record, run } = state;
  if (view.loading || !record) {
    return { text: "" };
  }
  if (["pushing", "waiting"].includes(view.state)) {
    return run?.createdAt ? underWay(state, view) : { text: "" };
  }
  if (brokenService(record)) {
    const at = record.link?.checked_at ?? record.connections.xero?.last_good_at;
    return { icon: "warning", text: at ? say("foot.last_good", { moment: moment(at, now, { at: true }) }) : say("foot.never"), title: exact(at) };
  }
  return record.link ? linked(state, view, now) : unlinked(record, view);
}

function underWay({ run, names }, view) {
  const name = names[run.askedBy];
  const key = `foot.${view.state === "waiting" ? "asked" : "started"}${name ? "_by" : ""}`;
  return { text: say(key, { name, ago: "{ago}" }), since: run.createdAt, title: exact(run.createdAt) };
}

function linked(state, view) {
  const { run, asked } = state;
  const refreshing = asked === "pull" || run?.kind === "pull";
  const refresh = { name: "refresh", icon: "refresh", act: "refresh", kind: "text", busy: refreshing };
  const preview = view.previewAtFoot ? [{ name: "preview", icon: "eye", act: "preview", kind: "text" }] : [];
  const busy = refreshing ? "foot.refreshing" : view.checking ? "foot.comparing" : null;
  const { key, since, name } = freshness(state, view);
  return { icon: "check", text: say(busy ?? key, { ago: "{ago}", name }), since, title: exact(since), links: [...preview, refresh] };
}

/** When it was sent where changes wait, when it was compared where the sides differ, else when Xero was asked. */
function freshness({ record, names }, { mode, checkedAt }) {
  const { sent_at: sent, sent_by: by, checked_at: looked } = record.link;
  if (mode === "update" && sent) {
    return names[by] ? { key: "foot.sent_by", since: sent, name: names[by] } : { key: "foot.sent", since: sent };
  }
  return mode && checkedAt ? { key: "foot.checked", since: checkedAt } : { key: "foot.up_to_date", since: looked };
}

function unlinked(record, view) {
  const at = verdictOf(record)?.task.ended_at;
  if (view.state !== "blocked") {
    return { text: say("foot.never") };
  }
  const preview = view.previewAtFoot ? [{ name: "preview", icon: "eye", act: "preview", kind: "text" }] : [];
  return { icon: "warning", text: say("foot.checked", { ago: "{ago}" }), since: at, title: exact(at), links: preview };
}

/** The gaps that change by themselves. */
export function fillTimes(text, { since, until }, now) {
  const seconds = until ? Math.max(1, Math.ceil((until - Date.now()) / 1000)) : "";
  return text.replace("{ago}", since ? ago(since, now) : "").replace("{seconds}", String(seconds));
}
