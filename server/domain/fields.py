"""How is a field of somebody else's JSON read? Typed or None, never an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

MOST_DIGITS = 30
_XERO_DATE = re.compile(r"^/Date\((-?\d{1,16})([+-]\d{4})?\)/$")


def text(value: object) -> str | None:
    """Non-empty text without blanks at its ends; numbers as they are written."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    return str(value).strip() or None


def number(value: object) -> Decimal | None:
    """A finite Decimal of sane size. A float is taken by its shortest writing, as JSON had it."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    sane = found.is_finite() and len(found.as_tuple().digits) <= MOST_DIGITS and abs(found.adjusted()) <= MOST_DIGITS
    return found if sane else None


def day(value: object) -> date | None:
    """A calendar day, never converted: YYYY-MM-DD, or Xero's /Date(ms)/ whose UTC date part is the day (X5.2)."""
    if not isinstance(value, str):
        return None
    at = _of_xero(value)
    if at is not None:
        return at.date()
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def instant(value: object) -> datetime | None:
    """An aware instant in UTC: ISO with offset, or Xero's /Date(ms)/."""
    if not isinstance(value, str):
        return None
    at = _of_xero(value)
    if at is not None:
        return at
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _of_xero(value: str) -> datetime | None:
    found = _XERO_DATE.match(value)
    if found is None:
        return None
    try:
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; a missing list is an empty one (X6.8)."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
