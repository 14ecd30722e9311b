"""What does the widget say when something around it is missing, slow, doubled or away?"""

from __future__ import annotations

import itertools
import time

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.widget.conftest import Opened
from tests.widget.mock_server import MockServer, Script
from tests.widget.samples import RECORD_ID, a_link, a_record, a_task
from tests.widget.seen import at_rest, button, buttons, facts, has_buttons, headline, press, sign_in, violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["panel", "popup"])
def test_outside_crm_it_says_where_it_belongs(mock_server: MockServer, script: Script, page: Page, name: str) -> None:
    """State 19: opened by its bare address. Nothing is loaded or sent."""
    page.goto(f"{mock_server.widget}/widget/{name}.html")
    expect(page.get_by_role("status")).to_have_text("Open this from Zoho CRM")
    assert violations(page.main_frame) == []
    assert script.calls == []


@pytest.mark.parametrize("name", ["panel", "popup"])
def test_a_missing_sdk_is_told_within_three_seconds(script: Script, opened: Opened, name: str) -> None:
    script.sdk = "missing"
    began = time.monotonic()
    frame = opened(name)
    expect(frame.get_by_role("status")).to_have_text("Zoho’s script did not load", timeout=3500)
    assert time.monotonic() - began < 6
    assert "Try again" in buttons(frame)
    assert violations(frame) == []


def test_a_crm_that_never_says_which_record(script: Script, opened: Opened, timed_page: Page) -> None:
    script.sdk = "silent"
    frame = opened(on=timed_page, signed_in=False)
    headline(frame, "Loading…")
    expect(frame.locator("script")).to_have_count(2)
    timed_page.wait_for_timeout(500)
    timed_page.clock.fast_forward(60_000)
    headline(frame, "CRM did not say which invoice this is")


def test_page_load_twice_is_once(script: Script, opened: Opened) -> None:
    """CRM may say it again at any time; one check, one state."""
    script.host = {"pageload": "twice"}
    frame = opened()
    expect(frame.locator("main")).to_contain_text("ready to send")
    assert [body["kind"] for body in script.bodies("/runs")] == ["preview"]


def test_ids_come_as_text_or_as_a_list(script: Script, opened: Opened) -> None:
    frame = opened("popup", width=800)
    headline(frame, "A new invoice will be created in Xero")
    assert script.bodies("/runs")[0]["record_ids"] == [RECORD_ID]


def test_a_crm_that_does_not_answer_keeps_nobody_from_signing_in(script: Script, opened: Opened) -> None:
    """No figures, no names; the button is there all the same."""
    script.host = {"answers": "fail"}
    frame = opened(signed_in=False)
    headline(frame, "Sign in to push or refresh")
    has_buttons(frame, ["Sign in with Zoho"])


def test_with_our_server_away_the_figures_stay(script: Script, opened: Opened, timed_page: Page) -> None:
    """The footer counts down, further apart each time; when it is back, all is as before."""
    script.record = a_record(link=a_link())
    frame = opened(on=timed_page, signed_in=False)
    sign_in(frame)
    headline(frame, "Awaiting payment, due in 7 days")
    script.away = True
    press(frame, "Refresh")
    expect(frame.locator(".foot-text")).to_contain_text("Can’t reach InvoiceBridge, trying again in")
    assert facts(frame)["Amount due"] == "$3,274.25"
    assert violations(frame) == []
    script.away = False
    timed_page.clock.fast_forward(60_000)
    expect(frame.locator(".foot-text")).to_contain_text("Up to date")


def test_a_push_that_got_lost_is_looked_after(script: Script, opened: Opened, timed_page: Page) -> None:
    """The connection broke in the middle: said as an alert, and afterwards what became of it."""
    frame = opened(on=timed_page, signed_in=False)
    sign_in(frame)
    press(frame, "Push to Xero")
    script.away = True
    press(frame, "Push to Xero")
    expect(frame.get_by_role("alert")).to_contain_text("The connection to InvoiceBridge broke")
    script.away = False
    timed_page.clock.fast_forward(60_000)
    expect(frame.locator("main")).to_contain_text("Your push did not get through. Nothing was sent")
    expect(button(frame, "Push to Xero")).to_be_visible()


def test_a_record_that_crm_hides_is_told_as_such(script: Script, opened: Opened) -> None:
    script.refuse = {"GET /records": (404, "record_not_found")}
    frame = opened()
    headline(frame, "CRM does not show you this invoice")
    expect(frame.locator("main")).to_contain_text("Mia Chen")
    assert violations(frame) == []


