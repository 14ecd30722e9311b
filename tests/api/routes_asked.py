"""What does each of our routes answer to whom? The table of expectations; a new route needs its entry here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.api.askers import SIGNED_IN

ONLY_ADMINS, MAY_NOT, NOT_LIVE = "403 administrators_only", "403 may_not", "409 not_live"
NO_RECORD, NO_CUSTOMER, NO_RUN = "404 record_not_found", "404 customer_not_found", "404 run_not_found"
AGAIN = "401 sign_in_again"
DIGEST = "0" * 64


@dataclass(frozen=True)
class Case:
    """One way to ask, below /api/v1, and the status and code for each kind of asker."""

    path: str
    answers: Mapping[str, str]
    body: Any = None


def everybody(status: str, **other: str) -> dict[str, str]:
    return dict.fromkeys(SIGNED_IN, status) | other


def administrators(status: str, **other: str) -> dict[str, str]:
    """Zoho is asked at each change whether somebody still is one."""
    may = ("administrator", "early_administrator", "foreign", "foreign_ids")
    return dict.fromkeys(SIGNED_IN, ONLY_ADMINS) | dict.fromkeys(may, status) | other


def run(kind: str, *records: str, choice: str | None = None) -> dict[str, Any]:
    ids = list(records or ("{record}",))
    chosen = {"previewed": {ids[0]: DIGEST}, "choices": {ids[0]: choice}} if choice else {}
    return {"kind": kind, "module": "Invoices", "record_ids": ids, **chosen}


def found(kind: str, **where: str) -> dict[str, Any]:
    return {"kind": kind, "module": "Invoices", "where": where}


# Of a foreign record nobody hears more than of one that CRM hides: it is not there.
WALLED = {"hidden": NO_RECORD, "foreign": NO_RECORD, "foreign_ids": NO_RECORD, "left": AGAIN}
LOOKING = everybody("200", **WALLED)
# Whoever left is found out at the first change they ask for, and has no more rights than their profile from then on.
PREVIEWING = everybody("202", **WALLED) | {"without": MAY_NOT, "left": MAY_NOT}
PUSHING = PREVIEWING | {"early": NOT_LIVE}
DECIDING = PUSHING | {"usual": MAY_NOT}
NO_VIEW = "404 view_not_found"
# What nobody names is found among what the asker sees, whose own company it is, and only after going live.
FINDING = everybody("202", early=NOT_LIVE, early_administrator=NOT_LIVE, without=MAY_NOT, left=MAY_NOT)
FINDING_OUT = {who: "200" if status == "202" else status for who, status in FINDING.items()}
UNKNOWN_VIEW = {who: NO_VIEW if status == "202" else status for who, status in FINDING.items()}
NO_PREVIEW = {who: NO_RUN if status == "202" else status for who, status in FINDING.items()}
NOTHING_FOUND = everybody("200", early=NOT_LIVE, early_administrator=NOT_LIVE, left=AGAIN)
SEVERAL = PUSHING | {"early_administrator": NOT_LIVE}
# An administrator chooses for any customer, others for that of an invoice which they name and see.
CHOOSING = everybody(
    "200", usual=MAY_NOT, without=MAY_NOT, left=MAY_NOT, hidden=NO_RECORD, foreign=NO_CUSTOMER, foreign_ids=NO_CUSTOMER
)
UNNAMED = CHOOSING | {"given": NO_CUSTOMER, "hidden": NO_CUSTOMER, "early": NO_CUSTOMER}
ANOTHERS = CHOOSING | {"given": NO_CUSTOMER, "early": NO_CUSTOMER}
NEW_CONTACT = {"create": True}
ORIGIN = {"widget_origin": "{base}"}

# In this order they are asked: what ends something comes last.
SIGNED: dict[str, list[Case]] = {
    "GET /api/v1/connections": [Case("/connections", everybody("200"))],
    "GET /api/v1/data": [Case("/data", everybody("200"))],
    "GET /api/v1/settings": [Case("/settings", everybody("200"))],
    "GET /api/v1/settings/invoices": [Case("/settings/invoices", administrators("200", left=AGAIN))],
    "POST /api/v1/settings/try": [
        Case(
            "/settings/try", administrators("200", foreign=NO_RECORD, foreign_ids=NO_RECORD), {"record_id": "{record}"}
        ),
        Case("/settings/try", administrators("200"), {}),
    ],
    "GET /api/v1/records/<string:module>/<string:record_id>": [Case("/records/Invoices/{record}", LOOKING)],
    "POST /api/v1/runs": [
        Case("/runs", everybody("202", **WALLED), run("pull")),
        Case("/runs", PREVIEWING, run("preview")),
        Case("/runs", PUSHING, run("push")),
        Case("/runs", SEVERAL, run("push", "{record}", "{second}")),
        Case("/runs", PUSHING, run("push", choice="link")),
        Case("/runs", DECIDING, run("push", choice="keep_xero")),
        Case("/runs", DECIDING, run("push", choice="send_crm")),
        Case("/runs", DECIDING, run("push", choice="remove")),
        Case("/runs", DECIDING, run("push", choice="send_as_new")),
        Case("/runs", FINDING, found("preview", changed_since="2020-01-01T00:00:00Z")),
        Case("/runs", UNKNOWN_VIEW, found("preview", view="1")),
        Case("/runs", everybody("422 not_valid"), found("push", changed_since="2020-01-01T00:00:00Z")),
        Case("/runs", NO_PREVIEW, found("push", preview="0" * 32) | {"previewed": {"{record}": DIGEST}}),
        Case("/runs", NOTHING_FOUND, found("pull", changed_since="2199-01-01T00:00:00Z")),
    ],
    "POST /api/v1/runs/open": [
        Case(
            "/runs/open",
            everybody("200", **WALLED) | {"without": MAY_NOT, "left": MAY_NOT},
            {"module": "Invoices", "record_ids": ["{record}"]},
        ),
        Case("/runs/open", everybody("200", without=MAY_NOT, left=MAY_NOT), {"module": "Invoices"}),
    ],
    "GET /api/v1/runs/<string:run_id>/rows": [
        Case("/runs/{run}/rows", everybody("200", hidden=NO_RECORD, foreign=NO_RUN, foreign_ids=NO_RUN, left=AGAIN))
    ],
    "GET /api/v1/found": [
        Case("/found?changed_since=2020-01-01T00:00:00Z", FINDING_OUT),
        Case("/found?view=1", {who: NO_VIEW if status == "200" else status for who, status in FINDING_OUT.items()}),
    ],
    "GET /api/v1/views": [Case("/views", everybody("200", left=AGAIN))],
    "GET /api/v1/runs/<string:run_id>": [
        Case("/runs/{run}", everybody("200", hidden=NO_RECORD, foreign=NO_RUN, foreign_ids=NO_RUN, left=AGAIN))
    ],
    "POST /api/v1/runs/<string:run_id>/cancel": [
        Case(
            "/runs/{run}/cancel",
            administrators("200", foreign=NO_RUN, foreign_ids=NO_RUN)
            | dict.fromkeys(("usual", "given", "without", "early"), MAY_NOT)
            | {"hidden": NO_RECORD, "left": AGAIN},
            {},
        )
    ],
    "GET /api/v1/notices": [Case("/notices", administrators("200"))],
    "GET /api/v1/customers": [Case("/customers", administrators("200"))],
    "GET /api/v1/customers/<string:record_id>/candidates": [
        Case("/customers/{account}/candidates?invoice={record}", CHOOSING),
        Case("/customers/{account}/candidates", UNNAMED),
        Case("/customers/{unbilled}/candidates?invoice={record}", ANOTHERS),
    ],
    "PUT /api/v1/customers/<string:record_id>": [
        Case("/customers/{account}?invoice={record}", CHOOSING, NEW_CONTACT),
        Case("/customers/{account}", UNNAMED, NEW_CONTACT),
        Case("/customers/{unbilled}?invoice={record}", ANOTHERS, NEW_CONTACT),
    ],
    "DELETE /api/v1/customers/<string:record_id>": [Case("/customers/{account}", administrators("204"))],
    "PUT /api/v1/settings": [Case("/settings", administrators("200"), {"account": "260"})],
    "POST /api/v1/settings/live": [Case("/settings/live", administrators("200"), {"live": False})],
    "POST /api/v1/connections/<any(zoho, xero):service>/start": [
        Case("/connections/zoho/start", administrators("201"), ORIGIN),
        Case("/connections/xero/start", administrators("201"), ORIGIN),
    ],
    "POST /api/v1/connections/<any(zoho, xero):service>/test": [
        Case("/connections/zoho/test", administrators("200"), {}),
        Case("/connections/xero/test", administrators("200"), {}),
    ],
    "DELETE /api/v1/connections/<any(zoho, xero):service>": [
        Case("/connections/xero", administrators("204")),
        Case("/connections/zoho", administrators("204")),
    ],
    "DELETE /api/v1/sign-in": [Case("/sign-in", everybody("204"))],
}

# Asked without a proof, at the root. Whoever asks, with whatever token, gets the same.
OPEN: dict[str, tuple[str, Any, str]] = {
    "GET /health/live": ("/health/live", None, "200"),
    "GET /health/ready": ("/health/ready", None, "200"),
    "GET /metrics": ("/metrics", None, "404 not_found"),  # without METRICS_TOKEN it does not exist
    "GET /openapi.json": ("/openapi.json", None, "200"),
    "GET /favicon.ico": ("/favicon.ico", None, "200"),
    "GET /pages/<path:filename>": ("/pages/page.css", None, "200"),
    "GET /widget/<path:name>": ("/widget/panel.html", None, "200"),
    "POST /api/v1/sign-in/start": ("/api/v1/sign-in/start", {"challenge": "short"}, "422 not_valid"),
    "POST /api/v1/sign-in/finish": ("/api/v1/sign-in/finish", {"ticket": "x", "secret": "y"}, "410 ticket_over"),
    "POST /api/v1/sign-in/renew": ("/api/v1/sign-in/renew", {"renewal": "x"}, "401 sign_in_over"),
    "GET /sign-in/<door>": ("/sign-in/x", None, "404"),
    "POST /sign-in/confirm": ("/sign-in/confirm", None, "400"),
    "GET /connect/<door>": ("/connect/x", None, "404"),
    "GET /oauth/zoho/callback": ("/oauth/zoho/callback?state=x&code=y", None, "400"),
    "GET /oauth/xero/callback": ("/oauth/xero/callback?state=x&code=y", None, "400"),
    "GET /go/<dc>/<environment>/<zgid>/<record_id>": ("/go/au/production/1/{record}", None, "302"),
}
