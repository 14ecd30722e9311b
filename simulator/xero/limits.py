"""Has this organisation, or this app, called too often?"""

from __future__ import annotations

import math
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from flask import Flask, Response, g, request

from simulator.control import switches_of
from simulator.xero.guard import Guard
from simulator.xero.tokens import Bearer

_DAY = 86400
_RAPID = 1800


class Window:
    """Counts calls in a fixed or rolling window of some seconds (X3.1: both are reported)."""

    def __init__(self, seconds: int, offset: int) -> None:
        self._seconds, self._offset = seconds, offset
        self._times: deque[float] = deque()

    def _forget(self, now: float, kind: str) -> None:
        start, fixed = now - self._seconds, kind == "fixed"
        if fixed:
            start = now - (now + self._offset) % self._seconds
        # A call at the very turn belongs to the new fixed window.
        while self._times and (self._times[0] < start or (self._times[0] == start and not fixed)):
            self._times.popleft()

    def left(self, now: float, kind: str, limit: int) -> int:
        """How many calls are still free."""
        self._forget(now, kind)
        return max(0, limit - len(self._times))

    def wait(self, now: float, kind: str) -> int:
        """Seconds until a call is free again."""
        first = self._times[0] if self._times else now
        wait = first + self._seconds - now
        if kind == "fixed":
            wait = self._seconds - (now + self._offset) % self._seconds
        return max(1, math.ceil(wait))

    def add(self, now: float) -> None:
        """Count a call."""
        self._times.append(now)

    def give_back(self) -> None:
        """Uncount the last call."""
        if self._times:
            self._times.pop()


@dataclass
class _Meter:
    """The windows of one organisation and app."""

    minute: Window
    day: Window
    in_flight: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Limits:
    """Per organisation: a minute, a day and calls in flight; per app: a minute (X3.1). In memory only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meters: dict[tuple[str, str], _Meter] = {}
        self._apps: dict[str, Window] = defaultdict(lambda: Window(60, 0))

    def meter(self, client: str, org: str) -> _Meter:
        """The windows of one organisation; fixed ones begin at a different second for each (X3.1)."""
        with self._lock:
            key = (client, org)
            if key not in self._meters:
                offset = int(org[:8], 16)
                self._meters[key] = _Meter(Window(60, offset % 60), Window(_DAY, offset % _DAY))
            return self._meters[key]

    def admit(self, client: str, org: str, *, rapid: bool = False) -> Response | None:
        """Count a call and let it in, or answer 429; with Rapid Sync minute and day do not count (X3.1)."""
        switches, now, kind = switches_of(), time.time(), switches_of()["limit_window"]
        meter, app = self.meter(client, org), self._apps[client]
        with meter.lock, self._lock:
            if meter.in_flight >= switches["concurrent_limit"]:
                problem = "concurrent" if switches["concurrent_problem_header"] else None
                return too_many(problem, 1 if switches["concurrent_retry_after"] else None)
            checks = [
                ("minute", meter.minute, switches["minute_limit"]),
                ("day", meter.day, switches["day_limit"]),
                (switches["app_minute_problem"], app, switches["app_minute_limit"]),
            ][2 if rapid else 0 :]
            for problem, window, limit in checks:
                if window.left(now, kind, limit) <= 0:
                    silent = window is app and not switches["app_minute_retry_after"]
                    return too_many(problem, None if silent else window.wait(now, kind))
            for _, window, _ in checks:
                window.add(now)
            meter.in_flight += 1
        g.meter, g.rapid = meter, rapid
        return None

    def release(self, status: int) -> None:
        """A call is over; a failed one may be given back (X3.1, unverified)."""
        meter: _Meter = g.meter
        with meter.lock:
            if status >= 400 and not g.rapid and not switches_of()["failed_calls_count"]:
                meter.minute.give_back()
                meter.day.give_back()

    def headers(self, client: str, org: str) -> dict[str, str]:
        """What is left, as every answer says (X3.1)."""
        switches, now, kind = switches_of(), time.time(), switches_of()["limit_window"]
        meter = self.meter(client, org)
        with meter.lock, self._lock:
            left = {
                "X-DayLimit-Remaining": meter.day.left(now, kind, switches["day_limit"]),
                "X-MinLimit-Remaining": meter.minute.left(now, kind, switches["minute_limit"]),
                "X-AppMinLimit-Remaining": self._apps[client].left(now, kind, switches["app_minute_limit"]),
            }
        return {name: str(count) for name, count in left.items()}


def too_many(problem: str | None, wait: int | None) -> Response:
    """429: no Content-Type, empty body (X3.1, recorded)."""
    answer = Response(b"", 429)
    del answer.headers["Content-Type"]
    if problem is not None:
        answer.headers["X-Rate-Limit-Problem"] = problem
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def install(app: Flask, guard: Guard) -> None:
    """Count Accounting calls that name a connected organisation; refused ones never reach a view."""
    limits = Limits()

    def who() -> tuple[str, str] | None:
        if not request.path.startswith("/api.xro/"):
            return None
        bearer, org = guard.bearer(), guard.organisation()
        return (bearer.client, org["id"]) if isinstance(bearer, Bearer) and org else None

    @app.before_request
    def admit() -> Response | None:
        g.counted = who()
        rapid = bool(g.counted) and switches_of()["rapid_sync"] and guard.is_new(_RAPID)
        return limits.admit(*g.counted, rapid=rapid) if g.counted else None

    @app.after_request
    def tell(response: Response) -> Response:
        counted = g.get("counted")
        if counted and "meter" in g:
            limits.release(response.status_code)
        if counted and switches_of()["limit_headers"]:
            response.headers.update(limits.headers(*counted))
        return response

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if "meter" in g:
            meter: _Meter = g.pop("meter")
            with meter.lock:
                meter.in_flight -= 1
