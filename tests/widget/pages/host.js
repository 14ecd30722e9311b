// How does the test page play CRM? The simulator's protocol, with answers from the test's script.

import { connect } from "/crm-static/host.js";

const frame = document.querySelector("iframe");
const script = await (await fetch("/host-script")).json();
const name = window.location.pathname.split("/").pop();

function answer(data) {
  fetch("/host-asked", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
  const ways = {
    READ: () => ({ data: script.record ? [script.record] : [] }),
    META: () => ({ fields: script.fields }),
    USER: () => ({ users: [script.user] }),
    CONFIG: () => (data.type === "ORG" ? { org: [{ iso_code: "AUD" }] } : { users: [script.user] }),
    UI: () => ui(data),
  };
  return ways[data.category] ? Promise.resolve(ways[data.category]()) : Promise.reject(new Error("not here"));
}

function ui(data) {
  if (data.action === "RESIZE") {
    frame.style.height = `${data.data.height}px`;
    if (data.data.width) {
      frame.style.width = `min(100%, ${data.data.width}px)`;
    }
  }
  return true;
}

window.link = connect({ frame, address: `${script.widget}/widget/${name}.html`, pageLoad: script.page, answer, knobs: script.knobs });
