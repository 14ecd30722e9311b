"""Is an invoice that Xero has already linked by one click, and another one of its number shown as such?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.flow.scenes import OtherProgram
from tests.panel.invoices import add_invoice
from tests.panel.panel_page import Panel


def in_xero_before(panel: Panel, record: str, total: int = 220) -> None:
    """Written there by another program, long ago."""
    crm = panel.tenant.record(record)
    row = {"Description": "Chairs", "Quantity": 1, "UnitAmount": total, "AccountCode": "200", "TaxType": "EXEMPTOUTPUT"}
    named = {"InvoiceNumber": crm["Invoice_Number"], "Contact": {"Name": crm["Account_Name"]["name"]}}
    days = {"Date": "2026-11-01", "DueDate": "2026-12-01"}
    OtherProgram(panel.tenant).write("PUT", "Invoices", Type="ACCREC", **named, **days, LineItems=[row])


def test_the_same_invoice_is_linked_by_one_click(panel: Panel) -> None:
    record = add_invoice(panel.tenant)
    in_xero_before(panel, record)
    panel.open(record)
    panel.sign_in()
    panel.says("Xero already has this invoice")
    panel.shows("$220.00")
    panel.press(panel.button("Link to it"))
    panel.says("Draft in Xero")
    assert len(panel.tenant.in_xero()) == 1
    assert panel.tenant.in_xero(record) == []  # it stays the other program's


def test_another_invoice_of_the_number_is_not_offered(panel: Panel) -> None:
    record = add_invoice(panel.tenant)
    in_xero_before(panel, record, total=150)
    panel.open(record)
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    panel.shows("$150.00")
    expect(panel.button("Link to it")).to_have_count(0)
