// What does the CRM page around this frame tell, and what can it be asked to do?
// Everything here has the rights of the person at the CRM page: good to show, never proof.

const PATIENCE = 3000;
const ANSWER = 5000;
const OUR_FIELDS = {
  xero_id: ["Xero_Invoice_ID", "xero invoice id"],
  number: ["Xero_Invoice_Number", "xero invoice number"],
  payment_status: ["Payment_Status", "payment status"],
  lock: ["Lock_State", "lock state"],
  due: ["Amount_Due", "amount due"],
};

export const crm = { locale: null, ready: false };
const known = { fields: new Map(), users: new Map(), user: null };

/**
 * Starts the SDK and calls `onRecord({ module, ids })` for each PageLoad, which may come again.
 * Resolves to null when the page is known, or to { problem: "outside" | "sdk_missing" } after three seconds.
 */
export async function start(onRecord) {
  if (!new URLSearchParams(window.location.search).get("serviceOrigin") || window.parent === window) return { problem: "outside" };
  listenForLocale();
  let loaded = null;
  const page = new Promise((resolve) => { loaded = resolve; });
  if (!(await within(PATIENCE, loadSdk(), false))) return { problem: "sdk_missing" };
  // The listener first: the SDK never connects one that comes after init() (Z3.2.2).
  window.ZOHO.embeddedApp.on("PageLoad", (data) => {
    loaded(true);
    onRecord(normal(data));
  });
  Promise.resolve(window.ZOHO.embeddedApp.init()).then(() => { crm.ready = true; }, () => {});
  return (await within(PATIENCE, page, false)) ? null : { problem: "outside" };
}

/** A record's values as this CRM user sees them, or null. */
export async function record(module, id) {
  const answer = await asked(() => window.ZOHO.CRM.API.getRecord({ Entity: module, RecordID: id }));
  return answer?.data?.[0] ?? null;
}

/** Our five fields of a record, found by their label or their usual API name: { number, payment_status, lock, due, xero_id }. */
export async function ourFields(module, found) {
  if (!found) return null;
  const fields = await fieldsOf(module);
  const pairs = Object.entries(OUR_FIELDS).map(([name, [usual, label]]) => {
    const field = fields.find((one) => one.api_name === usual)
      ?? fields.find((one) => String(one.field_label ?? one.display_label ?? "").toLowerCase() === label);
    return [name, found[field?.api_name ?? usual] ?? null];
  });
  return Object.fromEntries(pairs);
}

/** The name of a CRM user, or null where this person may not know it. */
export async function userName(id) {
  if (!id) return null;
  if (!known.users.has(id)) {
    const answer = asked(() => window.ZOHO.CRM.API.getUser({ ID: id }));
    known.users.set(id, answer.then((found) => found?.users?.[0]?.full_name ?? null));
  }
  return known.users.get(id);
}

/** The id of the person at the CRM page, or null. It only says whose sign-in to look for; it proves nothing. */
export async function currentUserId() {
  if (known.user === null && window.ZOHO?.CRM) {
    const answer = await asked(() => window.ZOHO.CRM.CONFIG.getCurrentUser());
    const id = answer?.users?.[0]?.id;
    if (id) known.user = String(id);
  }
  return known.user;
}

/** Asks for a size in CSS pixels. */
export function resize({ width, height }) {
  const wish = { height: String(Math.ceil(height)) };
  if (width) wish.width = String(Math.ceil(width));
  return asked(() => window.ZOHO.CRM.UI.Resize(wish));
}

/** Opens CRM's own editor of a record. */
export function edit(module, id) {
  return asked(() => window.ZOHO.CRM.UI.Record.edit({ Entity: module, RecordID: id }));
}

/** Opens a record in CRM. */
export function open(module, id) {
  return asked(() => window.ZOHO.CRM.UI.Record.open({ Entity: module, RecordID: id }));
}

/** Closes the popup this page stands in, and reloads the CRM page where asked. */
export function closePopup({ reload = false } = {}) {
  const popup = window.ZOHO?.CRM?.UI?.Popup;
  return asked(() => (reload ? popup.closeReload() : popup.close()));
}

function normal(data) {
  const ids = [].concat(data?.EntityId ?? []).filter((id) => id !== null && id !== "").map(String);
  return { module: data?.Entity ?? null, ids };
}

function loadSdk() {
  const source = document.documentElement.dataset.sdk;
  if (window.ZOHO?.embeddedApp) return Promise.resolve(true);
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", () => resolve(Boolean(window.ZOHO?.embeddedApp)));
    script.addEventListener("error", () => resolve(false));
    document.head.append(script);
  });
}

// The SDK keeps the locale of SET_CONTEXT to itself, so we read it as it passes; from our parent alone.
function listenForLocale() {
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent) return;
    const message = typeof event.data === "string" ? parsed(event.data) : event.data;
    if (message?.eventName === "SET_CONTEXT" && typeof message.data?.locale === "string") crm.locale = message.data.locale;
  });
}

async function fieldsOf(module) {
  if (!known.fields.has(module)) {
    known.fields.set(module, asked(() => window.ZOHO.CRM.META.getFields({ Entity: module })).then((answer) => answer?.fields ?? []));
  }
  return known.fields.get(module);
}

/** The SDK has no time-outs and rejects for many reasons; what CRM does not tell is null to us. */
async function asked(question) {
  try {
    return await within(ANSWER, Promise.resolve(question()), null);
  } catch {
    return null;
  }
}

function within(limit, promise, otherwise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, limit, otherwise))]);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
