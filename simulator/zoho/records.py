"""Where are the CRM's records kept, and who may see them?"""

from __future__ import annotations

from typing import Any

from simulator.zoho.centre import Centre
from simulator.zoho.moments import now, stored

Doc = dict[str, Any]
WRITES_KEPT = 50


def kind_of(zgid: str, module: str) -> str:
    """The state's name for the records of one module of one org."""
    return f"zoho:records:{zgid}:{module}"


def peek(centre: Centre, zgid: str, module: str, record_id: str) -> Doc | None:
    """A record for reading only."""
    return centre.state.peek(kind_of(zgid, module), record_id)


def fetch(centre: Centre, zgid: str, module: str, record_id: str) -> Doc | None:
    """A copy of a record, to change and save."""
    return centre.state.get(kind_of(zgid, module), record_id)


def view(centre: Centre, zgid: str, module: str) -> list[Doc]:
    """All records of a module, oldest first (one that was brought back comes last), for reading only."""
    return centre.state.view(kind_of(zgid, module))


def bin_of(zgid: str, module: str) -> str:
    """The state's name for a module's deleted records."""
    return f"zoho:bin:{zgid}:{module}"


def binned(centre: Centre, zgid: str, module: str, record_id: str) -> Doc | None:
    """A copy of a deleted record."""
    return centre.state.get(bin_of(zgid, module), record_id)


def bin_view(centre: Centre, zgid: str, module: str) -> list[Doc]:
    """The deleted records of a module, for reading only."""
    return centre.state.view(bin_of(zgid, module))


def discard(centre: Centre, record: Doc) -> None:
    """Move a record to the bin, where nothing else looks."""
    centre.state.delete(kind_of(record["zgid"], record["module"]), record["id"])
    centre.state.put(bin_of(record["zgid"], record["module"]), record["id"], record)


def put_back(centre: Centre, record: Doc) -> None:
    """Move a record from the bin to its place."""
    centre.state.delete(bin_of(record["zgid"], record["module"]), record["id"])
    save(centre, record)


def save(centre: Centre, record: Doc) -> None:
    """Store a record as it is."""
    centre.state.put(kind_of(record["zgid"], record["module"]), record["id"], record)


def blank(zgid: str, module: str, record_id: str, user: Doc) -> Doc:
    """A record nobody has filled in yet."""
    moment = stored(now())
    return {
        "id": record_id,
        "zgid": zgid,
        "module": module,
        "owner": user["id"],
        "created_by": user["id"],
        "modified_by": user["id"],
        "created": moment,
        "modified": moment,
        "hidden_from": [],
        "locked": False,
        "values": {},
        "rows": [],
        "taxes": [],
        "forced": {},
        "writes": [],
    }


def touch(record: Doc, user: Doc, trigger: Any, fields: list[str]) -> None:
    """Move Modified_Time and remember the write with its `trigger`, so that tests can see it (Z8)."""
    record["modified"] = stored(now())
    record["modified_by"] = user["id"]
    write = {"at": record["modified"], "by": user["id"], "trigger": trigger, "fields": fields}
    record["writes"] = [*record["writes"], write][-WRITES_KEPT:]


def visible(record: Doc | None, user: Doc) -> bool:
    """Whether the org's sharing shows the record to the user."""
    return record is not None and user["id"] not in record["hidden_from"]
