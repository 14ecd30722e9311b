"""What do the popup's tests share? A browser page on an invoice, signed in or not, and no ordered trouble left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from simulator.stack.whole import Stack
from tests.popup.scenes import Popup, invoice
from tests.tenants import Tenant, control


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 1100}, "locale": "en-AU"}


@pytest.fixture(autouse=True)
def no_trouble_left(stack: Stack) -> Iterator[None]:
    """Troubles that were ordered and not played would meet the next test."""
    yield
    for base in (stack.xero, stack.zoho):
        control("DELETE", f"{base}/_control/faults")


@pytest.fixture
def popup(page: Page, tenant: Callable[..., Tenant]) -> Callable[..., Popup]:
    """Opens the popup over a new invoice of a new tenant: `popup(Status="Created")`. The administrator is signed in.

    `signed_in=False` leaves it at the question; `ready=False` has nothing connected.
    """

    def open_it(*, signed_in: bool = True, ready: bool = True, of: Tenant | None = None, **more: Any) -> Popup:
        home = of or tenant(ready=ready)
        opened = Popup(page, home, invoice(home, **more)).open()
        return opened.sign_in() if signed_in else opened

    return open_it
