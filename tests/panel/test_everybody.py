"""Can everybody use the panel? axe finds nothing, nothing is cut at 320 px, both colour schemes are whole."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.panel.invoices import add_invoice, day
from tests.panel.panel_page import FRAME, Panel

pytestmark = pytest.mark.browser

SHAPES = [(1040, "light"), (1040, "dark"), (320, "dark"), (320, "light")]
SMALL = """() => [...document.querySelectorAll("button")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.height > 0 && (box.height < 24 || box.width < 24);
}).map((one) => one.outerHTML)"""
CUT_OFF = "Math.max(0, document.documentElement.scrollHeight - window.innerHeight - 1)"


def test_before_the_sign_in(panel: Panel) -> None:
    """The first thing anybody sees."""
    panel.open(add_invoice(panel.tenant))
    panel.says("Sign in to push or refresh")
    _whole(panel)


def test_ready_with_its_preview(panel: Panel) -> None:
    """Lines and totals as a table, and as cards where it is narrow."""
    panel.ready(add_invoice(panel.tenant))
    panel.press(panel.button("Preview"))
    panel.shows("The totals agree to the cent")
    _whole(panel)


def test_the_question(panel: Panel) -> None:
    """Before an approved invoice goes."""
    panel.ready(add_invoice(panel.tenant, Status="Approved"))
    panel.press(panel.button("Push to Xero"))
    panel.shows("as approved?")
    _whole(panel)


def test_blocked(panel: Panel) -> None:
    """Two problems with their chips and buttons."""
    panel.open(add_invoice(panel.tenant, tax="VAT 19%", percentage=19, Due_Date=day(-20), Status="Approved"))
    panel.sign_in()
    panel.says("Not sent: 2 things to fix")
    _whole(panel)


def test_partially_paid(panel: Panel) -> None:
    """A lock, six figures, and the payments."""
    record = add_invoice(panel.tenant, Status="Approved")
    panel.tenant.run("push", record)
    panel.tenant.bookkeeper("pay", invoice=panel.tenant.in_xero(record)[0]["InvoiceID"], amount="120.00")
    panel.tenant.run("pull", record)
    panel.open(record)
    panel.sign_in()
    panel.says(re.compile("^Partially paid"))
    _whole(panel)


def _whole(panel: Panel) -> None:
    for width, scheme in SHAPES:
        _shape(panel.page, width, scheme)
        panel.page.locator(FRAME).scroll_into_view_if_needed()  # browsers draw no frame that nobody sees
        panel.page.wait_for_timeout(300)  # the frame asks for its height, and the CRM page gives it
        found = (panel.violations(), panel.sideways(), panel.frame.evaluate(CUT_OFF), panel.frame.evaluate(SMALL))
        assert found == ([], 0, 0, []), (width, scheme, found)


def _shape(page: Page, width: int, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 1200})
