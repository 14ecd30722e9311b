"""What leaves each of these tests behind it? No ordered trouble."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.stack.whole import Stack
from tests.tenants import control


@pytest.fixture(autouse=True)
def no_trouble_left(stack: Stack) -> Iterator[None]:
    """Troubles that were ordered and not played would meet the next test."""
    yield
    for base in (stack.xero, stack.zoho):
        control("DELETE", f"{base}/_control/faults")
