"""What does the popup say where nothing can be sent? Every reason at once, in words, with the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.popup.scenes import AT_ONCE_MS, GST, NEW, PATIENCE_MS, Popup, line, no_violations, picture
from tests.tenants import Tenant, control

pytestmark = pytest.mark.browser


def test_all_problems_are_told_at_once(popup: Callable[..., Popup], tenant: Callable[..., Tenant]) -> None:
    """A due date before the date and an unmatched tax stand together, nothing can be sent; mended, it goes on."""
    home = tenant()
    today = date.today()  # noqa: DTZ011 - a calendar day of the simulator's
    rows = [line(home, "Site visit", "SITE", 1, 100, Line_Tax=[{"name": "VAT 19%", "percentage": 19}])]
    p = popup(of=home, Due_Date=(today - timedelta(days=9)).isoformat(), Invoiced_Items=rows)
    p.shows("Not sent: 2 things to fix")
    expect(p.frame.get_by_text("The due date is before the invoice date")).to_be_visible()
    expect(p.frame.get_by_text(re.compile("tax “VAT 19%” is not matched"))).to_be_visible()
    expect(p.button("Push to Xero")).to_have_count(0)
    expect(p.button("Continue")).to_have_count(0)
    picture(p, "blocked")
    no_violations(p)

    (row,) = home.record(p.record_id)["Invoiced_Items"]
    rows = [{"id": row["id"], "Line_Tax": GST}]
    good = {"Due_Date": (today + timedelta(days=9)).isoformat(), "Invoiced_Items": rows}
    home.change("Invoices", p.record_id, good)
    p.press("Check again")
    p.shows(NEW)
    assert p.in_xero() == []


def test_go_to_field_opens_the_editor(popup: Callable[..., Popup]) -> None:
    """The button beside a problem leads to CRM's own editor of this invoice."""
    p = popup(Due_Date=None)
    p.shows("Not sent: 1 thing to fix")
    with p.page.expect_navigation(url=re.compile(rf"/Invoices/{p.record_id}/edit")):
        p.frame.get_by_role("button", name=re.compile("^Go to field")).click()


def test_a_locked_invoice_is_not_offered(popup: Callable[..., Popup], tenant: Callable[..., Tenant]) -> None:
    """Paid in Xero: the padlock, why, and the next step; no push."""
    home = tenant()
    p = popup(of=home, signed_in=False)
    run = home.run("push", p.record_id)
    assert run["tasks"][0]["outcome"] == "created"
    (made,) = home.in_xero(p.record_id)
    home.bookkeeper("pay", invoice=made["InvoiceID"], amount="3274.25")
    home.run("pull", p.record_id)
    p.sign_in()
    p.shows(re.compile("^Paid in full"))
    expect(p.frame.get_by_text("paid, so CRM can’t change it.")).to_be_visible()
    expect(p.button("Push to Xero")).to_have_count(0)
    expect(p.button("Continue")).to_have_count(0)
    picture(p, "E-locked")
    no_violations(p)
    p.press("Close")
    p.is_closed()


def test_signed_out_says_so_and_offers_one_click(popup: Callable[..., Popup]) -> None:
    """Nobody is signed in: one button; a stopped window is told, with a way round it."""
    p = popup(signed_in=False)
    expect(p.button("Sign in with Zoho")).to_be_visible(timeout=PATIENCE_MS)
    picture(p, "signed-out")
    no_violations(p)
    p.inside().evaluate("window.open = () => null")
    p.press("Sign in with Zoho")
    p.shows("Your browser stopped the sign-in window")
    expect(p.frame.get_by_role("link", name="Open sign-in page")).to_be_visible(timeout=PATIENCE_MS)
    picture(p, "window-blocked")
    no_violations(p)


def test_a_disconnected_xero_says_who_mends_it(popup: Callable[..., Popup], tenant: Callable[..., Tenant]) -> None:
    """The administrator gets the button that reconnects."""
    home = tenant()
    home.bookkeeper("disconnect")
    p = popup(of=home)
    p.shows("Xero is disconnected")
    expect(p.button("Reconnect Xero")).to_be_visible()
    picture(p, "disconnected")
    no_violations(p)


def test_what_is_not_set_up_is_named(popup: Callable[..., Popup]) -> None:
    """Nothing is connected: told, not tried."""
    p = popup(ready=False)
    p.shows("Not set up yet")
    picture(p, "not-set-up")
    no_violations(p)


def test_waiting_for_xeros_limit_says_until_when(popup: Callable[..., Popup]) -> None:
    """Xero's minute is used up: the popup says so and goes on by itself."""
    p = popup(signed_in=False)
    fault = {"kind": "429", "times": 1, "seconds": 8, "org": p.tenant.organisation}
    control("POST", f"{p.tenant.stack.xero}/_control/faults", json=fault)
    p.sign_in()
    p.shows(re.compile("^Waiting for Xero"))
    picture(p, "waiting")
    no_violations(p)
    p.shows(NEW, patience=40_000)


def test_outside_crm_it_says_so(page: Page, popup: Callable[..., Popup]) -> None:
    """Opened by its address alone it tells where it belongs."""
    p = popup(signed_in=False)
    page.goto(f"{p.tenant.stack.public_base}/widget/popup.html")
    expect(page.get_by_role("heading", name="Open this from Zoho CRM")).to_be_visible()


def test_a_missing_script_is_told_within_three_seconds(popup: Callable[..., Popup]) -> None:
    """Zoho's script does not load: said, not waited for."""
    p = popup(signed_in=False)
    p.page.route("**/ZohoEmbededAppSDK.min.js", lambda route: route.abort())
    p.page.reload()
    p.reopen()
    p.shows("Zoho’s script did not load", patience=AT_ONCE_MS)
    no_violations(p)


def test_a_server_that_is_away_is_asked_again_by_itself(popup: Callable[..., Popup]) -> None:
    """Our server does not answer: told in words, and the preview comes once it does."""
    p = popup(signed_in=False)
    p.sign_in()
    p.shows(NEW)
    p.page.route("**/api/v1/records/**", lambda route: route.abort())
    p.page.locator("#popup-close").click()
    p.is_closed()
    p.reopen()
    expect(p.frame.get_by_text("reach InvoiceBridge").first).to_be_visible(timeout=PATIENCE_MS)
    picture(p, "away")
    p.page.unroute("**/api/v1/records/**")
    p.shows(NEW, patience=40_000)
