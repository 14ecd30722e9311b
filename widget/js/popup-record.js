// What does a record or a run of our API mean for the popup? Pure readings.

/** What keeps everything from being sent: { name, … } or null. Something broken is told before something missing. */
export function stopOf(record) {
  const service = ["xero", "zoho"].find((name) => record.connections?.[name]?.state === "disconnected");
  if (service) return { name: "disconnected", service };
  return record.setup.ready ? null : { name: "not_set_up", missing: missingOf(record) };
}

function missingOf(record) {
  const unconnected = ["zoho", "xero"].filter((name) => record.connections?.[name]?.state === "none");
  return [...new Set([...unconnected, ...record.setup.missing])];
}

/** The link of an invoice that is locked in Xero: then no push is offered. */
export function settledLink(record) {
  return record.link?.lock.state === "locked" ? record.link : null;
}

/** The task of this record in a run. */
export function ownTask(run, id) {
  return run.tasks.find((task) => task.record_id === id) ?? null;
}

/** The last push of this record that has ended, or null. */
export function lastPush(record) {
  return record?.last ?? null;
}
