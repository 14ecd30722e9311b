"""Which Xero facts are unproved, or worth changing in a test, and what is the default of each?"""

from __future__ import annotations

from simulator.facts import Fact

_U = "unverified"
_LIMITS = (
    Fact("minute_limit", "Calls per organisation and minute.", "X3.1", "d", 60),
    Fact("day_limit", "Calls per organisation and day (Starter 1,000).", "X3.1", "q", 1000),
    Fact("concurrent_limit", "Calls per organisation in flight.", "X3.1", "d", 5),
    Fact("app_minute_limit", "Calls per app and minute, all organisations.", "X3.1", "d", 10000),
    Fact("limit_window", "Fixed windows, or rolling ones.", "X3.1", _U, "fixed", ("fixed", "rolling")),
    Fact("limit_headers", "Answers carry the remaining-calls headers.", "X3.1", "d", True),
    Fact("concurrent_retry_after", "A concurrency 429 carries Retry-After.", "X3.1", _U, False),
    Fact("concurrent_problem_header", "A concurrency 429 names its problem.", "X3.1", "v", True),
    Fact(
        "app_minute_problem",
        "The app-minute problem's name.",
        "X3.1",
        "v",
        "appminute",
        ("appminute", "app-minute"),
    ),
    Fact("app_minute_retry_after", "An app-minute 429 carries Retry-After.", "X3.1", _U, True),
    Fact("rapid_sync", "No minute and day limits in a connection's first 30 minutes.", "X3.1", "q", False),
    Fact("failed_calls_count", "Calls answered 4xx or 5xx use up the limits.", "X3.1", _U, True),
)
_SIGN_IN = (
    Fact("access_token_seconds", "Life of an access token.", "X2.3", "d", 1800),
    Fact("code_seconds", "Life of an authorisation code.", "X2.1", "q", 300),
    Fact("refresh_grace_seconds", "How long a used refresh token may be retried.", "X2.3", "d", 1800),
    Fact("refresh_token_seconds", "Life of an unused refresh token.", "X2.3", "d", 5184000),
    Fact(
        "grace_refresh",
        "Second refresh in grace: a new set that ends the first, one beside it, or the same set.",
        "X2.3",
        _U,
        "new_ends_first",
        ("new_ends_first", "new_keeps_first", "same"),
    ),
    Fact(
        "bad_client_error",
        "Code for wrong client credentials.",
        "X2.3",
        _U,
        "invalid_client",
        ("invalid_client", "unauthorized_client"),
    ),
    Fact(
        "reconsent_keeps_auth_event",
        "An already linked organisation keeps its authEventId.",
        "X2.5",
        "v",
        True,
    ),
)
_KEYS = (
    Fact("idempotency_seconds", "How long an Idempotency-Key is remembered.", "X4", "q", 360),
    Fact("idempotency_stores_400", "A 400 answer is replayed under its key.", "X4", _U, True),
    Fact(
        "idempotency_mismatch_in",
        "Where the text about another request sits.",
        "X4",
        _U,
        "message",
        ("message", "elements"),
    ),
    Fact(
        "idempotency_in_flight",
        "Second call while the first with its key still runs.",
        "X4",
        _U,
        "wait",
        ("wait", "refuse", "run"),
    ),
)
_LISTS = (
    Fact("modified_since_inclusive", "If-Modified-Since includes its own second.", "X5.3", _U, True),
    Fact("modified_since_http_date", "If-Modified-Since may be an HTTP date (else 412).", "X5.3", _U, False),
    Fact("page_past_end", "A page past the end.", "X5.3", _U, "empty", ("empty", "404")),
    Fact("deleted_in_unfiltered_list", "Lists without Statuses hold DELETED invoices.", "X6.9", _U, False),
    Fact("list_rows_limit", "Rows a list may return or filter slowly.", "X3.2", "d", 100_000),
    Fact("ids_list_has_lines", "IDs= without paging returns line items.", "X6.9", _U, False),
)
_INVOICES = (
    Fact("invoice_number_unique", "ACCREC numbers are unique.", "X6.7", "o", True),
    Fact("voided_number_free", "PUT may reuse the number of a VOIDED invoice.", "X6.7", _U, False),
    Fact("deleted_number_free", "PUT may reuse the number of a DELETED invoice.", "X6.7", _U, False),
    Fact(
        "clash_saves_submitted",
        "An AUTHORISED create whose number is taken is saved as SUBMITTED beside its error.",
        "X6.7",
        _U,
        False,
    ),
    Fact("auto_number_skips_taken", "Automatic numbers skip those in use.", "X6.7", _U, True),
    Fact(
        "supplied_number_advances",
        "A number sent in the series' pattern moves the counter.",
        "X6.7",
        _U,
        False,
    ),
    Fact("due_date_needed", "An approved invoice needs a DueDate.", "X6.1", _U, True),
    Fact("drafts_in_locked_period", "Drafts dated in a closed period are accepted.", "X6.3, X6.4", "v", True),
    Fact("zero_total_paid", "A zero-total approved invoice is PAID at once.", "X6.5", _U, True),
    Fact(
        "empty_lines_on_update",
        "LineItems: [] on an update.",
        "X6.6",
        _U,
        "refused",
        ("refused", "ignored"),
    ),
    Fact(
        "unknown_id_in_body",
        "Unknown InvoiceID or ContactID in a body.",
        "X5.5",
        _U,
        "element",
        ("element", "404"),
    ),
    Fact("due_date_moves_updated", "DueDate on a part-paid invoice moves UpdatedDateUTC.", "X5.3", "d", False),
    Fact("unit_decimals_limit", "UnitAmount with more decimals is refused.", "X10", _U, 4),
    Fact(
        "discount_rounding",
        "Rounding of lines with a discount rate.",
        "X6.5",
        _U,
        "half_up",
        ("half_up", "down"),
    ),
    Fact("negative_half", "Negative halves round away from zero or up.", "X6.5", _U, "away", ("away", "up")),
    Fact("paid_bills_editable", "Paid bills may change what paid sales invoices may.", "X6.3", "q", True),
    Fact("paid_edit_adds_status", "A refused edit of a PAID invoice adds the status sentence.", "X6.3", _U, True),
    Fact("unknown_line_id", "A LineItemID that is not on the invoice.", "X6.6", _U, "new", ("new", "refused")),
    Fact(
        "bill_discounts",
        "Discounts on bills.",
        "X11.14",
        "d",
        "refused",
        ("refused", "ignored"),
    ),
    Fact("early_plan", "Organisations may approve 20 sales invoices and 5 bills a month.", "X6.2", "q", False),
    Fact("invoice_only_approves", "A person with the role INVOICEONLY may approve.", "X8.4", _U, False),
    Fact("odd_rate_warns", "A CurrencyRate far off the day's is a warning.", "X5.4", "q", True),
    Fact("multicurrency", "Organisations may add currencies.", "X8.4", "o", True),
    Fact("no_tax_type", "TaxType answered on NoTax lines.", "X6.5", _U, "NONE"),
)
_REFERENCE = (
    Fact(
        "items_scope",
        "The scope that reads and writes Items.",
        "X2.4",
        _U,
        "accounting.settings",
        ("accounting.settings", "accounting.invoices", "either"),
    ),
    Fact("item_code_any_case", "Item codes are compared whatever the letter case.", "X8.1", _U, True),
    Fact("item_fills_text", "A line takes a missing Description from its item.", "X6.1", _U, True),
    Fact("item_fills_tax", "A line takes a missing TaxType from its item.", "X6.1", _U, True),
    Fact("unknown_tracking", "An unknown tracking option.", "X8.4", _U, "refused", ("refused", "ignored")),
    Fact("emails_per_day", "E-mails per organisation and day (trial 20, demo 0).", "X6.10", "d", 1000),
    Fact("email_needs_address", "An e-mail to a contact without addresses is refused.", "X6.10", _U, True),
    Fact("email_marks_sent", "An e-mail sets SentToContact.", "X6.10", _U, True),
)
_OTHERS = (
    Fact("archived_name_free", "The name of an archived contact may be used again.", "X11.10", _U, True),
    Fact("deleted_payments_listed", "Lists hold deleted payments.", "X8.6", _U, True),
    Fact("unarchive_by_api", "A POST with ContactStatus ACTIVE restores a contact.", "X7", _U, False),
    Fact("merged_contact_restorable", "A person may restore a merged contact.", "X7", _U, False),
    Fact("merge_moves_updated", "A merge moves UpdatedDateUTC of the documents it moves.", "X7", _U, True),
    Fact("account_number_unique", "AccountNumber of contacts is unique.", "X7", _U, False),
    Fact("demo_days", "Days until a demo company loses its data.", "X1", "q", 28),
    Fact("server_error_body", "Body of a 500.", "X5.5", _U, "json", ("json", "text")),
)

FACTS = _LIMITS + _SIGN_IN + _KEYS + _LISTS + _INVOICES + _REFERENCE + _OTHERS
