"""What was asked of the bench? Sizes and delays, the same for every measure, and a fresh stack for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.both_sides import control
from simulator.stack.ports import any_free
from simulator.stack.procfile import ROOT
from simulator.stack.whole import Stack

Doc = dict[str, Any]
BUILD = ROOT / "build"
_LIFTED = {"minute_limit": 1_000_000, "day_limit": 1_000_000, "app_minute_limit": 1_000_000, "concurrent_limit": 1000}


@dataclass(frozen=True)
class Asked:
    """`count`: invoices of the large measures; `delay_ms`: how long each call of a pretend service takes at least."""

    count: int = 1000
    delay_ms: int = 50
    full: bool = True

    @classmethod
    def by_environment(cls) -> Asked:
        seen = os.environ
        return cls(int(seen.get("COUNT", "1000")), int(seen.get("DELAY", "50")), seen.get("QUICK", "0") != "1")

    @contextmanager
    def stack(self, name: str) -> Iterator[Stack]:
        """Everything afresh, and nothing left after it but the logs."""
        folder = BUILD / "bench-state" / name
        shutil.rmtree(folder, ignore_errors=True)
        with Stack(folder, any_free(), extra={"LOG_LEVEL": "WARNING"}) as stack:
            yield stack

    def slow_down(self, stack: Stack) -> None:
        """From now on each call takes its time; before, setting up would only last longer."""
        for base in (stack.xero, stack.zoho):
            assert control("PUT", f"{base}/_control/switches", json={"delay_ms": self.delay_ms}) is not None


def lift_limits(stack: Stack) -> None:
    """The pretend Xero's limits, for programs that know none."""
    assert control("PUT", f"{stack.xero}/_control/switches", json=_LIFTED) is not None


@dataclass(frozen=True)
class Counted:
    """Calls that both services counted since `forget`."""

    xero: int
    zoho: int
    credits: int
    too_many: int


def forget(stack: Stack) -> None:
    for base in (stack.xero, stack.zoho):
        control("DELETE", f"{base}/_control/calls")


def counted(stack: Stack) -> Counted:
    """A call of Zoho's costs a credit, a write one for each ten records (Z5.13): ten at the most for our hundreds.
    429s: among the last 5,000 calls."""
    xero, zoho = (control("GET", f"{base}/_control/calls") for base in (stack.xero, stack.zoho))
    assert xero is not None and zoho is not None
    of_api = {name: times for name, times in zoho["by"].items() if "/crm/v8/" in name}
    spent = sum(times * (10 if name.startswith("PUT ") else 1) for name, times in of_api.items())
    too_many = sum(call["status"] == 429 for call in [*xero["calls"], *zoho["calls"]])
    return Counted(xero["total"], zoho["total"], spent, too_many)
