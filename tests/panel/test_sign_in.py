"""Who may push? Somebody who signed in with Zoho in a window of ours; what the CRM page says is not enough."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.panel.invoices import add_invoice
from tests.panel.panel_page import PATIENCE, Panel

pytestmark = pytest.mark.browser

DIGITS = re.compile(r"\b(\d{3})[\s\u00a0]?(\d{3})\b")
FORGED = """() => document.querySelector("iframe").contentWindow.postMessage(
    { source: "invoicebridge", kind: "sign-in", ticket: "made-up", code: "made-up" }, "*")"""


def test_one_click_signs_a_salesperson_in(panel: Panel) -> None:
    """Before: the invoice as CRM shows it, and nothing to push with. After: a real check and the push button."""
    record = add_invoice(panel.tenant)
    panel.open(record, panel.tenant.salesperson)
    panel.says("Sign in to push or refresh")
    panel.shows("Not sent so far")
    panel.picture("16-signed-out")
    expect(panel.button("Push to Xero")).to_have_count(0)
    panel.sign_in()
    panel.says("Not in Xero yet")
    panel.shows("no problems, ready to send")
    panel.picture("1-ready")


def test_a_reload_keeps_the_sign_in(panel: Panel) -> None:
    """Another page, another record: no second click."""
    first, second = add_invoice(panel.tenant), add_invoice(panel.tenant)
    panel.ready(first)
    panel.page.reload()
    expect(panel.button("Push to Xero")).to_be_visible(timeout=PATIENCE)
    panel.open(second)
    expect(panel.button("Push to Xero")).to_be_visible(timeout=PATIENCE)


def test_another_person_at_the_same_browser_signs_in_afresh(panel: Panel) -> None:
    """A browser that two people share does not push in the other's name."""
    record = add_invoice(panel.tenant)
    panel.ready(record)
    panel.open(record, panel.tenant.salesperson)
    panel.says("Sign in to push or refresh")


def test_a_forged_message_signs_nobody_in(panel: Panel) -> None:
    """Only the window that we opened is believed, and only from our own origin."""
    panel.open(add_invoice(panel.tenant))
    panel.says("Sign in to push or refresh")
    panel.page.evaluate(FORGED)
    panel.page.wait_for_timeout(500)
    panel.says("Sign in to push or refresh")


def test_a_browser_that_stops_windows_gets_a_link_and_six_digits(panel: Panel) -> None:
    """The link's page can't reach the panel, so the person carries six digits over; then the panel goes on."""
    panel.page.add_init_script("window.open = () => null")
    panel.open(add_invoice(panel.tenant))
    panel.press(panel.button("Sign in with Zoho"))
    panel.says("Your browser stopped the sign-in window")
    expect(panel.button("Try again")).to_be_visible()
    panel.picture("17-stopped")
    with panel.page.context.expect_page() as opened:
        panel.inside.get_by_role("link", name=re.compile("Open sign-in page")).click()
    panel.shows(DIGITS)
    digits = DIGITS.search(panel.inside.get_by_role("main").inner_text())
    assert digits is not None
    opened.value.get_by_label("Six digits").fill("".join(digits.groups()))
    opened.value.get_by_role("button", name="Continue").click()
    expect(panel.button("Push to Xero")).to_be_visible(timeout=PATIENCE)


def test_where_the_browser_keeps_nothing_each_page_costs_one_click(panel: Panel, browser: Browser) -> None:
    """A private window: the panel works, and forgets with the page."""
    context = browser.new_context(locale="en-AU")
    private = Panel(context.new_page(), panel.tenant)
    private.ready(add_invoice(panel.tenant))
    private.page.reload()
    private.says("Sign in to push or refresh")
    context.close()
