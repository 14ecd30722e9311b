"""How does a program watch modules of the pretend CRM? POST, PUT, PATCH, GET, DELETE actions/watch (Z5.8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from simulator.zoho.access import Caller, need
from simulator.zoho.answers import RefusedError, answer, invalid_data, mandatory, nothing, parameter_missing
from simulator.zoho.centre import here
from simulator.zoho.schema import MODULES
from simulator.zoho.watches import OPERATIONS, events_of, expiry, kind_of

Doc = dict[str, Any]
routes = Blueprint("zoho_watch", __name__)
_PATH = "/crm/v8/actions/watch"
PER_CALL, LONGEST_URL, LONGEST_TOKEN = 50, 255, 50
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SUBSCRIBED = "Successfully subscribed for actions-watch of the given module"
UNSUBSCRIBED = "Successfully un-subscribed from actions-watch"


@routes.post(_PATH)
def subscribe() -> Response:
    """New channels, each by itself good or refused."""
    return _each("CREATE", _made, 201)


@routes.put(_PATH)
def replace() -> Response:
    """The whole channel anew."""
    return _each("UPDATE", _made, 200)


@routes.patch(_PATH)
def change() -> Response:
    """Some of a channel: a later expiry, or `_delete_events` for some of its events."""
    return _each("UPDATE", _changed, 200)


@routes.get(_PATH)
def listed() -> Response:
    """The org's channels, or those of one id or module."""
    who = need("notifications", "READ")
    wanted, module = request.args.get("channel_id"), request.args.get("module")
    found = [
        _view(channel, each)
        for channel in here().state.view(kind_of(who.org["zgid"]))
        for each in channel["events"]
        if (wanted is None or channel["channel_id"] == wanted) and module in (None, each.partition(".")[0])
    ]
    if not found:
        return nothing()
    info = {"per_page": 200, "count": len(found), "page": 1, "more_records": False}
    return answer({"watch": found, "info": info})


@routes.delete(_PATH)
def unsubscribe() -> Response:
    """Channels by their ids."""
    who = need("notifications", "DELETE")
    ids = [each for each in request.args.get("channel_ids", "").split(",") if each]
    if not ids:
        raise parameter_missing("channel_ids")
    state, kind = here().state, kind_of(who.org["zgid"])
    results = []
    for number, channel_id in enumerate(ids):
        channel = state.peek(kind, channel_id)
        if channel is None:
            refusal = invalid_data({"index": number, "api_name": "channel_ids"})
            results.append(refusal.body)
            continue
        details = {"resource_uri": _uri(channel["events"][0]) if channel["events"] else "", "channel_id": channel_id}
        state.delete(kind, channel_id)
        results.append({"code": "SUCCESS", "details": details, "message": UNSUBSCRIBED, "status": "success"})
    return answer({"watch": results}, 200 if any(row["status"] == "success" for row in results) else 400)


def _each(operation: str, work: Callable[[Caller, Doc, str], Doc], good: int) -> Response:
    who = need("notifications", operation)
    wishes = _body().get("watch")
    if not isinstance(wishes, list) or not wishes:
        raise mandatory("watch", "$.watch")
    if len(wishes) > PER_CALL:
        raise invalid_data({"api_name": "watch", "maximum_length": PER_CALL})
    results = [_one(who, work, wish, f"$.watch[{number}]") for number, wish in enumerate(wishes)]
    return answer({"watch": results}, good if any(row["status"] == "success" for row in results) else 400)


def _body() -> Doc:
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise RefusedError(400, "INVALID_DATA", "body", {"expected_data_type": "jsonobject"})
    return body


def _one(who: Caller, work: Callable[[Caller, Doc, str], Doc], wish: object, path: str) -> Doc:
    try:
        if not isinstance(wish, dict):
            raise invalid_data({"json_path": path, "expected_data_type": "jsonobject"})
        channel = work(who, wish, path)
    except RefusedError as refusal:
        return refusal.body
    here().state.put(kind_of(who.org["zgid"]), channel["channel_id"], channel)
    events = [_view(channel, each) for each in channel["events"]]
    return {"code": "SUCCESS", "details": {"events": events}, "message": SUBSCRIBED, "status": "success"}


def _made(_who: Caller, wish: Doc, path: str) -> Doc:
    for name in ("channel_id", "events", "notify_url"):
        if not wish.get(name):
            raise mandatory(name, f"{path}.{name}")
    return {
        "channel_id": _channel_id(wish, path),
        "events": _events(wish, path),
        "notify_url": _url(wish, path),
        "token": _token(wish, path),
        "channel_expiry": _expiry(wish, path),
    }


def _changed(who: Caller, wish: Doc, path: str) -> Doc:
    if not wish.get("channel_id"):
        raise mandatory("channel_id", f"{path}.channel_id")
    held = here().state.get(kind_of(who.org["zgid"]), _channel_id(wish, path))
    if held is None:
        raise invalid_data({"api_name": "channel_id", "json_path": f"{path}.channel_id"})
    named = _events(wish, path) if wish.get("events") else []
    if wish.get("_delete_events") is True:
        return held | {"events": [each for each in held["events"] if each not in named]}
    more = {name: work(wish, path) for name, work in _CHANGES.items() if name in wish}
    return held | more | ({"events": list(dict.fromkeys([*held["events"], *named]))} if named else {})


def _channel_id(wish: Doc, path: str) -> str:
    """A long number that the program chooses."""
    text = str(wish["channel_id"])
    if not text.isdigit() or len(text) > 19:
        raise invalid_data({"api_name": "channel_id", "json_path": f"{path}.channel_id", "expected_data_type": "long"})
    return text


def _events(wish: Doc, path: str) -> list[str]:
    events = wish["events"]
    known = isinstance(events, list) and all(isinstance(each, str) for each in events)
    for module, deed in events_of(events) if known else [("", "")]:
        if module not in MODULES or deed not in OPERATIONS:
            raise invalid_data({"api_name": "events", "json_path": f"{path}.events"})
    return list(dict.fromkeys(events))


def _url(wish: Doc, path: str) -> str:
    """The real CRM wants https; the pretend one posts to this machine and nowhere else."""
    url = str(wish["notify_url"])
    if len(url) > LONGEST_URL or urlsplit(url).hostname not in LOOPBACK:
        raise invalid_data({"api_name": "notify_url", "json_path": f"{path}.notify_url"})
    return url


def _token(wish: Doc, path: str) -> str | None:
    token = wish.get("token")
    if token is not None and len(str(token)) > LONGEST_TOKEN:
        raise invalid_data({"api_name": "token", "json_path": f"{path}.token", "maximum_length": LONGEST_TOKEN})
    return None if token is None else str(token)


def _expiry(wish: Doc, path: str) -> str:
    given = wish.get("channel_expiry")
    try:
        wanted = None if given is None else datetime.fromisoformat(str(given))
        if wanted is not None and wanted.tzinfo is None:
            raise ValueError
    except ValueError:
        raise invalid_data({"api_name": "channel_expiry", "json_path": f"{path}.channel_expiry"}) from None
    return expiry(wanted, datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")


_CHANGES = {"notify_url": _url, "token": _token, "channel_expiry": _expiry}


def _uri(event: str) -> str:
    return f"https://www.zohoapis.com/crm/v2/{event.partition('.')[0]}"


def _view(channel: Doc, event: str) -> Doc:
    module = event.partition(".")[0]
    return {
        "channel_expiry": channel["channel_expiry"],
        "resource_uri": _uri(event),
        "resource_id": f"{list(MODULES).index(module) + 1:019d}",
        "resource_name": module,
        "channel_id": channel["channel_id"],
    }
