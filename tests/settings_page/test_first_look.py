"""Does the page show what is saved, what is suggested and what is still to do?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.settings_page import answers
from tests.settings_page.conftest import Opened
from tests.settings_page.scripted import SettingsScript


def test_look(opened: Opened, script: SettingsScript) -> None:
    page = opened()
    page.picture("ready")
    script.kept = answers.with_organisation()
    page = opened()
    page.picture("open")
    expect(page.section("Taxes")).to_be_visible()
