"""How is a record copied, thrown away and brought back? (clone, delete, recycle bin; Z5.5)"""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from simulator.zoho.answers import RefusedError, invalid_data
from simulator.zoho.centre import Centre
from simulator.zoho.fields import fields_of
from simulator.zoho.moments import now, stored
from simulator.zoho.people import new_id
from simulator.zoho.records import binned, blank, discard, fetch, peek, put_back, save, touch, visible
from simulator.zoho.watches import happened
from simulator.zoho.writes import fill, may_write, next_number

Doc = dict[str, Any]
_BAD_ID = "the id given seems to be invalid"


def clone(centre: Centre, org: Doc, user: Doc, module: str, record_id: str, wish: Doc | None = None) -> Doc:
    """A copy with all fields, also those other apps added, and a new id; `wish` changes it on the way (Z5.5).

    New are also the rows' ids, who made it and when; a lock and totals that control forced stay behind.
    """
    with centre.state.together():
        source = _seen(centre, org, user, module, record_id, "Create")
        made = blank(org["zgid"], module, "", user) | {"owner": source["owner"], "hidden_from": source["hidden_from"]}
        made["values"] = copy.deepcopy(source["values"])
        made["taxes"] = copy.deepcopy(source["taxes"])
        made["rows"] = [_row(centre, org, row) for row in source["rows"]]
        if module == "Invoices" and centre.switches["clone_number"] == "new":
            made["values"]["Invoice_Number"] = next_number(centre, org)
        _once(centre, org, made, wish or {})
        fill(centre, org, user, made, wish or {}, "$.data[0]")
        made["id"] = new_id(centre, org["zgid"])
        save(centre, made)
        happened(centre.state, made, "create", [])
    return made


def delete(centre: Centre, org: Doc, user: Doc, module: str, record_id: str, path: str = "$") -> Doc:
    """Into the recycle bin: reads, lists and writes no longer find it."""
    with centre.state.together():
        record = _seen(centre, org, user, module, record_id, "Delete", path)
        may_write(centre, record, {"delete"}, {"api_name": "id", "json_path": f"{path}.id"})
        discard(centre, record | {"deleted": stored(now()), "deleted_by": user["id"], "gone": False})
        happened(centre.state, record, "delete", [])
    return record


def restore(centre: Centre, org: Doc, user: Doc, module: str, record_id: str) -> Doc:
    """Out of the recycle bin, under the id it had."""
    with centre.state.together():
        record = _thrown(centre, org, module, record_id)
        if centre.switches["restore_moves_modified_time"]:
            touch(record, user, None, [])
        for key in ("deleted", "deleted_by", "gone"):
            del record[key]
        put_back(centre, record)
        happened(centre.state, record, "create", [])
    return record


def age(centre: Centre, org: Doc, user: Doc, module: str, record_id: str) -> Doc:
    """As if it had last been edited a minute ago. No person can do that; it spares tests the waiting."""
    with centre.state.together():
        record = _seen(centre, org, user, module, record_id, "Edit")
        record["modified"] = stored(now() - timedelta(minutes=1))
        record["created"] = min(record["created"], record["modified"])
        save(centre, record)
    return record


def purge(centre: Centre, org: Doc, module: str, record_id: str) -> None:
    """Gone for good; only the list of deleted records still knows it, without its name (Z5.5)."""
    with centre.state.together():
        discard(centre, _thrown(centre, org, module, record_id) | {"gone": True})


def _seen(centre: Centre, org: Doc, user: Doc, module: str, record_id: str, deed: str, path: str = "$") -> Doc:
    record = fetch(centre, org["zgid"], module, record_id)
    if record is None:
        raise invalid_data({"api_name": "id", "json_path": f"{path}.id"}, _BAD_ID)
    if not visible(record, user):
        details = {"permissions": [f"Crm_Implied_{deed}_{module}"]}
        raise RefusedError(403, "NO_PERMISSION", "permission denied", details)
    return record


def _thrown(centre: Centre, org: Doc, module: str, record_id: str) -> Doc:
    record = binned(centre, org["zgid"], module, record_id)
    if record is None or record["gone"]:
        raise invalid_data({"api_name": "id"}, _BAD_ID)
    if peek(centre, org["zgid"], module, record_id) is not None:
        raise invalid_data({"api_name": "id"}, "the record is not in the recycle bin")
    return record


def _row(centre: Centre, org: Doc, row: Doc) -> Doc:
    moment = stored(now())
    return copy.deepcopy(row) | {"id": new_id(centre, org["zgid"]), "created": moment, "modified": moment}


def _once(centre: Centre, org: Doc, made: Doc, wish: Doc) -> None:
    """A unique field can't hold its value twice: the copy's stays empty or the copy is refused, by the switch."""
    for name, field in fields_of(centre, org, made["module"]).items():
        value = made["values"].get(name)
        if field["unique"] and value is not None and name not in wish:
            if centre.switches["clone_unique_field"] == "refuse":
                details = {"api_name": name, "json_path": f"$.data[0].{name}"}
                raise RefusedError(400, "DUPLICATE_DATA", "duplicate data", details)
            made["values"][name] = None
