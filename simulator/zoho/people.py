"""Which CRM orgs are there, and who works in them?"""

from __future__ import annotations

from typing import Any

from simulator.zoho.centre import Centre
from simulator.zoho.profiles import ADMINISTRATOR

Doc = dict[str, Any]
ORGS = "zoho:orgs"
USERS = "zoho:users"
TAXES = [["GST 10%", "10"], ["GST free", "0"], ["VAT 19%", "19"], ["GST 15%", "15"], ["VAT 20%", "20"]]

_PLACES = {
    "au": {"time_zone": "Australia/Sydney", "country_code": "AU", "locale": "en_GB"},
    "eu": {"time_zone": "Europe/Berlin", "country_code": "DE", "locale": "de_DE"},
}


def add_org(centre: Centre, wish: Doc) -> Doc:
    """A new org with its taxes; `zgid` may be given (seeds), else it is counted up."""
    state = centre.state
    zgid = str(wish.get("zgid") or state.next("zoho:zgid", 600000003))
    location = wish.get("location") or centre.location
    home = wish.get("currency") or "AUD"
    org = {
        "zgid": zgid,
        "location": location,
        "name": wish["name"],
        "type": wish.get("type") or "production",
        "domain_name": f"org{zgid}",
        "currency": home,
        "currencies": list(dict.fromkeys([home, *(wish.get("currencies") or ["USD"])])),
        "multi_currency": bool(wish.get("multi_currency")),
        "taxes": wish.get("taxes") or TAXES,
        **_PLACES[location],
    }
    state.put(ORGS, zgid, org)
    return org


def add_user(centre: Centre, org: Doc, full_name: str, email: str, profile: str) -> Doc:
    """A new, active user of an org."""
    user_id = new_id(centre, org["zgid"])
    first, _, last = full_name.rpartition(" ")
    user = {
        "id": user_id,
        "zuid": str(centre.state.next("zoho:zuid", 700000001)),
        "zgid": org["zgid"],
        "location": org["location"],
        "first_name": first or None,
        "last_name": last,
        "full_name": full_name,
        "email": email,
        "profile": profile,
        "status": "active",
        "time_zone": org["time_zone"],
        "locale": org["locale"],
    }
    centre.state.put(USERS, user_id, user)
    return user


def new_id(centre: Centre, zgid: str) -> str:
    """An id of 19 digits: more than a JavaScript number holds (Z7.24)."""
    return f"{zgid}{centre.state.next(f'zoho:id:{zgid}', 1000101):010d}"


def org_of(centre: Centre, zgid: str) -> Doc | None:
    """An org by id, whatever its data centre."""
    return centre.state.peek(ORGS, zgid)


def orgs_at(centre: Centre, location: str) -> list[Doc]:
    """The orgs of one data centre."""
    return [org for org in centre.state.view(ORGS) if org["location"] == location]


def user_of(centre: Centre, user_id: str | None) -> Doc | None:
    """A user by id, whatever the org."""
    return centre.state.peek(USERS, user_id) if user_id else None


def users_of(centre: Centre, zgid: str) -> list[Doc]:
    """The users of an org, oldest first."""
    return [user for user in centre.state.view(USERS) if user["zgid"] == zgid]


def administrator(user: Doc) -> bool:
    """Whether the user's profile is the administrators'."""
    return bool(user["profile"] == ADMINISTRATOR)


def minified(user: Doc | None, *, email: bool = False) -> Doc | None:
    """A user as other documents name him; the Owner also shows the e-mail (Z5.4)."""
    if user is None:
        return None
    short = {"name": user["full_name"], "id": user["id"]}
    return {**short, "email": user["email"]} if email else short


def tax_rows(org: Doc) -> list[Doc]:
    """The org's taxes with stable ids."""
    return [
        {"id": f"{org['zgid']}{900001 + n:010d}", "name": name, "percentage": percentage}
        for n, (name, percentage) in enumerate(org["taxes"])
    ]
