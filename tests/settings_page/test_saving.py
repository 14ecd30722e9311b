"""Is nothing lost that a person typed, and nothing overwritten that another saved?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.settings_page import answers
from tests.settings_page.conftest import Opened, Settings
from tests.settings_page.scripted import SettingsScript

EXPORTS = {"rate": "0", "tax_type": "EXEMPTEXPORT"}


def test_a_section_is_saved_under_the_version_that_was_read(opened: Opened, script: SettingsScript) -> None:
    """Only what changed is sent; then the section folds, and says what it holds."""
    page = opened()
    taxes = page.edit("Taxes")
    page.choose("Xero tax rate for GST free", "GST Free Exports, 0%", taxes)
    expect(taxes).to_contain_text("1 change not saved")
    assert page.filled() == ["Save taxes"]
    page.button("Save taxes").click()
    expect(page.section("Taxes")).to_contain_text("GST free → GST Free Exports, 0%")
    assert script.saves() == [{"taxes": [answers.SUGGESTED["taxes"][0], EXPORTS]}]
    put = next(call for call in script.calls if call["method"] == "PUT")
    assert put["headers"]["If-Match"] == '"v6"'
    expect(page.frame.get_by_role("heading", name="Taxes")).to_be_focused()


def test_what_another_saved_meanwhile_is_shown_beside_ones_own(opened: Opened, script: SettingsScript) -> None:
    """Nothing is saved before both were seen; whoever keeps theirs saves under the new version."""
    page = opened()
    status = page.edit("Invoice status")
    page.choose("What Approved becomes in Xero", "Awaiting Approval", status)
    theirs = {**script.kept["statuses"], "Approved": "DRAFT"}
    script.before_save.append(lambda: script.somebody_saves(statuses=theirs))
    page.button("Save statuses").click()
    expect(status).to_contain_text("Sam Okafor saved this section 2 minutes ago, while you had it open.")
    expect(page.combo("What Approved becomes in Xero")).to_have_value("Awaiting Approval")
    page.button("Compare before you save").click()
    row = page.frame.get_by_role("row", name="Approved")
    expect(row).to_contain_text("Draft")
    expect(row).to_contain_text("Awaiting Approval")
    page.picture("compare")
    assert script.kept["statuses"] == theirs
    page.button("Keep mine").click()
    page.button("Save statuses").click()
    expect(page.section("Invoice status")).to_contain_text("Approved → Awaiting Approval")
    assert script.kept["statuses"]["Approved"] == "SUBMITTED"


def test_theirs_can_be_taken(opened: Opened, script: SettingsScript) -> None:
    """One's own is let go, and nothing is left to save."""
    page = opened()
    accounts = page.edit("Accounts and products")
    page.choose("Default sales account", "215 Service contracts", accounts)
    script.before_save.append(lambda: script.somebody_saves(account="210"))
    page.button("Save accounts").click()
    page.button("Compare before you save").click()
    page.button("Take theirs").click()
    expect(page.section("Accounts and products")).to_contain_text("Sales go to 210 Services.")
    assert len(script.saves()) == 1


def test_another_section_saved_meanwhile_needs_no_question(opened: Opened, script: SettingsScript) -> None:
    """Both saves hold: only the parts of one section are sent."""
    page = opened()
    accounts = page.edit("Accounts and products")
    page.choose("Default sales account", "210 Services", accounts)
    script.before_save.append(lambda: script.somebody_saves(due={"from": "terms"}))
    page.button("Save accounts").click()
    expect(page.section("Accounts and products")).to_contain_text("Sales go to 210 Services.")
    expect(page.section("Due date")).to_contain_text("By the customer’s terms in Xero.")
    assert script.kept["account"] == "210"


READS: dict[str, Callable[[Settings], None]] = {
    "refresh": lambda page: page.button("Refresh lists from Xero").click(),
    "test": lambda page: page.button("Test").first.click(),
    "suggest": lambda page: page.button("Suggest", page.section("Accounts and products")).click(),
}


