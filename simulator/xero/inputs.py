"""What did a request send, and is it of the right type?"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from flask import request

from simulator.xero.refusals import WholeRefusalError
from simulator.xero.wire import api_error, is_guid

_MS = re.compile(r"^/Date\((-?\d+)([+-]\d{4})?\)/$")
Doc = dict[str, Any]


def bad_data(message: str) -> NoReturn:
    """400 PostDataInvalidException: a body that cannot be read (X5.5)."""
    raise WholeRefusalError(api_error(14, "PostDataInvalidException", message))


def elements(wrapper: str) -> list[Doc]:
    """The elements of a write: `{"Invoices": [...]}` in any case, or one bare object (X5.1)."""
    raw = request.get_data()
    if not raw.strip():
        raise WholeRefusalError(api_error(17, "NoDataProcessedException", "No data processed for this request"))
    try:
        body = json.loads(raw, parse_float=Decimal)
    except (ValueError, UnicodeDecodeError) as error:
        bad_data(f"Unexpected character in the request: {error}")
    if not isinstance(body, dict):
        bad_data(f"Cannot deserialize the current JSON array into type '{wrapper}'")
    rows = next((value for name, value in body.items() if name.lower() == wrapper.lower()), [body])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        bad_data(f"{wrapper} must be a list of objects")
    if not rows:
        raise WholeRefusalError(api_error(17, "NoDataProcessedException", "No data processed for this request"))
    return rows


def flag(name: str, *, default: bool = False) -> bool:
    """A boolean query parameter; Xero reads parameter names in any case (X5.4)."""
    value = parameter(name)
    return default if value is None else value.strip().lower() == "true"


def parameter(name: str) -> str | None:
    """A query parameter by its name in any case."""
    for key, value in request.args.items():
        if key.lower() == name.lower():
            return value
    return None


def listed(name: str) -> list[str] | None:
    """A comma list in the query; None when absent or empty."""
    value = parameter(name)
    return [part.strip() for part in value.split(",") if part.strip()] or None if value else None


def unit_places() -> int:
    """Decimals of unit prices: two, or four with unitdp=4 (X6.5)."""
    return 4 if parameter("unitdp") == "4" else 2


def text(doc: Doc, field: str) -> str | None:
    """A text field; null counts as not sent."""
    value = doc.get(field)
    if value is None:
        return None
    if isinstance(value, dict | list):
        bad_data(f"Error converting value of {field} to type 'System.String'")
    return str(value)


def boolean(doc: Doc, field: str) -> bool | None:
    """A boolean field."""
    value = doc.get(field)
    if value is None or isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    bad_data(f"Error converting value {json.dumps(str(value))} to type 'System.Boolean'")


def number(doc: Doc, field: str) -> Decimal | None:
    """A decimal field: a JSON number, or a text that holds one."""
    value = doc.get(field)
    if value is None or value == "":
        return None
    try:
        found = None if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        bad_data(f"Error converting value {json.dumps(str(value))} to type 'System.Nullable`1[System.Decimal]'")
    return found


def choice(doc: Doc, field: str, allowed: tuple[str, ...], kind: str) -> str | None:
    """An enum field, spelled exactly (X11.15); anything else is ErrorNumber 14."""
    value = text(doc, field)
    if value is not None and value not in allowed:
        bad_data(f"Error converting value {json.dumps(value)} to type 'Xero.Api.{kind}'")
    return value


def guid(doc: Doc, field: str) -> str | None:
    """A GUID field, in lower case."""
    value = text(doc, field)
    if value is not None and not is_guid(value):
        bad_data(f"Error converting value {json.dumps(value)} to type 'System.Guid'")
    return value.lower() if value else None


def day(doc: Doc, field: str) -> str | None:
    """A calendar day; a stamp with an offset is turned to UTC and loses its time (X11.1)."""
    value = text(doc, field)
    if not value:
        return None
    found = _MS.match(value)
    if found:
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC).date().isoformat()
    try:
        if len(value) == len("2026-01-01"):
            return date.fromisoformat(value).isoformat()
        at = datetime.fromisoformat(value)
    except ValueError:
        bad_data(f"Error converting value {json.dumps(value)} to type 'System.DateTime'")
    return (at.astimezone(UTC) if at.tzinfo else at).date().isoformat()
