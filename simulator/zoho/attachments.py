"""What is attached to a record? ({Module}/{id}/Attachments, Z5.11)"""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, Response, request

from simulator.zoho.access import Caller, need
from simulator.zoho.answers import RefusedError, answer, invalid_data, mandatory, not_permitted, nothing
from simulator.zoho.answers import parameter_missing as missing
from simulator.zoho.centre import here
from simulator.zoho.moments import now, shown, stored
from simulator.zoho.paging import paged
from simulator.zoho.people import minified, new_id, user_of
from simulator.zoho.record_reads import need_module
from simulator.zoho.records import peek, visible
from simulator.zoho.views import name_of

Doc = dict[str, Any]
routes = Blueprint("zoho_attachments", __name__)
MOST_BYTES = 100 * 1024 * 1024
_PATH = "/crm/v8/<module:module>/<record_id>/Attachments"
_BAD_ID = "the id given seems to be invalid"


@routes.get(_PATH)
def list_attachments(module: str, record_id: str) -> Response:
    """What is attached, newest first; `fields` is mandatory (Z7.8)."""
    who, record = _named(module, record_id, "READ")
    if not request.args.get("fields"):
        raise missing("fields")
    names = {"id", *(name.strip() for name in request.args["fields"].split(","))}
    found = [one for one in here().state.view(_kind(who)) if one["parent"] == record["id"]]
    shown_now, info = paged(found[::-1])
    if not shown_now:
        return nothing()
    views = [_view(who, record, one) for one in shown_now]
    data = [{k: v for k, v in view.items() if k in names or k.startswith("$")} for view in views]
    # This list says less of itself than a list of records.
    return answer({"data": data, "info": {k: v for k, v in info.items() if k not in ("call", "sort_by", "sort_order")}})


@routes.post(_PATH)
def attach(module: str, record_id: str) -> Response:
    """A file, or the address of one."""
    who, record = _named(module, record_id, "CREATE")
    file, link = request.files.get("file"), request.form.get("attachmentUrl")
    if file is None and not link:
        raise mandatory("file", "$.file")
    content = file.read() if file else b""
    if len(content) > MOST_BYTES:
        message = "Request body size exceeds the maximum limit of 100MB"
        raise RefusedError(413, "BODY_SIZE_REACHED", message)
    name = request.form.get("title") or (file.filename if file else link) or "file"
    made = {
        "id": new_id(here(), who.org["zgid"]),
        "parent": record["id"],
        "name": name,
        "type": file.mimetype if file else None,
        "link": None if file else link,
        "content": base64.b64encode(content).decode(),
        "size": len(content),
        "by": who.user["id"],
        "at": stored(now()),
    }
    here().state.put(_kind(who), str(made["id"]), made)
    return _done(str(made["id"]), "attachment uploaded successfully")


@routes.get(f"{_PATH}/<attachment_id>")
def download(module: str, record_id: str, attachment_id: str) -> Response:
    """The bytes."""
    who, record = _named(module, record_id, "READ")
    found = _found(who, record, attachment_id)
    made = Response(base64.b64decode(found["content"]), mimetype=found["type"] or "application/octet-stream")
    made.headers.set("Content-Disposition", "attachment", filename=found["name"])
    return made


@routes.delete(f"{_PATH}/<attachment_id>")
def detach(module: str, record_id: str, attachment_id: str) -> Response:
    """Gone for good."""
    who, record = _named(module, record_id, "DELETE")
    here().state.delete(_kind(who), _found(who, record, attachment_id)["id"])
    return _done(attachment_id, "record deleted")


def _named(module: str, record_id: str, operation: str) -> tuple[Caller, Doc]:
    """Who calls and the record; both scopes are needed (Z5.3)."""
    need("modules.attachments", operation)
    who = need_module(module, "READ")
    record = peek(here(), who.org["zgid"], module, record_id)
    if record is None:
        raise invalid_data({"resource_path_index": 1}, _BAD_ID)
    if not visible(record, who.user):
        raise not_permitted(f"Crm_Implied_View_{module}")
    return who, record


def _found(who: Caller, record: Doc, attachment_id: str) -> Doc:
    found = here().state.peek(_kind(who), attachment_id)
    if found is None or found["parent"] != record["id"]:
        raise invalid_data({"resource_path_index": 3}, _BAD_ID)
    return found


def _view(who: Caller, record: Doc, one: Doc) -> Doc:
    moment = shown(one["at"], who.user["time_zone"])
    maker = user_of(here(), one["by"])
    return {
        "id": one["id"],
        "Owner": minified(maker, email=True),
        "File_Name": one["name"],
        "Size": str(one["size"]),
        "Created_Time": moment,
        "Modified_Time": moment,
        "Created_By": minified(maker, email=True),
        "Parent_Id": {"name": name_of(record), "id": record["id"]},
        "$type": "Link URL" if one["link"] else "Attachment",
        "$link_url": one["link"],
    }


def _done(attachment_id: str, message: str) -> Response:
    result = {"code": "SUCCESS", "details": {"id": attachment_id}, "message": message, "status": "success"}
    return answer({"data": [result]})


def _kind(who: Caller) -> str:
    return f"zoho:attachments:{who.org['zgid']}"
