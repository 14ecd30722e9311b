"""What do an answer's headers say about limits? Any of them may be missing or nonsense (X3.1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

_UNTOLD_S = {"minute": 60.0, "day": 3600.0, "concurrent": 1.0, "appminute": 60.0}
_UNNAMED_S = 10.0
_LEAST_S = 1.0  # "at once" would be asked again at once
_SENSIBLE = 10**9


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` as a number or as a date; None when it says nothing usable."""
    text = headers.get("Retry-After", "").strip()
    seconds = whole_number(text)
    return seconds if seconds is not None else _until(text)


def pause_told(headers: Mapping[str, str]) -> float:
    """How long a 429 asks us to stay away; a guess by the limit it names when it gives no time."""
    told = retry_after(headers)
    return max(told, _LEAST_S) if told is not None else _UNTOLD_S.get(limit_met(headers), _UNNAMED_S)


def limit_met(headers: Mapping[str, str]) -> str:
    """Which limit a 429 names: minute, day, concurrent, appminute; empty when none."""
    return headers.get("X-Rate-Limit-Problem", "").strip().lower().replace("-", "")


def remaining(headers: Mapping[str, str], name: str) -> int | None:
    """A whole number from a header such as `X-MinLimit-Remaining`, or None."""
    return whole_number(headers.get(name, ""))


def whole_number(value: object) -> int | None:
    """What somebody else calls a number of seconds or calls, rounded up; None when it is no sensible one."""
    try:
        number = Decimal(str(value).strip())
    except ArithmeticError:
        return None
    return math.ceil(number) if number.is_finite() and 0 <= number < _SENSIBLE else None


def _until(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
