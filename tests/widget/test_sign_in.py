"""Does one click sign somebody in, safely, wherever the browser keeps things or does not?"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Opened
from tests.widget.mock_server import MockServer, Script
from tests.widget.samples import MIA, TOM, a_link, a_record, broken
from tests.widget.seen import at_rest, button, has_buttons, headline, press, sign_in, violations

pytestmark = pytest.mark.browser


def test_one_click_signs_in_and_keeps_the_token_out_of_storage(script: Script, opened: Opened) -> None:
    """Only the single-use renewal handle is kept, by CRM user; the popup is told nothing."""
    frame = opened(signed_in=False)
    sign_in(frame)
    expect(frame.locator("main")).to_contain_text("ready to send")
    kept = dict(frame.evaluate("Object.entries(localStorage)"))
    assert kept == {f"invoicebridge.renewal.{MIA['id']}": "renewal-1"}
    assert [body.get("widget_origin") for body in script.bodies("/sign-in/start")] == [
        frame.evaluate("location.origin")
    ]


def test_the_next_record_needs_no_click(script: Script, opened: Opened) -> None:
    frame = opened(signed_in=False)
    sign_in(frame)
    expect(frame.locator("main")).to_contain_text("ready to send")
    frame = opened(signed_in=False)
    expect(frame.locator("main")).to_contain_text("ready to send")
    assert len(script.tickets) == 1


def test_without_storage_a_click_is_enough(script: Script, opened: Opened, private_page: Page) -> None:
    """Storage and locks throw here; the token lives in memory, and each page costs one click."""
    frame = opened(on=private_page, signed_in=False)
    with pytest.raises(Exception, match="Access is denied"):
        frame.evaluate("localStorage.length")
    sign_in(frame)
    expect(frame.locator("main")).to_contain_text("ready to send")


def test_the_session_of_another_crm_user_is_not_taken_up(script: Script, opened: Opened) -> None:
    """Tom signed in here an hour ago; now it is Mia's CRM."""
    script.user, script.crm_user = dict(TOM), dict(MIA)
    frame = opened()
    headline(frame, "Sign in to push or refresh")
    assert script.count("GET", "/records") == 0


def test_a_stopped_window_is_said_and_a_link_goes_on(script: Script, opened: Opened, page: Page) -> None:
    """State 17: try again, or the plain link, whose tab asks for the six digits."""
    page.add_init_script("window.open = () => null;")
    script.popup = "lost"
    frame = opened(signed_in=False)
    press(frame, "Sign in with Zoho")
    headline(frame, "Your browser stopped the sign-in window")
    link = frame.get_by_role("link", name="Open sign-in page")
    expect(link).to_be_visible()
    assert link.get_attribute("rel") == "noopener"
    assert violations(frame) == []
    with page.context.expect_page():
        link.click()
    expect(frame.locator("main")).to_contain_text("type 483 920.")
    script.confirmed = True
    expect(frame.locator("main")).to_contain_text("ready to send")


def test_a_window_that_lost_us_is_asked_for_the_digits(script: Script, opened: Opened) -> None:
    """Nothing is handed over before they were typed there; asked every two seconds."""
    script.popup = "lost"
    frame = opened(signed_in=False)
    sign_in(frame)
    headline(frame, "Finish signing in")
    expect(frame.locator("main")).to_contain_text("type 483 920.")
    assert violations(frame) == []
    script.confirmed = True
    expect(frame.locator("main")).to_contain_text("ready to send")


def test_a_refusal_is_told_with_its_reason(script: Script, opened: Opened) -> None:
    script.popup = "denied"
    frame = opened(signed_in=False)
    sign_in(frame)
    headline(frame, "Not signed in")
    expect(frame.locator("main")).to_contain_text("You did not allow it, so nothing was changed.")
    has_buttons(frame, ["Sign in with Zoho"])


def test_with_our_server_away_a_click_says_so(script: Script, opened: Opened) -> None:
    """The empty window is closed again, and the button stays."""
    script.away = True
    frame = opened(signed_in=False)
    sign_in(frame)
    expect(frame.locator("main")).to_contain_text("InvoiceBridge can’t be reached just now.")
    has_buttons(frame, ["Sign in with Zoho"])


def test_a_message_from_anybody_else_is_not_listened_to(
    script: Script, opened: Opened, mock_server: MockServer, page: Page
) -> None:
    """Neither from the CRM page nor from our own origin in another window than the one we opened."""
    page.add_init_script(
        "const real = window.open; window.open = (...all) => { const w = real('about:blank', '_blank'); return w; };"
    )
    script.popup = "lost"
    frame = opened(signed_in=False)
    sign_in(frame)
    headline(frame, "Finish signing in")
    forged = {"source": "invoicebridge", "kind": "sign-in", "ticket": "ticket-1", "code": "one-time-code"}
    page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", forged)
    frame.evaluate("m => window.postMessage(m, location.origin)", forged)
    page.wait_for_timeout(300)
    assert all("code" not in body for body in script.bodies("/sign-in/finish"))


