"""Does the panel say what is the case? Each state as somebody at the CRM record meets it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from simulator.stack.whole import Stack
from tests.panel.invoices import add_invoice, day
from tests.panel.panel_page import PATIENCE, Panel
from tests.tenants import Tenant

pytestmark = pytest.mark.browser


def test_every_problem_at_once_and_a_check_when_they_are_mended(panel: Panel) -> None:
    """Each names its field or setting; nothing has reached Xero; after the fix one click makes it ready."""
    bad = {"Due_Date": day(-20), "Status": "Approved"}
    record = add_invoice(panel.tenant, tax="VAT 19%", percentage=19, **bad)
    panel.open(record)
    panel.sign_in()
    panel.says("Not sent: 2 things to fix")
    panel.shows("The due date is before the invoice date")
    panel.shows(re.compile("VAT 19%.* is not matched"))
    panel.shows("Settings › Taxes")
    panel.picture("8-blocked")
    assert panel.tenant.in_xero(record) == []
    found = panel.tenant.record(record)
    (row,) = found.get("record", found)["Invoiced_Items"]
    mended = {"id": row["id"], "Line_Tax": [{"name": "GST 10%", "percentage": 10}]}
    panel.tenant.change("Invoices", record, {"Due_Date": day(9), "Invoiced_Items": [mended]})
    panel.press(panel.button("Check again"))
    panel.says("Not in Xero yet")


def test_go_to_field_opens_the_record_for_editing(panel: Panel) -> None:
    """A problem leads to where it is mended."""
    record = add_invoice(panel.tenant, Due_Date=day(-20), Status="Approved")
    panel.open(record)
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    panel.press(panel.button(re.compile("Go to field")))
    panel.page.wait_for_url(re.compile(f"{record}/edit"))


def test_open_setting_leads_to_its_section(panel: Panel) -> None:
    """A problem with a tax leads an administrator to the taxes on the settings page; a salesperson asks one."""
    panel.open(add_invoice(panel.tenant, tax="VAT 19%", percentage=19))
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    panel.press(panel.button("Open Settings › Taxes"))
    panel.page.wait_for_url(re.compile("/tab/InvoiceBridge"))
    inside = panel.page.frame_locator("iframe[src*='/widget/settings.html']")
    section = inside.get_by_role("region", name="Taxes")
    expect(section.get_by_role("heading", name="Taxes", level=2)).to_be_focused(timeout=PATIENCE)
    panel.open(add_invoice(panel.tenant, tax="VAT 19%", percentage=19), panel.tenant.salesperson)
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    expect(panel.button("Open Settings › Taxes")).to_have_count(0)


def test_from_draft_to_paid(panel: Panel) -> None:
    """Every step at the bookkeeper's is shown after Refresh, with its lock; a locked invoice offers no push."""
    record = add_invoice(panel.tenant)
    panel.ready(record)
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
    invoice = panel.tenant.in_xero(record)[0]["InvoiceID"]
    for action, more, headline, lock in STEPS:
        panel.tenant.bookkeeper(action, invoice=invoice, **more)
        panel.press(panel.button("Refresh"))
        panel.says(headline)
        panel.shows(lock)
        panel.picture(f"after-{action}-{more.get('amount', '')}")
        expect(panel.button("Push to Xero")).to_have_count(0)


STEPS: list[tuple[str, dict[str, str], str | re.Pattern[str], str]] = [
    ("submit", {}, "Awaiting approval in Xero", "not approved yet"),
    ("approve", {}, re.compile("^Awaiting payment, due in 1[234] days$"), "approved in Xero, so CRM can’t change it"),
    ("pay", {"amount": "120.00"}, "Partially paid, $100.00 still due", "it has payments"),
    ("pay", {"amount": "100.00"}, re.compile("^Paid in full on"), "paid, so CRM can’t change it"),
]


