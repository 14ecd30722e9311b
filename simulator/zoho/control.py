"""How do tests make orgs and records, and look at them as they are stored?"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, abort, request

from simulator.control import control_blueprint, read_json
from simulator.zoho.answers import RefusedError, answer
from simulator.zoho.centre import LOCATIONS, Centre, here
from simulator.zoho.fields import fields_of
from simulator.zoho.layouts import complete_layout, make_layout
from simulator.zoho.lifecycle import age, clone, delete, restore
from simulator.zoho.people import USERS, add_org, add_user, administrator, org_of, users_of
from simulator.zoho.profiles import ADMINISTRATOR, PERMISSIONS, PROFILES, allow
from simulator.zoho.records import fetch, peek, view
from simulator.zoho.schema import MODULES, NUMBERS, ROWS, standard_fields
from simulator.zoho.views import full_view
from simulator.zoho.writes import change, insert

Doc = dict[str, Any]
_PEOPLE = (
    ("administrator", "Robin Ashe", "robin", "Administrator"),
    ("salesperson", "Sam Field", "sam", "Standard"),
)
_DEEDS: dict[str, Callable[[Centre, Doc, Doc, str, str], Doc]] = {
    "age": age,
    "clone": clone,
    "delete": delete,
    "restore": restore,
}


def make_routes() -> Blueprint:
    """The /_control routes that only the pretend Zoho has."""
    routes = control_blueprint("zoho_control")
    routes.add_url_rule("/orgs", view_func=make_org, methods=["POST"])
    routes.add_url_rule("/orgs", view_func=list_orgs)
    routes.add_url_rule("/records", view_func=make_record, methods=["POST"])
    routes.add_url_rule("/records", view_func=read_records)
    routes.add_url_rule("/seed", view_func=make_records, methods=["POST"])
    routes.add_url_rule("/records", view_func=change_record, methods=["PATCH"])
    routes.add_url_rule("/records/<deed>", view_func=do_with_record, methods=["POST"])
    routes.add_url_rule("/users", view_func=make_user, methods=["POST"])
    routes.add_url_rule("/users", view_func=change_user, methods=["PATCH"])
    routes.add_url_rule("/field-permissions", view_func=set_permission, methods=["POST"])
    routes.add_url_rule("/layouts", view_func=add_layout, methods=["POST"])
    routes.add_url_rule("/layouts/<layout_id>", view_func=fill_layout, methods=["POST"])
    routes.register_error_handler(RefusedError, lambda refusal: answer(refusal.body, refusal.status))
    return routes


def make_org() -> Response:
    """A new org with an administrator and a salesperson; `type` "sandbox" makes it one for tests (Z5.9)."""
    wish = read_json()
    if not wish.get("name"):
        abort(400, "name is needed")
    if wish.get("location", "au") not in LOCATIONS:
        abort(400, f"location must be one of {', '.join(LOCATIONS)}")
    with here().state.together():
        org = add_org(here(), {"location": here().location, **wish, "zgid": None})
        for _, name, mail, profile in _PEOPLE:
            add_user(here(), org, name, f"{mail}@{org['domain_name']}.example", profile)
    return answer(_org_view(here(), org), 201)


def make_user() -> Response:
    """A further user of an org: {zgid, name, profile}."""
    wish = read_json()
    org, _ = _org_and_user(str(wish.get("zgid")))
    name, profile = str(wish.get("name") or "Kim Vale"), wish.get("profile", "Standard")
    if profile not in PROFILES:
        abort(400, f"profile must be one of {', '.join(PROFILES)}")
    mail = f"{name.lower().replace(' ', '.')}@{org['domain_name']}.example"
    user = add_user(here(), org, name, mail, profile)
    return answer({key: user[key] for key in ("id", "email", "full_name", "profile")}, 201)


def change_user() -> Response:
    """Whether a user still works there, and as what: {zgid, id, status, profile}, `active` or `inactive` (Z5.9)."""
    wish = read_json()
    user = next((each for each in users_of(here(), str(wish.get("zgid"))) if each["id"] == wish.get("id")), None)
    if user is None:
        abort(404, "there is no such user")
    changed = {name: wish.get(name, user[name]) for name in ("status", "profile")}
    if changed["status"] not in ("active", "inactive"):
        abort(400, "status must be active or inactive")
    if changed["profile"] not in PROFILES:
        abort(400, f"profile must be one of {', '.join(PROFILES)}")
    here().state.put(USERS, user["id"], {**user, **changed})
    return answer(changed)


def set_permission() -> Response:
    """What a profile may do with a field: {zgid, profile, module, field, permission}."""
    wish = read_json()
    org, _ = _org_and_user(str(wish.get("zgid")))
    profile, module, what = wish.get("profile"), wish.get("module", "Invoices"), wish.get("permission")
    if profile not in PROFILES or profile == ADMINISTRATOR:
        abort(400, f"profile must be one of {', '.join(PROFILES)}, and administrators may everything")
    if module not in MODULES or wish.get("field") not in fields_of(here(), org, module):
        abort(400, "there is no such field")
    if what not in PERMISSIONS:
        abort(400, f"permission must be one of {', '.join(PERMISSIONS)}")
    allow(here(), org["zgid"], profile, module, wish["field"], what)
    return answer({"permission": what})


def add_layout() -> Response:
    """A further layout with the fields of now: {zgid, module, name}; fields added later are not on it (Z5.9)."""
    wish = read_json()
    org, _ = _org_and_user(str(wish.get("zgid")))
    module, name = wish.get("module", "Invoices"), str(wish.get("name") or "Second")
    if module not in MODULES:
        abort(400, f"module must be one of {', '.join(MODULES)}")
    return answer({"id": make_layout(here(), org, module, name)["id"]}, 201)


def fill_layout(layout_id: str) -> Response:
    """Somebody puts all fields on a layout: {zgid}."""
    org, _ = _org_and_user(str(read_json().get("zgid")))
    if complete_layout(here(), org, layout_id) is None:
        abort(404, "there is no such layout")
    return answer({"id": layout_id})


def list_orgs() -> Response:
    """Every org of every data centre."""
    return answer({"orgs": [_org_view(here(), org) for org in here().state.view("zoho:orgs")]})


def make_record() -> Response:
    """A record as if the org's administrator had made it, or `count` alike; the CRM computes their totals."""
    body = _body()
    zgid, module, wish = _named(body)
    org, user = _org_and_user(zgid)
    loose = _loose(here(), org, module, wish)
    with here().state.together():
        made = [insert(here(), org, user, module, loose, "$", trusted=True) for _ in range(int(body.get("count", 1)))]
    ids = [record["id"] for record in made]
    return answer({"id": ids[0], "ids": ids}, 201)


