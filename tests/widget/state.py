"""What is a state in these tests? What is known, what must then be seen, and that everybody can see it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import MIA, Doc
from tests.widget.seen import has_buttons, violations


@dataclass(frozen=True)
class State:
    """What is known, and what must be seen."""

    name: str
    headline: str
    make: Callable[[], Doc]
    buttons: list[str] = field(default_factory=list)
    says: tuple[str, ...] = ()
    viewer: Doc = field(default_factory=lambda: MIA)
    play: Callable[[], dict[str, list[Doc]]] = dict


def is_whole(script: Script, opened: Opened, page: Page, state: State, name: str = "panel") -> None:
    """Its words and buttons, at most one of them filled; no barrier, light and dark, wide and narrow."""
    script.user, script.record, script.play = state.viewer, state.make(), state.play()
    frame = opened(name)
    expect(frame.get_by_role("status")).to_contain_text(state.headline)
    for words in state.says:
        expect(frame.locator("main")).to_contain_text(words)
    has_buttons(frame, state.buttons)
    assert frame.locator(".button.filled").count() <= 1
    for width, scheme in ((720, "light"), (720, "dark"), (320, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        if (width, scheme) in ((720, "light"), (320, "dark")):  # colours and shapes: one of each is enough
            assert violations(frame) == []
            assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        picture(page, f"{name} {state.name} {width} {scheme}")


def picture(page: Page, name: str) -> None:
    """A picture of the page, where WIDGET_PICTURES names a folder."""
    folder = os.environ.get("WIDGET_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(200)
        page.locator("iframe").screenshot(path=Path(folder) / f"{name.replace(' ', '-')}.png")