def test_a_refused_request_is_told_in_the_servers_words(script: Script, opened: Opened) -> None:
    script.record = a_record(link=a_link())
    script.refuse = {"POST /runs": (409, "not_set_up")}
    frame = opened()
    press(frame, "Refresh")
    expect(frame.get_by_role("alert")).to_contain_text("The server said not_set_up.")


def test_nobody_looks_nobody_asks(script: Script, opened: Opened, timed_page: Page) -> None:
    """A hidden page does not poll, and asks at once when it is shown again."""
    script.record = a_record(link=a_link())
    frame = opened(on=timed_page, signed_in=False)
    sign_in(frame)
    headline(frame, "Awaiting payment, due in 7 days")
    set_hidden(frame, hidden=True)
    timed_page.clock.fast_forward(5_000)
    timed_page.wait_for_timeout(200)
    before = script.count("GET", "/records")
    timed_page.clock.fast_forward(60_000)
    timed_page.wait_for_timeout(200)
    assert script.count("GET", "/records") == before
    set_hidden(frame, hidden=False)
    timed_page.wait_for_timeout(300)
    assert script.count("GET", "/records") == before + 1


def set_hidden(frame: Frame, *, hidden: bool) -> None:
    """As the browser says it when somebody looks at another tab."""
    frame.evaluate("hidden => Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})", hidden)
    frame.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_run_is_asked_often_at_first_and_seldom_later(script: Script, opened: Opened, timed_page: Page) -> None:
    """Ten times a second for a second and a half, at last every five seconds."""
    script.record = a_record(run={"id": "run-7", "kind": "push", "task": a_task(step="sending")})
    script.play["push"] = [a_task(step="sending"), a_task(step="sending")]
    frame = opened(on=timed_page, signed_in=False)
    sign_in(frame)
    headline(frame, "Sending to Xero…")
    timed_page.wait_for_timeout(1000)
    assert script.count("GET", "/runs/run-7") >= 3
    timed_page.clock.fast_forward(61_000)
    timed_page.wait_for_timeout(300)
    before = script.count("GET", "/runs/run-7")
    timed_page.wait_for_timeout(1500)
    assert script.count("GET", "/runs/run-7") <= before + 1


def test_the_frame_is_given_its_height_and_only_when_it_changed(script: Script, opened: Opened, page: Page) -> None:
    """CRM is asked for as much as the panel needs, so that it has no scroll bar of its own."""
    frame = opened()
    expect(frame.locator("main")).to_contain_text("ready to send")
    frame.get_by_role("button", name="Preview").click()
    page.wait_for_timeout(200)
    asked = [one["data"]["height"] for one in script.asked if one.get("action") == "RESIZE"]
    assert all(first != second for first, second in itertools.pairwise(asked))
    assert frame.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_without_motion_and_in_forced_colours_nothing_is_lost(script: Script, opened: Opened, page: Page) -> None:
    """The turning ring stands still as three quarters of a ring; the states keep their shapes."""
    script.record = a_record(run={"id": "run-7", "kind": "push", "task": a_task(step="sending")})
    script.play["push"] = [a_task(step="sending"), a_task(step="sending")]
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    frame = opened()
    headline(frame, "Sending to Xero…")
    assert frame.evaluate("getComputedStyle(document.querySelector('svg.glyph')).animationName") == "none"
    expect(frame.locator("svg .still-arc").first).to_be_visible()


def test_news_in_the_middle_of_a_press_take_no_click_away(script: Script, opened: Opened, timed_page: Page) -> None:
    """While a button is held down nothing is drawn anew: a replaced button would swallow the click, and what is
    pressed must be what was shown. What was missed is drawn once it is let go."""
    frame = opened("popup", width=800, on=timed_page, signed_in=False)
    sign_in(frame)
    headline(frame, "A new invoice will be created in Xero")
    at_rest(frame)
    button(frame, "Continue").hover()
    timed_page.mouse.down()
    script.away = True
    before = script.count("GET", "/records")
    timed_page.clock.fast_forward(4_000)
    await_calls(script, before)
    expect(frame.locator(".foot-text")).not_to_contain_text("Can’t reach")
    timed_page.mouse.up()
    headline(frame, "Send $3,274.25 to Xero as approved?")
    expect(frame.locator(".foot-text")).to_contain_text("Can’t reach InvoiceBridge")


def await_calls(script: Script, before: int) -> None:
    for _ in range(100):
        if script.count("GET", "/records") > before:
            time.sleep(0.2)
            return
        time.sleep(0.02)
    raise AssertionError("nobody asked")
