"""How do the tests look at a widget? By what a person sees and hears: headlines, buttons, facts; and axe's rules."""

from __future__ import annotations

import time
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Locator, expect

from tests.widget.mock_server import Script

_axe = Axe()


def headline(frame: Frame, text: str) -> None:
    """The headline stands in the one live region that speaks changes of state."""
    expect(frame.get_by_role("status")).to_have_text(text)


def button(frame: Frame, name: str) -> Locator:
    return frame.get_by_role("button", name=name, exact=True)


def press(frame: Frame, name: str) -> None:
    """A click as a person's: on what has come to rest. While CRM gives the frame another height, the browser may take a
    click inside it for one on the page beneath, and it is lost."""
    expect(button(frame, name)).to_be_visible()
    at_rest(frame)
    button(frame, name).click()


def at_rest(frame: Frame) -> None:
    """Until the frame is as high as its page wants it, and has been so for a moment."""
    wanted = "(() => { const s = getComputedStyle(document.body); return document.querySelector('main')"
    wanted += ".getBoundingClientRect().height + parseFloat(s.paddingTop) + parseFloat(s.paddingBottom) })()"
    quiet, before = 0, None
    for _ in range(400):
        now = frame.evaluate(f"[innerHeight, innerWidth, Math.abs(innerHeight - {wanted}) < 2]")
        quiet = quiet + 1 if now == before and now[2] else 0
        if quiet == 2:
            return
        before = now
        frame.page.wait_for_timeout(25)
    raise AssertionError(f"the frame does not come to rest: {before}")


def buttons(frame: Frame) -> list[str]:
    """All buttons and button-like links, as read aloud."""
    texts = frame.locator(".button").evaluate_all(
        "all => all.map(e => e.ariaLabel ?? e.querySelector('span').textContent)"
    )
    return [str(text) for text in texts]


def has_buttons(frame: Frame, wanted: list[str]) -> None:
    """They are these, as soon as the page has drawn all that it knows."""
    until = time.monotonic() + 15
    while (found := buttons(frame)) != wanted:
        assert time.monotonic() < until, f"{found} are there, not {wanted}"
        frame.page.wait_for_timeout(25)


def facts(frame: Frame) -> dict[str, str]:
    """Label -> value of the figures."""
    value = "(e.querySelector('.value > span') ?? e.querySelector('.value')).textContent"
    return dict(
        frame.locator(".fact").evaluate_all(f"all => all.map(e => [e.querySelector('dt').textContent, {value}])")
    )


def violations(frame: Frame) -> list[str]:
    """What axe finds wrong inside the frame, as rule ids with the first element."""
    found: list[dict[str, Any]] = _axe.run(frame).response["violations"]  # type: ignore[arg-type]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def crm_action(script: Script, kind: str) -> str | None:
    """The first action of that kind that the widget asks of the CRM page: record, popup."""
    for _ in range(150):
        actions = [one["action"] for one in script.asked if isinstance(one.get("action"), dict)]
        found = [action[kind] for action in actions if kind in action]
        if found:
            return str(found[0])
        time.sleep(0.02)
    return None


def sign_in(frame: Frame) -> None:
    """The one click, with its window."""
    with frame.page.expect_popup():
        press(frame, "Sign in with Zoho")