@pytest.mark.parametrize("read", READS)
def test_a_read_between_typing_and_saving_still_asks(opened: Opened, script: SettingsScript, read: str) -> None:
    """Another's categories were gone without a word: the page had read the new version before Save was pressed."""
    page = opened()
    accounts = page.edit("Accounts and products")
    page.choose("Category “Fitting”", "210 Services", accounts)
    theirs = {"by_category": {"Desks": "215"}}
    script.somebody_saves(accounts=theirs)
    READS[read](page)
    expect(accounts).to_contain_text("Sam Okafor saved this section 2 minutes ago, while you had it open.")
    page.button("Save accounts").click()
    expect(accounts.get_by_role("row", name="Desks")).to_contain_text("215 Service contracts")
    assert script.saves() == []
    assert script.kept["accounts"] == theirs
    page.button("Keep mine", accounts).click()
    page.button("Save accounts").click()
    expect(page.button("Edit Accounts and products")).to_be_visible()
    assert script.kept["accounts"]["by_category"] == {"Fitting": "210"}


def test_a_read_of_what_another_section_saved_asks_nothing(opened: Opened, script: SettingsScript) -> None:
    """Nothing of theirs is in what is about to be saved; a save of one's own elsewhere is no reason to ask either."""
    page = opened()
    accounts = page.edit("Accounts and products")
    page.choose("Default sales account", "210 Services", accounts)
    due = page.edit("Due date")
    due.get_by_role("radio", name="The customer’s payment terms in Xero").check()
    page.button("Save due date").click()
    expect(page.button("Edit Due date")).to_be_visible()
    script.somebody_saves(products="without")
    page.button("Refresh lists from Xero").click()
    expect(page.button("Refresh lists from Xero")).not_to_have_attribute("aria-disabled", "true")
    page.button("Save accounts").click()
    expect(page.section("Accounts and products")).to_contain_text("Sales go to 210 Services.")
    assert script.kept["products"] == "without"


def test_a_save_of_all_suggestions_that_does_not_go_says_why(opened: Opened, script: SettingsScript) -> None:
    """It failed without a word: whoever pressed it believed everything was saved."""
    script.kept = answers.with_organisation()
    page = opened()
    script.away = True
    page.button("Save all suggestions").click()
    told = page.frame.locator(".slot-nav").get_by_role("alert")
    expect(told).to_contain_text("What you typed is kept")
    script.away = False
    script.refuse = {"PUT /settings": (409, "zoho_disconnected")}
    page.button("Save all suggestions").click()
    expect(told).to_contain_text("The server said zoho_disconnected.")
    script.refuse = {}
    page.button("Save all suggestions").click()
    expect(page.frame.get_by_role("heading", name="Who may")).to_be_focused()
    expect(told).to_have_count(0)


def test_all_suggestions_over_what_another_saved_are_compared_where_they_meet(
    opened: Opened, script: SettingsScript
) -> None:
    """Nothing was said, and the next save of that section wrote over what the other had just chosen."""
    script.kept = answers.with_organisation()
    page = opened()
    theirs = {"Created": "SUBMITTED"}
    script.before_save.append(lambda: script.somebody_saves(statuses=theirs))
    page.button("Save all suggestions").click()
    status = page.section("Invoice status")
    expect(status).to_contain_text("Sam Okafor saved this section 2 minutes ago, while you had it open.")
    page.button("Save statuses").click()
    expect(status.get_by_role("row", name="Created")).to_contain_text("Awaiting Approval")
    assert len(script.saves()) == 1
    page.button("Save all suggestions").click()
    expect(page.section("Start and numbers")).to_contain_text("number from “Invoice Number”")
    assert script.kept["statuses"] == theirs
    assert "statuses" not in script.saves()[-1]
    expect(status.get_by_role("alert")).to_contain_text("Sam Okafor")
    page.button("Take theirs", status).click()
    expect(page.button("Take theirs")).to_have_count(0)


def test_a_refusal_stands_at_its_field_and_keeps_every_entry(opened: Opened, script: SettingsScript) -> None:
    """422 names fields; what was typed is still there, and goes with the next save."""
    page = opened()
    rounding = page.edit("Rounding and rates")
    limit = rounding.get_by_label("Largest difference that becomes a line")
    limit.fill("500")
    script.not_valid = {"rounding_limit": "must be between 0 and 1"}
    page.button("Save rounding").click()
    expect(rounding.get_by_role("alert")).to_contain_text("Some fields are not right.")
    expect(limit).to_have_value("500")
    expect(limit).to_have_accessible_description(
        "must be between 0 and 1 0.05 is usual. With 0 every difference is blocked."
    )
    limit.fill("0.10")
    page.button("Save rounding").click()
    expect(page.section("Rounding and rates")).to_contain_text("Up to 0.10 becomes a line")
    assert script.saves()[-1] == {"rounding_limit": "0.10"}


