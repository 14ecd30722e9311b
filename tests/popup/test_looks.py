"""Does the popup fit a narrow, a dark and a large window, and can it be used by keyboard alone?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.popup.scenes import ASKS, NEW, Popup, fits_across, invoice, no_violations, picture
from tests.tenants import Tenant

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("narrow", {"viewport": {"width": 344, "height": 900}}),
        ("narrow-dark", {"viewport": {"width": 344, "height": 900}, "color_scheme": "dark"}),
        ("dark", {"viewport": {"width": 1280, "height": 1100}, "color_scheme": "dark"}),
        ("forced-colours", {"viewport": {"width": 1280, "height": 1100}, "forced_colors": "active"}),
        ("still", {"viewport": {"width": 1280, "height": 700}, "reduced_motion": "reduce"}),
    ],
)
def test_it_fits_and_reads_in_every_look(
    browser: Browser, tenant: Callable[..., Tenant], name: str, wish: dict[str, Any]
) -> None:
    """Preview and question stand in the window without scrolling sideways, and axe finds nothing."""
    home = tenant()
    context = browser.new_context(locale="en-AU", **wish)
    try:
        p = Popup(context.new_page(), home, invoice(home)).open().sign_in()
        p.shows(NEW)
        picture(p, f"{name}-preview")
        fits_across(p)
        no_violations(p)
        p.press("Continue")
        p.shows(ASKS)
        picture(p, f"{name}-confirm")
        fits_across(p)
        no_violations(p)
    finally:
        context.close()


def test_it_is_800_wide_and_as_tall_as_what_it_shows(popup: Callable[..., Popup]) -> None:
    """The frame has the wished width, and the page inside needs no scrolling up and down."""
    p = popup()
    p.shows(NEW)
    p.page.wait_for_timeout(300)
    tall, seen, wide = p.inside().evaluate(
        "[document.documentElement.scrollHeight, window.innerHeight, window.innerWidth]"
    )
    assert tall <= seen
    assert 780 <= wide <= 800


def test_the_keyboard_is_enough(popup: Callable[..., Popup]) -> None:
    """Tab and Enter lead from the preview to the result; Esc on the question goes no further."""
    p = popup()
    p.shows(NEW)
    p.button("Continue").focus()
    p.page.keyboard.press("Enter")
    expect(p.heading(ASKS)).to_be_focused()
    for _ in range(6):
        p.page.keyboard.press("Tab")
        if p.inside().evaluate("document.activeElement.textContent.trim()") == "Push to Xero":
            break
    p.page.keyboard.press("Enter")
    p.shows("Created in Xero: INV-2041")
    assert len(p.in_xero()) == 1
