"""What do all tests share? Which databases run, the browser, and the running product (tests/stack_fixtures.py)."""

from __future__ import annotations

from typing import Any

import pytest

from bench import chromium
from tests.stack_fixtures import databases

pytest_plugins = ["tests.stack_fixtures"]


def pytest_report_header() -> list[str]:
    """Said at the top of every run, so that nobody takes one database for two."""
    names = ", ".join(databases())
    more = "" if "postgresql" in databases() else " (PostgreSQL runs too where DATABASE_URL_TEST is set)"
    return [f"databases: {names}{more}", f"browser: {chromium.find() or 'none: browser tests will fail'}"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine; Playwright downloads none."""
    return {**browser_type_launch_args, "executable_path": str(chromium.make_sure())}
