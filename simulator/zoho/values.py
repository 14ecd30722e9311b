"""Is this JSON value good for this field, and how is it kept and shown? (Z5.4, Z5.12)"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.zoho.answers import invalid_data
from simulator.zoho.moments import read, shown, stored
from simulator.zoho.schema import NUMBERS, json_type

Doc = dict[str, Any]


def kept(field: Doc, value: Any, path: str) -> Any:
    """The value as documents keep it (numbers and moments as text), or INVALID_DATA. None clears."""
    if value is None:
        return None
    where = {"api_name": field["api_name"], "json_path": path}
    kind = field["type"]
    if kind in NUMBERS:
        return _number(kind, value, where)
    if kind == "boolean":
        return _typed(value, bool, "boolean", where)
    if kind in ("lookup", "ownerlookup"):
        return _lookup(value, where)
    if kind == "multiselectpicklist":
        return [_text(field, one, where) for one in _typed(value, list, "jsonarray", where)]
    text = _text(field, value, where)
    if kind == "date":
        return _day(text, where)
    return _moment(text, where) if kind == "datetime" else text


def display(field: Doc, value: Any, zone: str) -> Any:
    """A kept value as JSON shows it; lookups are completed by whoever knows names."""
    if value is None:
        return [] if field["type"] == "multiselectpicklist" else None
    if field["type"] in NUMBERS:
        return Decimal(value)
    return shown(value, zone) if field["type"] == "datetime" else value


def _typed(value: Any, wanted: type, name: str, where: Doc) -> Any:
    if not isinstance(value, wanted):
        raise invalid_data({"expected_data_type": name, **where})
    return value


def _number(kind: str, value: Any, where: Doc) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise invalid_data({"expected_data_type": json_type(kind), **where})
    if kind == "integer" and value != int(value):
        raise invalid_data({"expected_data_type": "integer", **where})
    if len(str(abs(int(value)))) > 16:
        raise invalid_data({"maximum_length": 16, **where})
    return str(value)


def amount(value: Any, total: Decimal, where: Doc) -> Decimal:
    """A row's Discount: a number, text of a number, or text of a percentage of the total (Z6)."""
    if isinstance(value, str):
        try:
            number = Decimal(value.removesuffix("%"))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise invalid_data({"expected_data_type": "double", **where})
        return total * number / 100 if value.endswith("%") else number
    return Decimal(_number("currency", value, where))


def percentage(value: Any, where: Doc) -> str:
    """A tax's percentage as kept."""
    return _number("percent", value, where)


def _lookup(value: Any, where: Doc) -> str:
    if not isinstance(value, dict):
        raise invalid_data({"expected_data_type": "jsonobject", **where})
    found = value.get("id")
    if not isinstance(found, str) or not found.isdigit():
        raise invalid_data({"expected_data_type": "bigint", **where, "json_path": f"{where['json_path']}.id"})
    return found


def _text(field: Doc, value: Any, where: Doc) -> str:
    text = str(_typed(value, str, "string", where))
    # Picklists take values that are not on the list (Z6): a typo makes junk, it is not refused.
    if len(text) > field["length"]:
        raise invalid_data({"maximum_length": field["length"], **where})
    return text


def _day(text: str, where: Doc) -> str:
    try:
        if len(text) == len("yyyy-MM-dd"):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise invalid_data({"expected_data_type": "date", **where})


def _moment(text: str, where: Doc) -> str:
    moment = read(text)
    if moment is None:
        raise invalid_data({"expected_data_type": "datetime", **where})
    return stored(moment.replace(microsecond=0))
