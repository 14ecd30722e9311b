// How does the widget speak with our server? The only file that does: JSON over fetch, a bearer token, no cookies.

const PATIENCE = 20_000;

/** Our server said no, with a stable code and a sentence. */
export class Problem extends Error {
  constructor(status, { code, message, fields } = {}) {
    super(message ?? "");
    this.status = status;
    this.code = code ?? "unknown";
    this.fields = fields ?? {};
  }
}

/** Our server, or what it needs, can't be reached now. Whether the request arrived is not known. */
export class Away extends Error {
  constructor(code = "away", seconds = 0) {
    super(code);
    this.code = code;
    this.seconds = seconds;
  }
}

/** {status, body, etag}; a 304 has no body. Throws Problem or Away. */
async function call(method, path, { token, body, etag } = {}) {
  const headers = { Accept: "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  if (etag) {
    headers["If-None-Match"] = etag;
  }
  if (body) {
    headers["Content-Type"] = "application/json";
  }
  const response = await sent(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
  if (response.status === 304 || response.status === 204) {
    return { status: response.status, body: null, etag: etag ?? null };
  }
  const answer = await parsed(response);
  if (!response.ok) {
    throw refusal(response, answer);
  }
  return { status: response.status, body: answer, etag: response.headers.get("ETag") };
}

async function sent(path, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const always = { credentials: "omit", cache: "no-store", redirect: "error", signal: stop.signal };
    return await fetch(`/api/v1${path}`, { ...always, ...options });
  } catch {
    throw new Away();
  } finally {
    clearTimeout(timer);
  }
}

async function parsed(response) {
  try {
    return await response.json();
  } catch {
    throw new Away(); // a proxy's page, or an answer cut short
  }
}

function refusal(response, answer) {
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10) || 0;
  if (response.status === 503 || response.status === 429 || response.status === 502 || response.status === 504) {
    return new Away(answer?.code ?? "away", wait);
  }
  return new Problem(response.status, answer ?? {});
}

const origin = () => window.location.origin;
const part = encodeURIComponent;
/** Of which invoice's customer somebody chooses (administrators need name none), and what they search for. */
function named(invoice, search) {
  const asked = new URLSearchParams({ ...(invoice ? { invoice } : {}), ...(search ? { search } : {}) });
  return asked.size ? `?${asked}` : "";
}

export const api = {
  startSignIn: (challenge) => call("POST", "/sign-in/start", { body: { challenge, widget_origin: origin() } }),
  finishSignIn: (body) => call("POST", "/sign-in/finish", { body }),
  renew: (renewal) => call("POST", "/sign-in/renew", { body: { renewal } }),
  startConnect: (token, service) =>
    call("POST", `/connections/${part(service)}/start`, { token, body: { widget_origin: origin() } }),
  record: (token, module, id, etag) => call("GET", `/records/${part(module)}/${part(id)}`, { token, etag }),
  startRun: (token, body) => call("POST", "/runs", { token, body }),
  candidates: (token, id, invoice, search = "") => call("GET", `/customers/${part(id)}/candidates${named(invoice, search)}`, { token }),
  chooseCustomer: (token, id, invoice, body) => call("PUT", `/customers/${part(id)}${named(invoice)}`, { token, body }),
  views: (token, module) => call("GET", `/views?module=${part(module)}`, { token }),
  found: (token, module, where) => call("GET", `/found?${new URLSearchParams({ module, ...where })}`, { token }),
  openRun: (token, body) => call("POST", "/runs/open", { token, body }),
  cancelRun: (token, id) => call("POST", `/runs/${part(id)}/cancel`, { token, body: {} }),
  rows: (token, id, since, etag) => call("GET", `/runs/${part(id)}/rows${since ? `?since=${part(since)}` : ""}`, { token, etag }),
  connections: (token) => call("GET", "/connections", { token }),
  run: (token, id, etag) => call("GET", `/runs/${part(id)}`, { token, etag }),
};
