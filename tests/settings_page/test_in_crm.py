"""Does a stranger get from a fresh tenant to going live, in the CRM's own tab, over the real stack?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.panel.panel_page import PATIENCE
from tests.tenants import Tenant

pytestmark = pytest.mark.browser
FRAME = "iframe[src*='/widget/settings.html']"
CLICKS_TO_LIVE = 12


class Hand:
    """Clicks, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.inside: FrameLocator = page.frame_locator(FRAME)
        self.clicks = 0

    def press(self, name: str | re.Pattern[str]) -> None:
        button = self.inside.get_by_role("button", name=name, exact=isinstance(name, str))
        button.click(timeout=PATIENCE)
        self.clicks += 1

    def in_window(self, opener: str, *steps: Callable[[Page], None]) -> None:
        """Press what opens a window, do these steps in it; it closes by itself."""
        with self.page.expect_popup() as opened:
            self.press(opener)
        for step in steps:
            step(opened.value)
            self.clicks += 1
        assert opened.value.is_closed() or opened.value.wait_for_event("close", timeout=PATIENCE)


def test_a_fresh_tenant_goes_live_with_few_clicks(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Everything likely is suggested, so that a person looks and says yes."""
    fresh = tenant(ready=False)
    account = fresh.add("Accounts", {"Account_Name": "Corner Café Pty Ltd"})
    goods = {"Product_Name": {"id": fresh.add("Products", {"Product_Name": "Stool"})}, "Quantity": 1, "List_Price": 90}
    invoice = {"Subject": "One", "Account_Name": {"id": account}, "Status": "Created", "Invoiced_Items": [goods]}
    fresh.add("Invoices", {**invoice, "Invoice_Date": "2030-01-01"})
    page.set_viewport_size({"width": 1400, "height": 1000})
    page.goto(f"{fresh.stack.zoho}/crm/{fresh.domain}/tab/InvoiceBridge")
    hand = Hand(page)
    hand.in_window("Sign in with Zoho")
    hand.in_window("Connect Zoho CRM", lambda window: window.get_by_role("button", name="Allow").click())
    ours = "fieldset:has(input[type=radio])"
    hand.in_window(
        "Connect Xero",
        lambda window: window.locator(ours, has_text=fresh.name).get_by_role("radio").check(),
        lambda window: window.get_by_label(fresh.name).check(),
        lambda window: window.get_by_role("button", name="Allow access").click(),
    )
    hand.press("Save all suggestions")
    hand.press("Save and go on")
    expect(hand.inside.get_by_text("The totals agree to the cent")).to_be_visible(timeout=PATIENCE)
    hand.press("Go live")
    expect(hand.inside.get_by_text(re.compile("Live since"))).to_be_visible(timeout=PATIENCE)
    assert hand.clicks <= CLICKS_TO_LIVE
    assert fresh.api.get("/settings").json()["live"]["since"]


def test_the_tab_has_the_whole_window_and_scrolls_once(page: Page, tenant: Callable[..., Tenant]) -> None:
    """The page inside scrolls, the CRM around it does not: two bars beside each other would hide half of it."""
    fresh = tenant(ready=False)
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"{fresh.stack.zoho}/crm/{fresh.domain}/tab/InvoiceBridge")
    expect(page.frame_locator(FRAME).get_by_role("heading", name="Sign in to see the settings")).to_be_visible()
    box = page.locator(FRAME).bounding_box()
    assert box
    assert (box["width"], box["y"] + box["height"]) == (1400, 900)
    assert page.evaluate("document.documentElement.scrollHeight") == 900
    current = page.get_by_role("navigation", name="Modules").get_by_role("link", name="InvoiceBridge")
    expect(current).to_have_attribute("aria-current", "page")
