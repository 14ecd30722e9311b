// How does the settings page speak with our server? What the panel's calls don't know: saves under If-Match.

import { Away, Problem } from "../api.js";

const PATIENCE = 30_000; // a save looks into Xero and CRM before it answers
const AWAY = [429, 502, 503, 504];
const part = encodeURIComponent;

/** {body, etag}; a 204 has no body. Throws Problem or Away, as all calls of ours. */
async function call(method, path, { token, body, seen } = {}) {
  const headers = { Accept: "application/json", Authorization: `Bearer ${token}` };
  if (seen) {
    headers["If-Match"] = seen;
  }
  if (body) {
    headers["Content-Type"] = "application/json";
  }
  const response = await sent(path, { method, headers, body: body && JSON.stringify(body) });
  if (response.status === 204) {
    return { body: null, etag: null };
  }
  const answer = await parsed(response);
  if (!response.ok) {
    throw AWAY.includes(response.status) ? new Away(answer?.code ?? "away", waitOf(response)) : new Problem(response.status, answer ?? {});
  }
  return { body: answer, etag: response.headers.get("ETag") };
}

const waitOf = (response) => Number.parseInt(response.headers.get("Retry-After") ?? "", 10) || 0;

async function sent(path, options) {
  const always = { credentials: "omit", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) };
  try {
    return await fetch(`/api/v1${path}`, { ...always, ...options });
  } catch {
    throw new Away();
  }
}

async function parsed(response) {
  try {
    return await response.json();
  } catch {
    throw new Away(); // a proxy's page, or an answer cut short
  }
}

export const calls = {
  page: (token, fresh) => call("GET", fresh ? "/settings?fresh=true" : "/settings", { token }),
  save: (token, seen, body) => call("PUT", "/settings", { token, seen, body }),
  live: (token, seen, live) => call("POST", "/settings/live", { token, seen, body: { live } }),
  tryIt: (token, body) => call("POST", "/settings/try", { token, body }),
  invoices: (token, search) => call("GET", `/settings/invoices?search=${part(search)}`, { token }),
  notices: (token) => call("GET", "/notices", { token }),
  connections: (token) => call("GET", "/connections", { token }),
  test: (token, service) => call("POST", `/connections/${part(service)}/test`, { token, body: {} }),
  /** A further organisation beside the one that is connected, to change to it. */
  another: (token) => call("POST", "/connections/xero/start", { token, body: { widget_origin: window.location.origin, another: true } }),
  customers: (token, query) => call("GET", `/customers?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`, { token }),
  untie: (token, id) => call("DELETE", `/customers/${part(id)}`, { token }),
  leaving: (token) => call("GET", "/data", { token }),
  disconnect: (token, service) => call("DELETE", `/connections/${part(service)}`, { token }),
};
