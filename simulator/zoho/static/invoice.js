// What does the invoice page do by itself: the panel's frame, the button's popup, fields that stay fresh?

import { answers } from "/crm-static/crm-events.js";
import { connect } from "/crm-static/host.js";

const REFRESH = 2000;
const GLOW = 3000;
const view = document.querySelector("#invoice");
const { start, widget, record } = view.dataset;
const knobs = JSON.parse(view.dataset.knobs);
const page = `${start}/page`;
const KEPT = `fields of ${record}`;

function number(size, least, most) {
  const wished = Number.parseFloat(size);
  return Number.isFinite(wished) ? Math.min(Math.max(wished, least), most) : null;
}

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
    close: () => false,
  };
  connect({ frame, address: `${widget}/widget/panel.html`, pageLoad: pageData(record), answer: answers(page, ui), knobs });
}

function popup() {
  const layer = document.querySelector("#popup");
  const button = document.querySelector("#push-to-xero");
  let open = null;

  function size({ width, height }) {
    const wide = number(width, 280, window.innerWidth - 24);
    const tall = number(height, 120, window.innerHeight - 24 - layer.querySelector("header").offsetHeight);
    if (wide !== null) {
      layer.style.width = `${wide}px`;
    }
    if (tall !== null) {
      open.frame.style.height = `${tall}px`;
    }
    return true;
  }

  function close(reload) {
    if (open) {
      open.link.disconnect();
      open.frame.remove();
      open = null;
    }
    layer.close();
    if (reload) {
      window.location.reload();
    } else {
      sessionStorage.removeItem(KEPT);
      button.focus();
    }
    return true;
  }

  function show() {
    sessionStorage.setItem(KEPT, JSON.stringify(texts()));
    const frame = document.createElement("iframe");
    frame.id = "popup-frame";
    frame.title = "Push to Xero";
    layer.append(frame);
    layer.style.width = "";
    layer.showModal();
    // The answer to CLOSE goes out before its frame goes away.
    const ui = { resize: size, record: goTo, close: (reload) => setTimeout(close, 0, reload) > 0 };
    const address = `${widget}/widget/popup.html`;
    const link = connect({ frame, address, pageLoad: pageData([record]), answer: answers(page, ui), knobs });
    open = { frame, link };
  }

  button.addEventListener("click", show);
  layer.querySelector("#popup-close").addEventListener("click", () => close(false));
  layer.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false);
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
