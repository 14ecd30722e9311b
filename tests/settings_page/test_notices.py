"""Are administrators told of what holds up many invoices, once for each cause, and led to what mends it?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.settings_page.conftest import Opened
from tests.settings_page.scripted import SettingsScript

ARCHIVED = {
    "code": "account_unusable",
    "subject": "200",
    "sentence": "Account 200 can't take invoices",
    "next_step": "Restore it in Xero, or choose another account.",
    "setting": "account",
    "count": 3,
    "since": None,
}
ELSEWHERE = {**ARCHIVED, "code": "currency_not_in_xero", "subject": "EUR", "setting": None, "count": 1}


def test_each_cause_is_one_line_that_leads_to_its_section(opened: Opened, script: SettingsScript) -> None:
    """What Xero or CRM mends has no button; what is mended by a save is gone after it."""
    script.notices = [ARCHIVED, ELSEWHERE]
    page = opened()
    rows = page.frame.get_by_role("list", name="What holds up invoices").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Account 200 can't take invoices. 3 invoices wait. Restore it in Xero")
    expect(rows.last).to_contain_text("1 invoice waits.")
    expect(rows.last.get_by_role("button")).to_have_count(0)
    page.picture("notices")
    page.button("Open Accounts and products").click()
    expect(page.frame.get_by_role("heading", name="Accounts and products")).to_be_focused()
    page.choose("Default sales account", "215 Service contracts", page.section("Accounts and products"))
    script.notices = []
    page.button("Save accounts").click()
    expect(rows).to_have_count(0)
