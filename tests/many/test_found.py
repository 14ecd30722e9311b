"""Can somebody have all of a CRM view, or what changed since a day, shown, sent and followed like a selection?"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.flow.finding import fill
from tests.flow.scenes import fault
from tests.many.scenes import Many, Tab, invoices
from tests.popup.scenes import fits_across, no_violations, picture
from tests.tenants import Tenant, control

pytestmark = pytest.mark.browser


def pick_view(frame: FrameLocator, name: str) -> None:
    """By keyboard alone, as the drop-down's own tests do with the mouse."""
    view = frame.get_by_role("combobox", name="All of a CRM view")
    view.click()
    view.fill(name)
    view.press("Enter")


def found(frame: FrameLocator, count: str) -> None:
    expect(frame.locator(".chosen-line")).to_contain_text(f"{count} found", timeout=20_000)


def test_all_of_a_view_instead_of_the_selection(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Counted first, then previewed, asked about and sent like a selection; what is not in the view stays."""
    home = tenant()
    made = invoices(home, {"INV-1": "Cancelled", "INV-2": "Approved", "INV-3": "Created", "INV-4": "Approved"})
    p = Many(page, home, made["INV-1"]).open().sign_in()
    p.shows(re.compile("of 4 are ready to send"))
    p.press("Choose others")
    p.shows("Which invoices?")
    no_violations(p)
    picture(p, "many-choose")
    pick_view(p.frame, "Before the audit")
    found(p.frame, "2 invoices")
    picture(p, "many-choose-found")
    no_violations(p)
    p.press("Back to the 4 selected")
    p.shows(re.compile("of 4 are ready to send"))
    p.press("Choose others")
    pick_view(p.frame, "Before the audit")
    p.press("Check 2 invoices")
    p.shows("2 of 2 are ready to send")
    expect(p.frame.get_by_text("2 invoices in Before the audit")).to_be_visible()
    expect(p.rows).to_have_count(2)
    picture(p, "many-found-preview")
    no_violations(p)
    assert home.in_xero() == []
    p.press("Push 2 invoices")
    p.shows("Approve 2 invoices in Xero?")
    expect(p.frame.get_by_text("2 invoices arrive approved: $6,548.50.")).to_be_visible()
    p.press("Push 2 invoices")
    p.shows("Done: 2 sent")
    assert [each["Status"] for each in home.in_xero()] == ["AUTHORISED"] * 2
    assert home.in_xero(made["INV-3"]) == []
    p.press("Choose others")
    pick_view(p.frame, "My Invoices")
    found(p.frame, "4 invoices")


def test_from_the_web_tab_with_nothing_selected(page: Page, tenant: Callable[..., Tenant]) -> None:
    """By a day; left in the middle and opened again it is found again, and closing leads back to the settings."""
    home = tenant()
    invoices(home, {"INV-1": "Created", "INV-2": "Created", "INV-3": "Never heard of"})
    p = Tab(page, home, "").open().sign_in()
    p.frame.get_by_role("link", name="Sync many invoices").click()
    p.sign_in()  # this browser keeps nothing for frames
    p.shows("Which invoices?")
    p.frame.get_by_role("radio", name="Changed since").check()
    found(p.frame, "3 invoices")
    p.frame.locator("input[type=date]").fill("2199-01-01")
    expect(p.frame.locator(".chosen-line")).to_contain_text("No invoices there", timeout=20_000)
    expect(p.button("Check 3 invoices")).to_have_count(0)
    p.frame.locator("input[type=date]").fill("2024-02-29")
    found(p.frame, "3 invoices")
    no_violations(p)
    for path in ("/Contacts", "/Invoices"):
        fault(home, "xero", "429", "PUT", path, seconds=40, times=None, detail="minute")
    p.press("Check 3 invoices")
    p.shows("2 of 3 are ready to send")
    expect(p.frame.get_by_text("3 invoices changed since 29 Feb 2024")).to_be_visible()
    p.press("Push 2 invoices")
    p.shows("0 of 2 done")
    p.press("Close")
    p.sign_in()
    p.frame.get_by_role("link", name="Sync many invoices").click()
    p.sign_in()
    p.shows(re.compile("of 2 done|Done: 2 sent"))
    expect(p.rows).to_have_count(3)
    control("DELETE", f"{home.stack.xero}/_control/faults")
    p.shows("Done: 2 sent", 60_000)
    assert len(home.in_xero()) == 2


def test_more_than_a_selection_may_hold(page: Page, tenant: Callable[..., Tenant]) -> None:
    """501 selected are too many; by a view they are one preview and one push, which can be called off."""
    home = tenant()
    record = fill(home, 501, Status="Created")[0]
    p = Many(page, home, record).open()
    p.shows("Select up to 500 invoices at once")
    no_violations(p)
    p.press("Choose by view")
    p.sign_in()
    p.shows("Which invoices?")
    pick_view(p.frame, "All Invoices")
    found(p.frame, "501 invoices")
    p.press("Check 501 invoices")
    p.shows("501 of 501 are ready to send", 90_000)
    for path in ("/Contacts", "/Invoices"):
        fault(home, "xero", "429", "PUT", path, seconds=60, times=None, detail="minute")
    p.press("Push 501 invoices")
    p.shows("0 of 501 done")
    p.press("Cancel the rest")
    p.press("Cancel 501")
    p.shows("Done: nothing was sent", 40_000)
    expect(p.button("Check these 501 again")).to_be_visible()


def test_before_going_live_it_says_why_not(page: Page, tenant: Callable[..., Tenant]) -> None:
    """The reason stands beside the choice, and there is nothing to press."""
    home = tenant()
    made = invoices(home, {"INV-1": "Created", "INV-2": "Created"})
    p = Many(page, home, made["INV-1"]).open().sign_in()
    p.shows("2 of 2 are ready to send")
    p.press("Choose others")
    p.shows("Which invoices?")
    etag = home.api.get("/settings").headers["ETag"]
    assert home.api.post("/settings/live", {"live": False}, headers={"If-Match": etag}).status_code == 200
    pick_view(p.frame, "All Invoices")
    expect(p.frame.locator(".chosen-line.is-no")).to_contain_text("not set up yet", timeout=20_000)
    expect(p.frame.get_by_role("button", name=re.compile("^Check"))).to_have_count(0)
    picture(p, "many-choose-not-live")
    no_violations(p)


def test_nobody_reads_on_for_a_check_that_was_left(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Another choice calls the check off, so that CRM's calls are kept for what somebody waits for."""
    home = tenant()
    fault(home, "zoho", "500", "GET", "/Invoices/", times=None)
    made = invoices(home, dict.fromkeys(("INV-1", "INV-2"), "Created"))
    p = Many(page, home, made["INV-1"]).open().sign_in()
    p.press("Choose others")
    pick_view(p.frame, "All Invoices")
    p.press("Check 2 invoices")
    p.shows("Checking 2 invoices…")
    with page.expect_response(re.compile("/cancel$")) as called:
        p.press("Choose others")
    assert called.value.ok  # what a worker holds just now ends by itself
    p.shows("Which invoices?")


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("narrow", {"viewport": {"width": 320, "height": 900}}),
        ("dark", {"viewport": {"width": 1280, "height": 1100}, "color_scheme": "dark"}),
        ("forced-colours", {"viewport": {"width": 1280, "height": 1100}, "forced_colors": "active"}),
    ],
)
def test_the_choice_fits_and_reads_in_every_look(
    browser: Browser, tenant: Callable[..., Tenant], name: str, wish: dict[str, Any]
) -> None:
    """Also with its list open, which makes room for itself instead of hanging out of the frame."""
    home = tenant()
    made = invoices(home, {"INV-1": "Created"})
    context = browser.new_context(locale="en-AU", **wish)
    try:
        p = Many(context.new_page(), home, made["INV-1"]).open().sign_in()
        p.shows(re.compile("ready to send"))  # until then the frame takes other heights, and a click may get lost
        p.press("Choose others")
        view = p.frame.get_by_role("combobox", name="All of a CRM view")
        view.click()
        expect(p.frame.get_by_role("option", name="My Invoices")).to_be_in_viewport()
        picture(p, f"many-choose-{name}-open")
        fits_across(p)
        no_violations(p)
        view.press("Escape")
        p.shows("Which invoices?")
        pick_view(p.frame, "My Invoices")
        found(p.frame, "1 invoice")
        picture(p, f"many-choose-{name}")
        fits_across(p)
        no_violations(p)
    finally:
        context.close()
