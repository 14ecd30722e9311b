"""What did the tenant's administrators decide, and how do they change it without overwriting each other?"""

from __future__ import annotations

import re
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request
from sqlalchemy.exc import IntegrityError

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.settings_parts import SettingsRequest
from server.api.shapes import Shape
from server.clients.errors import CallFailed
from server.clients.xero import BooksRef
from server.domain.values import Books
from server.store import connections
from server.sync.books import books_of
from server.sync.choices import (
    CannotBeUsed,
    Stale,
    Standing,
    reachable,
    save,
    standing,
    usable_accounts,
    usable_tax_rates,
)
from server.sync.services import Services
from server.sync.set_up import missing
from server.sync.turned_away import TurnedAway

blp = Routes("settings", __name__, url_prefix="/api/v1/settings", description="What administrators decided")

# What is as usual until somebody chooses otherwise.
MORE_PARTS = (
    "amounts",
    "accounts",
    "rounding_limit",
    "due",
    "rate",
    "products",
    "tracking",
    "theme",
    "reference_field",
    "start_date",
)
_ETAG = re.compile(r'\A(?:W/)?"v(\d{1,9})"\Z')


class OrganisationChoice(Shape):
    id = ma.fields.String()
    name = ma.fields.String()
    taken = ma.fields.Boolean()


class AccountChoice(Shape):
    code = ma.fields.String()
    name = ma.fields.String()


class TaxRateChoice(Shape):
    tax_type = ma.fields.String()
    name = ma.fields.String()
    rate = ma.fields.String()


class TrackingChoice(Shape):
    category = ma.fields.String()
    options = ma.fields.List(ma.fields.String())


class Choices(Shape):
    """What can be chosen from now; empty where Xero can't be asked."""

    organisations = ma.fields.List(ma.fields.Nested(OrganisationChoice))
    accounts = ma.fields.List(ma.fields.Nested(AccountChoice))
    tax_rates = ma.fields.List(ma.fields.Nested(TaxRateChoice))
    tracking = ma.fields.List(ma.fields.Nested(TrackingChoice))
    themes = ma.fields.List(ma.fields.String())
    currencies = ma.fields.List(ma.fields.String())


class SettingsShape(SettingsRequest):
    """The ETag is for If-Match of a save."""

    version = ma.fields.Integer()
    missing = ma.fields.List(ma.fields.String())
    choices = ma.fields.Nested(Choices)
    changed_by = ma.fields.String(allow_none=True)
    changed_at = ma.fields.AwareDateTime(allow_none=True)


@blp.get("")
@signed_in(administrator=True)
@blp.alt_response(200, schema=SettingsShape)
def shown(who: SignedIn) -> Response:
    """The settings, what is missing in them, and what can be chosen from."""
    return _answer(services(), who.tenant_id)


@blp.put("")
@signed_in(administrator=True)
@blp.arguments(SettingsRequest)
@blp.alt_response(200, schema=SettingsShape)
@blp.alt_response(412, description="settings_changed: somebody saved since they were read")
@blp.alt_response(428, description="if_match_needed")
def saved(who: SignedIn, body: dict[str, Any]) -> Response:
    """Save the given parts, all of them or none."""
    s = services()
    try:
        save(s, who.tenant_id, body, _seen_version(), who.user_id)
    except CannotBeUsed as refused:
        raise Problem(422, "not_valid", "Some fields are not right.", refused.fields) from None
    except Stale:
        raise _changed() from None
    except TurnedAway as refused:
        raise Problem(409, refused.why.name, refused.sentence, {"organisation": refused.sentence}) from None
    except IntegrityError:
        told = "This organisation was just connected to another CRM."
        raise Problem(409, "organisation_taken", told, {"organisation": told}) from None
    return _answer(s, who.tenant_id)


def _seen_version() -> int:
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "if_match_needed", "Send the ETag of the settings you read as If-Match.")
    found = _ETAG.match(given.strip())
    if found is None:
        raise _changed()
    return int(found.group(1))


def _changed() -> Problem:
    return Problem(412, "settings_changed", "Somebody else saved these settings. Compare before you save.")


def _answer(s: Services, tenant_id: str) -> Response:
    with s.store.read() as c:
        at = standing(c, tenant_id)
        taken = connections.taken_ids(c, but_by=tenant_id)
    kept = at.tenant.settings
    body = {
        "version": at.tenant.settings_version,
        "organisation": at.organisation.xero_id if at.organisation is not None else None,
        "account": kept.get("account"),
        "taxes": kept.get("taxes", []),
        "statuses": kept.get("statuses", {}),
        "number": kept.get("number"),
        **{part: kept.get(part) for part in MORE_PARTS},
        "missing": missing(at.tenant, at.zoho, at.xero),
        "choices": _choices(s, at, taken),
        "changed_by": at.tenant.settings_by,
        "changed_at": at.tenant.settings_at.isoformat() if at.tenant.settings_at else None,
    }
    response = jsonify(body)
    response.headers["ETag"] = f'"v{at.tenant.settings_version}"'
    return response


def _choices(s: Services, at: Standing, taken: set[str]) -> dict[str, Any]:
    try:
        reached = reachable(s, at)
        books = _books(s, at)
    except CallFailed:
        reached, books = [], None
    return {
        "organisations": [{"id": each.xero_id, "name": each.name, "taken": each.xero_id in taken} for each in reached],
        "accounts": [{"code": each.code, "name": each.name} for each in usable_accounts(books)] if books else [],
        "tax_rates": [
            {"tax_type": each.tax_type, "name": each.name, "rate": f"{each.rate.normalize():f}"}
            for each in (usable_tax_rates(books) if books else ())
        ],
        "tracking": [
            {"category": name, "options": list(options)} for name, options in (books.tracking if books else {}).items()
        ],
        "themes": list(books.themes) if books else [],
        "currencies": sorted({books.base_currency, *books.currencies}) if books else [],
    }


def _books(s: Services, at: Standing) -> Books | None:
    if at.organisation is None or at.xero is None:
        return None
    ref = BooksRef(at.organisation.id, at.organisation.xero_id, at.xero.grant_id, click=True)
    return books_of(s, ref, tenant_id=at.tenant.id, needs={"tracking", "themes", "currencies"})
