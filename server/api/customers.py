"""Which customers of CRM are which contacts in Xero, and how does a person choose where no rule can tell?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate
from sqlalchemy import Row

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.permitted import may_not, rights_of
from server.api.records import iso
from server.api.routes import Routes
from server.api.shapes import Request, Shape
from server.api.visible import visible_or_404
from server.domain.fields import mapping
from server.domain.rights import CHOOSE
from server.store.customer_links import UNTIED
from server.sync.customer_choice import CannotChoose, Choice, NoSuchCustomer, choice_for, choose, untie
from server.sync.footing import Footing, footing
from server.sync.services import Services

blp = Routes("customers", __name__, url_prefix="/api/v1/customers", description="Customers of CRM as contacts in Xero")

RECORD_ID = r"\A\d{1,20}\Z"
_REFUSED = {
    "contact_not_found": (404, "Xero has no such contact."),
    "contact_archived": (409, "{name} is archived in Xero. Choose another, or have it restored."),
    "contact_linked": (409, "{name} belongs to another customer in CRM. Confirm that it is this one's too."),
    "contact_made": (409, "Xero has {name} for this customer already. Choose that one."),
}


class InvoiceAsked(Request):
    """Of whom a person who is no administrator chooses: an invoice of the customer's that CRM shows them."""

    invoice = ma.fields.String(load_default=None, validate=validate.Regexp(RECORD_ID))


class CandidatesAsked(InvoiceAsked):
    """`search`: words of a name, number or e-mail; without them, whoever fits or is alike."""

    search = ma.fields.String(load_default="", validate=validate.Length(max=100))


class ChoiceRequest(Request):
    """A contact, or a new one. `confirmed`: also where it is another customer's."""

    contact_id = ma.fields.UUID()
    create = ma.fields.Boolean(truthy={True}, falsy={False}, load_default=False)
    confirmed = ma.fields.Boolean(truthy={True}, falsy={False}, load_default=False)

    @ma.validates_schema
    def _one_of_both(self, data: Mapping[str, Any], **_more: Any) -> None:
        if ("contact_id" in data) == data.get("create", False):
            raise ma.ValidationError("is needed, or create: true, and not both", "contact_id")


class LinkShape(Shape):
    """`contact_id` is null while the customer has none; matched_by "create": it gets a new one at its next push."""

    contact_id = ma.fields.String(allow_none=True)
    matched_by = ma.fields.String(allow_none=True)
    chosen_by = ma.fields.String(allow_none=True)
    chosen_at = ma.fields.AwareDateTime(allow_none=True)
    history = ma.fields.List(ma.fields.Dict())


class HolderShape(Shape):
    """Another customer has neither id nor name for who is no administrator: CRM need not show them that record, and a
    sign-in's consent reads invoices only, so that it can't be asked."""

    id = ma.fields.String(allow_none=True)
    name = ma.fields.String(allow_none=True)


class CandidateShape(Shape):
    """agrees, differs: number, name, account_number, email, tax_number, country. alike: how alike the names are, up to
    100. linked_to: the customers in CRM that it is tied to."""

    contact_id = ma.fields.String()
    name = ma.fields.String()
    active = ma.fields.Boolean()
    agrees = ma.fields.List(ma.fields.String())
    differs = ma.fields.List(ma.fields.String())
    alike = ma.fields.Integer()
    account_number = ma.fields.String(allow_none=True)
    email = ma.fields.String(allow_none=True)
    city = ma.fields.String(allow_none=True)
    country = ma.fields.String(allow_none=True)
    linked_to = ma.fields.List(ma.fields.Nested(HolderShape))


class CandidatesShape(Shape):
    id = ma.fields.String()
    name = ma.fields.String()
    link = ma.fields.Nested(LinkShape, allow_none=True)
    candidates = ma.fields.List(ma.fields.Nested(CandidateShape))


@blp.get("/<string:record_id>/candidates")
@signed_in()
@blp.arguments(CandidatesAsked, location="query")
@blp.alt_response(200, schema=CandidatesShape)
@blp.alt_response(403, description="may_not: this person may not choose customers")
@blp.alt_response(404, description="customer_not_found")
def candidates(who: SignedIn, asked: dict[str, Any], record_id: str) -> Response:
    """The contacts that may be this customer: what fits, and names that look alike, or what a search finds; what speaks
    for and against each. Nothing is tied by looking."""
    s, ground = ground_of(who)
    _demand_choice(s, ground, who, _id_or_404(record_id), asked["invoice"])
    return jsonify(_candidates_json(who, _found(s, ground, record_id, asked["search"])))


