// What does the CRM page answer to a widget's request? (Z3.4, Z3.5)

/**
 * Returns the function that answers a CRM_EVENT's data. `page` is the address the page's own data come
 * from (they have the rights of whoever looks at the page); `ui` does what touches the page itself.
 */
export function answers(page, ui) {
  return (data) => {
    const way = WAYS[data.category];
    return way ? way({ data, page, ui }) : Promise.reject(unsupported(data));
  };
}

const WAYS = { READ: read, CONFIG: config, USER: user, META: meta, UI: screen };

async function get(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (response.status === 204) {
    return { status: 204, statusText: "nocontent" };
  }
  const body = await response.json();
  if (!response.ok) {
    throw body;
  }
  return body;
}

async function read({ data, page }) {
  const { Entity, RecordID } = data.APIData ?? {};
  if (!Entity || !RecordID) {
    throw unsupported(data);
  }
  const ids = [].concat(RecordID);
  const part = (id) => `${page}/records/${encodeURIComponent(Entity)}/${encodeURIComponent(id)}`;
  const found = await Promise.all(ids.map((id) => get(part(id))));
  const rows = found.flatMap((one) => one.data ?? []);
  if (rows.length === 0) {
    return found[0];
  }
  return { data: rows, info: { per_page: 200, count: rows.length, page: 1, more_records: false } };
}

async function config({ data, page }) {
  const parts = { CURRENT_USER: "users?id=current", ORG: "org", ORG_LEVEL_INFO: "environment" };
  if (data.type === "VARIABLE") {
    const several = data.nameSpace?.apiKeys;
    const pairs = several ? several.map((name) => ["names", name]) : [["name", data.nameSpace ?? ""]];
    return get(`${page}/variables?${new URLSearchParams(pairs)}`);
  }
  if (!parts[data.type]) {
    throw unsupported(data);
  }
  return get(`${page}/${parts[data.type]}`);
}

async function user({ data, page }) {
  return get(data.ID ? `${page}/users?id=${encodeURIComponent(data.ID)}` : `${page}/users`);
}

async function meta({ data, page }) {
  if (data.type !== "FIELD_LIST" || !data.Entity) {
    throw unsupported(data);
  }
  return get(`${page}/fields/${encodeURIComponent(data.Entity)}`);
}

async function screen({ data, ui }) {
  const action = data.action;
  if (action === "RESIZE") {
    return ui.resize(data.data ?? {});
  }
  if (action?.record === "OPEN" || action?.record === "EDIT") {
    return ui.record(action.record, data.data ?? {});
  }
  if (action?.webTab === "OPEN" && data.data?.Entity) {
    return ui.tab(data.data);
  }
  if (action?.popup === "CLOSE" || action?.popup === "CLOSE_RELOAD") {
    return ui.close(action.popup === "CLOSE_RELOAD");
  }
  throw unsupported(data);
}

function unsupported(data) {
  const what = [data.category, data.type].filter(Boolean).join(" ");
  return { code: "NOT_SUPPORTED", details: {}, message: `The simulator does not answer ${what}.`, status: "error" };
}
