// What does the invoice page do by itself: the panel's frame, the button's popup, fields that stay fresh?

import { answers } from "/crm-static/crm-events.js";
import { connect, goToTab } from "/crm-static/host.js";
import { createPopup, number } from "/crm-static/layer.js";

const REFRESH = 2000;
const GLOW = 3000;
const view = document.querySelector("#invoice");
const { start, widget, record } = view.dataset;
const knobs = JSON.parse(view.dataset.knobs);
const page = `${start}/page`;
const KEPT = `fields of ${record}`;

function pageData(id) {
  const array = knobs.entity ? knobs.entity === "array" : Array.isArray(id);
  const one = [].concat(id)[0];
  return { Entity: "Invoices", EntityId: array ? [one] : one };
}

function goTo(action, { Entity = "Invoices", RecordID, target }) {
  const edit = action === "EDIT" ? "/edit" : "";
  const address = `${start}/tab/${encodeURIComponent(Entity)}/${encodeURIComponent(RecordID ?? record)}${edit}`;
  if (target === "_blank") {
    window.open(address, "_blank", "noopener");
  } else {
    window.location.assign(address);
  }
  return true;
}

function panel() {
  const frame = document.querySelector("#xero-panel-frame");
  const ui = {
    // A related list has the width of the page; only its height can be asked for.
    resize({ height }) {
      const tall = number(height, 80, 4000);
      if (tall !== null) {
        frame.style.height = `${tall}px`;
      }
      return true;
    },
    record: goTo,
    tab: (wanted) => goToTab(start, wanted),
    close: () => false,
  };
  connect({ frame, address: `${widget}/widget/panel.html`, pageLoad: pageData(record), answer: answers(page, ui), knobs });
}

function popup() {
  const button = document.querySelector("#push-to-xero");
  const onClose = (reload) => {
    if (reload) {
      window.location.reload();
    } else {
      sessionStorage.removeItem(KEPT);
      button.focus();
    }
  };
  const open = createPopup({ layer: document.querySelector("#popup"), page, knobs, goTo, goToTab: (wanted) => goToTab(start, wanted), onClose });
  button.addEventListener("click", () => {
    sessionStorage.setItem(KEPT, JSON.stringify(texts()));
    open({ address: `${widget}/widget/popup.html`, title: "Push to Xero", pageLoad: pageData([record]) });
  });
}

function texts() {
  const cells = document.querySelectorAll("[data-field]");
  return Object.fromEntries([...cells].map((cell) => [cell.dataset.field, cell.textContent]));
}

function glow(cell) {
  cell.classList.add("glow");
  setTimeout(() => cell.classList.remove("glow"), GLOW);
}

function put({ name, label, text, column }) {
  const known = document.querySelector(`[data-field="${CSS.escape(name)}"]`);
  const cell = known ?? row(name, label, column);
  if (cell.textContent !== text) {
    cell.textContent = text;
    glow(cell);
  }
}

function row(name, label, column) {
  const group = document.createElement("div");
  const term = document.createElement("dt");
  const cell = document.createElement("dd");
  const value = document.createElement("span");
  term.textContent = label;
  value.dataset.field = name;
  value.dir = "auto";
  cell.append(value);
  group.append(term, cell);
  document.querySelector(`#fields-${column}`).append(group);
  return value;
}

async function refresh() {
  if (!document.hidden) {
    try {
      const response = await fetch(`${page}/view/${record}`);
      if (response.status === 200) {
        (await response.json()).fields.forEach(put);
      }
    } catch {
      // The CRM is away for a moment; the next round asks again.
    }
  }
  setTimeout(refresh, REFRESH);
}

function glowChanged() {
  const before = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (before) {
    const changed = Object.entries(texts()).filter(([name, text]) => (before[name] ?? "") !== text);
    changed.forEach(([name]) => glow(document.querySelector(`[data-field="${CSS.escape(name)}"]`)));
  }
}

glowChanged();
panel();
popup();
setTimeout(refresh, REFRESH);
