"""What is the next step of an open dispatch? It follows from its noted attempts alone (4a.4 to 4a.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.times import Times


@dataclass(frozen=True)
class Attempt:
    """One sending. `result`: "yes" proved, "no" did not run, "unknown", or None: in flight, or its process died.
    `answered`: Xero refused the whole request, so this sending is not under way any more."""

    n: int
    started_at: datetime
    ended_at: datetime | None
    result: str | None
    look_first: bool = False
    answered: bool = False

    @property
    def unknown(self) -> bool:
        """Everything but a certain "no": also "yes" in a dispatch that is open still, which only a look explains."""
        return self.result != "no"


@dataclass(frozen=True)
class Send:
    """The first sending."""


@dataclass(frozen=True)
class Resend:
    """The same bytes under the same key: Xero still remembers the key."""


@dataclass(frozen=True)
class Look:
    """Xero is asked what arrived; the same key would prove nothing any more."""


@dataclass(frozen=True)
class Void:
    """It certainly did not run."""


@dataclass(frozen=True)
class Wait:
    until: datetime


Step = Send | Resend | Look | Void | Wait


def next_step(attempts: Sequence[Attempt], *, lease_over: bool, now: datetime, times: Times) -> Step:
    """The one next step. Once unknown, a dispatch stays unknown until it is proved or looked up (4a.5).

    With `lease_over` False somebody may still be sending: wait for the lease of the last attempt to end.
    """
    if not attempts:
        return Send()
    if not lease_over:
        return Wait(max(now, attempts[-1].started_at + _s(times.lease)))
    if not any(each.unknown for each in attempts):
        return Void()
    return _prove(attempts, now, times)


def _prove(attempts: Sequence[Attempt], now: datetime, times: Times) -> Step:
    """Send the same again while its key is remembered, else look."""
    again_at = _resend_at(attempts, times)
    if again_at is not None and max(again_at, now) < attempts[0].started_at + _s(times.resend_within):
        return Resend() if again_at <= now else Wait(again_at)
    return look_or_wait(attempts, now, times)


def look_or_wait(attempts: Sequence[Attempt], now: datetime, times: Times) -> Look | Wait:
    """Never while an attempt that we know of may still be under way at Xero (4a.9; ADR 0013)."""
    at = max((_over_at(each, times) for each in attempts), default=now)
    return Look() if at <= now else Wait(at)


def _over_at(attempt: Attempt, times: Times) -> datetime:
    if attempt.answered and attempt.ended_at is not None:
        return attempt.ended_at + _s(times.look_answered)
    return attempt.started_at + _s(times.look_after)


def _resend_at(attempts: Sequence[Attempt], times: Times) -> datetime | None:
    """5, 30 and 120 s after the attempt before; never where an answer said that only a look helps (4a.8)."""
    if any(each.look_first for each in attempts) or len(attempts) > len(times.resend_after):
        return None
    return attempts[-1].started_at + _s(times.resend_after[len(attempts) - 1])


def _s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
