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
from server.api.shapes import Request
from server.sync.change_organisation import AtWork, MustConfirm
from server.sync.choices import CannotBeUsed, Stale, save
from server.sync.services import Services
from server.sync.settings_page import settings_page
from server.sync.turned_away import TurnedAway

blp = Routes("settings", __name__, url_prefix="/api/v1/settings", description="What administrators decided")

_ETAG = re.compile(r'\A(?:W/)?"v(\d{1,9})"\Z')


class SettingsShape(SettingsRequest):
    """The saved parts beside what the page needs. The ETag is for If-Match of a save."""

    version = ma.fields.Integer()
    missing = ma.fields.List(ma.fields.String())
    may_change = ma.fields.Boolean()
    administrators = ma.fields.List(ma.fields.String())
    live = ma.fields.Dict()
    checklist = ma.fields.List(ma.fields.Dict())
    choices = ma.fields.Dict(metadata={"description": "What can be chosen from now; empty where Xero can't be asked"})
    crm = ma.fields.Dict(allow_none=True, metadata={"description": "What CRM offers; null where it can't be asked"})
    suggested = ma.fields.Dict(metadata={"description": "Likely parts, for what is not set yet"})
    changed_by = ma.fields.String(allow_none=True)
    changed_by_name = ma.fields.String(allow_none=True)
    changed_at = ma.fields.AwareDateTime(allow_none=True)


class PageAsked(Request):
    fresh = ma.fields.Boolean(load_default=False)


@blp.get("")
@signed_in()
@blp.arguments(PageAsked, location="query")
@blp.alt_response(200, schema=SettingsShape)
def shown(who: SignedIn, asked: dict[str, Any]) -> Response:
    """The settings, what is missing in them, and what can be chosen from. Only administrators may change them."""
    return settings_answer(services(), who, fresh=asked["fresh"] and who.administrator)  # some twenty calls outside


@blp.put("")
@signed_in(administrator=True)
@blp.arguments(SettingsRequest)
@blp.alt_response(200, schema=SettingsShape)
@blp.alt_response(409, description="organisation_taken, organisation_busy, or confirm_organisation with counts")
@blp.alt_response(412, description="settings_changed: somebody saved since they were read")
@blp.alt_response(428, description="if_match_needed")
def saved(who: SignedIn, body: dict[str, Any]) -> Response:
    """Save the given parts, all of them or none."""
    s = services()
    try:
        save(s, who.tenant_id, body, seen_version(), who.user_id)
    except CannotBeUsed as refused:
        raise Problem(422, "not_valid", "Some fields are not right.", refused.fields) from None
    except Stale:
        raise settings_changed() from None
    except MustConfirm as asked:
        counts = {name: str(count) for name, count in asked.counts.items()}
        raise Problem(409, "confirm_organisation", asked.sentence, {"organisation": asked.sentence, **counts}) from None
    except AtWork as busy:
        told = f"Invoices are still on their way to {busy.name}. Try again in some minutes."
        raise Problem(409, "organisation_busy", told, {"organisation": told}) from None
    except TurnedAway as refused:
        raise Problem(409, refused.why.name, refused.sentence, {"organisation": refused.sentence}) from None
    except IntegrityError:
        told = "This organisation was just connected to another CRM."
        raise Problem(409, "organisation_taken", told, {"organisation": told}) from None
    return settings_answer(s, who)


def seen_version() -> int:
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "if_match_needed", "Send the ETag of the settings you read as If-Match.")
    found = _ETAG.match(given.strip())
    if found is None:
        raise settings_changed()
    return int(found.group(1))


def settings_changed() -> Problem:
    return Problem(412, "settings_changed", "Somebody else saved these settings. Compare before you save.")


def settings_answer(s: Services, who: SignedIn, *, fresh: bool = False) -> Response:
    """The page of settings with its ETag."""
    page = settings_page(s, who.tenant_id, administrator=who.administrator, fresh=fresh)
    response = jsonify(page.body)
    response.headers["ETag"] = f'"v{page.version}"'
    return response
