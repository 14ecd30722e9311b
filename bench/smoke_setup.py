"""Can a stranger set it up? From a fresh company's empty settings page to a pushed invoice, every press counted."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from playwright.sync_api import FrameLocator, Locator, Page, expect, sync_playwright

from bench import chromium
from bench.smoke import BUILD, PATIENCE_MS, Pictures
from simulator.stack.fresh_company import NAME, Company, make
from simulator.stack.ports import any_free
from simulator.stack.whole import Stack

Doc = dict[str, Any]
MOST_CLICKS, MOST_SEARCHES = 15, 1


def main() -> int:
    """Run it, write build/smoke-setup.json and the pictures, and say on the last line how it went."""
    shutil.rmtree(BUILD / "smoke-setup-state", ignore_errors=True)
    shutil.rmtree(BUILD / "smoke-setup", ignore_errors=True)
    (BUILD / "smoke-setup").mkdir(parents=True)
    with Stack(BUILD / "smoke-setup-state", any_free()) as stack:
        result = _in_a_browser(stack, make(stack.zoho, stack.xero))
    (BUILD / "smoke-setup.json").write_text(json.dumps(result, indent=2) + "\n")
    wrong = complaints(result)
    if wrong:
        print(f"smoke-setup: failed: {'; '.join(wrong)}")
        return 1
    print(f"smoke-setup: ok clicks={result['clicks']} seconds={result['seconds']:.0f}")
    return 0


def complaints(result: Doc) -> list[str]:
    """What speaks against it, the simulator's own store included."""
    found = []
    if result["clicks"] > MOST_CLICKS or result["searches"] > MOST_SEARCHES:
        found.append(f"{result['clicks']} clicks and {result['searches']} searches")
    if result["invoices_in_xero"] != 1:
        found.append(f"the invoice is in Xero {result['invoices_in_xero']} times")
    return found


def _in_a_browser(stack: Stack, company: Company) -> Doc:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium.make_sure()))
        context = browser.new_context(viewport={"width": 1400, "height": 1100}, locale="en-AU")
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        try:
            return Stranger(stack, company, context.new_page(), Pictures(BUILD / "smoke-setup")).run()
        finally:
            context.close()
            browser.close()


@dataclass
class Stranger:
    """An administrator who has read nothing. Every press is counted, and every word typed into a search."""

    stack: Stack
    company: Company
    page: Page
    pictures: Pictures
    clicks: int = field(default=0)
    searches: int = field(default=0)

    def run(self) -> Doc:
        self.page.goto(f"{self.stack.zoho}/crm/{self.company.domain}/tab/InvoiceBridge")
        expect(self._button("Sign in with Zoho")).to_be_visible()
        self.pictures.take(self.page, "empty-settings-page")
        began = time.monotonic()
        self._through_a_window("Sign in with Zoho")
        self._through_a_window("Connect Zoho CRM")
        self._through_a_window("Connect Xero", xero=True)
        expect(self._button("Save all suggestions")).to_be_visible()
        self.pictures.take(self.page, "suggestions")
        self._press(self._button("Save all suggestions"))
        expect(self._button("Save all suggestions")).to_have_count(0)
        self.pictures.take(self.page, "saved")
        self._press(self._button("Save and go on"))
        expect(self._settings.get_by_text("The totals agree to the cent").first).to_be_visible()
        self.pictures.take(self.page, "three-invoices")
        self._press(self._button("Go live"))
        expect(self._settings.get_by_text(re.compile("Live since"))).to_be_visible()
        self.pictures.take(self.page, "live")
        self._push()
        seconds = time.monotonic() - began
        counted = {"clicks": self.clicks, "searches": self.searches, "seconds": seconds}
        return counted | {"invoices_in_xero": self._arrived()}

    @property
    def _settings(self) -> FrameLocator:
        return self.page.frame_locator("iframe[src*='settings.html']")

    @property
    def _panel(self) -> FrameLocator:
        return self.page.frame_locator("iframe[src*='/widget/panel.html']")

    def _button(self, name: str) -> Locator:
        return self._settings.get_by_role("button", name=name, exact=True).first

    def _press(self, where: Locator) -> None:
        where.click()
        self.clicks += 1

    def _through_a_window(self, name: str, *, xero: bool = False) -> None:
        """Open the small window, allow, and be back."""
        with self.page.expect_popup() as opened:
            self._press(self._button(name))
        window = opened.value
        allow = window.get_by_role("button", name=re.compile("^Allow"))
        onwards = window.get_by_role("link", name=re.compile("^Go on"))
        expect(allow.or_(onwards).first).to_be_visible()
        if onwards.count():
            self._press(onwards)
            expect(allow.first).to_be_visible()
        if xero:
            self._choose_the_books(window)
        self.pictures.take(window, f"allow-{name}".replace(" ", "-"))
        with window.expect_event("close"):
            self._press(allow.first)

    def _choose_the_books(self, window: Page) -> None:
        """Whose books they are is known to whoever signs in at Xero: the person, and the organisation."""
        ours = window.locator("fieldset:has(input[type=radio])", has_text=NAME)
        self._press(ours.get_by_role("radio").first)
        self._press(window.get_by_label(NAME))

    def _push(self) -> None:
        self._press(self.page.get_by_role("link", name="Invoices").first)
        self._press(self.page.get_by_role("link", name=self.company.invoice).first)
        push, sign_in = (self._panel.get_by_role("button", name=name) for name in ("Push to Xero", "Sign in with Zoho"))
        expect(push.or_(sign_in).first).to_be_visible()
        if sign_in.count():  # where the browser gives a frame no storage, each page asks once; Zoho remembers its yes
            self._press(sign_in)
        self._press(push)
        expect(self._panel.get_by_role("heading", name="Draft in Xero")).to_be_visible()
        self.pictures.take(self.page, "in-Xero")

    def _arrived(self) -> int:
        query = {"organisation": self.company.organisation}
        answer = requests.get(f"{self.stack.xero}/_control/invoices", params=query, timeout=30)
        return len(answer.json()["invoices"])


if __name__ == "__main__":
    sys.exit(main())
