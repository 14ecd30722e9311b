"""Which facts are not proved, and which way does the simulator take for each?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.state import State


@dataclass(frozen=True)
class Fact:
    """One switch: its name, the rule it decides, where that rule is written, its grade and default.

    `choices` lists the allowed values where they are few; otherwise a value must have the default's type.
    """

    switch: str
    rule: str
    cite: str
    grade: str
    default: Any
    choices: tuple[Any, ...] = ()


class BadSwitchError(ValueError):
    """No such switch, or not a value it can take; the message says which."""


class Switches:
    """The switches of one service ("xero" or "zoho"), kept in the state and so across restarts."""

    def __init__(self, state: State, service: str, facts: Iterable[Fact]) -> None:
        self._state = state
        self._kind = f"switches:{service}"
        self.facts = {fact.switch: fact for fact in facts}

    def __getitem__(self, name: str) -> Any:
        """The value set, or the default."""
        stored = self._state.peek(self._kind, name)
        return self.facts[name].default if stored is None else stored["value"]

    def all(self) -> dict[str, Any]:
        """Every switch with its present value."""
        return {name: self[name] for name in self.facts}

    def put(self, wishes: dict[str, Any]) -> None:
        """Set some switches; one bad name or value refuses all of them. None takes the default back."""
        for name, value in wishes.items():
            self._check(name, value)
        for name, value in wishes.items():
            if value is None:
                self._state.delete(self._kind, name)
            else:
                self._state.put(self._kind, name, {"value": value})

    def _check(self, name: str, value: Any) -> None:
        fact = self.facts.get(name)
        if fact is None:
            raise BadSwitchError(f"no switch is called {name}; there are {', '.join(sorted(self.facts))}")
        if value is None:
            return
        if fact.choices and value not in fact.choices:
            raise BadSwitchError(f"{name} must be one of {', '.join(map(str, fact.choices))}")
        if not _same_type(value, fact.default):
            raise BadSwitchError(f"{name} must be like its default, {fact.default!r}")


def _same_type(value: Any, default: Any) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float)
    return default is None or isinstance(value, type(default))


SHARED = (
    Fact("delay_ms", "Every API call takes at least this long.", "ours", "ours", 0),
    Fact(
        "redirect_uris",
        "Where a consent may return to; empty: see --public-base.",
        "ours",
        "ours",
        [],
    ),
)
