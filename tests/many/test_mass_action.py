"""Can somebody select many invoices, see what would become of each, send them, and follow that?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flow.scenes import fault
from tests.many.scenes import Many, invoices
from tests.popup.scenes import fits_across, no_violations, picture
from tests.tenants import Tenant, control

DRAFTS = dict.fromkeys((f"INV-{number}" for number in range(1, 7)), "Created")

pytestmark = pytest.mark.browser


def test_many_are_shown_asked_about_sent_and_told(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Preview by outcome, one question with the sum, the result with what needs somebody; each is in Xero once."""
    home = tenant()
    drafts, approved = (
        dict.fromkeys(("INV-1", "INV-2", "INV-3"), "Created"),
        dict.fromkeys(("INV-4", "INV-5"), "Approved"),
    )
    made = invoices(home, drafts | approved | {"INV-6": "Never heard of"})
    odd = made["INV-6"]
    p = Many(page, home, odd).open().sign_in()
    p.shows("5 of 6 are ready to send")
    assert (p.count("create"), p.count("blocked")) == ("5", "1")
    expect(p.rows).to_have_count(6)
    expect(p.row(odd)).to_contain_text("Blocked")
    picture(p, "many-preview")
    no_violations(p)
    assert home.in_xero() == [], "a preview sends nothing"

    p.frame.locator(".tile[data-group='blocked']").click()
    expect(p.rows).to_have_count(1)
    p.frame.locator(".tile[data-group='blocked']").click()
    p.press("Push 5 invoices")
    p.shows("Approve 2 invoices in Xero?")
    expect(p.frame.get_by_text("2 invoices arrive approved: $6,548.50.")).to_be_visible()
    picture(p, "many-question")
    no_violations(p)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert home.in_xero() == [], "Enter on the question approves nothing"

    p.press("Push 5 invoices")
    p.shows("Done: 5 sent, 1 needs you")
    picture(p, "many-result")
    no_violations(p)
    statuses = sorted(each["Status"] for each in home.in_xero())
    assert statuses == ["AUTHORISED"] * 2 + ["DRAFT"] * 3
    p.frame.get_by_role("button", name="Problems only 1").click()
    expect(p.rows).to_have_count(1)
    picture(p, "many-problems")
    expect(p.button("Check this 1 again")).to_be_visible()
    with page.expect_navigation():
        p.press("Done")
    p.is_closed()
    p.reopen().sign_in()
    p.shows(re.compile("needs you first"))
    assert len(home.in_xero()) == 5


def free(home: Tenant) -> None:
    control("DELETE", f"{home.stack.xero}/_control/faults")


def held_back(page: Page, home: Tenant, seconds: int = 40) -> Many:
    """Six drafts on their way, while Xero takes nothing for a while."""
    made = invoices(home, DRAFTS)
    p = Many(page, home, made["INV-1"]).open().sign_in()
    p.shows("6 of 6 are ready to send")
    fault(home, "xero", "429", "PUT", "/Contacts", seconds=seconds, times=None, detail="minute")
    fault(home, "xero", "429", "PUT", "/Invoices", seconds=seconds, times=None, detail="minute")
    p.press("Push 6 invoices")
    p.shows("0 of 6 done")
    return p


