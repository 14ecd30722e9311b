// How does the widget speak with Zoho CRM? The only file that touches the SDK. Nothing it says is proof of anything.

const SDK_WAIT = 3000; // then the page says that the script is missing
const PAGE_WAIT = 8000; // then that CRM does not speak
const ANSWER_WAIT = 6000; // the SDK itself never gives up
const SETTINGS_TAB = "InvoiceBridge"; // as plugin-manifest.json names it
const OWN = {
  xeroId: ["Xero Invoice ID", /xero_invoice_id\d*$/i],
  xeroNumber: ["Xero Invoice Number", /xero_invoice_number\d*$/i],
  paymentStatus: ["Payment Status", /payment_status\d*$/i],
  lockState: ["Lock State", /lock_state\d*$/i],
  amountDue: ["Amount Due", /amount_due\d*$/i],
};

/** Whether this page stands alone: no frame around it, or no CRM that told its address. */
export function isOutside() {
  return window.parent === window || !new URLSearchParams(window.location.search).get("serviceOrigin");
}

/**
 * Loads the SDK and listens. `onRecord({module, ids, setting})` may be called again; `onTrouble("no_sdk" | "silent")`
 * may be followed by `onRecord` all the same, where something was only slow.
 */
export function start({ onRecord, onTrouble }) {
  let heard = false;
  const late = setTimeout(() => onTrouble("no_sdk"), SDK_WAIT);
  const script = document.createElement("script");
  script.src = document.documentElement.dataset.sdk;
  script.addEventListener("error", () => {
    clearTimeout(late);
    onTrouble("no_sdk");
  });
  script.addEventListener("load", () => {
    clearTimeout(late);
    if (!window.ZOHO?.embeddedApp) {
      onTrouble("no_sdk");
      return;
    }
    setTimeout(() => heard || onTrouble("silent"), PAGE_WAIT);
    // The listener first: what is added after init() is never connected.
    window.ZOHO.embeddedApp.on("PageLoad", (data) => {
      heard = true;
      onRecord(pageOf(data));
    });
    window.ZOHO.embeddedApp.init();
  });
  document.head.append(script);
}

function pageOf(data) {
  const ids = [].concat(data?.EntityId ?? []).map(String).filter(Boolean);
  return { module: data?.Entity ?? "Invoices", ids, setting: data?.setting ?? null };
}

/** Races the SDK, which may hang, throw at once, or reject. */
function asked(request) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("CRM did not answer")), ANSWER_WAIT);
    Promise.resolve().then(request).then(resolve, reject);
  });
}

const zoho = () => window.ZOHO.CRM;

/** The CRM user whose page this is: {id, name}, or null where CRM does not say. */
export async function currentUser() {
  try {
    const [user] = (await asked(() => zoho().CONFIG.getCurrentUser())).users;
    return { id: String(user.id), name: user.full_name ?? "" };
  } catch {
    return null;
  }
}

/** The name of a CRM user, or null. */
export async function userName(id) {
  try {
    const answer = await asked(() => zoho().API.getUser({ ID: id }));
    return answer.users?.[0]?.full_name ?? null;
  } catch {
    return null;
  }
}

/** What CRM itself shows of an invoice, our five fields included; null where it does not answer. */
export async function figures(module, id) {
  const [record, fields, org] = await Promise.all([
    asked(() => zoho().API.getRecord({ Entity: module, RecordID: id })).then((answer) => answer.data?.[0], () => null),
    asked(() => zoho().META.getFields({ Entity: module })).then((answer) => answer.fields ?? [], () => []),
    asked(() => zoho().CONFIG.getOrgInfo()).then((answer) => answer.org?.[0], () => null),
  ]);
  return record ? shown(record, fields, org) : null;
}

function shown(record, fields, org) {
  const own = Object.entries(OWN).map(([name, [label, pattern]]) => [name, value(record, fields, label, pattern)]);
  return {
    ...Object.fromEntries(own),
    number: record.Invoice_Number ?? record.Subject ?? null,
    customer: record.Account_Name?.name ?? null,
    status: record.Status ?? null,
    date: record.Invoice_Date ?? null,
    dueDate: record.Due_Date ?? null,
    total: record.Grand_Total ?? null,
    currency: record.Currency ?? org?.iso_code ?? null,
    modified: record.Modified_Time ?? null,
  };
}

/** Our fields' API names differ between orgs: by label first, by the look of the name where labels are not told. */
function value(record, fields, label, pattern) {
  const name =
    fields.find((field) => field.field_label === label)?.api_name ?? Object.keys(record).find((key) => pattern.test(key));
  const found = name === undefined ? null : record[name];
  return found === "" ? null : (found ?? null);
}

/** Gives the frame a size; what is not named stays as it is. */
export function resize(size) {
  quietly(() => zoho().UI.Resize(size));
}

/** Opens the record for editing. */
export function edit(module, id) {
  quietly(() => zoho().UI.Record.edit({ Entity: module, RecordID: id }));
}

/** Opens the record in another tab: this one has work under way. */
export function openRecord(module, id) {
  quietly(() => zoho().UI.Record.open({ Entity: module, RecordID: id, Target: "_blank" }));
}

/** Opens the web tab with our settings, at the section of this setting: the tab's own PageLoad says which (Z3.4). */
export function openSettings(setting) {
  quietly(() => zoho().UI.Widget.open({ Entity: SETTINGS_TAB, Message: { setting } }));
}

/** Closes the popup around this page, and shows the record anew where it changed. */
export function closePopup({ reload }) {
  quietly(() => (reload ? zoho().UI.Popup.closeReload() : zoho().UI.Popup.close()));
}

function quietly(request) {
  asked(request).catch(() => {});
}