def test_a_refused_tax_is_marked_in_its_row(opened: Opened, script: SettingsScript) -> None:
    """The place counts: taxes.1 is the second rule."""
    page = opened()
    taxes = page.edit("Taxes")
    page.choose("Xero tax rate for GST free", "GST Free Exports, 0%", taxes)
    script.not_valid = {"taxes.1.tax_type": "Harbour & Pine Pty Ltd has no such tax rate for sales"}
    page.button("Save taxes").click()
    row = taxes.get_by_role("row").filter(has_text="GST free")
    expect(row).to_contain_text("has no such tax rate for sales")
    expect(page.combo("Xero tax rate for GST free")).to_have_attribute("aria-invalid", "true")


def test_a_save_that_does_not_arrive_loses_nothing(opened: Opened, script: SettingsScript) -> None:
    """The page says so, and the same press works once the server is back."""
    page = opened()
    due = page.edit("Due date")
    due.get_by_role("radio", name="The invoice date, and so many days").check()
    due.get_by_label("Days", exact=True).fill("21")
    script.away = True
    page.button("Save due date").click()
    expect(due.get_by_role("alert")).to_contain_text("What you typed is kept")
    expect(due.get_by_label("Days", exact=True)).to_have_value("21")
    script.away = False
    page.button("Save due date").click()
    expect(page.section("Due date")).to_contain_text("21 days after the invoice date.")
    assert script.kept["due"] == {"from": "days", "days": 21}


def test_leaving_with_unsaved_changes_asks(opened: Opened) -> None:
    """Also while the caret is still in the field; after a discard nobody is asked."""
    page = opened()
    asked: list[str] = []
    page.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    rounding = page.edit("Rounding and rates")
    rounding.get_by_label("Largest difference that becomes a line").press_sequentially("1")
    page.page.evaluate("location.hash = ''; location.reload()")
    page.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    page.button("Discard", rounding).click()
    expect(page.section("Rounding and rates")).to_contain_text("Up to 0.05 becomes a line")
    page.page.reload()
    assert asked == ["beforeunload"]


def test_nothing_is_saved_while_something_is_missing(opened: Opened, script: SettingsScript) -> None:
    """An organisation must be chosen where several can be."""
    rest = [{**each, "taken": False} for each in answers.CHOICES["organisations"]]
    script.kept = answers.settings(choices={**answers.CHOICES, "organisations": rest})
    page = opened()
    page.button("Save and go on").click()
    expect(page.section("Xero organisation")).to_contain_text("Choose an organisation.")
    assert script.saves() == []
    page.choose("Organisation", "Pine Demo Company", page.section("Xero organisation"))
    page.button("Save and go on").click()
    expect(page.frame.get_by_role("heading", name="Start and numbers")).to_be_focused()
    assert script.saves() == [{"organisation": rest[1]["id"]}]


def test_another_organisation_is_asked_about_with_its_counts(opened: Opened, script: SettingsScript) -> None:
    """Nothing is saved by the first press; staying leaves everything, meaning it goes through."""
    page = opened()
    organisation = page.edit("Xero organisation")
    page.choose("Organisation", "Pine Demo Company", organisation)
    page.button("Save organisation").click()
    expect(page.frame.get_by_role("heading", name="Change to it?")).to_be_focused()
    expect(organisation).to_contain_text("12 invoices and 3 customers are tied to Harbour & Pine Pty Ltd.")
    assert page.filled() == []
    page.button("Stay").click()
    expect(page.button("Save organisation")).to_be_focused()
    assert script.kept["organisation"] == answers.ORGANISATION
    page.button("Save organisation").click()
    page.button("Change organisation").click()
    expect(page.section("Xero organisation")).to_contain_text("Pine Demo Company")
    demo = answers.CHOICES["organisations"][1]["id"]
    assert script.saves()[-1] == {"organisation": demo, "organisation_confirmed": True}


def test_a_sign_in_that_ends_meanwhile_costs_one_click_and_no_entry(opened: Opened, script: SettingsScript) -> None:
    """What was typed is still there after the sign-in, and is saved by the same press."""
    page = opened()
    accounts = page.edit("Accounts and products")
    page.choose("Default sales account", "210 Services", accounts)
    script.sign_everybody_out()
    page.button("Save accounts").click()
    page.button("Sign in with Zoho").click()
    expect(page.combo("Default sales account", accounts)).to_have_value("210 Services")
    page.button("Save accounts").click()
    expect(page.section("Accounts and products")).to_contain_text("Sales go to 210 Services.")
    assert script.kept["account"] == "210"
