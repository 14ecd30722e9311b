// What do the push button's popup and the preview say in English?
// `{name}` is replaced by a value; `**` marks what is strong; `_one` and `_many` are chosen by `count`.

const popup = {
  title: "Push to Xero",
  close: "Close", cancel: "Cancel", back: "Back", done: "Done", continue: "Continue", push: "Push to Xero",
  check_again: "Check again", try_again: "Try again", open_in_xero: "Open in Xero", go_to_field: "Go to field",
  new_tab: "opens in a new tab",
  none: "None",
  nothing_sent: "Nothing has been sent.",

  opening: { head: "Opening the invoice…" },
  preparing: { head: "Preparing the preview…" },
  preview: { head: "A new invoice will be created in Xero", under: "This is a preview. Nothing has been sent." },
  changed: { head: "The invoice changed since you saw it", under: "Nothing was sent. This is a fresh preview; look at it, then go on." },
  not_arrived: { head: "The push did not reach us", under: "Nothing was sent. This is a fresh preview; look at it, then go on." },
  left: {
    AUTHORISED: "Locks in CRM once approved",
    SUBMITTED: "Your bookkeeper approves it in Xero",
    DRAFT: "Arrives as a draft, nothing is owed yet",
  },

  confirm: {
    head: "Send {total} to Xero as approved?",
    creates: "Creates invoice **{number}** for **{customer}**.",
    creates_unnumbered: "Creates an invoice for **{customer}**. Xero gives it its number.",
    customer: "Creates the customer **{customer}** in Xero, too.",
    locks: "It is approved at once, so CRM **can’t change it afterwards**.",
    mail: "The customer is **not** e-mailed.",
  },

  steps: { label: "Steps of this push", checking: "Checked", customer: "Customer found", sending: "Sending invoice", updating_crm: "Updating CRM" },
  progress: {
    head: "Sending to Xero…",
    under: "Step {step} of {steps}. You can close this window; the work carries on.",
    left: "Usually under 5 seconds",
  },
  waiting: {
    limit: { head: "Waiting for Xero until {time}", plain: "Waiting for Xero", under: "Xero allows 60 calls a minute. Yours is next in line and goes by itself." },
    service: { head: "Trying again at {time}", plain: "Waiting to try again", under: "Xero or CRM did not answer. We try again by ourselves." },
    disconnected: { head: "Waiting for the connection", plain: "Waiting for the connection", under: "It goes on by itself once an admin has reconnected." },
    customer: { head: "Waiting for the customer until {time}", plain: "Waiting for the customer", under: "Another invoice is creating the same customer in Xero. Yours follows by itself." },
    unconfirmed: { head: "Making sure it arrived, until {time}", plain: "Making sure it arrived", under: "Xero did not answer in time. We look before anything is sent again." },
    other: { head: "Waiting until {time}", plain: "Waiting", under: "It goes on by itself." },
    carries_on: "You can close this window; the work carries on",
  },
  away: {
    line: "Can’t reach InvoiceBridge just now. The work carries on; we keep trying to show it.",
    opening: "Can’t reach InvoiceBridge", opening_under: "Nothing has been sent. We keep trying by ourselves.",
    sending: "Can’t reach InvoiceBridge", sending_under: "We look whether the push arrived before anything is sent again.",
  },

  result: {
    created: "Created in Xero: {number}", created_plain: "Created in Xero",
    updated: "Updated in Xero: {number}", updated_plain: "Updated in Xero",
    linked: "Found in Xero and linked: {number}", linked_plain: "Found in Xero and linked",
    unchanged: "No change: {number}", unchanged_plain: "No change",
    same: "Xero’s total is {xero}, the same as CRM’s.",
    differs: "Sent, but the totals differ", differs_under: "Xero’s total is {xero}, CRM’s is {crm}. Ask your bookkeeper to look at the lines.",
    crm_refused: "The invoice is in Xero, but CRM did not take the figures back. They show in the Xero panel.",
  },
  fact: { status: "Status in Xero", lock: "In CRM", due: "Due date" },
  payment: {
    draft: "Draft", awaiting_approval: "Awaiting Approval", awaiting_payment: "Awaiting Payment", overdue: "Overdue",
    partially_paid: "Partially Paid", paid: "Paid", voided: "Voided", deleted: "Deleted",
  },
  lock: {
    locked: "Locked:", editable: "Editable:", next: "Next step:",
    approved: "Locked: approved", has_payments: "Locked: has payments", paid: "Locked: paid", voided: "Locked: voided",
    deleted: "Locked: deleted", period_closed: "Locked: period closed", not_approved: "Editable: not approved yet",
  },
  lock_reason: {
    approved: "approved in Xero, so CRM can’t change it.",
    has_payments: "it has payments, so CRM can’t change it.",
    paid: "paid, so CRM can’t change it.",
    voided: "voided, and Xero can’t bring it back.",
    deleted: "deleted in Xero, so it can’t be changed.",
    period_closed: "its period is closed in Xero (up to {day}).",
    period_closed_plain: "its period is closed in Xero.",
    not_approved: "not approved in Xero yet.",
    submitted: "not approved yet.",
  },
  lock_step: {
    approved: "to change it, ask your bookkeeper to edit it in Xero, then press Refresh on the record.",
    has_payments: "ask your bookkeeper for a credit note if the amount is wrong.",
    paid: "none. For a refund, ask your bookkeeper for a credit note.",
    voided: "none here. If the sale still stands, make a new invoice in CRM with a new number.",
    deleted: "none here. If the sale still stands, make a new invoice in CRM with a new number.",
    period_closed: "no change is possible from CRM. Ask your bookkeeper whether a credit note is right.",
    not_approved: "none until you change something.",
    submitted: "wait for approval.",
  },
  settled: {
    draft: "Draft in Xero", awaiting_approval: "Awaiting approval in Xero", awaiting_payment: "Awaiting payment",
    overdue_one: "Overdue by 1 day", overdue_many: "Overdue by {count} days",
    partially_paid: "Partially paid, {amount} still due",
    paid: "Paid in full on {day}", paid_plain: "Paid in full", voided: "Voided in Xero", deleted: "Deleted in Xero",
    nothing_sent: "Nothing was sent.", same: "Nothing differs from CRM, so nothing was sent.",
  },

  blocked: {
    head_one: "Not sent: 1 thing to fix", head_many: "Not sent: {count} things to fix", plain: "Not sent",
    under_one: "Nothing has reached Xero. Fix it, then check again.",
    under_many: "Nothing has reached Xero. Fix them, then check again.",
    under_two: "Nothing has reached Xero. Fix both, then check again.",
    held_head: "It is in Xero already", held: "Xero still has the earlier version; nothing was sent.",
    ask_admin: "Ask an admin.", ask_bookkeeper: "Ask your bookkeeper.",
  },
  failed: { head: "Not sent", under: "The push ended without an invoice in Xero." },

  disconnected: {
    xero: "Xero is disconnected", zoho: "Zoho CRM is disconnected",
    under: "Nothing can be sent until an admin reconnects it.", under_admin: "Nothing can be sent until you reconnect it.",
    reconnect_xero: "Reconnect Xero", reconnect_zoho: "Reconnect Zoho CRM",
  },
  not_set_up: {
    head: "Not set up yet", under: "Ask an admin to finish the settings.", under_admin: "Finish the settings of InvoiceBridge first.",
    list: "Still to do:",
  },
  missing: {
    zoho: "Connect Zoho CRM", xero: "Connect Xero", organisation: "Choose the Xero organisation", account: "Choose the income account",
    taxes: "Match the taxes", statuses: "Match the statuses", number: "Choose where the invoice number comes from",
  },

  signed_out: { head: "Sign in to push", under: "One click with your Zoho account. Nothing has been sent.", go: "Sign in with Zoho", left: "A small window opens and closes by itself" },
  signing_in: { head: "Waiting for the sign-in window…", under: "It closes by itself when you are signed in." },
  window_blocked: { head: "Your browser stopped the sign-in window", under: "Allow pop-ups for this CRM page, or use the link.", page: "Open sign-in page" },
  digits: "Type these six digits on that page:",

  outside: { head: "Open this from Zoho CRM", under: "This window needs an invoice record around it. It can’t work on its own." },
  sdk_missing: { head: "Zoho’s script did not load", under: "Close this window and try again. If it stays like this, ask an admin whether a blocker is in the way." },
  unsaved: { head: "Save this invoice first", under: "Then it can be pushed to Xero." },
  not_found: { head: "CRM does not show you this invoice", under: "It may have been deleted a moment ago." },
  refused: { head: "That did not work", under: "Nothing has been sent." },
};

