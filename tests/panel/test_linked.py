"""Once it is in Xero: does the panel say what changed on which side, and send only what may go?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.panel.invoices import day
from tests.panel.linked import books, held, opened, read_books_again, recount, reprice, sent
from tests.panel.panel_page import PATIENCE, Panel

pytestmark = pytest.mark.browser


def test_a_changed_draft_is_pushed_again(panel: Panel) -> None:
    """States 3 and 3b: what was changed is named, one click sends it, then nothing differs."""
    record = sent(panel.tenant)
    recount(panel.tenant, record, 3)
    panel.tenant.change("Invoices", record, {"Due_Date": day(20)})
    opened(panel, record).says("Draft in Xero")
    panel.shows("You changed Due Date and line 1 in CRM since the last push.")
    panel.shows("push your changes before your bookkeeper approves it.")
    panel.picture("3-changed")
    assert panel.violations() == []
    panel.press(panel.button("Push changes"))
    panel.shows("Nothing differs from CRM.")
    panel.picture("3b-same")
    now = held(panel.tenant, record)
    assert (float(now["Lines"][0]["Quantity"]), now["DueDate"][:10]) == (3, day(20))
    expect(panel.button("Push changes")).to_have_count(0)


def test_the_preview_of_a_change_shows_both_sides(panel: Panel) -> None:
    """Values now and after the push, all lines, and that the totals agree."""
    record = sent(panel.tenant)
    recount(panel.tenant, record, 3)
    opened(panel, record).shows("You changed line 1 in CRM")
    panel.press(panel.button("Preview"))
    panel.shows("After the push")
    panel.shows("The totals agree to the cent")
    panel.picture("3-preview")
    assert panel.violations() == []


def test_what_awaits_approval_still_takes_changes(panel: Panel) -> None:
    """State 12, with and without a change."""
    record = sent(panel.tenant)
    books(panel.tenant, record, "submit")
    opened(panel, record).says("Awaiting approval in Xero")
    panel.shows("Your bookkeeper has it. Nothing differs from CRM.")
    panel.picture("12-submitted")
    recount(panel.tenant, record, 5)
    panel.page.reload()
    panel.shows("You changed line 1 in CRM since the last push.")
    panel.picture("12-changed")
    panel.press(panel.button("Push changes"))
    panel.shows("Nothing differs from CRM.")
    now = held(panel.tenant, record)
    assert (now["Status"], float(now["Lines"][0]["Quantity"])) == ("SUBMITTED", 5)


def test_a_change_that_approves_is_asked_about(panel: Panel) -> None:
    """CRM's Approved approves the draft, after the question."""
    record = sent(panel.tenant)
    panel.tenant.change("Invoices", record, {"Status": "Approved"})
    opened(panel, record).says("Draft in Xero")
    panel.press(panel.button("Push changes"))
    expect(panel.heading("Send $220.00 to Xero as approved?")).to_be_focused()
    panel.picture("3-approves")
    panel.press(panel.inside.get_by_role("group").get_by_role("button", name="Push to Xero"))
    panel.says(re.compile("^Awaiting payment"))
    assert held(panel.tenant, record)["Status"] == "AUTHORISED"


def test_a_locked_one_says_in_what_crm_differs(panel: Panel) -> None:
    """State 10: both values, no push; set back in CRM it is as if nothing had been."""
    record = sent(panel.tenant, Status="Approved")
    recount(panel.tenant, record, 4)
    opened(panel, record).says("CRM differs from Xero")
    panel.shows("Changed in CRM after Xero locked it. The customer owes what Xero says.")
    panel.shows("2 fields differ")
    panel.shows("Line 1, Visitor chair: quantity")
    panel.shows("$440.00")
    expect(panel.button("Push changes")).to_have_count(0)
    panel.picture("10-differs")
    assert panel.violations() == []
    panel.press(panel.button("Copy for bookkeeper"))
    expect(panel.button("Copied")).to_be_visible()
    recount(panel.tenant, record, 2)
    panel.press(panel.button("Refresh"))
    panel.says(re.compile("^Awaiting payment"))
    assert float(held(panel.tenant, record)["Lines"][0]["Quantity"]) == 2


