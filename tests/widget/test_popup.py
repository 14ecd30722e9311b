"""Does the popup of the button send only what it showed, page by page, and close when it should?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from server.domain.reasons import Code
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import (
    DIGEST,
    RECORD_ID,
    TOM,
    a_check,
    a_link,
    a_preview,
    a_reason,
    a_record,
    a_task,
    broken,
    draft_link,
    instant,
    paid_link,
    two_reasons,
)
from tests.widget.seen import crm_action, has_buttons, headline, press, violations

pytestmark = pytest.mark.browser
CREATE = "A new invoice will be created in Xero"


def pushes(script: Script) -> list[object]:
    return [body["previewed"] for body in script.bodies("/runs") if body["kind"] == "push"]


def closed(script: Script) -> str | None:
    """How CRM was asked to close the popup."""
    return crm_action(script, "popup")


def test_preview_question_progress_result(script: Script, opened: Opened) -> None:
    """A to D for an approved invoice; each page is read from its headline; Done closes and reloads the record."""
    script.play["push"] = [a_task(step="sending"), a_task(step="updating_crm"), a_task("created")]
    script.then["push"] = lambda: script.record.update(link=a_link())
    frame = opened("popup", width=800)
    headline(frame, CREATE)
    expect(frame.get_by_role("row", name="Total, AUD")).to_have_text("Total, AUD$3,274.25$3,274.25$0.00")
    has_buttons(frame, ["Close", "Cancel", "Continue"])
    assert violations(frame) == []
    press(frame, "Continue")
    headline(frame, "Send $3,274.25 to Xero as approved?")
    expect(frame.locator(".headline")).to_be_focused()
    has_buttons(frame, ["Close", "Back", "Cancel", "Push to Xero"])
    assert violations(frame) == []
    frame.page.keyboard.press("Enter")
    assert pushes(script) == []
    press(frame, "Push to Xero")
    headline(frame, "Created in Xero: INV-2041")
    expect(frame.locator("main")).to_contain_text("Xero’s total is $3,274.25, the same as CRM’s.")
    expect(frame.get_by_role("link", name="Open in Xero")).to_have_attribute("rel", "noopener")
    assert pushes(script) == [{RECORD_ID: DIGEST}]
    assert violations(frame) == []
    press(frame, "Done")
    assert closed(script) == "CLOSE_RELOAD"


def test_a_draft_goes_from_the_preview(script: Script, opened: Opened) -> None:
    script.play.update(preview=[a_check(arrives_as="DRAFT")], push=[a_task("created")])
    script.then["push"] = lambda: script.record.update(link=draft_link())
    frame = opened("popup", width=800)
    headline(frame, CREATE)
    assert pushes(script) == []
    press(frame, "Push to Xero")
    headline(frame, "Created in Xero: INV-2041")
    expect(frame.locator("main")).to_contain_text("Editable")


def test_back_leads_back_and_cancel_closes_without_sending(script: Script, opened: Opened) -> None:
    frame = opened("popup", width=800)
    press(frame, "Continue")
    press(frame, "Back")
    headline(frame, CREATE)
    press(frame, "Cancel")
    assert closed(script) == "CLOSE"
    assert pushes(script) == []


def test_escape_closes_and_stops_no_work(script: Script, opened: Opened, page: Page) -> None:
    frame = opened("popup", width=800)
    headline(frame, CREATE)
    frame.locator("tbody").first.click()
    page.keyboard.press("Escape")
    assert closed(script) == "CLOSE"


def test_a_locked_invoice_is_offered_no_push(script: Script, opened: Opened) -> None:
    """Picture E; it is compared with CRM all the same."""
    script.record = a_record(link=paid_link())
    frame = opened("popup", width=800)
    headline(frame, "Paid in full on 18 Nov 2026")
    expect(frame.locator("main")).to_contain_text("Nothing was sent.")
    expect(frame.locator("main")).to_contain_text("Locked: paid, so CRM can’t change it.")
    has_buttons(frame, ["Close", "Open in Xero", "Close"])
    assert pushes(script) == []
    assert violations(frame) == []


def test_problems_come_before_the_push_and_can_be_checked_again(script: Script, opened: Opened) -> None:
    script.play["preview"] = [a_check(*two_reasons())]
    frame = opened("popup", width=800)
    headline(frame, "Not sent: 2 things to fix")
    assert violations(frame) == []
    script.play["preview"] = [a_check()]
    press(frame, "Check again")
    headline(frame, CREATE)
    assert pushes(script) == []


def test_what_changed_meanwhile_is_shown_and_asked_again(script: Script, opened: Opened) -> None:
    """The fresh preview opens, says so, and only its own digest can be sent."""
    changed = a_task("blocked", reasons=[a_reason(Code.CHANGED_SINCE_PREVIEW)], preview=a_preview(digest="b" * 64))
    script.play["push"] = [changed]
    frame = opened("popup", width=800)
    press(frame, "Continue")
    press(frame, "Push to Xero")
    expect(frame.locator("main")).to_contain_text("changed since you saw it, so nothing was sent")
    script.play["push"] = [a_task("created")]
    script.then["push"] = lambda: script.record.update(link=a_link())
    press(frame, "Continue")
    press(frame, "Push to Xero")
    headline(frame, "Created in Xero: INV-2041")
    assert pushes(script) == [{RECORD_ID: DIGEST}, {RECORD_ID: "b" * 64}]


def test_work_that_waits_says_until_when_and_goes_on(script: Script, opened: Opened) -> None:
    waits = a_task(state="waiting", cause="limit", until=instant(90))
    script.play.update(preview=[a_check(arrives_as="DRAFT")], push=[waits, waits])
    frame = opened("popup", width=800)
    press(frame, "Push to Xero")
    expect(frame.get_by_role("status")).to_contain_text("Waiting for Xero until")
    expect(frame.locator("main")).to_contain_text("The work carries on when you close this window")
    assert violations(frame) == []


def test_opened_again_in_the_middle_it_shows_the_same_push(script: Script, opened: Opened) -> None:
    script.record = a_record(run={"id": "run-7", "kind": "push", "task": a_task(step="sending")})
    script.play["push"] = [a_task(step="sending"), a_task(step="sending")]
    frame = opened("popup", width=800)
    headline(frame, "Sending to Xero…")
    assert script.bodies("/runs") == []


def test_signed_out_it_signs_in_and_goes_on(script: Script, opened: Opened) -> None:
    frame = opened("popup", width=800, signed_in=False)
    assert violations(frame) == []
    with frame.page.expect_popup():
        press(frame, "Sign in with Zoho")
    headline(frame, CREATE)


def test_a_broken_connection_is_mended_by_an_admin(script: Script, opened: Opened) -> None:
    script.user = dict(TOM)
    script.record = a_record(viewer=TOM, connections=broken())
    frame = opened("popup", width=800)
    headline(frame, "Xero is disconnected")
    has_buttons(frame, ["Close", "Close", "Reconnect Xero"])
    assert violations(frame) == []


def test_it_fits_320_pixels(script: Script, opened: Opened) -> None:
    """Lines become cards, buttons stand under one another, nothing is cut."""
    frame = opened("popup", width=320)
    headline(frame, CREATE)
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(frame) == []
    sizes = [one.bounding_box() for one in frame.locator(".actions .button").all()]
    assert all(box is not None and box["height"] >= 40 for box in sizes)
