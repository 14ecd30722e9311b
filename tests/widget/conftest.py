"""What do the widget's own tests share? The scripted server, and a page that opens a widget inside the host page.

Chromium may keep storage from frames of other sites, or let them have it: a preference of the profile says which.
Most tests let them; `private_page` does not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Frame, Page, expect

from tests.widget.mock_server import MockServer, Script

Opened = Callable[..., Frame]
WINDOW = {"locale": "en-AU", "timezone_id": "Australia/Sydney"}


@pytest.fixture(scope="session")
def mock_server() -> Iterator[MockServer]:
    server = MockServer()
    yield server
    server.close()


@pytest.fixture
def script(mock_server: MockServer) -> Script:
    """A fresh script, which the test may change before and while a page is open."""
    mock_server.script = Script()
    return mock_server.script


def let_frames_keep(folder: Path) -> None:
    """A profile whose frames of other sites may keep things."""
    (folder / "Default").mkdir()
    (folder / "Default" / "Preferences").write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}))


@pytest.fixture(scope="session")
def ordinary_window(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    folder = tmp_path_factory.mktemp("browser")
    let_frames_keep(folder)
    window = browser_type.launch_persistent_context(folder, **browser_type_launch_args, **WINDOW)
    yield window
    window.close()


@pytest.fixture
def page(ordinary_window: BrowserContext) -> Iterator[Page]:
    made = ordinary_window.new_page()
    troubles: list[str] = []
    made.on("pageerror", lambda error: troubles.append(str(error)))
    yield made
    made.close()
    assert troubles == []


@pytest.fixture
def private_page(browser: Browser) -> Iterator[Page]:
    """A browser that keeps nothing for frames of other sites: storage and locks throw there."""
    window = browser.new_context(**WINDOW)
    yield window.new_page()
    window.close()


@pytest.fixture
def timed_page(private_page: Page) -> Page:
    """A page whose clock the test may put forward, instead of waiting: `page.clock.fast_forward(milliseconds)`."""
    private_page.clock.install()
    return private_page


@pytest.fixture
def opened(mock_server: MockServer, script: Script, page: Page) -> Opened:
    """Opens the panel or the popup in the host page and gives its frame; `signed_in` as a sign-in long done."""

    def open_it(name: str = "panel", *, width: int = 720, signed_in: bool = True, on: Page | None = None) -> Frame:
        window = on or page
        window.set_viewport_size({"width": width, "height": 900})
        remember_sign_in(mock_server, script, window, signed_in=signed_in)
        window.goto(f"{mock_server.crm}/crm/{name}")
        return frame_of(window, name)

    return open_it


def frame_of(page: Page, name: str) -> Frame:
    """The widget's frame, once it has drawn something."""
    page.wait_for_function("document.querySelector('iframe')?.src !== ''")
    for _ in range(200):
        found = [frame for frame in page.frames if f"/widget/{name}.html" in frame.url]
        if found:
            expect(found[0].locator("main[data-state]")).to_be_attached()
            return found[0]
        page.wait_for_timeout(10)
    raise AssertionError("the widget was not loaded")


def remember_sign_in(server: MockServer, script: Script, page: Page, *, signed_in: bool = True) -> None:
    """Leaves a renewal handle where the widget looks for one, or nothing, when its frame loads for the first time."""
    script.renewals.add("kept-renewal")
    key = f"invoicebridge.renewal.{script.user['id']}"
    put = f"localStorage.setItem('{key}', 'kept-renewal');" if signed_in else ""
    once = (
        f"if (!sessionStorage.getItem('begun')) {{ sessionStorage.setItem('begun', '1'); localStorage.clear(); {put} }}"
    )
    page.add_init_script(
        f"if (location.host === 'localhost:{server.port}' && !window.opener) try {{ {once} }} catch {{ }}"
    )
