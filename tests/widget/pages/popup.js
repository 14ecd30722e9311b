// How does the test's sign-in window end? It tells its opener, or has lost it.

const { kind, how, ticket, code, service } = document.body.dataset;
const message = { source: "invoicebridge", kind };
Object.assign(message, kind === "sign-in" ? { ticket, code: how === "denied" ? undefined : code } : { service, ok: true });
if (how !== "lost" && window.opener) {
  window.opener.postMessage(message, window.location.origin);
}
window.close();
