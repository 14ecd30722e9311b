// How is our own server asked, and what does a refusal look like?

const PATIENCE = 20_000;

/** A refusal of our API, or (status 0) a server that could not be reached. `message` is a sentence for people. */
export class ApiError extends Error {
  constructor(status, code, message, fields = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** Nothing was decided: asking again may help by itself. */
  get away() {
    return this.status === 0 || this.status >= 502 || this.status === 429;
  }
}

/** One request to /api/v1. Resolves to { status, etag, body } for 2xx and 304; throws ApiError otherwise. */
export async function request(method, path, { body, etag, token, ifMatch } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (etag) headers["If-None-Match"] = etag;
  if (ifMatch) headers["If-Match"] = ifMatch;
  if (token) headers.Authorization = `Bearer ${token}`;
  const response = await reach(`/api/v1${path}`, {
    method, headers, cache: "no-store", credentials: "omit", body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 304) return { status: 304, etag: etag ?? null, body: null };
  const told = await jsonOf(response);
  if (!response.ok) throw refusal(response, told);
  return { status: response.status, etag: response.headers.get("ETag"), body: told };
}

async function reach(address, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(address, { ...options, signal: stop.signal });
  } catch {
    throw new ApiError(0, "away", "InvoiceBridge can’t be reached.");
  } finally {
    clearTimeout(timer);
  }
}

async function jsonOf(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    // A proxy's page in place of our answer: as good as no answer.
    if (response.ok) throw new ApiError(0, "away", "InvoiceBridge can’t be reached.");
    return null;
  }
}

function refusal(response, told) {
  return new ApiError(response.status, told?.code ?? "refused", told?.message ?? "InvoiceBridge could not do that.", told?.fields ?? {});
}