def test_keeping_xeros_version(panel: Panel) -> None:
    """Nothing is sent over the bookkeeper; kept, it is quiet until CRM changes."""
    record = sent(panel.tenant)
    reprice(panel.tenant, record, "90")
    panel.tenant.change("Invoices", record, {"Due_Date": day(20)})
    opened(panel, record).says("Changed in Xero since the last push")
    panel.shows("Line 1, Visitor chair: price")
    panel.shows("$90.00")
    panel.picture("conflict")
    assert panel.violations() == []
    panel.press(panel.button("Keep Xero’s"))
    panel.shows("Xero’s version kept. Nothing more is sent until you change it in CRM.")
    panel.picture("conflict-kept")
    assert float(held(panel.tenant, record)["Lines"][0]["UnitAmount"]) == 90
    panel.page.reload()
    panel.shows("Xero’s version kept.")
    panel.tenant.change("Invoices", record, {"Due_Date": day(25)})
    panel.page.reload()
    panel.says("Changed in Xero since the last push")


def test_sending_crms_version_asks_with_what_is_replaced(panel: Panel) -> None:
    """The heading of the question has the focus: Enter sends nothing. Then CRM's price is in Xero."""
    record = sent(panel.tenant)
    reprice(panel.tenant, record, "90")
    opened(panel, record).says("Changed in Xero since the last push")
    panel.press(panel.button("Send CRM’s"))
    number = held(panel.tenant, record)["InvoiceNumber"]
    expect(panel.heading(f"Replace what is in Xero for {number}?")).to_be_focused()
    panel.shows("$90.00 in Xero becomes $100.00.")
    panel.picture("conflict-question")
    assert panel.violations() == []
    panel.page.keyboard.press("Enter")
    assert float(held(panel.tenant, record)["Lines"][0]["UnitAmount"]) == 90
    panel.press(panel.inside.get_by_role("group").get_by_role("button", name="Send CRM’s"))
    panel.says("Draft in Xero")
    panel.shows("Nothing differs from CRM.")
    assert float(held(panel.tenant, record)["Lines"][0]["UnitAmount"]) == 100


def test_a_bookkeeper_who_is_quicker_is_shown_first(panel: Panel) -> None:
    """Chosen on what is no more: nothing is sent, and what is now stands there with the reason."""
    record = sent(panel.tenant)
    reprice(panel.tenant, record, "90")
    opened(panel, record).says("Changed in Xero since the last push")
    panel.press(panel.button("Send CRM’s"))
    reprice(panel.tenant, record, "95")
    panel.press(panel.inside.get_by_role("group").get_by_role("button", name="Send CRM’s"))
    panel.shows("The invoice changed since you saw it, so nothing was sent.")
    panel.says("Changed in Xero since the last push")
    panel.shows("$95.00")
    assert float(held(panel.tenant, record)["Lines"][0]["UnitAmount"]) == 95


@pytest.mark.parametrize(
    ("status", "button", "asks", "end", "headline"),
    [
        ("Created", "Delete in Xero", "Delete the draft {number}?", "DELETED", "Deleted in Xero"),
        ("Approved", "Void in Xero", "Void {number} over $220.00?", "VOIDED", "Voided in Xero"),
    ],
)
def test_what_crm_cancels_is_removed_after_a_question(
    panel: Panel, status: str, button: str, asks: str, end: str, headline: str
) -> None:
    """Number and amount are named; nothing is removed before the answer."""
    record = sent(panel.tenant, Status=status)
    panel.tenant.change("Invoices", record, {"Status": "Cancelled"})
    opened(panel, record).says("Cancelled in CRM, still in Xero")
    panel.picture(f"removal-{end}")
    panel.press(panel.button(button))
    number = held(panel.tenant, record)["InvoiceNumber"]
    expect(panel.heading(asks.format(number=number))).to_be_focused()
    panel.shows("$220.00")
    panel.picture(f"removal-{end}-question")
    assert panel.violations() == []
    panel.page.keyboard.press("Enter")
    assert held(panel.tenant, record)["Status"] != end
    panel.press(panel.inside.get_by_role("group").get_by_role("button", name=button))
    panel.says(headline)
    assert held(panel.tenant, record)["Status"] == end
    panel.press(panel.button("Refresh"))
    panel.shows("none. CRM has it cancelled too.")


