"""How does Xero write its answers: numbers, dates, envelope, errors?"""

from __future__ import annotations

import json
import re
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Response

ZERO_ID = "00000000-0000-0000-0000-000000000000"
PROVIDER = "InvoiceBridge demo app"
NOT_FOUND_TEXT = "The resource you're looking for cannot be found"
_INDENTED_ROWS = 100
_GUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


def new_id() -> str:
    """A fresh GUID as Xero writes them."""
    return str(uuid.uuid4())


def is_guid(text: str) -> bool:
    """True when the text is a GUID with dashes."""
    return bool(_GUID.match(text))


def now_stamp() -> str:
    """Now, UTC, as the store keeps instants: sortable text with milliseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def day_ms(day: str) -> str:
    """A calendar day: midnight UTC with +0000 (X5.2)."""
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return f"/Date({int(at.timestamp() * 1000)}+0000)/"


def day_text(day: str) -> str:
    """A calendar day as the DateString fields repeat it (X5.2)."""
    return f"{day}T00:00:00"


def instant_ms(stamp: str, *, offset: bool = True) -> str:
    """An instant in milliseconds; UpdatedDateUTC has +0000, other stamps have none (X5.2)."""
    whole = datetime.fromisoformat(stamp)
    ms = round(whole.timestamp() * 1000)
    return f"/Date({ms}+0000)/" if offset else f"/Date({ms})/"


def instant_text(stamp: str) -> str:
    """An instant as UpdatedDateUTCString repeats it, to the second (X5.2)."""
    return stamp[:19] + "Z"


def _number(value: object) -> float:
    if isinstance(value, Decimal):
        # At most 15 digits reach here, so the shortest text of the float is the decimal itself (21.0, 3.15).
        return float(value)
    raise TypeError(f"{type(value)} has no place in an answer")


def without_nulls(doc: dict[str, Any]) -> dict[str, Any]:
    """Null fields are left out of answers (X5.1)."""
    return {key: value for key, value in doc.items() if value is not None}


def render(body: Any, *, indent: int | None = 2) -> str:
    """JSON text: indented, CRLF, slashes escaped (X5.1)."""
    text = json.dumps(body, ensure_ascii=False, indent=indent, default=_number)
    return text.replace("/", "\\/").replace("\n", "\r\n")


def answer_json(body: Any, status: int = 200, *, indent: int | None = 2) -> Response:
    """A JSON answer in Xero's dress."""
    return Response(render(body, indent=indent), status, content_type="application/json; charset=utf-8")


def envelope(name: str, rows: list[dict[str, Any]], pagination: dict[str, int] | None = None) -> Response:
    """The success envelope around rows (X5.1); long lists are not indented, which no client can tell."""
    body: dict[str, Any] = {
        "Id": new_id(),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": instant_ms(now_stamp(), offset=False),
    }
    if pagination is not None:
        body["pagination"] = pagination
    body[name] = rows
    return answer_json(body, indent=2 if len(rows) <= _INDENTED_ROWS else None)


def api_error(number: int, kind: str, message: str, status: int = 400) -> Response:
    """An API exception without elements (X5.5)."""
    return answer_json({"ErrorNumber": number, "Type": kind, "Message": message}, status)


def validation_error(elements: list[dict[str, Any]]) -> Response:
    """400 with the failed elements only (X5.5)."""
    body = {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": elements,
    }
    return answer_json(body, 400)


def not_found() -> Response:
    """404 is HTML, not JSON (X5.5)."""
    return Response(NOT_FOUND_TEXT, 404, content_type="text/html; charset=utf-8")


def not_imitated(what: str) -> Response:
    """501 for everything the simulator does not do (X5.5)."""
    return api_error(20, "ApiMethodNotImplementedException", f"The simulator does not imitate {what}.", 501)


def problem(status: int, title: str, detail: str) -> Response:
    """The body of 401 and 403 answers (X2.6)."""
    body: dict[str, Any] = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": new_id(),
        "Extensions": {},
    }
    return answer_json(body, status)


def unavailable() -> Response:
    """503 is plain text (X5.5)."""
    text = "The Xero API is temporarily unavailable"
    return Response(text, 503, content_type="text/plain; charset=utf-8")


def server_error(kind: str) -> Response:
    """500 as JSON or text; which one is unverified (X5.5)."""
    text = "An error occurred in Xero. Check the API Status page."
    if kind == "text":
        return Response(text, 500, content_type="text/plain; charset=utf-8")
    return problem(500, "An error occurred", text)
