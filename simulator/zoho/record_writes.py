"""How are records written? (POST and PUT /crm/v8/{Module}, PUT /{Module}/{id}, Z5.5)"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, g, request

from simulator.zoho.access import Caller
from simulator.zoho.answers import RefusedError, answer, invalid_data, mandatory
from simulator.zoho.centre import Centre, here
from simulator.zoho.moments import shown
from simulator.zoho.people import minified, user_of
from simulator.zoho.record_reads import need_module, since_header
from simulator.zoho.records import peek
from simulator.zoho.writes import change, insert

Doc = dict[str, Any]
routes = Blueprint("zoho_record_writes", __name__)
MOST = 100
_TRIGGERS = ("workflow", "approval", "blueprint", "pathfinder", "orchestration")


@routes.post("/crm/v8/<module:module>")
def add(module: str) -> Response:
    """Insert up to 100 records; 201 when all went well."""
    who = need_module(module, "CREATE")
    centre = here()

    def work(wish: Doc, path: str, _: Any) -> tuple[Doc, str]:
        return insert(centre, who.org, who.user, module, wish, path), "record added"

    return _each(centre, who, work, 201)


@routes.put("/crm/v8/<module:module>")
def update_many(module: str) -> Response:
    """Update up to 100 records, each named by its id."""
    who = need_module(module, "UPDATE")
    return _update(here(), who, module, None)


@routes.put("/crm/v8/<module:module>/<record_id>")
def update_one(module: str, record_id: str) -> Response:
    """Update the record of the path."""
    who = need_module(module, "UPDATE")
    return _update(here(), who, module, record_id)


def _update(centre: Centre, who: Caller, module: str, record_id: str | None) -> Response:
    def work(wish: Doc, path: str, trigger: Any) -> tuple[Doc, str]:
        named = wish if record_id is None else {**wish, "id": record_id}
        return change(centre, who.org, who.user, module, named, path, trigger), "record updated"

    with centre.state.lock:
        _not_moved(centre, who, module, record_id)
        return _each(centre, who, work, 200)


def _not_moved(centre: Centre, who: Caller, module: str, record_id: str | None) -> None:
    """If-Unmodified-Since: 412 for the whole call when a named record moved after it (Z5.5)."""
    since = since_header("If-Unmodified-Since")
    if since is None:
        return
    ids = [record_id] if record_id else [w.get("id") for w in body_of()["data"] if isinstance(w, dict)]
    for one in ids:
        record = peek(centre, who.org["zgid"], module, str(one))
        if record is not None and datetime.fromisoformat(record["modified"]) > since:
            raise RefusedError(412, "ALREADY_MODIFIED", "the record has been already modified", {"id": one})


def _each(centre: Centre, who: Caller, work: Callable[[Doc, str, Any], tuple[Doc, str]], good: int) -> Response:
    """Every record by itself: one's trouble does not stop the others (Z7.3)."""
    body = body_of()
    wishes = body["data"]
    g.credits = -(-len(wishes) // 10)
    results = []
    with centre.state.together():
        for number, wish in enumerate(wishes):
            results.append(_one(who, work, wish, f"$.data[{number}]", body.get("trigger")))
    failed = sum(result["status"] == "error" for result in results)
    if failed == len(results):
        return answer({"data": results}, 400)
    return answer({"data": results}, centre.switches["mixed_status"] if failed else good)


def _one(who: Caller, work: Callable[[Doc, str, Any], tuple[Doc, str]], wish: Any, path: str, trigger: Any) -> Doc:
    try:
        if not isinstance(wish, dict):
            raise invalid_data({"expected_data_type": "jsonobject", "json_path": path})
        record, message = work(wish, path, trigger)
    except RefusedError as refusal:
        return refusal.body
    return success(here(), who, record, message)


def success(centre: Centre, who: Caller, record: Doc, message: str) -> Doc:
    """What is said of a record that was written."""
    zone = who.user["time_zone"]
    details = {
        "Modified_Time": shown(record["modified"], zone),
        "Modified_By": minified(user_of(centre, record["modified_by"])),
        "Created_Time": shown(record["created"], zone),
        "id": record["id"],
        "Created_By": minified(user_of(centre, record["created_by"])),
        "$approval_state": "approved",
    }
    return {"code": "SUCCESS", "details": details, "message": message, "status": "success"}


def body_of() -> Doc:
    """The body of a write: `data` with 1 to 100 records, and a `trigger` that is a list of known names."""
    try:
        body = json.loads(request.get_data(), parse_float=Decimal)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "INVALID_DATA", "body", {"expected_data_type": "jsonobject"})
    wishes = body.get("data")
    if wishes is None:
        raise mandatory("data", "$.data")
    if not isinstance(wishes, list) or not wishes:
        raise invalid_data({"expected_data_type": "jsonarray", "api_name": "data", "json_path": "$.data"})
    if len(wishes) > MOST:
        details = {"maximum_length": MOST, "api_name": "data", "json_path": "$.data"}
        raise RefusedError(400, "LIMIT_EXCEEDED", "the records limit is exceeded", details)
    trigger = body.get("trigger")
    if trigger is not None and not (isinstance(trigger, list) and set(trigger) <= set(_TRIGGERS)):
        raise invalid_data({"api_name": "trigger", "json_path": "$.trigger", "supported_values": list(_TRIGGERS)})
    return body
