// What does the invoice list do by itself: how many are selected, and what can be done with them?

import { goToTab } from "/crm-static/host.js";
import { createPopup } from "/crm-static/layer.js";

const form = document.querySelector("#list");
const all = document.querySelector("#all");
const chosen = document.querySelector("#chosen");
const { start, widget } = form.dataset;
const boxes = [...form.querySelectorAll("input[name=record]")];
const buttons = [...form.querySelectorAll("[data-needs]")];

function show() {
  const count = boxes.filter((box) => box.checked).length;
  chosen.textContent = count === 0 ? "None selected" : `${count} selected`;
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && count < boxes.length;
  for (const button of buttons) {
    button.disabled = button.dataset.needs === "one" ? count !== 1 : count === 0;
  }
  for (const box of boxes) {
    box.closest("tr").classList.toggle("picked", box.checked);
  }
}

function goTo(action, { Entity = "Invoices", RecordID, target }) {
  const address = `${start}/tab/${encodeURIComponent(Entity)}/${encodeURIComponent(RecordID)}${action === "EDIT" ? "/edit" : ""}`;
  if (target === "_blank") {
    window.open(address, "_blank", "noopener");
  } else {
    window.location.assign(address);
  }
  return true;
}

/** A custom button above the list: its widget is told which records are selected (Z3.3). */
function mass() {
  const button = document.querySelector("#sync-to-xero");
  const onClose = (reload) => (reload ? window.location.reload() : button.focus());
  const open = createPopup({ layer: document.querySelector("#popup"), page: `${start}/page`, knobs: {}, goTo, goToTab: (wanted) => goToTab(start, wanted), onClose });
  button.addEventListener("click", () => {
    const ids = boxes.filter((box) => box.checked).map((box) => box.value);
    open({ address: `${widget}/widget/many.html`, title: "Sync to Xero", pageLoad: { EntityId: ids, Entity: "Invoices", ButtonPosition: "ListView" } });
  });
}

all.addEventListener("change", () => {
  for (const box of boxes) {
    box.checked = all.checked;
  }
  show();
});
form.addEventListener("change", show);
// Browsers bring old ticks back when one returns to the page.
window.addEventListener("pageshow", show);
show();
mass();
