"""What do these tests build and look at? An invoice in the CRM, the popup over it, and what reached Xero."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.tenants import Tenant

Doc = dict[str, Any]
PATIENCE_MS = 40_000
AT_ONCE_MS = 3_500  # what is told within three seconds, and a little for a busy machine
GST = [{"name": "GST 10%", "percentage": 10}]
FREE = [{"name": "GST free", "percentage": 0}]
NEW = "A new invoice will be created in Xero"
ASKS = re.compile(r"Send .+ to Xero as approved\?")


def invoice(tenant: Tenant, **more: Any) -> str:
    """An approved invoice like the picture's: four lines, a discount, two taxes, 3,274.25; its record id."""
    today = date.today()  # noqa: DTZ011 - a calendar day of the simulator's
    account = tenant.add("Accounts", {"Account_Name": "Brightwater Dental Pty Ltd"})
    record = {
        "Subject": "Reception fit-out",
        "Invoice_Number": "INV-2041",
        "Account_Name": {"id": account},
        "Status": "Approved",
        "Invoice_Date": (today - timedelta(days=3)).isoformat(),
        "Due_Date": (today + timedelta(days=27)).isoformat(),
    }
    rows = {} if "Invoiced_Items" in more else {"Invoiced_Items": lines(tenant)}
    return tenant.add("Invoices", record | rows | more)


def lines(tenant: Tenant) -> list[Doc]:
    """The four rows of the picture."""
    return [
        line(tenant, "Oak reception desk", "DESK-OAK", 1, 1850, Discount=92.5),
        line(tenant, "Visitor chair", "CHAIR-V", 6, 145),
        line(tenant, "Delivery and fitting", None, 1, 240),
        line(tenant, "Extended warranty, year 1", "WARR-1", 1, 120, Line_Tax=FREE),
    ]


def line(tenant: Tenant, name: str, code: str | None, quantity: float, price: float, **more: Any) -> Doc:
    product = tenant.add("Products", {"Product_Name": name} | ({"Product_Code": code} if code else {}))
    return {"Product_Name": {"id": product}, "Quantity": quantity, "List_Price": price, "Line_Tax": GST} | more


@dataclass
class Popup:
    """The popup over one invoice's page, by roles and names."""

    page: Page
    tenant: Tenant
    record_id: str

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("#popup-frame")

    @property
    def iframe(self) -> Locator:
        return self.page.locator("#popup-frame")

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        return self.frame.get_by_role("heading", name=name)

    def button(self, name: str) -> Locator:
        return self.frame.get_by_role("button", name=name, exact=True)

    def shows(self, name: str | re.Pattern[str], patience: float = PATIENCE_MS) -> None:
        try:
            expect(self.heading(name)).to_be_visible(timeout=patience)
        except AssertionError:
            shown = self.frame.locator("body").inner_text(timeout=1000)
            raise AssertionError(f"no heading {name!r} but:\n{shown}") from None

    def press(self, name: str) -> None:
        """The last button of that name: a cross at the top may say Close, too. The frame has come to rest first."""
        expect(self.button(name).last).to_be_visible(timeout=PATIENCE_MS)
        place = None
        while (now := self.iframe.bounding_box()) != place:
            place = now
            self.page.wait_for_timeout(150)
        self.button(name).last.click(timeout=PATIENCE_MS)

    def open(self, query: str = "") -> Popup:
        """The invoice's page, and a press on its button."""
        self.page.goto(f"{self.tenant.stack.zoho}/crm/{self.tenant.domain}/tab/Invoices/{self.record_id}{query}")
        return self.reopen()

    def reopen(self) -> Popup:
        self.page.locator("#push-to-xero").click()
        expect(self.iframe).to_be_visible()
        return self

    def sign_in(self) -> Popup:
        """One press; the person allowed it before, so the window closes by itself."""
        with self.page.expect_popup() as opened:
            self.press("Sign in with Zoho")
        if not opened.value.is_closed():
            opened.value.wait_for_event("close", timeout=PATIENCE_MS)
        return self

    def is_closed(self) -> None:
        expect(self.iframe).to_have_count(0, timeout=PATIENCE_MS)

    def in_xero(self) -> list[Doc]:
        return self.tenant.in_xero(self.record_id)

    def inside(self) -> Any:
        """The frame's own page."""
        handle = self.iframe.element_handle()
        frame = handle.content_frame() if handle else None
        assert frame is not None
        return frame


def no_violations(popup: Popup) -> None:
    """axe finds nothing in the popup's own page."""
    frame = popup.inside()
    frame.evaluate(Axe().axe_script)
    found = frame.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
    told = [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]
    assert not told, "\n".join(told)


def picture(popup: Popup, name: str) -> None:
    """A picture of the popup, where POPUP_PICTURES names a folder."""
    folder = os.environ.get("POPUP_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        popup.page.wait_for_timeout(250)
        popup.page.locator("#popup").screenshot(path=Path(folder) / f"{name}.png")


def fits_across(popup: Popup) -> None:
    """Nothing has to be scrolled sideways."""
    wide = popup.inside().evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], wide
