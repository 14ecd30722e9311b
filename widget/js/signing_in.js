// What is said while somebody is signed out or signing in? Shared by panel and popup.

import { say } from "./words.js";

/** {tone, glyph, headline, under, buttons} by the stage of the sign-in window. */
export function signInView(state) {
  const { stage, kind } = state.window;
  const show = kind === "sign_in" ? STAGES[stage] : null;
  return (show ?? asked)(state);
}

const STAGES = { opening: open, open, blocked, digits, over };

function view(tone, glyph, headline, under, buttons) {
  return { tone, glyph, headline, under, buttons };
}

const button = (name, icon, act, more = {}) => ({ name, icon, act, kind: "filled", ...more });
const again = () => button("try_again", "refresh", "sign_in");

function page(url) {
  return url ? [button("sign_in_page", "external", "follow", { kind: "plain", href: url })] : [];
}

function asked(state) {
  const under = state.again ? "signed_out.hour" : state.figures ? "signed_out.figures" : "signed_out.no_figures";
  const headline = state.again ? "signed_out.again" : "signed_out.headline";
  return view("n", "person", say(headline), say(under), [button("sign_in", "person", "sign_in")]);
}

function open() {
  return view("b", "working", say("signing_in.headline"), say("signing_in.under"), []);
}

function blocked({ window }) {
  const buttons = [again(), ...page(window.url)];
  return { ...view("a", "window", say("popup_blocked.headline"), say("popup_blocked.under"), buttons), footer: "foot.we_notice" };
}

function digits({ window }) {
  const shown = window.digits.replace(/^(\d{3})(\d{3})$/, "$1\u00a0$2");
  const under = say("digits.under", { digits: shown });
  return { ...view("n", "person", say("digits.headline"), under, [again(), ...page(window.url)]), footer: "foot.we_notice" };
}

function over({ window }) {
  const under = window.message ?? say("over.away");
  return view("a", "person", say("over.headline"), under, [button("sign_in", "person", "sign_in")]);
}
