"""What do all tests share? The running product once for each database, tenants made afresh, and the browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

from bench import chromium
from simulator.stack.ports import any_free
from simulator.stack.whole import Stack
from tests.databases import database, databases
from tests.tenants import Tenant, make_tenant

TIME_SCALE = "0.05"
# What a page is waited for to show comes late on a busy machine, and that is no mistake either.
expect.set_options(timeout=20_000)
# A busy machine is no counterexample: speed is measured by `make bench`, never by a test.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_report_header() -> list[str]:
    """Said at the top of every run, so that nobody takes one database for two."""
    names = ", ".join(databases())
    more = "" if "postgresql" in databases() else " (PostgreSQL runs too where DATABASE_URL_TEST is set)"
    browser = chromium.find() or "none: browser tests will fail"
    everywhere = bool(os.environ.get("CRASH_EVERYWHERE"))
    crashes = (
        f"crashes: on {names if everywhere else databases()[0]}{'' if everywhere else ' (CRASH_EVERYWHERE=1: on all)'}"
    )
    return [f"databases: {names}{more}", f"browser: {browser}; its tests run on {databases()[0]}", crashes]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a browser shows does not depend on the database: those tests run once, on the first of them."""
    twice = [item for item in items if _shows_a_browser(item) and _database_of(item) not in (None, databases()[0])]
    if twice:
        config.hook.pytest_deselected(items=twice)
        items[:] = [item for item in items if item not in twice]


def _shows_a_browser(item: pytest.Item) -> bool:
    return "browser_type" in getattr(item, "fixturenames", ())


def _database_of(item: pytest.Item) -> str | None:
    spec = getattr(item, "callspec", None)
    return None if spec is None else spec.params.get("stack")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine; Playwright downloads none."""
    return {**browser_type_launch_args, "executable_path": str(chromium.make_sure())}


@pytest.fixture(scope="session")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Stack]]:
    """The product on each database, started when first asked for, ended after the last test of this process."""
    running: dict[str, Stack] = {}
    with ExitStack() as until_the_end:

        def on(name: str) -> Stack:
            if name not in running:
                url = until_the_end.enter_context(database(name))
                extra = {"TIME_SCALE": os.environ.get("TIME_SCALE", TIME_SCALE)}
                folder = tmp_path_factory.mktemp(f"stack-{name}")
                started = Stack(folder, any_free(), database_url=url, extra=extra, say=lambda _: None)
                running[name] = until_the_end.enter_context(started)
            return running[name]

        yield on


@pytest.fixture(scope="session", params=databases())
def stack(request: pytest.FixtureRequest, stacks: Callable[[str], Stack]) -> Stack:
    """Redis, simulator, migrated database, web, worker and clock, on free ports.

    Processes may be killed: they start again. Tests share it, so each makes its own tenant.
    """
    return stacks(request.param)


@pytest.fixture
def tenant(stack: Stack) -> Callable[..., Tenant]:
    """Makes a new CRM org with its own organisation in Xero, connected and set up by the real routes."""

    def make(**wanted: Any) -> Tenant:
        return make_tenant(stack, **wanted)

    return make
