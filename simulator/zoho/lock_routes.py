"""How is a record locked and unlocked by the API? ({Module}/{id}/Locking_Information__s, Z5.10)"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from simulator.zoho.access import Caller, need
from simulator.zoho.answers import RefusedError, answer, invalid_data, not_permitted, nothing, parameter_missing
from simulator.zoho.centre import here
from simulator.zoho.moments import now, shown, stored
from simulator.zoho.people import minified, new_id, user_of
from simulator.zoho.record_reads import need_module
from simulator.zoho.record_writes import body_of
from simulator.zoho.records import fetch, save, visible
from simulator.zoho.schema import MODULES
from simulator.zoho.views import name_of

Doc = dict[str, Any]
routes = Blueprint("zoho_locks", __name__)
_PATH = "/crm/v8/<module:module>/<record_id>/Locking_Information__s"
_BAD_ID = "the id given seems to be invalid"


@routes.get(_PATH)
def read_locks(module: str, record_id: str) -> Response:
    """The lock of a record; `fields` is mandatory without a lock id, 204 when there is none."""
    who, record = _named(module, record_id, "READ")
    if not request.args.get("fields"):
        raise parameter_missing("fields")
    return answer({"data": [_view(who, record)]}) if record["locked"] else nothing()


@routes.get(f"{_PATH}/<lock_id>")
def read_lock(module: str, record_id: str, lock_id: str) -> Response:
    """One lock by id."""
    who, record = _named(module, record_id, "READ")
    _check_id(record, lock_id)
    return answer({"data": [_view(who, record)]})


@routes.post(_PATH)
def lock(module: str, record_id: str) -> Response:
    """Lock the record for everybody, with a reason."""
    who, record = _named(module, record_id, "CREATE")
    if here().switches["locking"] == "not_configured":
        message = "Required Record Locking Configuration is not present."
        raise RefusedError(400, "NOT_ALLOWED", message)
    if record["locked"]:
        raise RefusedError(403, "NOT_ALLOWED", "Record is already locked.")
    made = {"id": new_id(here(), who.org["zgid"]), "by": who.user["id"], "at": stored(now()), "reason": _reason()}
    save(here(), record | {"locked": True, "lock": made})
    return _done(str(made["id"]), "record added", 201)


@routes.put(f"{_PATH}/<lock_id>")
def change_lock(module: str, record_id: str, lock_id: str) -> Response:
    """Another reason."""
    _, record = _named(module, record_id, "UPDATE")
    _check_manual(record, lock_id)
    save(here(), record | {"lock": {**record["lock"], "reason": _reason()}})
    return _done(lock_id, "relation updated", 200)


@routes.delete(f"{_PATH}/<lock_id>")
def unlock(module: str, record_id: str, lock_id: str) -> Response:
    """Unlock; what a rule locked stays."""
    _, record = _named(module, record_id, "DELETE")
    _check_manual(record, lock_id)
    save(here(), record | {"locked": False, "lock": None})
    return _done(lock_id, "relation removed", 200)


@routes.get("/crm/v8/settings/record_locking_configurations")
def configurations() -> Response:
    """What an administrator configured; 204 for nothing."""
    who = need("settings.record_locking_configurations", "READ")
    _supported()
    module = request.args.get("module")
    if module not in MODULES:
        raise parameter_missing("module")
    if here().switches["locking"] == "not_configured":
        return nothing()
    one = {
        "id": f"{who.org['zgid']}0000000095",
        "lock_type": "both",
        "locked_for": "all_profiles",
        "excluded_fields": [{"api_name": name} for name in here().switches["lock_excluded_fields"]],
        "restricted_actions": ["update", "delete"],
        "lock_excluded_profiles": [],
        "locking_rules": [],
    }
    return answer({"record_locking_configurations": [one]})


def _named(module: str, record_id: str, operation: str) -> tuple[Caller, Doc]:
    """Who calls and the record; both scopes are needed."""
    need("modules.lockinginformation", operation)
    who = need_module(module, "READ")
    _supported()
    record = fetch(here(), who.org["zgid"], module, record_id)
    if record is None:
        raise invalid_data({"resource_path_index": 1}, _BAD_ID)
    if not visible(record, who.user):
        raise not_permitted(f"Crm_Implied_View_{module}")
    return who, record


def _supported() -> None:
    if here().switches["locking"] == "not_supported":
        raise RefusedError(403, "FEATURE_NOT_SUPPORTED", "The feature is not supported in this edition")


def _lock_of(record: Doc) -> Doc:
    """A lock nobody set by this API is one that a rule of the org set."""
    rule = {"id": f"{record['zgid']}{int(record['id'][-10:]) + 5_000_000_000:010d}", "reason": None}
    return record.get("lock") or {**rule, "by": record["modified_by"], "at": record["modified"], "rule": True}


def _check_id(record: Doc, lock_id: str) -> Doc:
    found = _lock_of(record)
    if not record["locked"] or found["id"] != lock_id:
        raise invalid_data({"resource_path_index": 3}, _BAD_ID)
    return found


def _check_manual(record: Doc, lock_id: str) -> None:
    if _check_id(record, lock_id).get("rule"):
        message = "Automatically locked records can not be unlocked manually."
        raise RefusedError(403, "NOT_ALLOWED", message)


def _reason() -> str:
    wish = body_of()["data"][0]
    reason = wish.get("Locked_Reason__s") if isinstance(wish, dict) else None
    where = {"api_name": "Locked_Reason__s", "json_path": "$.data[0].Locked_Reason__s"}
    if not isinstance(reason, str):
        raise invalid_data({"expected_data_type": "string", **where})
    return reason


def _view(who: Caller, record: Doc) -> Doc:
    found = _lock_of(record)
    by_rule = bool(found.get("rule"))
    module = {"api_name": record["module"], "id": f"{who.org['zgid']}{2001 + [*MODULES].index(record['module']):010d}"}
    return {
        "id": found["id"],
        "Locked_By__s": minified(user_of(here(), found["by"])),
        "Locked_For__s": {"module": module, "name": name_of(record), "id": record["id"]},
        "Locked_Reason__s": found["reason"],
        "Lock_Source__s": "Automatic" if by_rule else "Manual",
        "Locked_Time__s": shown(found["at"], who.user["time_zone"]),
        "Record_Locking_Configuration_Id__s": f"{who.org['zgid']}0000000095",
        "Record_Locking_Rule_Id__s": f"{who.org['zgid']}0000000096" if by_rule else None,
    }


def _done(lock_id: str, message: str, status: int) -> Response:
    result = {"code": "SUCCESS", "details": {"id": lock_id}, "message": message, "status": "success"}
    return answer({"data": [result]}, status)
