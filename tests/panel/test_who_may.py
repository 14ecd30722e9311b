"""Does the panel offer only what this person may do, and say whom to ask for the rest?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.panel.invoices import add_invoice
from tests.panel.linked import sent
from tests.panel.panel_page import Panel
from tests.tenants import Tenant


def save(mine: Tenant, **rights: list[str]) -> None:
    etag = mine.api.get("/settings").headers["ETag"]
    assert mine.api.put("/settings", {"rights": rights}, headers={"If-Match": etag}).status_code == 200


def stop(mine: Tenant) -> None:
    etag = mine.api.get("/settings").headers["ETag"]
    assert mine.api.post("/settings/live", {"live": False}, headers={"If-Match": etag}).status_code == 200


def test_who_may_not_send_sees_whom_to_ask(panel: Panel) -> None:
    save(panel.tenant, push=[])
    panel.open(add_invoice(panel.tenant), panel.tenant.salesperson)
    panel.sign_in()
    panel.shows("You may not send invoices to Xero")
    panel.shows(f"Ask an admin: {panel.tenant.administrator['full_name']}")
    expect(panel.button("Push to Xero")).to_have_count(0)
    expect(panel.button("Preview")).to_have_count(1)


def test_a_conflict_is_shown_to_everybody_and_decided_by_few(panel: Panel) -> None:
    record = sent(panel.tenant)
    doc = panel.tenant.in_xero(record)[0]
    lines = [{"line_id": doc["Lines"][0]["LineItemID"], "price": "90"}]
    panel.tenant.bookkeeper("edit", invoice=doc["InvoiceID"], lines=lines)
    panel.tenant.change("Invoices", record, {"Due_Date": "2030-01-31"})
    panel.open(record, panel.tenant.salesperson)
    panel.sign_in()
    panel.says("Changed in Xero since the last push")
    panel.shows("You may not choose between the two sides")
    expect(panel.button("Send CRM’s")).to_have_count(0)
    expect(panel.button("Keep Xero’s")).to_have_count(0)


def test_before_going_live_others_are_told_whom_to_ask(panel: Panel) -> None:
    stop(panel.tenant)
    record = add_invoice(panel.tenant)
    panel.open(record, panel.tenant.salesperson)
    panel.sign_in()
    panel.says("Not set up yet")
    panel.shows(f"Ask an admin: {panel.tenant.administrator['full_name']}")


def test_before_going_live_an_administrator_tries_it_out(panel: Panel) -> None:
    stop(panel.tenant)
    panel.ready(add_invoice(panel.tenant))
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
