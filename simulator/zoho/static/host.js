// How does the CRM page speak with the widget in one of its frames? (Z3.7, steps 1 to 6)

const SLOW = 2000;
const WITHOUT_ZDK = 500;
let registered = 0;

/** Shows the web tab that another widget asked for; its message becomes the tab's PageLoad (Z3.4). */
export function goToTab(start, { Entity, Message = {} }) {
  window.location.assign(`${start}/tab/${encodeURIComponent(Entity)}#${encodeURIComponent(JSON.stringify(Message))}`);
  return true;
}

/**
 * Loads `address` into `frame` and answers it until `disconnect()`.
 * `pageLoad` is the PageLoad data, `answer(data)` returns a promise of the result of a CRM_EVENT,
 * `knobs` are the oddities asked for. Only messages from this frame's window and from the widget's
 * origin count, and requests must carry the uniqueID of the present registration.
 */
export function connect({ frame, address, pageLoad, answer, knobs }) {
  const origin = new URL(address).origin;
  const link = { frame, origin, pageLoad, answer, knobs, uniqueID: null, loaded: false };
  const listener = (event) => receive(link, event);
  window.addEventListener("message", listener);
  frame.src = `${address}?serviceOrigin=${encodeURIComponent(window.location.origin)}`;
  return { disconnect: () => window.removeEventListener("message", listener) };
}

function receive(link, event) {
  if (event.source !== link.frame.contentWindow || event.origin !== link.origin) {
    return;
  }
  const message = parse(event.data);
  if (message?.type !== "SDK.EVENT") {
    return;
  }
  if (message.eventName === "REGISTER") {
    register(link, message);
  } else if (!link.uniqueID || message.uniqueID !== link.uniqueID) {
    console.warn("A message without the present uniqueID was left aside.", message.eventName);
  } else if (message.eventName === "DEREGISTER") {
    link.uniqueID = null;
  } else if (typeof message.promiseid === "string") {
    request(link, message);
  }
}

function parse(data) {
  if (typeof data !== "string") {
    return data;
  }
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function register(link, message) {
  if (!decodeURIComponent(message.appOrigin ?? "").startsWith(`${link.origin}/`)) {
    return;
  }
  registered += 1;
  link.uniqueID = `w-${registered}`;
  link.loaded = false;
  const data = { uniqueID: link.uniqueID, locale: "en_US", localeResource: {}, connectors: {}, model: {} };
  post(link, { eventName: "SET_CONTEXT", data });
  // SDKs older than 1.2 do not ask for the dialog kit; they get their PageLoad all the same.
  const present = link.uniqueID;
  setTimeout(() => present === link.uniqueID && load(link), WITHOUT_ZDK);
}

function load(link) {
  if (link.loaded || link.knobs.pageload === "never") {
    return;
  }
  link.loaded = true;
  const times = link.knobs.pageload === "twice" ? 2 : 1;
  for (let n = 0; n < times; n += 1) {
    post(link, { eventName: "PageLoad", data: link.pageLoad });
  }
}

async function request(link, message) {
  if (message.eventName === "ZDK_EVENT") {
    reply(link, message, false, { message: "There is no dialog kit here." });
    if (message.data?.action === "get_zdk_url") {
      load(link);
    }
  } else if (message.eventName === "CRM_EVENT" && link.knobs.answers !== "never") {
    const [good, data] = await result(link, message.data ?? {});
    reply(link, message, good, data);
  }
}

async function result(link, data) {
  const look = data.category !== "UI";
  if (look && link.knobs.answers === "slow") {
    await new Promise((resolve) => setTimeout(resolve, SLOW));
  }
  if (look && link.knobs.answers === "fail") {
    return [false, { code: "INTERNAL_ERROR", details: {}, message: "Internal Server Error", status: "error" }];
  }
  try {
    return [true, await link.answer(data)];
  } catch (refusal) {
    return [false, refusal instanceof Error ? { code: "INTERNAL_ERROR", message: refusal.message } : refusal];
  }
}

function reply(link, message, good, data) {
  if (message.uniqueID === link.uniqueID) {
    const eventName = good ? "EVENT_RESPONSE" : "EVENT_RESPONSE_FAILURE";
    post(link, { eventName, promiseid: message.promiseid, data });
  }
}

function post(link, message) {
  link.frame.contentWindow?.postMessage({ type: "FRAMEWORK.EVENT", ...message }, link.origin);
}
