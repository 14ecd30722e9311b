// How does a text get out of the frame, to be pasted elsewhere? By the clipboard, in the way that this browser allows.

const SAID_FOR = 3000;

/**
 * What a button "Copy" does: copies `text()` and says so for a while in `state.copied`, else leaves it to be copied by
 * hand from the text area that `show()` then draws within `root`.
 */
export function createCopying({ state, show, root, text }) {
  return async () => {
    state.copied = (await copy(text())) ? true : "by_hand";
    show();
    if (state.copied === "by_hand") {
      root.querySelector("textarea").select();
      return;
    }
    setTimeout(() => {
      state.copied = null;
      show();
    }, SAID_FOR);
  };
}

/** Whether it was copied. A frame of another site may be refused the newer way, and then takes the older one. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selected(text);
  }
}

function selected(text) {
  const held = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "unseen";
  area.setAttribute("aria-hidden", "true");
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    held?.focus({ preventScroll: true });
  }
}
