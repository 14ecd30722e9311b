"""Does the popup change, remove and renew what is in Xero already, only as it was shown, and only when asked?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.panel.linked import held, recount, reprice, sent
from tests.popup.scenes import ASKS, Popup, fits_across, no_violations, picture
from tests.tenants import Tenant

pytestmark = pytest.mark.browser
UPDATE = "The draft in Xero will be updated"
CONFLICT = "Changed in Xero since the last push"


@pytest.fixture
def over(page: Page, tenant: Callable[..., Tenant]) -> Callable[..., Popup]:
    """The popup over an invoice that is in Xero; `change(tenant, record)` is what happened since."""

    def open_it(change: Callable[[Tenant, str], None] = lambda *_: None, **wanted: str) -> Popup:
        home = tenant()
        record = sent(home, **wanted)
        change(home, record)
        return Popup(page, home, record).open().sign_in()

    return open_it


def cancel(tenant: Tenant, record: str) -> None:
    tenant.change("Invoices", record, {"Status": "Cancelled"})


def looked_at(popup: Popup, name: str) -> None:
    """A picture wide and narrow, light and dark; axe finds nothing, and nothing is cut off sideways."""
    picture(popup, name)
    no_violations(popup)
    for scheme in ("light", "dark"):
        popup.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        popup.page.set_viewport_size({"width": 344, "height": 1100})
        popup.page.wait_for_timeout(200)
        fits_across(popup)
        picture(popup, f"{name}-narrow-{scheme}")
        popup.page.set_viewport_size({"width": 1280, "height": 1100})
    picture(popup, f"{name}-dark")
    popup.page.emulate_media(color_scheme="light")


def test_an_update_shows_both_values_and_goes_at_once(over: Callable[..., Popup]) -> None:
    """Picture F: a draft needs no second question; the result says Updated, and Xero has it."""
    p = over(lambda home, record: recount(home, record, 3))
    p.shows(UPDATE)
    expect(p.frame.get_by_text("2 values change. This is a preview; nothing has been sent.")).to_be_visible()
    row = p.frame.get_by_role("row", name="Line 1, Visitor chair: quantity")
    assert [cell.inner_text().strip() for cell in row.get_by_role("cell").all()] == ["2", "3"]
    looked_at(p, "F-update")
    p.press("Show all lines")
    expect(p.frame.get_by_text("The totals agree to the cent").first).to_be_visible()
    picture(p, "F-lines")
    no_violations(p)
    p.press("Push changes")
    p.shows(f"Updated in Xero: {held(p.tenant, p.record_id)['InvoiceNumber']}")
    picture(p, "F-result")
    no_violations(p)
    assert float(held(p.tenant, p.record_id)["Lines"][0]["Quantity"]) == 3


def test_an_update_that_approves_asks(over: Callable[..., Popup]) -> None:
    p = over(lambda home, record: home.change("Invoices", record, {"Status": "Approved"}))
    p.shows(UPDATE)
    p.press("Continue")
    p.shows(ASKS)
    expect(p.frame.get_by_text("Updates invoice")).to_be_visible()
    assert held(p.tenant, p.record_id)["Status"] == "DRAFT"
    p.press("Push to Xero")
    p.shows("Updated in Xero:")
    assert held(p.tenant, p.record_id)["Status"] == "AUTHORISED"


def test_nothing_differs(over: Callable[..., Popup]) -> None:
    p = over()
    p.shows("Nothing differs")
    looked_at(p, "unchanged")


def test_a_locked_one_shows_the_differences(over: Callable[..., Popup]) -> None:
    """Picture E with what differs; no push."""
    p = over(lambda home, record: recount(home, record, 4), Status="Approved")
    p.shows("CRM differs from Xero")
    expect(p.frame.get_by_text("2 fields differ")).to_be_visible()
    expect(p.button("Push changes")).to_have_count(0)
    looked_at(p, "E-differs")
    p.press("Copy for bookkeeper")
    expect(p.button("Copied")).to_be_visible()


def test_a_conflict_is_a_persons_choice(over: Callable[..., Popup]) -> None:
    """Both sides; Send CRM's asks with what is replaced, and Enter does not answer; Keep Xero's ends it."""
    p = over(lambda home, record: reprice(home, record, "90"))
    p.shows(CONFLICT)
    looked_at(p, "conflict")
    p.press("Send CRM’s")
    number = held(p.tenant, p.record_id)["InvoiceNumber"]
    expect(p.heading(f"Replace what is in Xero for {number}?")).to_be_focused()
    p.page.keyboard.press("Enter")
    looked_at(p, "conflict-question")
    p.press("Back")
    p.shows(CONFLICT)
    p.press("Keep Xero’s")
    p.shows("Xero’s version kept")
    looked_at(p, "conflict-kept")
    assert float(held(p.tenant, p.record_id)["Lines"][0]["UnitAmount"]) == 90


def test_crms_version_is_sent_after_the_question(over: Callable[..., Popup]) -> None:
    p = over(lambda home, record: reprice(home, record, "90"))
    p.press("Send CRM’s")
    p.shows("Replace what is in Xero")
    p.press("Send CRM’s")
    p.shows("Updated in Xero:")
    assert float(held(p.tenant, p.record_id)["Lines"][0]["UnitAmount"]) == 100


@pytest.mark.parametrize(
    ("status", "asks", "press", "end"),
    [
        ("Created", "Delete the draft {}?", "Delete in Xero", "DELETED"),
        ("Approved", "Void {} over $220.00?", "Void in Xero", "VOIDED"),
    ],
)
def test_a_removal_is_confirmed(over: Callable[..., Popup], status: str, asks: str, press: str, end: str) -> None:
    """Number and amount are named before; the result says that it is removed."""
    p = over(cancel, Status=status)
    p.shows("in Xero will be")
    looked_at(p, f"removal-{end}")
    p.press("Continue")
    number = held(p.tenant, p.record_id)["InvoiceNumber"]
    expect(p.heading(asks.format(number))).to_be_focused()
    looked_at(p, f"removal-{end}-question")
    assert held(p.tenant, p.record_id)["Status"] != end
    p.press(press)
    p.shows(f"Removed from Xero: {number}")
    looked_at(p, f"removal-{end}-result")
    assert held(p.tenant, p.record_id)["Status"] == end


def test_a_voided_one_is_sent_as_new(over: Callable[..., Popup]) -> None:
    """Unlinked and sent under its new number, after the question."""

    def void(home: Tenant, record: str) -> None:
        home.bookkeeper("void", invoice=held(home, record)["InvoiceID"])
        home.change("Invoices", record, {"Invoice_Number": "INV-AGAIN"})

    p = over(void, Status="Approved")
    p.shows("Voided in Xero")
    looked_at(p, "unlink")
    p.press("Unlink and send as new")
    p.shows("send $220.00 as a new invoice?")
    looked_at(p, "unlink-question")
    p.press("Send as new")
    p.shows("Created in Xero: INV-AGAIN")
    assert sorted(one["Status"] for one in p.in_xero()) == ["AUTHORISED", "VOIDED"]
