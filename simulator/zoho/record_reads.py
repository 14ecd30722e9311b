"""How are records read? (GET /crm/v8/{Module} and /{Module}/{id}, Z5.5)"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request

from simulator.zoho.access import Caller, need
from simulator.zoho.answers import (
    RefusedError,
    answer,
    invalid_data,
    not_permitted,
    nothing,
    parameter_missing,
    wrong_module,
)
from simulator.zoho.centre import Centre, has_module, here
from simulator.zoho.custom_views import CREDITS, in_view
from simulator.zoho.moments import read
from simulator.zoho.paging import sorted_page
from simulator.zoho.records import peek, view, visible
from simulator.zoho.schema import MODULES
from simulator.zoho.views import full_view, list_view

Doc = dict[str, Any]
routes = Blueprint("zoho_record_reads", __name__)
MOST_FIELDS = 50
_SORTS = {"id": "id", "Created_Time": "created", "Modified_Time": "modified"}


@routes.get("/crm/v8/<module:module>")
def many(module: str) -> Response:
    """A list without subforms; 204 when it is empty, 304 when nothing is newer."""
    who = need_module(module, "READ")
    centre = here()
    names = _names()
    found = _wanted(centre, who, module)
    since = since_header("If-Modified-Since")
    if since is not None:
        found = [r for r in found if datetime.fromisoformat(r["modified"]) > since]
        if not found:
            return nothing(304)
    field, down = _sort()
    shown, info = sorted_page(who, found, lambda r: (r[field], r["id"]), down=down)
    if not shown:
        return nothing()
    return answer({"data": [list_view(centre, who.org, who.user, r, names) for r in shown], "info": info})


@routes.get("/crm/v8/<module:module>/<record_id>")
def one(module: str, record_id: str) -> Response:
    """One record with all its fields, goods and `$` keys."""
    who = need_module(module, "READ")
    centre = here()
    record = peek(centre, who.org["zgid"], module, record_id)
    if not record_id.isdigit():
        raise invalid_data({"resource_path_index": 1}, "the id given seems to be invalid")
    if record is not None and not visible(record, who.user):
        if centre.switches["hidden_record"] == "no_permission":
            raise not_permitted(f"Crm_Implied_View_{module}")
        record = None
    if record is None:
        return _missing(centre)
    since = since_header("If-Modified-Since")
    if since is not None and datetime.fromisoformat(record["modified"]) <= since:
        return nothing(304)
    return answer({"data": [full_view(centre, who.org, who.user, record)]})


def need_module(module: str, operation: str) -> Caller:
    """The caller, who may do this in the module; an unknown module is INVALID_MODULE (Z5.12)."""
    if module not in MODULES or not has_module(module):
        need("modules", "ALL")
        raise wrong_module()
    return need(f"modules.{MODULES[module][2]}", operation)


def since_header(name: str) -> datetime | None:
    """The moment of an If-(Un)Modified-Since header: ISO 8601 with offset (Z7.9)."""
    text = request.headers.get(name)
    if text is None:
        return None
    moment = read(text)
    if moment is None:
        raise invalid_data({"expected_data_type": "datetime", "header": name})
    return moment


def _missing(centre: Centre) -> Response:
    way = centre.switches["missing_record"]
    if way == "no_content":
        return nothing()
    status = 404 if way == "not_found" else 400
    raise RefusedError(status, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 1})


def _names() -> list[str]:
    """`fields` is mandatory and names at most 50 (Z5.5, Z7.8)."""
    text = request.args.get("fields")
    if not text:
        raise parameter_missing("fields")
    names = [name.strip() for name in text.split(",") if name.strip()]
    if len(names) > MOST_FIELDS:
        details = {"limit": MOST_FIELDS, "param_name": "fields"}
        raise RefusedError(400, "LIMIT_EXCEEDED", "the fields limit is exceeded", details)
    return names


def _wanted(centre: Centre, who: Caller, module: str) -> list[Doc]:
    zgid = who.org["zgid"]
    ids = _ids(centre)
    if ids is None:
        found = view(centre, zgid, module)
    else:
        found = [r for r in (peek(centre, zgid, module, i) for i in ids) if r is not None]
    shown = [r for r in found if visible(r, who.user)]
    cvid = request.args.get("cvid")
    if cvid is None:
        return shown
    g.credits = CREDITS
    return in_view(who.org, who.user, module, cvid, shown)


def _sort() -> tuple[str, bool]:
    sort_by = request.args.get("sort_by", "id")
    if sort_by not in _SORTS:
        raise invalid_data({"param_name": "sort_by", "supported_values": list(_SORTS)})
    return _SORTS[sort_by], request.args.get("sort_order", "desc") != "asc"


def _ids(centre: Centre) -> list[str] | None:
    text = request.args.get("ids")
    if text is None:
        return None
    ids = list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    limit = centre.switches["ids_per_list"]
    if len(ids) > limit:
        details = {"limit": limit, "param_name": "ids"}
        raise RefusedError(400, "LIMIT_EXCEEDED", "the ids limit is exceeded", details)
    return ids