def test_the_last_word_of_a_window_may_come_after_its_end(script: Script, opened: Opened) -> None:
    """On a busy machine; by then the window is no source any more, and the panel has asked for the digits already."""
    script.popup = "lost"
    frame = opened(signed_in=False)
    sign_in(frame)
    headline(frame, "Finish signing in")
    last = {"source": "invoicebridge", "kind": "sign-in", "ticket": "ticket-1", "code": "one-time-code"}
    at_once = "m => window.dispatchEvent(new MessageEvent('message', {data: m, origin: location.origin, source: null}))"
    frame.evaluate(at_once, last)
    expect(frame.locator("main")).to_contain_text("ready to send")
    assert "one-time-code" in [body.get("code") for body in script.bodies("/sign-in/finish")]


def test_a_token_that_is_over_is_renewed_once(script: Script, opened: Opened) -> None:
    """Nobody is asked; the answer of the request comes after the renewal."""
    script.record = a_record(link=a_link())
    frame = opened()
    headline(frame, "Awaiting payment, due in 7 days")
    script.live.clear()
    before = len(script.bodies("/sign-in/renew"))
    press(frame, "Refresh")
    expect(frame.locator("main")).not_to_contain_text("Asking Xero…")
    headline(frame, "Awaiting payment, due in 7 days")
    assert len(script.bodies("/sign-in/renew")) == before + 1


def test_two_frames_do_not_spend_the_same_handle(script: Script, opened: Opened, page: Page) -> None:
    """A handle works once and a renewal ends the other token: one frame renews, the other is told."""
    script.record = a_record(link=a_link())
    frame = opened()
    headline(frame, "Awaiting payment, due in 7 days")
    second = page.context.new_page()
    other = opened(on=second, signed_in=False)
    headline(other, "Awaiting payment, due in 7 days")
    renewed = len(script.bodies("/sign-in/renew"))
    script.live.clear()
    button(frame, "Refresh").click(no_wait_after=True)
    button(other, "Refresh").click(no_wait_after=True)
    for one in (frame, other):
        expect(one.locator(".foot-text")).to_contain_text("Up to date")
        headline(one, "Awaiting payment, due in 7 days")
    page.wait_for_timeout(500)
    assert len(script.bodies("/sign-in/renew")) == renewed + 1
    second.close()


def test_when_it_is_over_for_good_it_says_so(script: Script, opened: Opened) -> None:
    script.record = a_record(link=a_link())
    frame = opened()
    headline(frame, "Awaiting payment, due in 7 days")
    at_rest(frame)
    script.sign_everybody_out()
    button(frame, "Refresh").dispatch_event("click")  # at once: by its own next look the panel would find it out too
    headline(frame, "Sign in to push or refresh")


def test_after_zohos_hour_one_click_more(script: Script, opened: Opened) -> None:
    """The renewal does not help there: Zoho itself must be asked."""
    script.refuse = {"POST /runs": (401, "sign_in_again")}
    frame = opened()
    headline(frame, "Sign in once more")
    script.refuse = {}
    sign_in(frame)
    expect(frame.locator("main")).to_contain_text("ready to send")


def test_a_sign_in_in_one_frame_wakes_the_other(
    script: Script, opened: Opened, page: Page, mock_server: MockServer
) -> None:
    """Two tabs of the same CRM: the second goes on without a click."""
    frame = opened(signed_in=False)
    second = page.context.new_page()
    other = opened(on=second, signed_in=False)
    headline(other, "Sign in to push or refresh")
    sign_in(frame)
    expect(other.locator("main")).to_contain_text("ready to send")
    second.close()


def test_who_is_no_admin_any_more_is_told(script: Script, opened: Opened) -> None:
    """CRM is asked again at the click; the server's sentence is shown."""
    script.user = dict(TOM)
    script.record = a_record(viewer=TOM, connections=broken())
    script.refuse = {"POST /connections": (403, "administrators_only")}
    frame = opened()
    with frame.page.expect_popup():
        press(frame, "Reconnect Xero")
    expect(frame.locator("main")).to_contain_text("The server said administrators_only.")


def test_an_admin_reconnects_in_a_window(script: Script, opened: Opened) -> None:
    """The window tells that it is done; the panel looks again."""
    script.user = dict(TOM)
    script.record = a_record(viewer=TOM, link=a_link(), connections=broken())
    frame = opened()
    headline(frame, "Xero is disconnected")
    fine: Any = a_record(viewer=TOM, link=a_link())
    with frame.page.expect_popup():
        press(frame, "Reconnect Xero")
        script.record = fine
    headline(frame, "Awaiting payment, due in 7 days")
    assert script.count("POST", "/connections/xero/start") == 1