def test_a_voided_one_is_sent_as_new_under_a_new_number(panel: Panel) -> None:
    """State 14: the used number stands against it; with a new one it is asked about, and then a second invoice."""
    record = sent(panel.tenant, Status="Approved")
    books(panel.tenant, record, "void")
    opened(panel, record).says("Voided in Xero")
    old = held(panel.tenant, record)["InvoiceNumber"]
    panel.shows(f"Xero keeps the number {old} for the voided invoice")
    expect(panel.button("Unlink and send as new")).to_have_count(0)
    panel.picture("14-number-used")
    panel.tenant.change("Invoices", record, {"Invoice_Number": f"{old}-B"})
    panel.press(panel.button("Check again"))
    expect(panel.button("Unlink and send as new")).to_be_visible(timeout=PATIENCE)
    panel.picture("14-voided")
    panel.press(panel.button("Unlink and send as new"))
    expect(panel.heading(f"Unlink {old} and send $220.00 as a new invoice?")).to_be_focused()
    panel.picture("14-question")
    assert panel.violations() == []
    panel.press(panel.inside.get_by_role("group").get_by_role("button", name="Send as new"))
    panel.says(re.compile("^Awaiting payment"))
    assert sorted((one["InvoiceNumber"], one["Status"]) for one in panel.tenant.in_xero(record)) == [
        (old, "VOIDED"),
        (f"{old}-B", "AUTHORISED"),
    ]


def test_credits_and_payments_and_one_taken_back(panel: Panel) -> None:
    """State 5 with both kinds listed; a payment deleted in Xero falls back."""
    record = sent(panel.tenant, Status="Approved")
    books(panel.tenant, record, "pay", amount="100.00")
    books(panel.tenant, record, "credit", amount="20.00")
    opened(panel, record).says("Partially paid, $100.00 still due")
    panel.shows("Credited $20.00")
    panel.shows("Credit note")
    panel.picture("5-credited")
    books(panel.tenant, record, "pay")
    panel.press(panel.button("Refresh"))
    panel.says(re.compile("^Paid in full on"))
    panel.picture("6-paid")
    books(panel.tenant, record, "unpay")
    panel.press(panel.button("Refresh"))
    panel.says("Partially paid, $100.00 still due")


def test_a_closed_period_says_up_to_when(panel: Panel) -> None:
    """State 13."""
    record = sent(panel.tenant, Status="Approved", Invoice_Date=day(-60))
    panel.tenant.bookkeeper("close_year", date=day(-30))
    read_books_again(panel.tenant)
    opened(panel, record)
    panel.press(panel.button("Refresh"))
    panel.shows(re.compile(r"its period is closed in Xero \(up to .*\)"))
    panel.shows("no change is possible from CRM.")
    panel.picture("13-closed")


def test_what_stands_against_a_change_is_told(panel: Panel) -> None:
    """A draft whose CRM invoice can't go: what is in Xero stays, and each thing to fix is named."""
    record = sent(panel.tenant)
    panel.tenant.change("Invoices", record, {"Due_Date": day(-20)})
    opened(panel, record).says("Changes not sent: 1 thing to fix")
    panel.shows("The due date is before the invoice date")
    panel.picture("3-held-up")
    panel.tenant.change("Invoices", record, {"Due_Date": day(21)})
    panel.press(panel.button("Check again"))
    panel.shows("You changed Due Date in CRM since the last push.")
