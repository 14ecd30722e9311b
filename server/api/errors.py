"""What does a caller get when something is wrong? One JSON shape with a stable code; a page for people.

Nothing of an exception's text leaves the house: an unexpected one is answered with an opaque id, and the log
has its type and place under that id.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
import structlog
from flask import Flask, Response, jsonify, request
from flask_smorest import Api
from redis.exceptions import RedisError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from server.api.pages import page
from server.clients.errors import CallFailed, Disconnected, TryLater
from server.logs import trace_of
from server.store.engine import is_away

log = structlog.get_logger(__name__)

# Everything that programs ask; the rest is opened by people in a browser.
_JSON_PATHS = ("/api/", "/health/", "/metrics", "/openapi.json")
# Codes and sentences of what werkzeug and webargs find wrong by themselves.
_BY_STATUS = {
    400: ("bad_request", "The request cannot be understood."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address does not take that method."),
    413: ("too_large", "The request is larger than 256 KB."),
    415: ("not_json", "The body must be JSON, with Content-Type application/json."),
    422: ("not_valid", "Some fields are not right."),
}


class ErrorShape(ma.Schema):
    """Every answer of ours that is not a success."""

    code = ma.fields.String(required=True, metadata={"description": "Stable; programs go by this"})
    message = ma.fields.String(required=True, metadata={"description": "One sentence for a person"})
    fields = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)  # type: ignore[assignment]


@dataclass
class Problem(Exception):
    """Raise it anywhere below a route: it becomes the answer."""

    status: int
    code: str
    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(problem: Problem) -> Response:
    """The one JSON shape, or a page where a person looks at it."""
    if not request.path.startswith(_JSON_PATHS):
        response = page("problem.html", status=problem.status, code=problem.code, message=problem.message)
    else:
        body = {"code": problem.code, "message": problem.message, "fields": dict(problem.fields)}
        response = jsonify(body)
        response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


class JsonApi(Api):  # type: ignore[misc]
    """flask-smorest with our error shape instead of its own, in answers and in the description."""

    ERROR_SCHEMA = ErrorShape

    def handle_http_exception(self, error: HTTPException) -> Response:
        return answer(_of_http(error))


def register(app: Flask) -> None:
    """Every exception ends in `answer`."""
    app.register_error_handler(Problem, answer)
    app.register_error_handler(CallFailed, lambda error: answer(_of_call(error)))
    for kind in (PoolTimeout, RedisError):
        app.register_error_handler(kind, _store_away)
    app.register_error_handler(Exception, _unexpected)


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    if status >= 500:
        return _opaque(error)
    code, message = _BY_STATUS.get(status, ("refused", error.name))
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    headers = {name: value for name, value in error.get_headers() if name == "Allow"}
    return Problem(status, code, message, _flat(data.get("messages", {})), headers)


def _flat(messages: object, path: str = "") -> dict[str, str]:
    """webargs' nested lists as {"taxes.0.rate": "sentence"}; the outermost level only says where they stood."""
    if isinstance(messages, Mapping):
        flat: dict[str, str] = {}
        for key, value in messages.items():
            inner = path if key in ("json", "query", "_schema") else f"{path}.{key}".lstrip(".")
            flat |= _flat(value, inner)
        return flat
    if isinstance(messages, list):
        return {path or "body": " ".join(str(each) for each in messages)}
    return {path or "body": str(messages)}


def _of_call(error: CallFailed) -> Problem:
    """Zoho or Xero did not do what a route needed at once."""
    name = error.service.capitalize()
    if isinstance(error, TryLater):
        wait = str(max(1, round(error.seconds)))
        return Problem(503, f"{error.service}_away", f"{name} can't be reached just now.", {}, {"Retry-After": wait})
    if isinstance(error, Disconnected):
        return Problem(409, f"{error.service}_disconnected", f"{name} must be connected again.")
    log.warning("refused outside", service=error.service, error=type(error).__name__)
    return Problem(409, f"{error.service}_refused", f"{name} refused to answer that.")


def _store_away(error: Exception) -> Response:
    log.error("store away", error=type(error).__name__, route=_route())
    message = "InvoiceBridge can't reach its own data just now. Nothing was lost; try again in a moment."
    return answer(Problem(503, "store_away", message, {}, {"Retry-After": "5"}))


def _unexpected(error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return answer(_of_http(error))
    if is_away(error):
        return _store_away(error)
    return answer(_opaque(error))


def _opaque(error: BaseException) -> Problem:
    incident = secrets.token_hex(6)
    log.error("unexpected", incident=incident, error=type(error).__name__, route=_route(), trace=trace_of(error))
    return Problem(500, "unexpected", f"Something went wrong on our side (reference {incident}).")


def _route() -> str:
    """The rule, not the path: a path may hold a one-time secret."""
    return request.url_rule.rule if request.url_rule else "-"
