"""What do the crash tests run on? A stack of their own, on the first database; others only when asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from simulator.stack.ports import any_free
from simulator.stack.whole import Stack
from tests.crash.ordered import KEYS_KEPT_S, SCALE, WORKERS
from tests.databases import database, databases
from tests.tenants import control


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


@pytest.fixture(scope="package", params=databases())
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of their own, whose workers can be ordered to die."""
    folder = tmp_path_factory.mktemp(f"crash-{request.param}")
    (folder / "plans").mkdir()
    extra = {"TIME_SCALE": str(SCALE), "WORKERS_INTERACTIVE": str(WORKERS), "CRASH_PLANS": str(folder / "plans")}
    watched = {"worker": ("python", "-m", "tests.crash.worker")}
    with database(request.param) as url:
        ports = any_free()
        with Stack(folder, ports, database_url=url, extra=extra, instead=watched, say=lambda _: None) as running:
            control("PUT", f"{running.xero}/_control/switches", json={"idempotency_seconds": KEYS_KEPT_S})
            yield running
