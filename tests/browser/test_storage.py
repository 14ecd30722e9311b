"""How often must a person sign in? Once for ten records where frames may store; once a page where they may not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType, Page, expect

from bench import chromium
from tests.tenants import Tenant

pytestmark = pytest.mark.browser

# Chromium's own setting, as a person would change it: 0 lets third-party frames store, 1 does not.
BLOCKED, ALLOWED = 1, 0


@contextmanager
def browser_with(browser_type: BrowserType, folder: Path, cookie_controls: int) -> Iterator[Page]:
    """A browser of one's own profile, in which third-party storage is allowed or blocked."""
    (folder / "Default").mkdir(parents=True)
    chosen = {"profile": {"cookie_controls_mode": cookie_controls, "block_third_party_cookies": bool(cookie_controls)}}
    (folder / "Default" / "Preferences").write_text(json.dumps(chosen), encoding="utf-8")
    context = browser_type.launch_persistent_context(str(folder), executable_path=str(chromium.make_sure()))
    try:
        yield context.pages[0]
    finally:
        context.close()


def ten_records(tenant: Tenant) -> list[str]:
    account = tenant.add("Accounts", {"Account_Name": "Müller Küchen GmbH"})
    return [tenant.add("Invoices", {"Subject": f"No {n}", "Account_Name": {"id": account}}) for n in range(10)]


def look_at(page: Page, tenant: Tenant, record_id: str) -> None:
    page.goto(f"{tenant.stack.zoho}/crm/{tenant.domain}/tab/Invoices/{record_id}")


def sign_in(page: Page) -> None:
    with page.expect_popup() as opened:
        page.frame_locator("#xero-panel-frame").get_by_role("button", name="Sign in with Zoho").click()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close", timeout=40_000)


def become_administrator(page: Page, tenant: Tenant) -> None:
    """Who is signed in to CRM in this browser; the consent was given when the tenant was made."""
    page.goto(f"{tenant.stack.zoho}/crm/{tenant.domain}/tab/Invoices")
    with page.expect_navigation():
        page.get_by_label("Signed in as").select_option(tenant.administrator["id"])


def test_one_sign_in_is_enough_for_ten_records(
    browser_type: BrowserType, tenant: Callable[..., Tenant], tmp_path: Path
) -> None:
    """Where third-party frames may store, the renewal handle carries the sign-in from record to record."""
    made = tenant()
    records = ten_records(made)
    with browser_with(browser_type, tmp_path / "profile", ALLOWED) as page:
        become_administrator(page, made)
        look_at(page, made, records[0])
        sign_in(page)
        # The window closes before the panel took what it brought; whoever leaves within that instant signs in again.
        signed_in = page.frame_locator("#xero-panel-frame").get_by_role("button", name="Check again")
        expect(signed_in).to_be_visible(timeout=20_000)
        for record_id in records:
            look_at(page, made, record_id)
            panel = page.frame_locator("#xero-panel-frame")
            expect(panel.get_by_role("button", name="Check again")).to_be_visible(timeout=20_000)
            expect(panel.get_by_role("button", name="Sign in with Zoho")).to_have_count(0)


def test_without_storage_each_page_costs_one_click(
    browser_type: BrowserType, tenant: Callable[..., Tenant], tmp_path: Path
) -> None:
    """Where frames get no storage, looking works unsigned on every page, and one click signs in there."""
    made = tenant()
    records = ten_records(made)[:2]
    with browser_with(browser_type, tmp_path / "profile", BLOCKED) as page:
        become_administrator(page, made)
        for record_id in records:
            look_at(page, made, record_id)
            panel = page.frame_locator("#xero-panel-frame")
            expect(panel.get_by_text("Müller Küchen GmbH")).to_be_visible(timeout=20_000)
            sign_in(page)
            expect(panel.get_by_role("button", name="Check again")).to_be_visible(timeout=20_000)
