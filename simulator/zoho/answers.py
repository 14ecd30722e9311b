"""How does the pretend Zoho word an answer or a refusal?"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from flask import Response

Doc = dict[str, Any]


class RefusedError(Exception):
    """A call or one record of it is refused: HTTP status, code, message, details (Z5.12)."""

    def __init__(self, status: int, code: str, message: str, details: Doc | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Doc = {"code": code, "details": details or {}, "message": message, "status": "error"}


def invalid_data(details: Doc, message: str = "invalid data") -> RefusedError:
    """INVALID_DATA, the commonest refusal (Z5.12)."""
    return RefusedError(400, "INVALID_DATA", message, details)


def mandatory(api_name: str, json_path: str) -> RefusedError:
    """A required key is not there (Z5.12)."""
    details = {"api_name": api_name, "json_path": json_path}
    return RefusedError(400, "MANDATORY_NOT_FOUND", "required field not found", details)


def parameter_missing(name: str) -> RefusedError:
    """A required query parameter is not there (Z7.8)."""
    message = "One of the expected parameter is missing"
    return RefusedError(400, "REQUIRED_PARAM_MISSING", message, {"param_name": name})


def wrong_address() -> RefusedError:
    """There is nothing at this path (Z5.12)."""
    message = "Please check if the URL trying to access is a correct one"
    return RefusedError(404, "INVALID_URL_PATTERN", message)


def wrong_module() -> RefusedError:
    """No module of that name (Z5.12)."""
    message = "the module name given seems to be invalid"
    return RefusedError(400, "INVALID_MODULE", message, {"resource_path_index": 0})


def not_permitted(permission: str) -> RefusedError:
    """The caller's profile or sharing does not allow this (Z5.12)."""
    return RefusedError(403, "NO_PERMISSION", "permission denied", {"permissions": [permission]})


def answer(body: Doc, status: int = 200) -> Response:
    """A JSON answer; Decimals become plain numbers without passing through binary floats."""
    return Response(encode(body), status, mimetype="application/json")


def nothing(status: int = 204) -> Response:
    """An answer without body: nothing found (204) or nothing new (304), Z5.4."""
    return Response(b"", status)


def encode(value: Any) -> str:
    """JSON text; `12.50` is written 12.5 and `12.00` as 12, like the samples of Z6."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(k))}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(encode(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def plain(value: Decimal) -> str:
    """A decimal number as JSON shows it."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
