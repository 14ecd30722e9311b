"""Which Zoho facts are unproved, and which way does the pretend CRM take for each?"""

from __future__ import annotations

from simulator.facts import Fact

FACTS = (
    Fact("access_token_seconds", "How long an access token lives.", "Z5.2", "documented", 3600),
    Fact(
        "token_requests",
        "Access tokens one refresh token may ask for in 10 minutes; 0 lifts the limit.",
        "Z5.2",
        "documented",
        10,
    ),
    Fact("throttle_status", "Status of a throttled token request.", "Z5.2", "reports differ", 200, (200, 400)),
    Fact(
        "wrong_secret",
        "What a wrong client secret is called.",
        "Z5.2",
        "reports differ",
        "invalid_client",
        ("invalid_client", "invalid_client_secret"),
    ),
    Fact("denied_error", "The error a refused consent comes back with.", "Z5.2", "unverified", "access_denied"),
    Fact("scope_case_matters", "Scopes are compared letter case and all.", "Z5.3", "unverified", False),
    Fact(
        "missing_record",
        "Answer to a read of one record that is not there.",
        "Z5.12",
        "reports differ",
        "no_content",
        ("no_content", "invalid_data", "not_found"),
    ),
    Fact(
        "hidden_record",
        "Answer to a read of one record that its sharing hides from the caller.",
        "Z5.12",
        "unverified",
        "no_permission",
        ("no_permission", "as_missing"),
    ),
    Fact("ids_per_list", "Ids one list call may name.", "Z5.5", "unverified", 100),
    Fact(
        "mixed_status",
        "Status when some records of a write failed.",
        "Z5.5",
        "reports differ",
        207,
        (207, 202, 200),
    ),
    Fact(
        "unknown_field",
        "A write names a field that is not there or not writable.",
        "Z7.21",
        "reports differ",
        "ignore",
        ("ignore", "invalid_data"),
    ),
    Fact("invoice_number_writable", "The API may set Invoice_Number.", "Z6", "unverified", False),
    Fact("omitted_rows_survive", "Rows an update does not name stay.", "Z5.6", "unverified", True),
    Fact(
        "rounding",
        "How cents are rounded in rows and taxes.",
        "Z6",
        "unverified",
        "half_up",
        ("half_up", "half_even"),
    ),
    Fact(
        "lock_excluded_fields",
        "Fields of a locked record the API may still write.",
        "Z5.10",
        "unverified",
        [],
    ),
    Fact("custom_fields_limit", "Custom fields a module may have.", "Z2", "by edition", 300),
    Fact("field_namespace", "Prefix put before new fields' API names.", "Z5.9", "unverified", ""),
    Fact("sdk_missing", "The SDK's address answers 404.", "ours", "ours", False),
    Fact("concurrent_calls", "Calls one org and app may have in flight.", "Z5.13", "by edition", 20),
    Fact("credits_per_day", "Credits of one org in 24 hours.", "Z5.13", "by edition", 60000),
)
