"""Which custom views of a module are there, and which records does one show? (settings/custom_views, cvid: Z5.5)"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from simulator.zoho.access import need
from simulator.zoho.answers import answer, invalid_data, wrong_module
from simulator.zoho.centre import Centre, here
from simulator.zoho.moments import stored, zone_of
from simulator.zoho.people import administrator, minified, users_of
from simulator.zoho.schema import MODULES
from simulator.zoho.setting_routes import asked_module

Doc = dict[str, Any]
routes = Blueprint("zoho_custom_views", __name__)
CREDITS = 3  # of a list by a view (Z5.13)
MADE = stored(datetime.fromisoformat("2024-07-01T09:00:00+10:00"))


@dataclass(frozen=True)
class View:
    """Every org has the same ones. `private`: the administrator made it for himself."""

    name: str
    shows: Callable[[Doc, Doc, str], bool]  # record, user, the org's day
    module: str | None = None
    system: bool = False
    private: bool = False


VIEWS = (
    View("All {plural}", lambda record, user, day: True, system=True),
    View("My {plural}", lambda record, user, day: bool(record["owner"] == user["id"]), system=True),
    View("Approved this month", lambda record, user, day: _approved(record) and _in_month(record, day), "Invoices"),
    View("Cancelled", lambda record, user, day: bool(record["values"].get("Status") == "Cancelled"), "Invoices"),
    View("Before the audit", lambda record, user, day: _approved(record), "Invoices", private=True),
)


@routes.get("/crm/v8/settings/custom_views")
def list_views() -> Response:
    """The views of a module that the caller sees."""
    who = need("settings.custom_views", "READ")
    module = asked_module()
    if module not in MODULES:
        raise wrong_module()  # goods have no views of their own
    views = [_view(here(), who.org, module, *one) for one in _seen(who.user, module)]
    words = {"public_views": "Public Views", "other_users_views": "Other Users Views"}
    words |= {"shared_with_me": "Shared With Me", "created_by_me": "Created By Me"}
    pages = {"per_page": 200, "count": len(views), "page": 1, "more_records": False}
    return answer({"custom_views": views, "info": pages | {"default": views[0]["id"], "translation": words}})


def in_view(org: Doc, user: Doc, module: str, cvid: str, records: list[Doc]) -> list[Doc]:
    """The records that a view shows; one that is not there, or not for this user, is INVALID_DATA."""
    views = {_id(org, module, at): view for at, view in _seen(user, module)}
    if cvid not in views:
        raise invalid_data({"param_name": "cvid"}, "the id given seems to be invalid")
    day = datetime.now(zone_of(org["time_zone"])).date().isoformat()
    return [record for record in records if views[cvid].shows(record, user, day)]


def _seen(user: Doc, module: str) -> list[tuple[int, View]]:
    return [
        (at, view)
        for at, view in enumerate(VIEWS)
        if view.module in (None, module) and (administrator(user) or not view.private)
    ]


def _id(org: Doc, module: str, at: int) -> str:
    return f"{org['zgid']}{5001 + 100 * list(MODULES).index(module) + at:010d}"


def _view(centre: Centre, org: Doc, module: str, at: int, view: View) -> Doc:
    name = view.name.format(plural=MODULES[module][1])
    maker = minified(next((each for each in users_of(centre, org["zgid"]) if administrator(each)), None))
    return {
        "id": _id(org, module, at),
        "name": name,
        "display_value": name,
        "system_name": name.upper().replace(" ", "") if view.system else None,
        "system_defined": view.system,
        "access_type": "only_to_me" if view.private else "public",
        "category": "created_by_me" if view.private else "public_views",
        "default": at == 0,
        "favorite": None,
        "locked": False,
        "module": {"api_name": module, "id": f"{org['zgid']}{2001 + list(MODULES).index(module):010d}"},
        "created_by": maker,
        "modified_by": maker,
        "created_time": MADE,
        "modified_time": MADE,
    }


def _approved(record: Doc) -> bool:
    return bool(record["values"].get("Status") == "Approved")


def _in_month(record: Doc, day: str) -> bool:
    return str(record["values"].get("Invoice_Date") or "")[:7] == day[:7]
