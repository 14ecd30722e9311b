"""What do an answer's headers say about limits? Any of them may be missing or nonsense (X3.1)."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UNTOLD_S = {"minute": 60.0, "day": 3600.0, "concurrent": 1.0, "appminute": 60.0}
_UNNAMED_S = 10.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` as a number or as a date; None when it says nothing usable."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    return seconds if seconds is not None else _until(text)


def pause_told(headers: Mapping[str, str]) -> float:
    """How long a 429 asks us to stay away; a guess by the limit it names when it gives no time."""
    told = retry_after(headers)
    return told if told is not None else _UNTOLD_S.get(limit_met(headers), _UNNAMED_S)


def limit_met(headers: Mapping[str, str]) -> str:
    """Which limit a 429 names: minute, day, concurrent, appminute; empty when none."""
    return headers.get("X-Rate-Limit-Problem", "").strip().lower().replace("-", "")


def remaining(headers: Mapping[str, str], name: str) -> int | None:
    """A whole number from a header such as `X-MinLimit-Remaining`, or None."""
    seconds = _number(headers.get(name, "").strip())
    return None if seconds is None else int(seconds)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _until(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
