"""Does the page show what is saved, what is suggested and what is still to do?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.settings_page import answers
from tests.settings_page.conftest import Opened
from tests.settings_page.scripted import SettingsScript
from tests.widget.samples import MIA


def test_what_is_ready_is_folded_to_one_line(opened: Opened) -> None:
    """Nothing to do: no filled button, every section but the connections one line, with what is saved in words."""
    page = opened()
    expect(page.section("Accounts and products")).to_contain_text("Sales go to 200 Sales.")
    expect(page.section("Start and numbers")).to_contain_text("From 3 Nov 2026 on, number from “Invoice Number”")
    expect(page.section("Go live")).to_contain_text("Live since")
    assert page.frame.locator(".controls").count() == 2  # the connections, and going live
    assert page.filled() == []
    page.picture("ready")


def test_a_fresh_tenant_sees_one_thing_to_do(opened: Opened, script: SettingsScript) -> None:
    """Before anything is connected there is one button, and the rest comes later."""
    script.kept = answers.settings()
    script.ties = {"zoho": answers.no_tie(), "xero": answers.no_tie()}
    page = opened()
    assert page.filled() == ["Connect Zoho CRM"]
    expect(page.section("Zoho CRM").get_by_role("list")).to_contain_text("write and read sales invoices")
    assert page.button(re.compile("^Edit")).count() == 0
    expect(page.frame.get_by_text("0 of 10 steps done")).to_be_visible()
    page.picture("fresh")


def test_connecting_goes_on_by_itself(opened: Opened, script: SettingsScript) -> None:
    """The consent window closes, the page reads itself anew, and the next step is the filled one."""
    script.kept = answers.settings()
    script.ties = {"zoho": answers.no_tie(), "xero": answers.no_tie()}
    page = opened()
    page.button("Connect Zoho CRM").click()
    expect(page.button("Connect Xero")).to_be_visible()
    assert page.filled() == ["Connect Xero"]
    page.button("Connect Xero").click()
    expect(page.combo("Organisation")).to_have_value("Harbour & Pine Pty Ltd")  # the only one that is free
    expect(page.section("Xero organisation")).to_contain_text("Suggested")


def test_suggestions_stand_there_marked_and_one_press_takes_a_section(opened: Opened, script: SettingsScript) -> None:
    """Save and go on saves what is seen of this section alone, and opens the next gate with the focus on it."""
    script.kept = answers.with_organisation()
    page = opened()
    expect(page.combo("Field", page.section("Start and numbers"))).to_have_value("Invoice Number")
    expect(page.section("Start and numbers")).to_contain_text("INV-2049")
    assert page.filled() == ["Save and go on"]
    page.picture("open")
    page.button("Save and go on").click()
    expect(page.section("Start and numbers")).to_contain_text("number from “Invoice Number”")
    assert script.saves() == [{"number": answers.SUGGESTED["number"]}]
    assert page.focused() == "head accounts"
    page.button("Save and go on").click()
    expect(page.frame.get_by_role("heading", name="Taxes")).to_be_focused()
    assert script.saves()[1] == {"account": "200"}


def test_all_suggestions_in_sight_are_saved_by_one_press(opened: Opened, script: SettingsScript) -> None:
    """Together in one save; what nobody suggested stays open."""
    script.kept = answers.with_organisation()
    page = opened()
    page.button("Save all suggestions").click()
    expect(page.frame.get_by_role("heading", name="Who may")).to_be_focused()
    assert script.saves() == [answers.SUGGESTED]
    expect(page.frame.get_by_role("button", name="Taxes 1 to match")).to_be_visible()


def test_going_live_comes_after_a_look_at_three_invoices(opened: Opened, script: SettingsScript) -> None:
    """Who may is passed by a save of what is as usual; the preview looks by itself; then one press."""
    script.kept = answers.ready(live={"since": None, "by": None}, rights=None)
    script.outcomes = {answers.INVOICES[1][0]: ("blocked", "blocked")}
    page = opened()
    page.button("Save and go on").click()
    assert script.saves() == [{"rights": {}}]
    preview = page.section("Preview")
    expect(preview.get_by_role("listitem").filter(has_text="INV-2048")).to_contain_text("Not sent: 1 thing to fix")
    expect(preview).to_contain_text("The totals agree to the cent")
    expect(page.button("Go live", page.section("Go live"))).to_have_class(re.compile("filled"))
    page.picture("preview")
    page.button("Go live", page.section("Go live")).click()
    expect(page.section("Go live")).to_contain_text("Live since")
    assert script.bodies("/settings/live") == [{"live": True}]


def test_others_read_only(opened: Opened, script: SettingsScript) -> None:
    """They see what is saved and whom to ask; nothing can be pressed that would be refused."""
    script.user = dict(MIA)
    page = opened()
    expect(page.frame.get_by_text("Only CRM administrators can change these.")).to_be_visible()
    expect(page.frame.get_by_text("Ask Tom Alvarez or Sam Okafor.")).to_be_visible()
    page.button("Show Taxes").click()
    expect(page.combo("Xero tax rate for GST 10%")).to_be_disabled()
    expect(page.combo("Xero tax rate for GST 10%")).to_have_value("GST on Income, 10%")
    for name in (re.compile("^Save"), "Suggest", "Disconnect…", "Refresh lists from Xero", "Try it"):
        expect(page.button(name)).to_have_count(0)
    page.picture("read-only")


def test_a_signed_out_person_signs_in_by_one_click(opened: Opened) -> None:
    """The page then shows itself."""
    page = opened(signed_in=False)
    expect(page.frame.get_by_role("heading", name="Sign in to see the settings")).to_be_visible()
    page.button("Sign in with Zoho").click()
    expect(page.section("Connections")).to_be_visible()


def test_both_connections_tell_their_health(opened: Opened, script: SettingsScript) -> None:
    """Who is behind it and whether they still are, what is lacking, and what is wrong in words."""
    full = {"trouble": "fields_full", "told": "Invoices in CRM have no room for our fields."}
    script.ties["zoho"] |= {"person": {"name": "Tom Alvarez", "active": False}, **full}
    broken = {"state": "disconnected", "trouble": "token_refused", "told": "The consent was taken back."}
    script.ties["xero"] |= {**broken, "lacking": ["contacts"], "clearing": 12}
    page = opened()
    zoho, xero = page.section("Zoho CRM"), page.section("Xero")
    expect(zoho).to_contain_text("No longer active in CRM. Reconnect as somebody else.")
    expect(zoho).to_contain_text("Invoices in CRM have no room for our fields.")
    expect(xero).to_contain_text("The consent was taken back.")
    expect(xero).to_contain_text("1 lacking")
    expect(xero).to_contain_text("12 CRM invoices still show the former organisation.")
    assert page.filled() == ["Reconnect"]
    page.button("Test", zoho).click()
    expect(zoho).to_contain_text("It answered just now.")
    page.picture("trouble")


def test_a_disconnect_asks_first(opened: Opened, script: SettingsScript) -> None:
    """The focus is on the question, so that Enter does nothing; Esc leaves everything as it is."""
    page = opened()
    xero = page.section("Xero")
    page.button("Disconnect…", xero).click()
    expect(page.frame.get_by_role("heading", name="Disconnect Xero?")).to_be_focused()
    page.page.keyboard.press("Enter")
    page.page.keyboard.press("Escape")
    expect(page.button("Disconnect…", xero)).to_be_focused()
    assert script.count("DELETE", "/connections") == 0
    page.button("Disconnect…", xero).click()
    page.button("Disconnect", xero).click()
    expect(xero).to_contain_text("Not connected")
    assert script.count("DELETE", "/connections/xero") == 1


def test_what_leaves_crm_is_listed_for_everybody(opened: Opened, script: SettingsScript) -> None:
    """Field by field, as the server lists it; by the labels that people know."""
    script.user = dict(MIA)
    page = opened()
    page.button("Show Data and privacy").click()
    row = page.frame.get_by_role("row", name="Invoice Number")
    expect(row).to_contain_text("InvoiceNumber")
    expect(row).to_contain_text("in previews, 30 days")
    expect(page.frame.get_by_role("row", name="full_name")).to_contain_text("Not sent")
