"""How is a field of somebody else's JSON read? Typed or None, never an exception."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

MOST_DIGITS = 30
LONGEST_NUMBER = 100  # as written; no amount needs more
_MOST_BITS = 400  # of a whole number that JSON gave as such; Python refuses to write out very long ones
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([T ].*)?", re.ASCII | re.DOTALL)
_XERO_DATE = re.compile(r"/Date\((-?\d{1,16})([+-]\d{4})?\)/", re.ASCII)
# Control characters have broken reads of Xero's (X11.16) and are refused by databases; halves of a pair are no text.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")


def text(value: object) -> str | None:
    """Non-empty text without blanks at its ends and without control characters; numbers as they are written."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    return _HALVES.sub("\ufffd", _CONTROLS.sub(" ", str(value))).strip() or None


def number(value: object) -> Decimal | None:
    """A finite Decimal of sane size, never a negative zero; a float by its shortest writing, as JSON had it."""
    found = _decimal(value)
    if found is None or not found.is_finite():
        return None
    if len(found.as_tuple().digits) > MOST_DIGITS or abs(found.adjusted()) > MOST_DIGITS:
        return None
    return found or abs(found)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return None
    written = str(value).strip()
    if len(written) > LONGEST_NUMBER or not _NUMBER.fullmatch(written):
        return None
    try:
        return Decimal(written)
    except InvalidOperation:  # an exponent beyond everything
        return None


def is_blank(value: object) -> bool:
    """Nothing was entered, which is another thing than something that cannot be read."""
    return value is None or (isinstance(value, str) and not value.strip())


def day(value: object) -> date | None:
    """A calendar day, never converted: YYYY-MM-DD, or Xero's /Date(ms)/ whose UTC date part is the day (X5.2)."""
    if not isinstance(value, str):
        return None
    at = _of_xero(value)
    if at is not None:
        return at.date()
    found = _DAY.fullmatch(value.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
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
    found = _XERO_DATE.fullmatch(value)
    try:
        return _EPOCH + timedelta(milliseconds=int(found[1])) if found else None
    except OverflowError:
        return None


def mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def rows(value: object) -> list[Mapping[str, object]]:
    """The objects of a list; a missing list is an empty one (X6.8). What is no object counts as an empty one, so that
    nothing that was there is taken for nothing."""
    return [mapping(each) for each in value] if isinstance(value, list) else []