def test_overdue_counts_the_days(panel: Panel) -> None:
    """By the organisation's own day."""
    record = add_invoice(panel.tenant, Status="Approved", Invoice_Date=day(-40), Due_Date=day(-9))
    panel.tenant.run("push", record)
    panel.open(record)
    panel.sign_in()
    panel.says(re.compile(r"^Overdue by (8|9|10) days$"))
    panel.shows("Nothing paid so far")
    panel.picture("7-overdue")


def test_voided_says_that_nothing_is_owed(panel: Panel) -> None:
    """And what is possible if the sale still stands."""
    record = add_invoice(panel.tenant, Status="Approved")
    panel.tenant.run("push", record)
    panel.open(record)
    panel.sign_in()
    panel.says(re.compile("^Awaiting payment"))
    panel.tenant.bookkeeper("void", invoice=panel.tenant.in_xero(record)[0]["InvoiceID"])
    panel.press(panel.button("Refresh"))
    panel.says("Voided in Xero")
    panel.shows("The customer owes nothing")


def test_a_broken_connection_keeps_the_figures_with_their_time(panel: Panel) -> None:
    """An administrator may reconnect; somebody else reads who can."""
    record = add_invoice(panel.tenant, Status="Approved")
    panel.tenant.run("push", record)
    panel.open(record)
    panel.sign_in()
    panel.says(re.compile("^Awaiting payment"))
    panel.rest()
    panel.page.wait_for_timeout(1500)  # the check that the panel makes by itself is over
    panel.tenant.bookkeeper("disconnect")
    panel.button("Refresh").click()  # at once
    expect(panel.button("Refresh")).to_be_visible()
    panel.page.wait_for_timeout(3000)  # the connection is found broken by the pull
    panel.page.reload()
    panel.says("Xero is disconnected")
    panel.shows(re.compile(r"Figures below are from .*\d{1,2}:\d{2}"))
    panel.shows("$220.00")
    expect(panel.button("Reconnect Xero")).to_be_visible()
    panel.picture("9-disconnected")
    panel.open(record, panel.tenant.salesperson)
    panel.sign_in()
    panel.says("Xero is disconnected")
    expect(panel.button("Reconnect Xero")).to_have_count(0)


def test_a_broken_connection_is_told_without_a_reload(panel: Panel) -> None:
    """Refresh finds it broken, and the panel says so where the person is looking."""
    record = add_invoice(panel.tenant, Status="Approved")
    panel.tenant.run("push", record)
    panel.open(record)
    panel.sign_in()
    panel.says(re.compile("^Awaiting payment"))
    panel.rest()
    panel.page.wait_for_timeout(1500)  # the check that the panel makes by itself is over
    panel.tenant.bookkeeper("disconnect")
    panel.button("Refresh").click()  # at once
    panel.says("Xero is disconnected")


def test_a_company_that_is_not_set_up_offers_no_push(page: Page, tenant: Callable[..., Tenant]) -> None:
    """It says so, and nothing can be sent."""
    panel = Panel(page, tenant(ready=False))
    panel.open(add_invoice(panel.tenant))
    panel.sign_in()
    panel.says(re.compile("not set up yet|not connected|disconnected", re.IGNORECASE))
    expect(panel.button("Push to Xero")).to_have_count(0)


def test_outside_crm_it_says_where_to_open_it(page: Page, stack: Stack) -> None:
    """The bare address shows no empty screen."""
    page.goto(f"{stack.public_base}/widget/panel.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open this from Zoho CRM", timeout=PATIENCE)


def test_while_the_server_is_away_the_figures_stay(panel: Panel) -> None:
    """The footer says when it is asked again, and goes when it answers."""
    record = add_invoice(panel.tenant, Status="Approved")
    panel.tenant.run("push", record)
    panel.open(record)
    panel.sign_in()
    panel.says(re.compile("^Awaiting payment"))
    panel.page.context.route("**/api/v1/**", lambda route: route.abort())
    panel.shows(re.compile(r"Can’t reach InvoiceBridge, trying again"))
    panel.shows("$220.00")
    panel.page.context.unroute("**/api/v1/**")
    panel.shows("Up to date")
