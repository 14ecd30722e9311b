"""What do the tests of the settings page share? Their scripted server, and the page inside a page that plays CRM."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.settings_page.scripted import SettingsScript, SettingsServer
from tests.widget.conftest import frame_of, ordinary_window, page, remember_sign_in

__all__ = ["ordinary_window", "page"]


@dataclass
class Settings:
    """The page as a person uses it: by the roles and names of what stands in it."""

    frame: Frame
    page: Page

    def section(self, name: str) -> Locator:
        return self.frame.get_by_role("region", name=name, exact=True)

    def button(self, name: str | re.Pattern[str], inside: Locator | None = None) -> Locator:
        return (inside or self.frame.locator("#settings")).get_by_role("button", name=name, exact=isinstance(name, str))

    def edit(self, name: str) -> Locator:
        """Open a folded section."""
        self.button(f"Edit {name}").click()
        return self.section(name)

    def combo(self, name: str, inside: Locator | None = None) -> Locator:
        return (inside or self.frame.locator("#settings")).get_by_role("combobox", name=name)

    def choose(self, name: str, option: str | re.Pattern[str], inside: Locator | None = None) -> None:
        self.combo(name, inside).click()
        self.frame.get_by_role("option", name=option).click()

    def filled(self) -> list[str]:
        """The names of all filled buttons in sight."""
        return [text.strip() for text in self.frame.locator(".button.filled:visible").all_inner_texts()]

    def sideways(self) -> int:
        """By how many pixels something is wider than the frame."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.frame.evaluate(wide))

    def focused(self) -> str:
        """What has the keyboard's focus: its name by our own mark."""
        return str(self.frame.evaluate("document.activeElement?.dataset.key ?? ''"))

    def picture(self, name: str) -> None:
        """A picture of the whole page where SETTINGS_PICTURES names a folder."""
        folder = os.environ.get("SETTINGS_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            tall = int(self.frame.evaluate("document.documentElement.scrollHeight"))
            size = self.page.viewport_size or {"width": 1400, "height": 900}
            self.page.set_viewport_size({"width": size["width"], "height": max(tall, 400)})
            self.page.wait_for_timeout(350)
            self.page.screenshot(path=Path(folder) / f"{name}.png")
            self.page.set_viewport_size(size)


Opened = Callable[..., Settings]


@pytest.fixture(scope="session")
def settings_server() -> Iterator[SettingsServer]:
    server = SettingsServer()
    yield server
    server.close()


@pytest.fixture
def script(settings_server: SettingsServer) -> SettingsScript:
    """A fresh script, which the test may change before and while the page is open."""
    made = SettingsScript()
    settings_server.script = made
    return made


@pytest.fixture
def opened(settings_server: SettingsServer, script: SettingsScript, page: Page) -> Opened:
    """Opens the settings in the host page; signed in unless told otherwise."""

    def open_it(*, width: int = 1400, scheme: str = "light", signed_in: bool = True) -> Settings:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        remember_sign_in(settings_server, script, page, signed_in=signed_in)
        page.goto(f"{settings_server.crm}/crm/settings")
        frame = frame_of(page, "settings")
        if signed_in:
            expect(frame.locator("#settings[data-state=ready]")).to_be_attached()
        return Settings(frame, page)

    return open_it
