"""How does the API copy and delete records, and name deleted ones? (clone, DELETE, /deleted; Z5.5)"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request

from simulator.zoho.access import Caller
from simulator.zoho.answers import RefusedError, answer, invalid_data, nothing, parameter_missing
from simulator.zoho.centre import Centre, here
from simulator.zoho.lifecycle import clone, delete
from simulator.zoho.moments import shown
from simulator.zoho.paging import paged
from simulator.zoho.people import minified, user_of
from simulator.zoho.record_reads import need_module, since_header
from simulator.zoho.record_writes import MOST, body_of, success
from simulator.zoho.records import bin_view
from simulator.zoho.views import name_of

Doc = dict[str, Any]
routes = Blueprint("zoho_record_lives", __name__)
_TYPES = ("all", "recycle", "permanent")


@routes.post("/crm/v8/<module:module>/<record_id>/actions/clone")
def clone_one(module: str, record_id: str) -> Response:
    """A copy; fields in the body win over the original's (newer files of Z5)."""
    who = need_module(module, "CREATE")
    wish = body_of()["data"][0] if request.get_data() else {}
    try:
        if not isinstance(wish, dict):
            raise invalid_data({"expected_data_type": "jsonobject", "json_path": "$.data[0]"})
        record = clone(here(), who.org, who.user, module, record_id, wish)
    except RefusedError as refusal:
        return answer({"data": [refusal.body]}, refusal.status)
    return answer({"data": [success(here(), who, record, "record added")]}, 201)


@routes.delete("/crm/v8/<module:module>")
def delete_many(module: str) -> Response:
    """Up to 100 records by `ids`, each by itself; wf_trigger is taken and starts nothing here."""
    who = need_module(module, "DELETE")
    text = request.args.get("ids")
    if not text:
        raise parameter_missing("ids")
    ids = [one.strip() for one in text.split(",") if one.strip()]
    if len(ids) > MOST:
        details = {"limit": MOST, "param_name": "ids"}
        raise RefusedError(400, "LIMIT_EXCEEDED", "the ids limit is exceeded", details)
    return _delete(here(), who, module, ids)


@routes.delete("/crm/v8/<module:module>/<record_id>")
def delete_one(module: str, record_id: str) -> Response:
    """The record of the path."""
    return _delete(here(), need_module(module, "DELETE"), module, [record_id])


@routes.get("/crm/v8/<module:module>/deleted")
def deleted(module: str) -> Response:
    """What was deleted, newest first, without the record itself; costs 2 credits."""
    who = need_module(module, "READ")
    g.credits = 2
    kind = request.args.get("type", "all")
    if kind not in _TYPES:
        raise invalid_data({"param_name": "type", "supported_values": list(_TYPES)})
    since = since_header("If-Modified-Since")
    found = [one for one in bin_view(here(), who.org["zgid"], module) if kind in ("all", _type(one))]
    if since is not None:
        found = [one for one in found if datetime.fromisoformat(one["deleted"]) > since]
        if not found:
            return nothing(304)
    found.sort(key=lambda one: (one["deleted"], one["id"]), reverse=True)
    shown_now, info = paged(found)
    if not shown_now:
        return nothing()
    return answer({"data": [_deleted_view(here(), who, one) for one in shown_now], "info": info})


def _delete(centre: Centre, who: Caller, module: str, ids: list[str]) -> Response:
    with centre.state.together():
        results = [_one(centre, who, module, one, number) for number, one in enumerate(ids)]
    failed = sum(result["status"] == "error" for result in results)
    if failed == len(results):
        return answer({"data": results}, 400)
    return answer({"data": results}, centre.switches["mixed_status"] if failed else 200)


def _one(centre: Centre, who: Caller, module: str, record_id: str, number: int) -> Doc:
    try:
        delete(centre, who.org, who.user, module, record_id, f"$.ids[{number}]")
    except RefusedError as refusal:
        return refusal.body
    return {"code": "SUCCESS", "details": {"id": record_id}, "message": "record deleted", "status": "success"}


def _type(record: Doc) -> str:
    return "permanent" if record["gone"] else "recycle"


def _deleted_view(centre: Centre, who: Caller, record: Doc) -> Doc:
    """Of what is gone for good only id and time are left (newer files of Z5)."""
    gone = record["gone"]
    return {
        "id": record["id"],
        "display_name": None if gone else name_of(record),
        "type": _type(record),
        "created_by": None if gone else minified(user_of(centre, record["created_by"])),
        "deleted_by": None if gone else minified(user_of(centre, record["deleted_by"])),
        "deleted_time": shown(record["deleted"], who.user["time_zone"]),
    }
