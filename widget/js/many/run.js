// What is known of one run of our server's? Its rows by record, and how far it is.

export function runOf(id) {
  return { id, state: "open", etag: null, since: null, counts: {}, waits: [], rows: new Map(), began: Date.now() };
}

/** Takes in an answer about its rows, of which only those come that ended since the last one. */
export function learned(run, { body, etag }) {
  for (const row of body.rows) {
    run.rows.set(row.record_id, row);
  }
  const { state, counts, waits, size, created_at: created, as_of: since } = body;
  Object.assign(run, { state, counts, waits, size, created, etag, since });
}
