"""What do these tests run on? A stack of their own: what is counted and written there is theirs alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.stack.ports import any_free
from simulator.stack.whole import Stack
from tests.conftest import TIME_SCALE
from tests.databases import database, databases
from tests.running.scenes import METRICS
from tests.tenants import control


@pytest.fixture(scope="package", params=databases())
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    extra = {"TIME_SCALE": TIME_SCALE, "METRICS_TOKEN": METRICS}
    folder = tmp_path_factory.mktemp(f"running-{request.param}")
    with (
        database(request.param) as url,
        Stack(folder, any_free(), database_url=url, extra=extra, say=lambda _: None) as running,
    ):
        yield running


@pytest.fixture(autouse=True)
def no_trouble_left(stack: Stack) -> Iterator[None]:
    """Troubles that were ordered and not played would meet the next test."""
    yield
    for base in (stack.xero, stack.zoho):
        control("DELETE", f"{base}/_control/faults")
