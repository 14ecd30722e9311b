"""Can everything be chosen by keyboard, found by code or name, and tried before it is saved?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.settings_page import answers
from tests.settings_page.conftest import Opened
from tests.settings_page.scripted import SettingsScript


def test_a_drop_down_by_keyboard(opened: Opened, script: SettingsScript) -> None:
    """Typing filters code and name, arrows move, Enter takes, and the focus stays."""
    page = opened()
    accounts = page.edit("Accounts and products")
    combo = page.combo("Category “Fitting”", accounts)
    combo.focus()
    combo.press("ArrowDown")
    expect(combo).to_have_attribute("aria-expanded", "true")
    combo.fill("ser")
    names = accounts.get_by_role("option").all_inner_texts()
    assert [" ".join(name.split()) for name in names] == ["210 Services", "215 Service contracts", "268 Reserve income"]
    expect(accounts.get_by_role("group", name="Other income")).to_contain_text("268")
    combo.press("ArrowDown")
    active = page.frame.locator(f"#{combo.get_attribute('aria-activedescendant')}")
    expect(active).to_contain_text("Service contracts")
    page.picture("drop-down")
    combo.press("Enter")
    expect(page.combo("Category “Fitting”", accounts)).to_have_value("215 Service contracts")
    expect(page.combo("Category “Fitting”", accounts)).to_be_focused()
    page.button("Save accounts").click()
    expect(page.button("Edit Accounts and products")).to_be_visible()
    assert script.saves()[0]["accounts"]["by_category"] == {"Fitting": "215"}


def test_escape_restores_and_leaving_takes_nothing(opened: Opened) -> None:
    """What was typed in a list is a search, never an entry."""
    page = opened()
    accounts = page.edit("Accounts and products")
    combo = page.combo("Default sales account", accounts)
    combo.click()
    combo.fill("268")
    expect(accounts.get_by_role("option")).to_have_count(1)
    combo.press("Escape")
    expect(combo).to_have_value("200 Sales")
    expect(combo).to_have_attribute("aria-expanded", "false")
    combo.fill("no such account")
    expect(accounts.get_by_text("Nothing fits what you typed.")).to_be_visible()
    combo.press("Tab")
    expect(combo).to_have_value("200 Sales")
    expect(page.button("Discard", accounts)).to_have_count(0)


def test_a_list_says_where_it_is_from_and_can_be_read_anew(opened: Opened, script: SettingsScript) -> None:
    """At its foot; a fresh read asks Xero now."""
    page = opened()
    accounts = page.edit("Accounts and products")
    page.combo("Default sales account", accounts).click()
    expect(accounts.get_by_text("From Xero, 3 minutes ago.").locator("visible=true")).to_be_visible()
    fresh = {"code": "299", "name": "Brand new", "type": "REVENUE", "class": "REVENUE"}
    script.kept["choices"] = {**script.kept["choices"], "accounts": [*answers.CHOICES["accounts"], fresh]}
    accounts.get_by_role("button", name="Refresh list").click()
    page.combo("Default sales account", accounts).press("Escape")
    expect(page.button("Refresh lists from Xero")).not_to_have_attribute("aria-disabled", "true")
    page.choose("Default sales account", "299 Brand new", accounts)
    expect(page.combo("Default sales account", accounts)).to_have_value("299 Brand new")


def test_a_tax_without_a_rate_is_told_and_others_are_suggested(opened: Opened, script: SettingsScript) -> None:
    """Suggested is a label until it is accepted or saved; what Xero lacks is named."""
    script.kept = answers.with_organisation(number=answers.SUGGESTED["number"], account="200")
    page = opened()
    taxes = page.section("Taxes")
    rows = taxes.get_by_role("row")
    expect(rows.filter(has_text="GST 10%")).to_contain_text("Suggested")
    expect(rows.filter(has_text="VAT 19%")).to_contain_text("Not matched")
    expect(rows.filter(has_text="VAT 19%")).to_contain_text("Xero has no 19% rate for sales yet.")
    expect(taxes.get_by_text(re.compile("not saved", re.IGNORECASE))).to_have_count(0)
    page.button("Accept 2 suggestions", taxes).click()
    expect(taxes).to_contain_text("2 changes not saved")
    expect(rows.filter(has_text="GST 10%")).to_contain_text("Not saved")
    page.picture("taxes")
    assert script.saves() == []
    page.button("Save and go on", taxes).click()
    expect(page.frame.get_by_role("heading", name="Invoice status")).to_be_focused()
    assert script.saves() == [{"taxes": answers.SUGGESTED["taxes"]}]


def test_suggest_fills_what_is_empty_and_keeps_what_was_typed(opened: Opened, script: SettingsScript) -> None:
    """After a fresh look: a status that was just added in CRM stays for a person to say."""
    script.kept = answers.with_organisation()
    page = opened()
    status = page.section("Invoice status")
    page.choose("What Created becomes in Xero", "Awaiting Approval", status)
    page.button("Suggest", status).click()
    expect(page.combo("What Created becomes in Xero")).to_have_value("Awaiting Approval")
    expect(page.combo("What Approved becomes in Xero")).to_have_value("Awaiting Payment (approved)")
    expect(status).to_contain_text("Blocked until you choose")
    expect(status).to_contain_text("1 change not saved")


def test_try_it_uses_what_is_not_saved(opened: Opened, script: SettingsScript) -> None:
    """Both totals, each line, and what the saved settings would do; a later change asks for another try."""
    script.outcomes = {answers.INVOICES[0][0]: ("create", "blocked")}
    page = opened()
    accounts = page.edit("Accounts and products")
    page.choose("Default sales account", "210 Services", accounts)
    side = page.frame.get_by_role("complementary", name="Try it")
    page.button("Try it", side).click()
    expect(side.get_by_role("heading", name="Would be created as Draft")).to_be_visible()
    expect(side).to_contain_text("With saved settings it is blocked.")
    expect(side.get_by_role("row", name="Total, AUD")).to_contain_text("$3,274.25")
    expect(side).to_contain_text("Oak reception desk")
    expect(page.combo("Invoice", side)).to_have_value("INV-2049, Corner Café Pty Ltd")
    assert script.bodies("/settings/try") == [{"settings": {"account": "210"}}]
    page.picture("try-it")
    page.choose("Default sales account", "215 Service contracts", accounts)
    expect(side).to_contain_text("You changed something since. Try again.")
    assert script.saves() == []


def test_another_invoice_is_found_by_typing(opened: Opened, script: SettingsScript) -> None:
    """The list asks the server; taking one tries it at once, and a problem names its setting."""
    script.outcomes = {answers.INVOICES[1][0]: ("blocked", "blocked")}
    page = opened()
    side = page.frame.get_by_role("complementary", name="Try it")
    combo = page.combo("Invoice", side)
    combo.click()
    combo.fill("oakridge")
    expect(side.get_by_role("option")).to_have_count(1)
    combo.press("Enter")
    expect(side.get_by_role("heading", name="Not sent: 1 thing to fix")).to_be_visible()
    expect(side).to_contain_text("Settings › Taxes")
    assert script.bodies("/settings/try")[-1]["record_id"] == answers.INVOICES[1][0]


def test_who_may_is_ticked_by_profile(opened: Opened, script: SettingsScript) -> None:
    """What was never said is as usual; administrators stand there for all, and one tick names the whole right."""
    page = opened()
    may = page.edit("Who may")
    expect(may.get_by_role("checkbox", name="Push: Standard")).to_be_checked()
    expect(may.get_by_role("checkbox", name="Approve: Finance")).not_to_be_checked()
    expect(may.get_by_role("checkbox", name=re.compile("Administrator"))).to_have_count(0)
    may.get_by_role("checkbox", name="Approve: Finance").check()
    may.get_by_role("checkbox", name="Push: Standard").uncheck()
    page.picture("who-may")
    page.button("Save who may").click()
    expect(page.section("Who may")).to_contain_text("As you said, by CRM profile.")
    assert script.saves() == [{"rights": {"approve": ["26000000002"], "push": ["26000000002"]}}]


def test_a_profile_that_nobody_has_at_present_keeps_its_rights(opened: Opened, script: SettingsScript) -> None:
    """Its one person left last week; the next one comes on Monday."""
    script.kept = answers.ready(rights={"approve": ["26000000009"]})
    page = opened()
    may = page.edit("Who may")
    may.get_by_role("checkbox", name="Approve: Finance").check()
    page.button("Save who may").click()
    expect(page.section("Who may")).to_contain_text("As you said, by CRM profile.")
    assert script.saves() == [{"rights": {"approve": ["26000000009", "26000000002"]}}]


def test_what_is_gone_from_xero_or_crm_opens_its_section(opened: Opened, script: SettingsScript) -> None:
    """An archived account, a deleted rate, a renamed field: each says so where another is chosen."""
    script.kept = answers.ready(
        account="404",
        taxes=[{"rate": "10", "tax_type": "TAX099"}, answers.SUGGESTED["taxes"][1]],
        number={"from": "field", "field": "Old_Number"},
    )
    page = opened()
    expect(page.section("Accounts and products")).to_contain_text("404 is gone from Xero.")
    expect(page.section("Taxes").get_by_role("row", name="GST 10%")).to_contain_text("Gone from Xero")
    expect(page.section("Start and numbers")).to_contain_text("CRM has no such field any more.")
    expect(page.frame.get_by_role("button", name="Accounts and products 1 to choose")).to_be_visible()
    page.picture("gone")


def test_a_side_that_does_not_answer_is_named(opened: Opened, script: SettingsScript) -> None:
    """Then nothing is called gone."""
    script.kept = answers.ready(crm=None, choices={name: [] for name in answers.CHOICES} | {"read_at": None})
    page = opened()
    expect(page.frame.get_by_text("CRM does not answer just now")).to_be_visible()
    expect(page.frame.get_by_text("Xero does not answer just now")).to_be_visible()
    expect(page.frame.get_by_text("gone", exact=False)).to_have_count(0)
    expect(page.section("Accounts and products")).to_contain_text("Sales go to 200.")


def test_the_tax_number_is_a_field_of_whom_an_invoice_goes_to(opened: Opened, script: SettingsScript) -> None:
    """Where contacts are invoiced only fields of accounts were offered, and each of them was refused."""
    page = opened()
    customers = page.edit("Customers")
    page.choose("Tax number from", re.compile("^ABN"), customers)
    customers.get_by_role("radio", name="The contact").check()
    expect(page.combo("Tax number from", customers)).not_to_have_value("ABN")
    page.choose("Tax number from", "ABN of the person", customers)
    page.button("Save customers").click()
    expect(page.button("Edit Customers")).to_be_visible()
    saved = script.saves()[0]["customers"]
    assert (saved["from"], saved["tax_number_field"]) == ("contact", "Own_ABN")