@blp.put("/<string:record_id>")
@signed_in()
@blp.arguments(InvoiceAsked, location="query")
@blp.arguments(ChoiceRequest)
@blp.alt_response(200, schema=CandidatesShape)
@blp.alt_response(403, description="may_not: this person may not choose customers")
@blp.alt_response(404, description="customer_not_found, contact_not_found")
@blp.alt_response(409, description="contact_archived, contact_linked (say confirmed), contact_made")
def chosen(who: SignedIn, asked: dict[str, Any], body: dict[str, Any], record_id: str) -> Response:
    """Say which contact a customer is, or that it gets a new one; kept until somebody says otherwise."""
    s, ground = ground_of(who)
    _demand_choice(s, ground, who, _id_or_404(record_id), asked["invoice"])
    contact_id = str(body["contact_id"]) if "contact_id" in body else None
    try:
        choose(s, ground, who.user_id, _id_or_404(record_id), contact_id, confirmed=body["confirmed"])
    except NoSuchCustomer:
        raise _not_found() from None
    except CannotChoose as refused:
        status, told = _REFUSED[refused.code]
        raise Problem(status, refused.code, told.format(name=refused.name)) from None
    return jsonify(_candidates_json(who, _found(s, ground, record_id)))


@blp.delete("/<string:record_id>")
@signed_in(administrator=True)
@blp.response(204, description="The customer has no contact now; its next push looks for one, but not for this one.")
def untied(who: SignedIn, record_id: str) -> None:
    """Take a customer's contact away. Invoices that are in Xero stay as they are."""
    s, ground = ground_of(who)
    untie(s, ground, who.user_id, _id_or_404(record_id))


def _demand_choice(s: Services, ground: Footing, who: SignedIn, record_id: str, invoice: str | None) -> None:
    """Administrators choose for all customers, others for that of an invoice which CRM shows them. Raises Problem."""
    if CHOOSE not in rights_of(who):
        raise may_not({CHOOSE})
    if who.administrator:
        return
    if invoice is None:
        raise _not_found()
    visible_or_404(who, "Invoices", [invoice])
    assert ground.crm is not None
    rows = s.zoho.listed(ground.crm, "Invoices", [invoice], ["Account_Name", "Contact_Name"])
    named = {str(mapping(row.get(name)).get("id")) for row in rows for name in ("Account_Name", "Contact_Name")}
    if record_id not in named:
        raise _not_found()


def ground_of(who: SignedIn) -> tuple[Services, Footing]:
    s = services()
    ground = footing(s, who.tenant_id, click=True)
    if ground.crm is None or ground.books is None:
        raise Problem(409, "not_set_up", "InvoiceBridge is not set up yet. Ask a CRM administrator.")
    return s, ground


def _found(s: Services, ground: Footing, record_id: str, search: str = "") -> Choice:
    try:
        return choice_for(s, ground, _id_or_404(record_id), search)
    except NoSuchCustomer:
        raise _not_found() from None


def _id_or_404(record_id: str) -> str:
    if not record_id.isascii() or not record_id.isdigit() or len(record_id) > 20:
        raise _not_found()
    return record_id


def _not_found() -> Problem:
    return Problem(404, "customer_not_found", "CRM shows no such customer.")


def link_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "contact_id": row.xero_id,
        "matched_by": None if row.matched_by == UNTIED else row.matched_by,
        "chosen_by": row.chosen_by,
        "chosen_at": iso(row.chosen_at),
        "history": row.history or [],
    }


def _candidates_json(who: SignedIn, choice: Choice) -> dict[str, Any]:
    return {
        "id": choice.known.record_id,
        "name": choice.known.name,
        "link": None if choice.tie is None else link_json(choice.tie),
        "candidates": [
            {
                **asdict(each),
                "linked_to": [_holder_json(who, choice, one) for one in choice.holders.get(each.contact_id, ())],
            }
            for each in choice.candidates
        ],
    }


def _holder_json(who: SignedIn, choice: Choice, record_id: str) -> dict[str, Any]:
    if record_id == choice.known.record_id:
        return {"id": record_id, "name": choice.names.get(record_id, choice.known.name)}
    return {"id": record_id, "name": choice.names.get(record_id)} if who.administrator else {"id": None, "name": None}
