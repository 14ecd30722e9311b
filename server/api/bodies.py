"""Is this request one that routes may look at? Its body JSON, an object; all of it text that can be stored."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, request

from server.api.errors import Problem

MAX_BODY = 256 * 1024
_WITH_BODY = ("POST", "PUT", "PATCH")


def guard(app: Flask) -> None:
    """Refuse what is too large, not JSON, not an object or no text before any route of the API sees it."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.before_request(_look)


def _look() -> None:
    if not request.path.startswith("/api/"):
        return
    if not _encodes(request.path):
        raise Problem(404, "not_found", "There is nothing here.")
    if not all(_encodes(value) for value in request.args.values()):
        raise Problem(422, "not_valid", "Some fields are not right.", {"query": "holds what is no text"})
    raw = request.get_data(cache=True)  # too large: 413
    if request.method not in _WITH_BODY or request.url_rule is None:
        return
    if not request.is_json:
        raise Problem(415, "not_json", "The body must be JSON, with Content-Type application/json.")
    if not isinstance(_parsed(raw), dict):
        raise Problem(422, "not_valid", "The body must be a JSON object.", {"body": "must be an object"})


def _parsed(raw: bytes) -> Any:
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
        if not _storable(body):
            raise ValueError("text that no database keeps")
    except (ValueError, RecursionError):
        raise Problem(400, "not_json", "The body is not JSON.") from None
    return body


def _storable(value: Any) -> bool:
    """Half a surrogate pair or a NUL passes the parser, but no database keeps it."""
    if isinstance(value, str):
        return _encodes(value)
    if isinstance(value, list):
        return all(_storable(each) for each in value)
    return not isinstance(value, dict) or all(_storable(part) for pair in value.items() for part in pair)


def _encodes(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
