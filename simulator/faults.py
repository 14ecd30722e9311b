"""Which trouble was ordered, and whose turn is it?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

KINDS = ("400", "401", "403", "429", "500", "503", "html", "slow", "lost_reply", "reset")
_MOMENTS = ("before", "after")


class BadFaultError(ValueError):
    """The order cannot be understood; the message says why."""


@dataclass(frozen=True)
class Fault:
    """One trouble to play on one call.

    `when` says whether it comes before the work (a slow call's late write overtakes a caller that gave up;
    a 500 saved nothing) or after it (a 500 although it saved). "lost_reply" is always after, "reset" always
    before. A "400" refuses the request as a whole. `detail` is the service's own, e.g. which limit a 429 names.
    """

    id: int
    kind: str
    seconds: float = 30
    when: str = "before"
    detail: str | None = None

    @property
    def status(self) -> int | None:
        """The HTTP status of the kinds that are one, else None."""
        return int(self.kind) if self.kind.isdigit() else None


@dataclass
class _Rule:
    id: int
    kind: str
    method: str | None
    path: str | None
    times: int | None
    skip: int
    seconds: float
    org: str | None
    when: str
    detail: str | None
    holds: str | None
    hits: int = 0

    def fits(self, method: str, path: str, org: str | None, body: Callable[[], bytes]) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        there = self.method in (None, method) and (self.path is None or self.path in path) and self.org in (None, org)
        return there and (self.holds is None or self.holds.encode() in body())


class Faults:
    """Ordered rules; the first that fits and is not used up is played. Thread-safe, in memory only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._last = 0

    def order(self, wish: Mapping[str, Any]) -> int:
        """Add a rule from the control API's JSON and return its id; `times` null means until cleared."""
        with self._lock:
            rule = _read(wish, self._last + 1)
            self._last = rule.id
            self._rules.append(rule)
            return rule.id

    def take(
        self,
        method: str,
        path: str,
        org: str | None = None,
        *,
        named_only: bool = False,
        body: Callable[[], bytes] = bytes,
    ) -> Fault | None:
        """The trouble to play on this call, if any; consumes one use (or one `skip`) of its rule.

        `body` is asked for by rules that want a text in it.
        With `named_only` a rule must name a path: a token refresh must not use up what was meant for a write.
        """
        with self._lock:
            for rule in self._rules:
                if not rule.fits(method, path, org, body) or (named_only and rule.path is None):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                rule.hits += 1
                return Fault(rule.id, rule.kind, rule.seconds, rule.when, rule.detail)
        return None

    def listing(self) -> list[dict[str, Any]]:
        """All rules in order, with how often each was played."""
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def waiting(self) -> list[str]:
        """Kinds that are ordered and not yet used up."""
        with self._lock:
            return [r.kind for r in self._rules if r.times is None or r.hits < r.times]

    def clear(self) -> None:
        """No more trouble."""
        with self._lock:
            self._rules.clear()


def _read(wish: Mapping[str, Any], number: int) -> _Rule:
    kind = str(wish.get("kind", ""))
    if kind not in KINDS:
        raise BadFaultError(f"kind must be one of {', '.join(KINDS)}")
    when = wish.get("when") or "before"
    if when not in _MOMENTS:
        raise BadFaultError("when must be before or after")
    times = wish.get("times", 1)
    try:
        return _Rule(
            id=number,
            kind=kind,
            method=_text(wish.get("method"), upper=True),
            path=_text(wish.get("path")),
            times=None if times is None else int(times),
            skip=int(wish.get("skip") or 0),
            seconds=float(30 if wish.get("seconds") is None else wish["seconds"]),
            org=_text(wish.get("org")),
            when=when,
            detail=_text(wish.get("detail")),
            holds=_text(wish.get("holds")),
        )
    except (TypeError, ValueError) as error:
        raise BadFaultError(f"not a number: {error}") from error


def _text(value: object, *, upper: bool = False) -> str | None:
    if value is None:
        return None
    return str(value).upper() if upper else str(value)
