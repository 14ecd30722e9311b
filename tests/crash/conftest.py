"""Which crash tests run on which database? All modes on the first; on the others only when they are asked for."""

from __future__ import annotations

import os

import pytest

from tests.databases import databases


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """CRASH_EVERYWHERE=1 runs every mode on every database."""
    if os.environ.get("CRASH_EVERYWHERE"):
        return
    later = [item for item in items if _is_crash(item) and _is_repeated(item)]
    if later:
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if item not in later]


def _is_crash(item: pytest.Item) -> bool:
    return item.get_closest_marker("crash") is not None


def _is_repeated(item: pytest.Item) -> bool:
    spec = getattr(item, "callspec", None)
    return spec is not None and spec.params.get("stack") != databases()[0]
