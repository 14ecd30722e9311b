"""How is a write of many elements answered, with errors summarised or one by one?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response

from simulator.xero import inputs
from simulator.xero.wire import envelope, validation_error

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Outcome:
    """One element's answer."""

    row: dict[str, Any]
    failed: bool = False


def errors(messages: Iterable[str]) -> list[dict[str, str]]:
    """Messages as ValidationErrors hold them."""
    return [{"Message": message} for message in messages]


def answer(name: str, parsed: list[Parsed], one: Callable[[Parsed], Outcome]) -> Response:
    """Do every element in order. With summarizeErrors (the server's default, X5.4) one bad element makes
    the answer a 400 of the failed ones, though the good ones are saved; without it all come back."""
    outcomes = [one(element) for element in parsed]
    if inputs.flag("summarizeErrors", default=True):
        failed = [outcome.row for outcome in outcomes if outcome.failed]
        return validation_error(failed) if failed else envelope(name, [o.row for o in outcomes])
    rows = [{**o.row, "StatusAttributeString": _status(o)} for o in outcomes]
    return envelope(name, rows)


def _status(outcome: Outcome) -> str:
    """OK, WARNING or ERROR (X5.4)."""
    return "ERROR" if outcome.failed else "WARNING" if outcome.row.get("Warnings") else "OK"
