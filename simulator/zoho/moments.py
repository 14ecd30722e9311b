"""How does the pretend CRM tell time: in whole seconds, and in the zone of whoever asks?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> datetime:
    """This moment, UTC, cut to the second as Modified_Time is (Z7.10)."""
    return datetime.now(UTC).replace(microsecond=0)


def stored(moment: datetime) -> str:
    """A moment as documents keep it."""
    return moment.astimezone(UTC).isoformat()


def passed(until: str) -> bool:
    """Whether a stored moment lies in the past."""
    return datetime.fromisoformat(until) <= datetime.now(UTC)


def after(seconds: float) -> str:
    """The stored moment so many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def shown(text: str, zone: str) -> str:
    """A stored moment with the caller's offset, `2026-01-10T09:00:00+11:00` (Z5.4)."""
    return datetime.fromisoformat(text).astimezone(zone_of(zone)).isoformat(timespec="seconds")


def read(text: str) -> datetime | None:
    """A date-time with its offset, which is mandatory (Z5.4), or None when it is not one."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and "T" in text else None


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """A time zone by name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
