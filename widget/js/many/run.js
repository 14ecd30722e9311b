// What is known of one run of our server's? Its rows by record, and how far it is.

export function runOf(id) {
  return { id, state: "open", etag: null, since: null, counts: {}, waits: [], rows: new Map(), began: Date.now() };
}

// CRM is mostly written within seconds; what it does not take is tried again later, and told in the panel.
const CRM_TAKES = 60_000;

/** Takes in an answer about its rows, of which only those come that ended since the last one. */
export function learned(run, { body, etag }) {
  for (const row of body.rows) {
    run.rows.set(row.record_id, row);
  }
  const { state, counts, waits, size, created_at: created, as_of: since, crm_waiting: crmWaiting } = body;
  const ended = state === "ended" ? (run.ended ?? Date.now()) : null;
  Object.assign(run, { state, counts, waits, size, created, etag, since, crmWaiting, ended });
}

/** Whether there may be news of a run: also once it has ended, until CRM has been written, for a while. */
export function isGoingOn(run) {
  return run.state !== "ended" || (run.crmWaiting > 0 && Date.now() - run.ended < CRM_TAKES);
}
