"""Which org is this, and who works in it? (GET /org, /users, /org/currencies, /org/taxes, Z5.9)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from simulator.zoho import currencies as money
from simulator.zoho.access import Caller, need
from simulator.zoho.answers import RefusedError, answer, invalid_data, nothing
from simulator.zoho.centre import here
from simulator.zoho.people import administrator, tax_rows, users_of
from simulator.zoho.profiles import profile_id

Doc = dict[str, Any]
routes = Blueprint("zoho_org", __name__)
_TYPES = (
    "AllUsers",
    "ActiveUsers",
    "ActiveConfirmedUsers",
    "AdminUsers",
    "ActiveConfirmedAdmins",
    "CurrentUser",
)
PAGE = 200


@routes.get("/crm/v8/org")
def org() -> Response:
    """The org of the token."""
    return answer({"org": [org_view(need("org", "READ").org)]})


@routes.get("/crm/v8/users")
def users() -> Response:
    """Users by type; CurrentUser is whoever the token acts for."""
    who = need("users", "READ")
    kind = request.args.get("type", "AllUsers")
    if kind not in _TYPES:
        raise invalid_data({"param_name": "type", "supported_values": list(_TYPES)})
    found = [user for user in users_of(here(), who.org["zgid"]) if _is(user, kind, who)]
    if not found:
        return nothing()
    info = {"per_page": PAGE, "count": len(found), "page": 1, "more_records": False}
    return answer({"users": [user_view(user) for user in found[:PAGE]], "info": info})


@routes.get("/crm/v8/users/<user_id>")
def user(user_id: str) -> Response:
    """One user."""
    who = need("users", "READ")
    for one in users_of(here(), who.org["zgid"]):
        if one["id"] == user_id:
            return answer({"users": [user_view(one)]})
    return nothing()


@routes.get("/crm/v8/org/currencies")
def currencies() -> Response:
    """403 where multi-currency is off; numbers are strings (Z5.9)."""
    who = need("settings.currencies", "READ")
    if not who.org["multi_currency"]:
        message = "The multi-currency feature is not enabled for the organization"
        raise RefusedError(403, "CURRENCIES_NOT_ENABLED", message)
    codes = who.org["currencies"]
    return answer({"currencies": [_currency(who.org, code, number) for number, code in enumerate(codes)]})


@routes.get("/crm/v8/org/taxes")
def taxes() -> Response:
    """The taxes the org's goods can have."""
    who = need("settings.taxes", "READ")
    rows = [
        {
            "id": tax["id"],
            "name": tax["name"],
            "display_label": tax["name"],
            "value": Decimal(tax["percentage"]),
            "sequence_number": number,
        }
        for number, tax in enumerate(tax_rows(who.org), 1)
    ]
    preference = {"auto_populate_tax": False, "modify_tax_rates": False}
    return answer({"org_taxes": {"taxes": rows, "preference": preference}})


def org_view(org: Doc) -> Doc:
    """An org as GET /org shows it."""
    code = org["currency"]
    return {
        "id": f"{org['zgid']}0000000001",
        "zgid": org["zgid"],
        "domain_name": org["domain_name"],
        "company_name": org["name"],
        "type": org.get("type", "production"),
        "currency": f"{money.name(code)} - {code}",
        "iso_code": code,
        "currency_symbol": money.symbol(code),
        "mc_status": org["multi_currency"],
        "time_zone": org["time_zone"],
        "country_code": org["country_code"],
        "license_details": {
            "paid_type": "enterprise",
            "users_license_purchased": 10,
            "trial_type": None,
            "paid": True,
        },
    }


def user_view(user: Doc) -> Doc:
    """A user as GET /users shows him."""
    return {
        "id": user["id"],
        "zuid": user["zuid"],
        "email": user["email"],
        "full_name": user["full_name"],
        "first_name": user["first_name"],
        "last_name": user["last_name"],
        "alias": None,
        "status": user["status"],
        "confirm": True,
        "profile": {"name": user["profile"], "id": profile_id(user["zgid"], user["profile"])},
        "role": {"name": "CEO" if administrator(user) else "Sales", "id": f"{user['zgid']}0000000041"},
        "locale": user["locale"],
        "time_zone": user["time_zone"],
        "type__s": "Regular User",
    }


def _is(user: Doc, kind: str, who: Caller) -> bool:
    if kind == "CurrentUser":
        return bool(user["id"] == who.user["id"])
    if kind == "AllUsers":
        return True
    admin = kind in ("AdminUsers", "ActiveConfirmedAdmins")
    return user["status"] == "active" and (administrator(user) or not admin)


def _currency(org: Doc, code: str, number: int) -> Doc:
    return {
        "id": f"{org['zgid']}{800001 + number:010d}",
        "iso_code": code,
        "name": money.name(code),
        "symbol": money.symbol(code),
        "exchange_rate": str(money.rate(org["currency"], code, here().switches["exchange_rate_means"])),
        "is_base": code == org["currency"],
        "is_active": True,
        "prefix_symbol": True,
        "format": {
            "decimal_separator": "Period",
            "thousand_separator": "Comma",
            "decimal_places": str(money.decimals(code)),
        },
    }