const preview = {
  fact: { customer: "Customer in Xero", arrives: "Arrives as", date: "Invoice date", due: "Due date" },
  matched: {
    create: "New: created with this push.",
    link: "Sent to this contact before.",
    number: "Matched by account number.",
    name: "Matched by name.",
  },
  arrives_as: { DRAFT: "Draft", SUBMITTED: "Awaiting Approval", AUTHORISED: "Awaiting Payment" },
  crm_status: "CRM status {status}",
  term_one: "1 day", term_many: "{count} days",
  none: "None", not_known: "Not known yet",
  lines_one: "1 line", lines_many: "{count} lines",
  lines_caption: "Lines as they will stand in Xero",
  column: { account: "Xero account", quantity: "Qty", price: "Price", discount: "Disc.", tax: "Xero tax", amount: "Amount" },
  no_code: "No item code",
  card_price: "{quantity} × {price}", card_less: "{quantity} × {price}, less {discount}",
  totals_caption: "Totals in CRM and in Xero",
  side: { crm: "CRM", xero: "Xero", difference: "Difference" },
  subtotal: "Subtotal", tax_on: "{tax} on {net}", all_tax: "All tax", total: "Total, {currency}",
  agree: "The totals agree to the cent", agree_under: "Worked out with Xero’s own rounding.",
  apart: "{amount} apart", apart_under: "Worked out with Xero’s own rounding.",
  open: "Xero’s total is not known yet", open_under: "It can be worked out once the problems are fixed.",
};

export const catalogue = { popup, preview };
