"""What leaves each of these tests behind it? No ordered trouble. And which run only when they are asked for?"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from simulator.stack.whole import Stack
from tests.tenants import control


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """FAULTS=1 orders every trouble at every call: a dozen companies at once, watched closely, want a quiet machine."""
    if os.environ.get("FAULTS"):
        return
    table = [item for item in items if "test_faults_every_call" in item.nodeid]
    if table:
        config.hook.pytest_deselected(items=table)
        items[:] = [item for item in items if item not in table]


@pytest.fixture(autouse=True)
def no_trouble_left(stack: Stack) -> Iterator[None]:
    """Troubles that were ordered and not played would meet the next test."""
    yield
    for base in (stack.xero, stack.zoho):
        control("DELETE", f"{base}/_control/faults")
