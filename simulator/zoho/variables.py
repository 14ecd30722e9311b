"""Which org variables are there? (settings/variables, and the widget's getOrgVariable; Z5.9, Z3.5)"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from simulator.zoho.access import Caller, need
from simulator.zoho.answers import RefusedError, answer, invalid_data, mandatory, not_permitted, parameter_missing
from simulator.zoho.centre import Centre, here
from simulator.zoho.people import administrator, new_id

Doc = dict[str, Any]
routes = Blueprint("zoho_variables", __name__)
_TYPES = ("text", "textarea", "checkbox", "integer", "long", "double", "currency", "percent", "date", "datetime")
_BAD_ID = "the id given seems to be invalid"
_FREE = ("name", "value", "description")


@routes.get("/crm/v8/settings/variables")
def list_variables() -> Response:
    """All of the org's."""
    who = need("settings.variables", "READ")
    return answer({"variables": variables_of(here(), who.org["zgid"])})


@routes.get("/crm/v8/settings/variable_groups")
def list_groups() -> Response:
    """One group, General."""
    who = need("settings.variable_groups", "READ")
    return answer({"variable_groups": [{**_group(who.org), "display_label": "General", "description": None}]})


@routes.get("/crm/v8/settings/variables/<variable_id>")
def one_variable(variable_id: str) -> Response:
    """One by id; its `group` must be named."""
    who = need("settings.variables", "READ")
    if not request.args.get("group"):
        raise parameter_missing("group")
    return answer({"variables": [_found(who, variable_id)]})


@routes.post("/crm/v8/settings/variables")
def add_variables() -> Response:
    """New variables; an API name can be taken once."""
    who = _maker("CREATE")
    return _each([lambda wish=wish, n=n: _add(who, wish, f"$.variables[{n}]") for n, wish in enumerate(_wishes())], 201)


@routes.put("/crm/v8/settings/variables")
def change_variables() -> Response:
    """Changed variables by id."""
    who = _maker("UPDATE")
    return _each([lambda wish=wish: _change(who, str(wish.get("id")), wish) for wish in _wishes()], 200)


@routes.put("/crm/v8/settings/variables/<variable_id>")
def change_variable(variable_id: str) -> Response:
    """The variable of the path."""
    who = _maker("UPDATE")
    return _each([lambda: _change(who, variable_id, _wishes()[0])], 200)


@routes.delete("/crm/v8/settings/variables")
def remove_variables() -> Response:
    """Several by `ids`."""
    who = _maker("DELETE")
    if not request.args.get("ids"):
        raise parameter_missing("ids")
    return _each([lambda one=one: _remove(who, one) for one in request.args["ids"].split(",")], 200)


@routes.delete("/crm/v8/settings/variables/<variable_id>")
def remove_variable(variable_id: str) -> Response:
    """The variable of the path."""
    who = _maker("DELETE")
    return _each([lambda: _remove(who, variable_id)], 200)


def variables_of(centre: Centre, zgid: str) -> list[Doc]:
    """The org's variables, for reading only."""
    return centre.state.view(_kind(zgid))


def _add(who: Caller, wish: Doc, path: str) -> Doc:
    for name in ("name", "api_name", "type", "variable_group"):
        if not wish.get(name):
            raise mandatory(name, f"{path}.{name}")
    if wish["type"] not in _TYPES:
        where = {"api_name": "type", "json_path": f"{path}.type", "supported_values": list(_TYPES)}
        raise invalid_data(where)
    if any(one["api_name"] == wish["api_name"] for one in variables_of(here(), who.org["zgid"])):
        details = {"api_name": "api_name", "json_path": f"{path}.api_name"}
        raise RefusedError(400, "DUPLICATE_DATA", "duplicate data", details)
    made = {name: wish.get(name) for name in (*_FREE, "api_name", "type")}
    return _kept(who, made | {"id": new_id(here(), who.org["zgid"]), "variable_group": _group(who.org)}, "created")


def _change(who: Caller, variable_id: str, wish: Doc) -> Doc:
    """Type and group cannot change (Z5.9)."""
    found = _found(who, variable_id)
    return _kept(who, found | {name: wish[name] for name in _FREE if name in wish}, "updated")


def _remove(who: Caller, variable_id: str) -> Doc:
    _found(who, variable_id)
    here().state.delete(_kind(who.org["zgid"]), variable_id)
    return _result(variable_id, "deleted")


def _kept(who: Caller, variable: Doc, deed: str) -> Doc:
    here().state.put(_kind(who.org["zgid"]), variable["id"], variable)
    return _result(variable["id"], deed)


def _result(variable_id: str, deed: str) -> Doc:
    return {"code": "SUCCESS", "details": {"id": variable_id}, "message": f"variable {deed}", "status": "success"}


def _found(who: Caller, variable_id: str) -> Doc:
    found = here().state.get(_kind(who.org["zgid"]), variable_id)
    if found is None:
        raise invalid_data({"id": variable_id}, _BAD_ID)
    return found


def _each(deeds: list[Any], good: int) -> Response:
    results = []
    with here().state.together():
        for deed in deeds:
            try:
                results.append(deed())
            except RefusedError as refusal:
                results.append(refusal.body)
    failed = sum(result["status"] == "error" for result in results)
    return answer({"variables": results}, 400 if failed == len(results) else 207 if failed else good)


def _maker(operation: str) -> Caller:
    """Only administrators customise the CRM."""
    who = need("settings.variables", operation)
    if not administrator(who.user):
        raise not_permitted("Crm_Implied_Customize_Zoho_CRM")
    return who


def _wishes() -> list[Doc]:
    try:
        body = json.loads(request.get_data())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "INVALID_DATA", "body", {"expected_data_type": "jsonobject"})
    wishes = body.get("variables")
    if not isinstance(wishes, list) or not wishes or not all(isinstance(one, dict) for one in wishes):
        raise mandatory("variables", "$.variables")
    return wishes


def _group(org: Doc) -> Doc:
    return {"id": f"{org['zgid']}0000000097", "name": "General", "api_name": "General"}


def _kind(zgid: str) -> str:
    return f"zoho:variables:{zgid}"
