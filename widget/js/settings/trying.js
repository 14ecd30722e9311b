// What would become of real invoices with what is on this page? Asked of the server; nothing is written anywhere.

import { Problem } from "../api.js";
import { SignedOut } from "../session.js";
import { say } from "../words.js";
import { calls } from "./calls.js";

const THREE = 3;

/** `all`: every part that can be tried. Its state is what `try_it.js` and `previews.js` draw. */
export function createTrying({ page, all }) {
  const { parts, change, authorised } = page;
  const state = { record: null, invoices: {}, answer: null, told: null, busy: false, asked: null, three: null, threeAsked: null };
  const unsaved = () => parts.unsaved(all);
  const fingerprint = () => JSON.stringify([unsaved(), page.state.page?.version]);

  async function search(text) {
    try {
      const { invoices } = (await authorised((token) => calls.invoices(token, text))).body;
      invoices.forEach((invoice) => (state.invoices[invoice.id] = invoice));
      return invoices;
    } catch (trouble) {
      told(trouble);
      return [];
    }
  }

  function told(trouble) {
    if (trouble instanceof SignedOut) {
      page.signedOut(trouble);
    }
    return trouble instanceof Problem ? [trouble.message, ...Object.values(trouble.fields)].join(" ") : say("try.away");
  }

  const asked = (record) => authorised((token) => calls.tryIt(token, { settings: unsaved(), ...(record ? { record_id: record } : {}) }));

  async function one(record = state.record) {
    if (state.busy) {
      return;
    }
    Object.assign(state, { busy: true, record, asked: fingerprint() });
    change({});
    try {
      const { body } = await asked(record);
      Object.assign(state, { answer: body, record: body.record_id, told: null });
      if (!state.invoices[body.record_id]) {
        await search("");
      }
    } catch (trouble) {
      Object.assign(state, { answer: null, told: told(trouble) });
    }
    state.busy = false;
    change({});
    await noticed();
  }

  /** The newest three, side by side; the gate of the preview opens with it. */
  async function three() {
    if (state.three?.busy) {
      return;
    }
    state.threeAsked = fingerprint();
    state.three = { busy: true, rows: state.three?.rows ?? [], told: null };
    change({});
    try {
      const newest = (await search("")).slice(0, THREE);
      const rows = await Promise.all(newest.map(async (invoice) => ({ invoice, ...(await asked(invoice.id)).body })));
      state.three = { busy: false, rows, told: rows.length ? null : say("previews.none") };
    } catch (trouble) {
      state.three = { busy: false, rows: [], told: told(trouble) };
    }
    change({});
    await noticed();
  }

  /** The server remembers that somebody looked; its checklist then says so. */
  async function noticed() {
    const gate = page.state.page?.checklist?.find((each) => each.gate === "preview");
    if (gate?.state === "now") {
      await page.load();
    }
  }

  return {
    state,
    search,
    one,
    three,
    isOld: () => state.answer !== null && state.asked !== fingerprint(),
    areOld: () => Boolean(state.three) && state.threeAsked !== fingerprint(),
  };
}
