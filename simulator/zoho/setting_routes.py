"""Which modules, layouts and fields are there, and how is a field added? (settings/*, Z5.9)"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from simulator.zoho.access import Caller, need
from simulator.zoho.answers import (
    RefusedError,
    answer,
    invalid_data,
    mandatory,
    not_permitted,
    nothing,
    parameter_missing,
    wrong_module,
)
from simulator.zoho.centre import has_module, here
from simulator.zoho.fields import PER_CALL, create_field, field_view, fields_of
from simulator.zoho.layouts import layouts_of
from simulator.zoho.people import administrator
from simulator.zoho.profiles import hidden, read_only
from simulator.zoho.schema import MODULES, ROWS

Doc = dict[str, Any]
routes = Blueprint("zoho_settings", __name__)


@routes.get("/crm/v8/settings/fields")
def list_fields() -> Response:
    """All fields of a module; none is ever unused here."""
    who = need("settings.fields", "READ")
    module = asked_module()
    if request.args.get("type") == "unused":
        return nothing()
    return answer({"fields": field_views(who.org, who.user, module)})


@routes.get("/crm/v8/settings/fields/<field_id>")
def one_field(field_id: str) -> Response:
    """One field by id."""
    who = need("settings.fields", "READ")
    found = [view for view in field_views(who.org, who.user, asked_module()) if view["id"] == field_id]
    if not found:
        raise invalid_data({"resource_path_index": 2}, "the id given seems to be invalid")
    return answer({"fields": found})


@routes.post("/crm/v8/settings/fields")
def add_fields() -> Response:
    """Up to five new fields; the answer has their ids and no API names."""
    who = need("settings.fields", "CREATE")
    module = asked_module()
    if not administrator(who.user):
        raise not_permitted("Crm_Implied_Customize_Zoho_CRM")
    wishes = _wishes()
    with here().state.together():
        results = [_add(who, module, wish, f"$.fields[{n}]") for n, wish in enumerate(wishes)]
    failed = sum(result["status"] == "error" for result in results)
    if failed == len(results):
        return answer({"fields": results}, 400)
    return answer({"fields": results}, 207 if failed else 201)


@routes.get("/crm/v8/settings/modules")
def list_modules() -> Response:
    """The modules this CRM has."""
    who = need("settings.modules", "READ")
    return answer({"modules": [_module_view(who.org, name) for name in (*MODULES, ROWS)]})


@routes.get("/crm/v8/settings/modules/<name>")
def one_module(name: str) -> Response:
    """One module."""
    who = need("settings.modules", "READ")
    if name not in MODULES and name != ROWS:
        raise wrong_module()
    return answer({"modules": [_module_view(who.org, name)]})


@routes.get("/crm/v8/settings/layouts")
def list_layouts() -> Response:
    """The layouts of a module, each with its fields in one section."""
    who = need("settings.layouts", "READ")
    module = asked_module()
    fields = field_views(who.org, who.user, module)
    return answer({"layouts": [_layout_view(each, module, fields) for each in layouts_of(here(), who.org, module)]})


def _layout_view(layout: Doc, module: str, fields: list[Doc]) -> Doc:
    section = {
        "display_label": f"{module} Information",
        "api_name": f"{module}_Information",
        "sequence_number": 1,
        "fields": [each for each in fields if each["api_name"] in layout["fields"]],
    }
    return {
        "id": layout["id"],
        "name": layout["name"],
        "display_label": layout["name"],
        "status": "active",
        "visible": True,
        "sections": [section],
    }


def field_views(org: Doc, user: Doc, module: str) -> list[Doc]:
    """The fields of a module that the user's profile may see."""
    views = []
    for number, one in enumerate(fields_of(here(), org, module).values(), 1):
        if not hidden(here(), user, module, one["api_name"]):
            closed = one["read_only"] or read_only(here(), user, module, one["api_name"])
            views.append(field_view(org, module, one, number) | {"field_read_only": closed})
    return views


def asked_module() -> str:
    """`module` is mandatory; its letter case does not matter (Z5.9, newer files)."""
    given = request.args.get("module")
    if not given:
        raise parameter_missing("module")
    for name in (*MODULES, ROWS):
        if name.casefold() == given.casefold() and has_module(name):
            return name
    raise RefusedError(400, "INVALID_MODULE", "the module name given seems to be invalid", {"api_name": given})


def _wishes() -> list[Any]:
    try:
        body = json.loads(request.get_data())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "INVALID_DATA", "body", {"expected_data_type": "jsonobject"})
    where = {"api_name": "fields", "json_path": "$.fields"}
    if "fields" not in body:
        raise mandatory("fields", "$.fields")
    if not isinstance(body["fields"], list) or not body["fields"]:
        raise invalid_data({"expected_data_type": "jsonarray", **where})
    if len(body["fields"]) > PER_CALL:
        raise invalid_data({"maximum_length": PER_CALL, **where})
    return list(body["fields"])


def _add(who: Caller, module: str, wish: Any, path: str) -> Doc:
    try:
        if not isinstance(wish, dict):
            raise invalid_data({"expected_data_type": "jsonobject", "json_path": path})
        made = create_field(here(), who.org, module, wish, path)
    except RefusedError as refusal:
        return refusal.body
    return {"code": "SUCCESS", "details": {"id": made}, "message": "field created", "status": "success"}


def _module_view(org: Doc, name: str) -> Doc:
    singular, plural = MODULES[name][:2] if name in MODULES else ("Invoiced Item", "Invoiced Items")
    number = [*MODULES, ROWS].index(name)
    return {
        "id": f"{org['zgid']}{2001 + number:010d}",
        "api_name": name,
        "module_name": name.replace("_", "") if name == ROWS else name,
        "singular_label": singular,
        "plural_label": plural,
        "generated_type": "subform" if name == ROWS else "default",
        "parent_module": {"api_name": "Invoices"} if name == ROWS else {},
        "api_supported": True,
        "visible": name != ROWS,
        "creatable": name != ROWS,
        "editable": True,
        "deletable": True,
        "viewable": True,
    }
