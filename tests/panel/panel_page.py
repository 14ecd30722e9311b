"""How does a person use the panel? By the roles and names of what stands in its frame on the CRM page."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Frame, FrameLocator, Locator, Page, expect

from tests.tenants import Tenant
from tests.widget.seen import at_rest

PATIENCE = 40_000
FRAME = "iframe[src*='/widget/panel.html']"
LOOKS = [(1040, "light"), (1040, "dark"), (320, "light"), (320, "dark")]


@dataclass
class Panel:
    """The panel of one record, in the CRM page that `page` shows."""

    page: Page
    tenant: Tenant

    def open(self, record_id: str, user: dict[str, Any] | None = None) -> None:
        """The record's CRM page, as this CRM user (else the administrator)."""
        address = f"{self.tenant.stack.zoho}/crm/{self.tenant.domain}/tab/Invoices/{record_id}"
        self.page.goto(address)
        if user is not None:
            with self.page.expect_navigation():
                self.page.get_by_label("Signed in as").select_option(value=user["id"])
            self.page.goto(address)

    @property
    def inside(self) -> FrameLocator:
        return self.page.frame_locator(FRAME)

    @property
    def frame(self) -> Frame:
        """The frame itself, for what a locator can't ask."""
        handle = self.page.locator(FRAME).element_handle()
        frame = handle.content_frame() if handle else None
        assert frame is not None
        return frame

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.inside.get_by_role("button", name=name, exact=isinstance(name, str))

    def press(self, target: Locator) -> None:
        """A click on what has come to rest: while CRM gives the frame another height, one inside it may get lost."""
        expect(target).to_be_visible(timeout=PATIENCE)
        self.rest()
        target.click(timeout=PATIENCE)

    def rest(self) -> None:
        """Wait until CRM leaves the frame as it is."""
        at_rest(self.frame)

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        return self.inside.get_by_role("heading", name=name)

    def says(self, headline: str | re.Pattern[str]) -> None:
        """Wait until this is the headline."""
        expect(self.inside.get_by_role("heading", level=1)).to_have_text(headline, timeout=PATIENCE)

    def shows(self, text: str | re.Pattern[str]) -> None:
        """Wait until this stands somewhere in the panel."""
        expect(self.inside.get_by_role("main")).to_contain_text(text, timeout=PATIENCE)

    def sign_in(self) -> None:
        """One click; where Zoho asks whether that is all right, it is. The window closes by itself."""
        with self.page.expect_popup() as opened:
            self.press(self.button("Sign in with Zoho"))
        _allow(opened.value)
        expect(self.heading(re.compile("sign", re.IGNORECASE))).to_be_hidden(timeout=PATIENCE)
        assert opened.value.is_closed() or opened.value.wait_for_event("close", timeout=PATIENCE)

    def ready(self, record_id: str, user: dict[str, Any] | None = None) -> None:
        """Open, sign in, and wait for the check that the panel makes by itself."""
        self.open(record_id, user)
        self.sign_in()
        expect(self.button("Push to Xero")).to_be_visible(timeout=PATIENCE)

    def in_keyboard_focus(self) -> str:
        """The words of what has the focus in the panel."""
        return str(
            self.frame.evaluate("document.activeElement === document.body ? '' : document.activeElement.innerText")
        )

    def violations(self) -> list[tuple[str, list[str]]]:
        """What axe finds in the panel's own document."""
        found = Axe().run(self.frame).response["violations"]
        return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]

    def sideways(self) -> int:
        """By how many pixels something is wider than the frame."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.frame.evaluate(wide))

    def picture(self, name: str) -> None:
        """Pictures wide and narrow, light and dark, where PANEL_PICTURES names a folder."""
        folder = os.environ.get("PANEL_PICTURES")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for width, scheme in LOOKS:
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            self.page.set_viewport_size({"width": width, "height": 1200})
            self.page.locator(FRAME).scroll_into_view_if_needed()
            self.page.wait_for_timeout(300)
            self.page.locator(FRAME).screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
        self.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        self.page.set_viewport_size({"width": 1040, "height": 1200})


def _allow(window: Page) -> None:
    """Zoho asks only somebody who has not allowed it before; else the window is gone before it can be looked at."""
    try:
        window.get_by_role("button", name="Allow").click(timeout=PATIENCE)
    except Error:
        if not window.is_closed():
            raise
