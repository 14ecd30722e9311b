"""What would these settings make of a real invoice? Tried before they are saved; nothing is written anywhere."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import validate

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.settings_parts import SettingsRequest
from server.api.shapes import Request, Shape
from server.api.visible import visible_or_404
from server.clients.errors import Disconnected
from server.clients.zoho import CrmRef
from server.domain.fields import mapping, text
from server.sync.footing import footing
from server.sync.try_it import NoOrganisation, StillReading, try_it

blp = Routes("settings_try", __name__, url_prefix="/api/v1/settings", description="Settings tried on real invoices")

INVOICES = "Invoices"
SHOWN = ("Invoice_Number", "Subject", "Account_Name", "Status", "Invoice_Date", "Grand_Total", "Currency")
LOOKED_AT, MOST = 200, 20


class TryRequest(Request):
    settings = ma.fields.Nested(SettingsRequest, load_default=dict)
    record_id = ma.fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"\A[0-9]{1,20}\Z", error="is no CRM record id")
    )


class TriedShape(Shape):
    record_id = ma.fields.String()
    outcome = ma.fields.String()
    saved_outcome = ma.fields.String(metadata={"description": "The same with the settings as they are saved"})
    preview = ma.fields.Dict(allow_none=True)
    problems = ma.fields.List(ma.fields.Dict())


class SearchAsked(Request):
    search = ma.fields.String(load_default="", validate=validate.Length(max=100))


class InvoiceShape(Shape):
    id = ma.fields.String()
    number = ma.fields.String(allow_none=True)
    subject = ma.fields.String(allow_none=True)
    customer = ma.fields.String(allow_none=True)
    status = ma.fields.String(allow_none=True)
    date = ma.fields.String(allow_none=True)
    total = ma.fields.String(allow_none=True)
    currency = ma.fields.String(allow_none=True)


class InvoicesShape(Shape):
    invoices = ma.fields.List(ma.fields.Nested(InvoiceShape))


@blp.post("/try")
@signed_in(administrator=True)
@blp.arguments(TryRequest)
@blp.response(200, TriedShape)
@blp.alt_response(404, description="record_not_found: CRM does not show this person the record, or any")
@blp.alt_response(409, description="not_set_up: no organisation is chosen yet; still_reading: try again")
def tried(who: SignedIn, body: dict[str, Any]) -> dict[str, Any]:
    """The preview of one invoice under the given settings; without a record the newest one."""
    s = services()
    record_id = body["record_id"] or _newest(who)
    visible_or_404(who, INVOICES, [record_id])
    unsaved = {name: value for name, value in body["settings"].items() if name != "organisation"}
    try:
        found = try_it(s, who.tenant_id, record_id, unsaved)
    except NoOrganisation:
        raise Problem(409, "not_set_up", "Choose the Xero organisation first.") from None
    except StillReading as later:
        wait = {"Retry-After": f"{later.seconds:.0f}"}  # no 503: nobody is away, and the page shows these words
        raise Problem(409, "still_reading", "Xero's contacts are still being read. Try again.", {}, wait) from None
    return {
        "record_id": record_id,
        "outcome": found.outcome,
        "saved_outcome": found.saved_outcome,
        "preview": found.preview,
        "problems": found.problems,
    }


@blp.get("/invoices")
@signed_in(administrator=True)
@blp.arguments(SearchAsked, location="query")
@blp.response(200, InvoicesShape)
def invoices(who: SignedIn, asked: dict[str, str]) -> dict[str, Any]:
    """The newest invoices that this person sees, to be tried; at most twenty."""
    wanted = asked["search"].casefold().strip()
    rows = [_invoice(row) for row in _listed(who, SHOWN, LOOKED_AT)]
    found = [row for row in rows if wanted in " ".join(str(value) for value in row.values() if value).casefold()]
    return {"invoices": found[:MOST]}


def _newest(who: SignedIn) -> str:
    rows = _listed(who, ("id",), 1)
    if not rows:
        raise Problem(404, "record_not_found", "CRM shows you no invoice to try it on.")
    return str(rows[0]["id"])


def _listed(who: SignedIn, fields: tuple[str, ...], count: int) -> list[dict[str, Any]]:
    """With the person's own token: CRM says what they may see."""
    s = services()
    ground = footing(s, who.tenant_id, click=True)
    if ground.crm is None:
        raise Problem(409, "not_set_up", "Connect Zoho CRM first.")
    again = Problem(401, "sign_in_again", "Sign in with Zoho once more: an hour has passed.")
    if who.grant_id is None:
        raise again
    try:
        return s.zoho.newest(CrmRef(who.tenant_id, who.grant_id, ground.crm.api_domain, True), INVOICES, fields, count)
    except Disconnected:
        raise again from None


def _invoice(row: dict[str, Any]) -> dict[str, str | None]:
    total = row.get("Grand_Total")
    return {
        "id": str(row.get("id")),
        "number": text(row.get("Invoice_Number")),
        "subject": text(row.get("Subject")),
        "customer": text(mapping(row.get("Account_Name")).get("name")),
        "status": text(row.get("Status")),
        "date": text(row.get("Invoice_Date")),
        "total": None if total is None else f"{total}",
        "currency": text(row.get("Currency")),
    }
