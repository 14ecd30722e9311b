"""Does the settings page list who is linked to whom, and can that be changed and undone there? Over the real stack."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.flow.scenes import contacts, invoice
from tests.panel.panel_page import PATIENCE
from tests.settings_page.test_in_crm import FRAME
from tests.tenants import Tenant

pytestmark = pytest.mark.browser
NAMES = ("Brightwater Dental", "Müller Küchen", "Elm Street Studio")


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("SETTINGS_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"{name}.png")


def linked(home: Tenant) -> dict[str, str]:
    """Three customers whom a push has linked: name -> record id."""
    made = {name: home.add("Accounts", {"Account_Name": name}) for name in NAMES}
    home.run("push", *[invoice(home, each) for each in made.values()])
    return made


def open_section(page: Page, home: Tenant) -> Any:
    page.goto(f"{home.stack.zoho}/crm/{home.domain}/tab/InvoiceBridge")
    inside = page.frame_locator(FRAME)
    with page.expect_popup() as opened:
        inside.get_by_role("button", name="Sign in with Zoho").click(timeout=PATIENCE)
    if not opened.value.is_closed():
        opened.value.wait_for_event("close", timeout=PATIENCE)
    inside.get_by_role("button", name="Show Customer links").click(timeout=PATIENCE)
    section = inside.get_by_role("region", name="Customer links")
    expect(section.get_by_text("3 customers in all")).to_be_visible(timeout=PATIENCE)
    return section


def test_links_are_listed_searched_changed_and_undone(page: Page, tenant: Callable[..., Tenant]) -> None:
    """Another contact, with what speaks for it; none, after a question; and the history says what it was."""
    home = tenant()
    made = linked(home)
    page.set_viewport_size({"width": 1280, "height": 1000})
    section = open_section(page, home)
    picture(page, "links-list")
    one = section.locator(f"[data-customer='{made['Müller Küchen']}']")
    expect(one.get_by_text("Müller Küchen in Xero")).to_be_visible()

    section.get_by_label("Search by name in CRM").fill("KÜCH")
    section.get_by_label("Search by name in CRM").press("Enter")
    expect(section.locator(".linked-one")).to_have_count(1)

    one.get_by_role("button", name="Unlink").click()
    expect(one.get_by_role("heading", name="Unlink Müller Küchen from Müller Küchen?")).to_be_focused()
    picture(page, "links-unlink")
    one.get_by_role("button", name="Keep it").click()
    expect(one.get_by_role("heading", name="Unlink")).to_have_count(0)
    one.get_by_role("button", name="Unlink").click()
    one.get_by_role("button", name="Unlink", exact=True).last.click()
    expect(one.get_by_text("Not linked.")).to_be_visible(timeout=PATIENCE)

    one.get_by_role("button", name="Change").click()
    expect(one.get_by_role("button", name="Use Müller Küchen")).to_be_visible(timeout=PATIENCE)
    search = one.get_by_label("Another contact, by name")
    search.fill("brightwater")
    search.press("Enter")
    expect(one.get_by_text("Belongs to Brightwater Dental in CRM")).to_be_visible(timeout=PATIENCE)
    expect(search).to_be_focused()
    picture(page, "links-search")
    search.fill("küchen")
    search.press("Enter")
    one.get_by_role("button", name="Use Müller Küchen").click(timeout=PATIENCE)
    expect(one.get_by_text("Müller Küchen in Xero")).to_be_visible(timeout=PATIENCE)
    one.get_by_role("button", name="History").click()
    expect(one.get_by_text("no contact → Müller Küchen")).to_be_visible()
    expect(one.get_by_text("Müller Küchen → no contact")).to_be_visible()
    expect(one.get_by_text("Robin Ashe").first).to_be_visible(timeout=PATIENCE)
    picture(page, "links-history")
    assert len(contacts(home)) == len(NAMES), "nothing is written to Xero by that"


def test_the_list_reads_in_the_dark_and_has_no_violations(browser: Browser, tenant: Callable[..., Tenant]) -> None:
    home = tenant()
    linked(home)
    context = browser.new_context(locale="en-AU", viewport={"width": 1280, "height": 900}, color_scheme="dark")
    try:
        page = context.new_page()
        section = open_section(page, home)
        section.get_by_role("button", name="Change").first.click()
        expect(section.get_by_text("From now on only")).to_be_visible(timeout=PATIENCE)
        picture(page, "links-dark")
        frame = next(each for each in page.frames if "/widget/settings.html" in each.url)
        frame.evaluate(Axe().axe_script)
        found = frame.evaluate("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
        assert [one["id"] for one in found] == []
    finally:
        context.close()
