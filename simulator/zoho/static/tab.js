// What does a web tab of the CRM do by itself? It shows a widget that no record is around.

import { answers } from "/crm-static/crm-events.js";
import { connect } from "/crm-static/host.js";

const { start, widget } = document.querySelector("#tab").dataset;
const frame = document.querySelector("#tab-frame");

function open({ Entity = "Invoices", RecordID, target }) {
  const address = `${start}/tab/${encodeURIComponent(Entity)}/${encodeURIComponent(RecordID ?? "")}`;
  if (target === "_blank") {
    window.open(address, "_blank", "noopener");
  } else {
    window.location.assign(address);
  }
  return true;
}

// A tab gives its widget all the room there is; asking for another size changes nothing.
const message = decodeURIComponent(window.location.hash.slice(1));
const pageLoad = message ? JSON.parse(message) : {};
const ui = { resize: () => true, record: (action, wanted) => open(wanted), tab: () => false, close: () => false };
connect({ frame, address: `${widget}/widget/settings.html`, pageLoad, answer: answers(`${start}/page`, ui), knobs: {} });
