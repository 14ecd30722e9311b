"""Which calls came in, and how many of each?"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

KEPT = 5000
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Call:
    """One call as it came and how it was answered; `status` 0 means the connection was cut."""

    at: str
    method: str
    path: str
    query: str
    status: int
    org: str | None
    key: str | None
    fault: str | None
    group: str
    api: bool


@dataclass(frozen=True)
class Note:
    """Something a person did on a page, in one sentence."""

    at: str
    text: str


class Calls:
    """The last 5,000 calls and exact counters since the start or the last clear. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._log: deque[Call | Note] = deque(maxlen=KEPT)
        self._by: Counter[str] = Counter()
        self._total = 0
        self._writes = 0

    def record(self, call: Call) -> None:
        """Count a call. `total` and `writes` count API calls; `by` counts sign-in calls as well."""
        with self._lock:
            self._log.append(call)
            self._by[f"{call.method} {call.group}"] += 1
            if call.api:
                self._total += 1
                self._writes += call.method in _WRITES

    def note(self, text: str) -> None:
        """Remember what a person did on a page; it stands between the calls in `recent`."""
        with self._lock:
            self._log.append(Note(stamp(), text))

    def recent(self, count: int) -> list[Call | Note]:
        """The newest calls and notes, newest first."""
        with self._lock:
            return list(self._log)[: -count - 1 : -1]

    def report(self) -> dict[str, Any]:
        """What `GET /_control/calls` answers."""
        with self._lock:
            return {
                "total": self._total,
                "writes": self._writes,
                "by": dict(self._by),
                "calls": [asdict(c) for c in self._log if isinstance(c, Call)],
            }

    def clear(self) -> None:
        """Start counting from nothing."""
        with self._lock:
            self._log.clear()
            self._by.clear()
            self._total = self._writes = 0


def stamp() -> str:
    """Now, UTC, with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
