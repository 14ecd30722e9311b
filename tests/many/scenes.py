"""What do these tests build and look at? A CRM list with invoices of every outcome, and the popup over a selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, expect

from tests.popup.scenes import PATIENCE_MS, Popup, lines
from tests.popup.scenes import invoice as one_invoice
from tests.tenants import Tenant


@dataclass
class Many(Popup):
    """The popup over the list's selection; `record_id` is the first of them."""

    def open(self, query: str = "") -> Many:
        """The list, with everything selected, and a press on its button."""
        self.page.goto(f"{self.tenant.stack.zoho}/crm/{self.tenant.domain}/tab/Invoices{query}")
        return self.reopen()

    def reopen(self) -> Many:
        self.page.locator("#all").check()
        self.page.locator("#sync-to-xero").click()
        expect(self.iframe).to_be_visible()
        return self

    @property
    def rows(self) -> Locator:
        return self.frame.locator(".many tbody tr")

    def row(self, record_id: str) -> Locator:
        return self.frame.locator(f".many tr[data-record='{record_id}']")

    def count(self, group: str) -> str:
        """The figure on the tile of a group."""
        return self.frame.locator(f".tile[data-group='{group}'] strong").inner_text(timeout=PATIENCE_MS)


@dataclass
class Tab(Many):
    """The page of many invoices in the web tab, with nothing selected; at first the settings stand there."""

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("#tab-frame")

    @property
    def iframe(self) -> Locator:
        return self.page.locator("#tab-frame")

    def open(self, query: str = "") -> Tab:
        self.page.goto(f"{self.tenant.stack.zoho}/crm/{self.tenant.domain}/tab/InvoiceBridge{query}")
        expect(self.iframe).to_be_visible()
        return self


def invoices(tenant: Tenant, statuses: Mapping[str, str]) -> dict[str, str]:
    """Invoices of 3,274.25 for one customer: number -> CRM status in, number -> record id out."""
    rows = lines(tenant)
    account = {"id": tenant.add("Accounts", {"Account_Name": "Brightwater Dental Pty Ltd"})}
    more = {"Invoiced_Items": rows, "Account_Name": account}
    return {
        number: one_invoice(tenant, Invoice_Number=number, Status=status, **more) for number, status in statuses.items()
    }
