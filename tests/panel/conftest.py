"""What does every browser test of the panel start with? A tenant, a page that complains about nothing, no old trouble.

A private window blocks storage in frames of other sites, an ordinary one does not: these tests use an ordinary one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Page

from simulator.stack.whole import Stack
from tests.panel.panel_page import Panel
from tests.tenants import Tenant, control

# Headless Chromium blocks it in every window unless told otherwise.
ALLOWED = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
WINDOW: dict[str, Any] = {"viewport": {"width": 1040, "height": 1200}, "locale": "en-AU"}


@pytest.fixture(autouse=True)
def no_trouble_left(stack: Stack) -> Iterator[None]:
    """Troubles that were ordered and not played would meet the next test."""
    yield
    for base in (stack.xero, stack.zoho):
        control("DELETE", f"{base}/_control/faults")


@pytest.fixture(scope="module")
def ordinary_window(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A browser that keeps what frames of other sites store."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "Default").mkdir()
    (folder / "Default" / "Preferences").write_text(json.dumps(ALLOWED))
    window = browser_type.launch_persistent_context(folder, **browser_type_launch_args, **WINDOW)
    yield window
    window.close()


@pytest.fixture
def page(ordinary_window: BrowserContext) -> Iterator[Page]:
    """A page in it; a script that fails fails the test."""
    failures: list[str] = []
    made = ordinary_window.new_page()
    made.on("pageerror", lambda error: failures.append(str(error)))
    yield made
    made.close()
    assert failures == []


@pytest.fixture
def panel(page: Page, tenant: Callable[..., Tenant]) -> Panel:
    """The panel of a tenant of its own that is set up."""
    return Panel(page, tenant())