def make_records() -> Response:
    """Many records at once, for the bench: {zgid, module, records} in, {ids} out; all of them or none."""
    body = _body()
    zgid, module, _ = _named({**body, "record": {}})
    org, user = _org_and_user(zgid)
    with here().state.together():
        wishes = [_loose(here(), org, module, wish) for wish in body.get("records") or []]
        made = [insert(here(), org, user, module, wish, "$", trusted=True) for wish in wishes]
    return answer({"ids": [record["id"] for record in made]}, 201)


def change_record() -> Response:
    """A changed record; also takes hidden_from (user ids), Locked__s and force (header totals as given)."""
    body = _body()
    zgid, module, wish = _named(body)
    org, user = _org_and_user(zgid)
    if fetch(here(), zgid, module, str(body.get("id"))) is None:
        abort(404, "there is no such record")
    wish = _loose(here(), org, module, wish) | {"id": str(body["id"])}
    record = change(here(), org, user, module, wish, "$", None, trusted=True)
    return answer(_raw(here(), org, user, record))


def do_with_record(deed: str) -> Response:
    """age, clone, delete or restore, as the org's administrator: {zgid, module, id} in, {id} out."""
    body = _body()
    if deed not in _DEEDS:
        abort(404, f"what can be done is {', '.join(_DEEDS)}")
    zgid, module, _ = _named({"module": "Invoices", "record": {}, **body})
    org, user = _org_and_user(zgid)
    record = _DEEDS[deed](here(), org, user, module, str(body.get("id")))
    return answer({"id": record["id"]}, 201 if deed == "clone" else 200)


def read_records() -> Response:
    """One record, or all of a module, with who may not see it and every write's `trigger`."""
    args = request.args
    zgid, module = args.get("zgid", ""), args.get("module", "")
    org, user = _org_and_user(zgid)
    if module not in MODULES:
        abort(400, f"module must be one of {', '.join(MODULES)}")
    if "id" not in args:
        found = view(here(), zgid, module)
        return answer({"records": [_raw(here(), org, user, record) for record in found]})
    record = peek(here(), zgid, module, args["id"])
    if record is None:
        abort(404, "there is no such record")
    return answer(_raw(here(), org, user, record))


def _org_view(centre: Centre, org: Doc) -> Doc:
    people = users_of(centre, org["zgid"])
    view: Doc = {name: org[name] for name in ("zgid", "domain_name", "name", "location", "currency")}
    for role in ("administrator", "salesperson"):
        fitting = [u for u in people if administrator(u) == (role == "administrator")]
        view[role] = {key: fitting[0][key] for key in ("id", "email", "full_name")} if fitting else None
    return view


def _org_and_user(zgid: str) -> tuple[Doc, Doc]:
    org = org_of(here(), zgid)
    if org is None:
        abort(404, "there is no such org")
    return org, next(u for u in users_of(here(), zgid) if administrator(u))


def _named(body: Doc) -> tuple[str, str, Doc]:
    module, wish = body.get("module"), body.get("record")
    if module not in MODULES:
        abort(400, f"module must be one of {', '.join(MODULES)}")
    if not isinstance(wish, dict):
        abort(400, "record must be an object")
    return str(body.get("zgid")), module, wish


def _body() -> Doc:
    read_json()
    body: Doc = json.loads(request.get_data(), parse_float=Decimal)
    return body


def _raw(centre: Centre, org: Doc, user: Doc, record: Doc) -> Doc:
    kept = {"hidden_from": record["hidden_from"], "$writes": record["writes"]}
    return full_view(centre, org, user, record) | kept


def _loose(centre: Centre, org: Doc, module: str, wish: Doc) -> Doc:
    """The same wish, with numbers given as text and lookups given as bare ids put right."""
    fields = fields_of(centre, org, module)
    loose = {name: _eased(fields.get(name), value) for name, value in wish.items()}
    if isinstance(wish.get(ROWS), list):
        loose[ROWS] = [
            {name: _eased(standard_fields(ROWS).get(name), value) for name, value in row.items()} for row in wish[ROWS]
        ]
    return loose


def _eased(field: Doc | None, value: Any) -> Any:
    if field is None or not isinstance(value, str):
        return value
    if field["type"] in NUMBERS and field["api_name"] != "Discount":
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return {"id": value} if field["type"] in ("lookup", "ownerlookup") else value
