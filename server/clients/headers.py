"""What do an answer's headers say about limits? Any of them may be missing or nonsense (X3.1)."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` as a number or as a date; None when it says nothing usable."""
    text = headers.get("Retry-After", "").strip()
    seconds = _number(text)
    return seconds if seconds is not None else _until(text)


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
