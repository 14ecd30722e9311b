"""Does the page work in narrow frames, in the dark, by keyboard and for screen readers?"""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.settings_page import answers
from tests.settings_page.conftest import Opened, Settings
from tests.settings_page.scripted import SettingsScript

SECTIONS = [
    "Connections",
    "Xero organisation",
    "Start and numbers",
    "Accounts and products",
    "Taxes",
    "Invoice status",
    "Tax handling",
    "Customers",
    "Tracking and themes",
    "Due date",
    "Rounding and rates",
    "Who may",
    "Preview",
    "Go live",
    "Data and privacy",
]


def violations(page: Settings) -> list[tuple[str, list[str]]]:
    found = Axe().run(page.frame).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def open_all(page: Settings) -> None:
    """Every section with its controls."""
    while page.button(re.compile("^(Edit|Show) ")).count():
        page.button(re.compile("^(Edit|Show) ")).first.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_open_has_names_and_contrast(opened: Opened, script: SettingsScript, scheme: str) -> None:
    """By axe, with suggestions, a missing status, a try and the open controls of every section in sight."""
    script.kept = answers.ready(statuses=answers.SUGGESTED["statuses"], crm={**answers.CRM, "read_at": None})
    page = opened(scheme=scheme)
    open_all(page)
    page.button("Try it").click()
    expect(page.frame.get_by_role("heading", name="Would be created as Draft")).to_be_visible()
    assert violations(page) == []
    assert len(page.filled()) <= 1
    page.picture(f"all-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_frame_shows_one_section_at_a_time(opened: Opened, script: SettingsScript, scheme: str) -> None:
    """320 px: a drop-down leads to the sections, none of which is wider than the frame."""
    script.kept = answers.ready(statuses=answers.SUGGESTED["statuses"], crm={**answers.CRM, "read_at": None})
    page = opened(width=320, scheme=scheme)
    for name in SECTIONS:
        page.choose("Section", re.compile(f"^{name}"))
        expect(page.frame.get_by_role("heading", name=name, exact=True)).to_be_focused()
        assert page.frame.locator(".card:visible").count() == 1
        if page.button(re.compile("^(Edit|Show) ")).count():
            page.button(re.compile("^(Edit|Show) ")).first.click()
        assert page.sideways() == 0, name
        page.picture(f"narrow-{scheme}-{name}")
    page.button("Try it").click()
    expect(page.frame.get_by_role("heading", name="Would be created as Draft")).to_be_visible()
    assert page.sideways() == 0
    page.picture(f"narrow-{scheme}-tried")


def test_in_between_try_it_stands_below(opened: Opened) -> None:
    """Under 1100 px it is below the sections, above them never."""
    page = opened(width=1000)
    last = page.section("Go live").bounding_box()
    side = page.frame.get_by_role("complementary", name="Try it").bounding_box()
    assert last
    assert side
    assert side["y"] > last["y"]
    assert page.sideways() == 0
    page.picture("between")


def test_the_section_in_the_address_bar_of_the_eye_follows_the_keyboard(opened: Opened) -> None:
    """From the navigation a press leads to the section's heading; the entry says that it is the present one."""
    page = opened()
    entry = page.frame.get_by_role("navigation", name="Sections").get_by_role("button", name=re.compile("^Customers"))
    entry.focus()
    page.page.keyboard.press("Enter")
    expect(page.frame.get_by_role("heading", name="Customers")).to_be_focused()
    expect(entry).to_have_attribute("aria-current", "true")
    page.page.keyboard.press("Tab")
    expect(page.button("Edit Customers")).to_be_focused()
    page.page.keyboard.press("Enter")
    expect(page.frame.get_by_role("heading", name="Customers")).to_be_focused()