def test_the_rest_is_called_off_after_a_question(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Keep going changes nothing; what was called off is told, is nowhere in Xero, and can be sent later."""
    home = tenant()
    p = held_back(page, home, 15)
    expect(p.frame.get_by_text("Xero allows 60 calls a minute.")).to_be_visible(timeout=40_000)
    picture(p, "many-progress")
    no_violations(p)
    p.press("Cancel the rest")
    p.shows("Cancel the 6 that are left?")
    picture(p, "many-cancel")
    no_violations(p)
    p.press("Keep going")
    p.shows("0 of 6 done")
    p.press("Cancel the rest")
    p.press("Cancel 6")
    p.shows("Done: nothing was sent")
    expect(p.frame.get_by_text("6 were cancelled and not sent.")).to_be_visible()
    picture(p, "many-cancelled")
    free(home)
    assert home.in_xero() == []
    p.press("Check these 6 again")
    p.shows("6 of 6 are ready to send", 40_000)
    p.press("Push 6 invoices")
    p.shows("Done: 6 sent")
    assert len(home.in_xero()) == 6


def test_closed_in_the_middle_it_is_found_again_from_the_list(page: Page, tenant: Callable[..., Tenant]) -> None:
    """The work does not need the window; opened again it shows where it is, with what the preview told."""
    home = tenant()
    p = held_back(page, home, 8)
    page.keyboard.press("Escape")
    p.is_closed()
    p.reopen().sign_in()
    p.shows(re.compile("of 6 done|Done: 6 sent"))
    expect(p.rows).to_have_count(6)
    expect(p.rows.first).to_contain_text("Brightwater Dental Pty Ltd")
    free(home)
    p.shows("Done: 6 sent")
    assert len(home.in_xero()) == 6


def test_a_broken_connection_pauses_the_work_and_says_so(page: Page, tenant: Callable[..., Tenant]) -> None:
    """What is done is safe, what waits is told, and an administrator can mend it from here."""
    home = tenant()
    p = held_back(page, home)
    home.bookkeeper("disconnect")
    free(home)
    p.shows("Paused: Xero is disconnected")
    expect(p.button("Reconnect Xero")).to_be_visible()
    expect(p.frame.get_by_text("0 are done and safe. 6 wait")).to_be_visible()
    picture(p, "many-paused")
    no_violations(p)


def test_nothing_is_removed_without_a_question_of_its_own(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Drafts that CRM cancelled are named with their sum; the rest can be sent without removing any."""
    home = tenant()
    made = invoices(home, dict.fromkeys(("INV-1", "INV-2", "INV-3"), "Created"))
    first = [made[number] for number in ("INV-1", "INV-2")]
    home.run("push", *first)
    for record in first:
        home.change("Invoices", record, {"Status": "Cancelled"})
    p = Many(page, home, first[0]).open().sign_in()
    p.shows("3 of 3 are ready to send")
    assert (p.count("remove"), p.count("create")) == ("2", "1")
    p.press("Push 1, remove 2")
    p.shows("Remove 2 invoices from Xero?")
    expect(p.frame.get_by_text("2 drafts are deleted: $6,548.50.")).to_be_visible()
    picture(p, "many-remove")
    no_violations(p)
    p.press("Push 1, remove none")
    p.shows("Done: 1 sent")
    assert [each["Status"] for each in home.in_xero()] == ["DRAFT"] * 3
    with page.expect_navigation():
        p.press("Done")
    p.reopen().sign_in()
    p.press("Remove 2 invoices")
    p.press("Remove 2 invoices")
    p.shows("Done: 2 sent")
    assert sorted(each["Status"] for each in home.in_xero()) == ["DELETED", "DELETED", "DRAFT"]


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("narrow", {"viewport": {"width": 344, "height": 900}}),
        ("narrow-dark", {"viewport": {"width": 344, "height": 900}, "color_scheme": "dark"}),
        ("dark", {"viewport": {"width": 1280, "height": 1100}, "color_scheme": "dark"}),
        ("forced-colours", {"viewport": {"width": 1280, "height": 1100}, "forced_colors": "active"}),
    ],
)
def test_it_fits_and_reads_in_every_look(
    browser: Browser, tenant: Callable[..., Tenant], name: str, wish: dict[str, Any]
) -> None:
    """Preview and result stand in the window without scrolling sideways, and axe finds nothing."""
    home = tenant()
    made = invoices(home, {"INV-1": "Created", "INV-2": "Approved", "INV-3": "Never heard of"})
    context = browser.new_context(locale="en-AU", **wish)
    try:
        p = Many(context.new_page(), home, made["INV-1"]).open().sign_in()
        p.shows("2 of 3 are ready to send")
        picture(p, f"many-{name}-preview")
        fits_across(p)
        no_violations(p)
        p.press("Push 2 invoices")
        p.press("Push 2 invoices")
        p.shows("Done: 2 sent, 1 needs you")
        picture(p, f"many-{name}-result")
        fits_across(p)
        no_violations(p)
    finally:
        context.close()


def test_what_crm_does_not_take_is_told_with_its_reason(page: Page, tenant: Callable[..., Tenant]) -> None:
    """One of two is locked in CRM: both are in Xero, and the row says what CRM said, though the run has long ended."""
    home = tenant()
    made = invoices(home, {"INV-1": "Created", "INV-2": "Created"})
    locked = made["INV-2"]
    home.change("Invoices", locked, {"Locked__s": True})
    p = Many(page, home, locked).open().sign_in()
    p.shows("2 of 2 are ready to send")
    p.press("Push 2 invoices")
    p.shows("Done: 2 sent")
    expect(p.row(locked)).to_contain_text("CRM did not take Xero’s figures:", timeout=30_000)
    expect(p.row(made["INV-1"])).not_to_contain_text("CRM did not take")
    assert len(home.in_xero()) == 2
