// How does the CRM open a custom button's widget in a popup above the page, and close it again?

import { answers } from "/crm-static/crm-events.js";
import { connect } from "/crm-static/host.js";

export function number(size, least, most) {
  const wished = Number.parseFloat(size);
  return Number.isFinite(wished) ? Math.min(Math.max(wished, least), most) : null;
}

/**
 * `layer`: the dialog with its close button. `onClose(reload)` comes after the frame went away.
 * Returns `open({address, title, pageLoad})`.
 */
export function createPopup({ layer, page, knobs, goTo, goToTab, onClose }) {
  let shown = null;

  function size({ width, height }) {
    const wide = number(width, 280, window.innerWidth - 24);
    const tall = number(height, 120, window.innerHeight - 24 - layer.querySelector("header").offsetHeight);
    if (wide !== null) {
      layer.style.width = `${wide}px`;
    }
    if (tall !== null) {
      shown.frame.style.height = `${tall}px`;
    }
    return true;
  }

  function close(reload) {
    if (shown) {
      shown.link.disconnect();
      shown.frame.remove();
      shown = null;
    }
    layer.close();
    onClose(reload);
    return true;
  }

  layer.querySelector("#popup-close").addEventListener("click", () => close(false));
  layer.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(false);
  });

  return function open({ address, title, pageLoad }) {
    const frame = document.createElement("iframe");
    frame.id = "popup-frame";
    frame.title = title;
    layer.append(frame);
    layer.style.width = "";
    layer.showModal();
    // The answer to CLOSE goes out before its frame goes away.
    const ui = { resize: size, record: goTo, tab: goToTab, close: (reload) => setTimeout(close, 0, reload) > 0 };
    const link = connect({ frame, address, pageLoad, answer: answers(page, ui), knobs });
    shown = { frame, link };
  };
}
