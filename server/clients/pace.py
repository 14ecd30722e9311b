"""May we call this organisation now, or when? One answer for all processes, kept in Redis (X3.1, Z5.13).

At most 58 calls start in any 61 s, which holds for fixed and for rolling windows of 60 in 60 s; five in flight,
as leases that end by themselves; the day's budget as the answers tell it. Part of each is kept for clicks.
Redis may be emptied: then one call at a time goes out until an answer says what is left.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from redis import Redis, RedisError

from server.clients.counted import CALLS, name_of
from server.clients.errors import Service, TryLater
from server.clients.headers import limit_met, pause_told, remaining
from server.clients.pace_lua import ENTER, LEAVE
from server.clients.transport import CallTimes

_log = logging.getLogger(__name__)

WaitCause = Literal["minute", "day", "flight", "told"]


@dataclass(frozen=True)
class Limits:
    """What a service allows one organisation. 0 means: not counted here."""

    per_window: int
    in_flight: int
    kept_in_window: int = 0
    kept_in_flight: int = 1
    kept_of_day: int = 0  # percent
    app_per_window: int = 0
    window_s: float = 61


XERO = Limits(per_window=58, in_flight=5, kept_in_window=10, kept_of_day=10, app_per_window=9_900)
ZOHO = Limits(per_window=0, in_flight=5)
# A wait up to this is slept away; a longer one gives the worker back (design: pace).
_SLEPT_S = 1.0


@dataclass(frozen=True)
class Ticket:
    """Leave to make one call; give it back with `leave`."""

    key: str
    id: str
    limits: Limits
    local: threading.Lock | None = None


@dataclass(frozen=True)
class Wait:
    """Not now. `cause` names the limit that was met; "told" is a 429 that said so."""

    seconds: float
    cause: WaitCause


class Pace:
    """The pace of all processes. Never raises: without Redis each process makes one call at a time."""

    def __init__(
        self, redis: Redis, times: CallTimes, *, xero: Limits = XERO, zoho: Limits = ZOHO, app: str = "app"
    ) -> None:
        self.xero, self.zoho = xero, zoho
        self._app = f"pace:app:{app}"
        # A little over the longest call, so that only a dead caller's lease runs out.
        self._lease_ms = round(times.write_s * 1250)
        self._redis = redis
        self._enter = redis.register_script(ENTER)
        self._leave = redis.register_script(LEAVE)
        self._alone: dict[str, threading.Lock] = {}

    def enter(self, key: str, click: bool, limits: Limits | None = None) -> Ticket | Wait:
        """Ask for one call to the organisation `key` now. A click may use what is kept from bulk work."""
        limits = limits or self.xero
        ticket = Ticket(key, uuid4().hex, limits)
        try:
            answer = self._enter(keys=self._keys(key), args=self._enter_args(ticket, click))
        except RedisError as error:
            return self._enter_alone(ticket, error)
        may, wait_ms, cause = int(answer[0]), int(answer[1]), answer[2]
        return ticket if may else Wait(wait_ms / 1000, _word(cause))

    def admitted(self, service: Service, key: str, click: bool, limits: Limits | None = None) -> Ticket:
        """As `enter`, but short waits are slept here and a longer one is raised as TryLater("limit")."""
        give_up_at = time.monotonic() + _SLEPT_S
        while True:
            answer = self.enter(key, click, limits)
            if isinstance(answer, Ticket):
                return answer
            if time.monotonic() + answer.seconds > give_up_at:
                raise TryLater(service, "limit", max(answer.seconds, 0.5), f"pace: {answer.cause}")
            time.sleep(answer.seconds)

    def leave(
        self,
        ticket: Ticket,
        headers: Mapping[str, str] | None,
        status: int = 200,
        service: Service | None = None,
        answered: Mapping[int, int] | None = None,
    ) -> None:
        """The call is over. `headers` are its answer's, or None when there was none; it counts as one of `service`.
        Where one ticket stood for several calls, `answered` says how many had which status."""
        if ticket.local is not None:
            ticket.local.release()
            return
        try:
            args = self._leave_args(ticket, headers or {}, status)
            for code, calls in ({status: 1} if answered is None else answered).items():
                args += [name_of(service, code), calls] if service else []
            self._leave(keys=[*self._keys(ticket.key), CALLS], args=args)
        except RedisError as error:
            _log.warning("pace: Redis is away: %s", type(error).__name__)

    def count(self, service: Service, status: int) -> None:
        """A call that no pace is kept for, all the same counted."""
        try:
            self._redis.hincrby(CALLS, name_of(service, status), 1)
        except RedisError as error:
            _log.warning("pace: Redis is away: %s", type(error).__name__)

    def _keys(self, key: str) -> list[str]:
        return [f"pace:{key}", f"pace:{key}:log", f"pace:{key}:flight", self._app, f"{self._app}:log"]

    def _enter_args(self, ticket: Ticket, click: bool) -> list[Any]:
        limits = ticket.limits
        return [
            ticket.id,
            round(limits.window_s * 1000),
            limits.per_window - (0 if click else limits.kept_in_window),
            limits.in_flight - (0 if click else limits.kept_in_flight),
            0 if click else limits.kept_of_day,
            limits.app_per_window,
            self._lease_ms,
        ]

    def _leave_args(self, ticket: Ticket, headers: Mapping[str, str], status: int) -> list[Any]:
        minute, day = (remaining(headers, f"X-{name}Limit-Remaining") for name in ("Min", "Day"))
        return [
            ticket.id,
            round(ticket.limits.window_s * 1000),
            ticket.limits.per_window,
            -1 if minute is None else minute,
            -1 if day is None else day,
            round(pause_told(headers) * 1000) if status == 429 else 0,
            1 if limit_met(headers) == "appminute" else 0,
        ]

    def _enter_alone(self, ticket: Ticket, error: RedisError) -> Ticket | Wait:
        _log.warning("pace: Redis is away, one call at a time: %s", type(error).__name__)
        lock = self._alone.setdefault(ticket.key, threading.Lock())
        if not lock.acquire(timeout=1.0):
            return Wait(1.0, "flight")
        return Ticket(ticket.key, ticket.id, ticket.limits, lock)


def _word(cause: bytes | str) -> WaitCause:
    word = cause.decode() if isinstance(cause, bytes) else cause
    return word if word in ("minute", "day", "told") else "flight"  # type: ignore[return-value]
