"""Does a push from the panel send what was shown, and nothing else, and does the panel follow it to its end?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from server.domain.reasons import Code
from tests.widget.conftest import Opened, frame_of
from tests.widget.mock_server import Script
from tests.widget.samples import (
    DIGEST,
    RECORD_ID,
    a_check,
    a_link,
    a_preview,
    a_reason,
    a_record,
    a_task,
    compared,
    crm_record,
    draft_link,
    instant,
    paid_link,
    two_reasons,
)
from tests.widget.seen import button, facts, has_buttons, headline, press, sign_in, violations

pytestmark = pytest.mark.browser
ASKED = {"kind": "push", "module": "Invoices", "record_ids": [RECORD_ID], "previewed": {RECORD_ID: DIGEST}}


def pushes(script: Script) -> list[object]:
    return [body for body in script.bodies("/runs") if body["kind"] == "push"]


def ends_linked(script: Script, **link: object) -> None:
    """The push goes through its steps, and then Xero has the invoice."""
    steps = ["checking", "customer", "sending", "updating_crm"]
    script.play["push"] = [*(a_task(step=step) for step in steps), a_task("created", step="updating_crm")]
    script.then["push"] = lambda: script.record.update(link=a_link(**link))


def test_a_draft_goes_at_once_with_the_digest_that_was_shown(script: Script, opened: Opened) -> None:
    """A draft can still be changed, so no second question."""
    script.play["preview"] = [a_check(arrives_as="DRAFT")]
    ends_linked(script)
    frame = opened()
    press(frame, "Push to Xero")
    headline(frame, "Awaiting payment, due in 7 days")
    assert pushes(script) == [ASKED]
    expect(frame.get_by_role("link", name="INV-2041")).to_have_attribute("rel", "noopener")


def test_an_approved_invoice_asks_first_and_enter_does_not_approve(script: Script, opened: Opened, page: Page) -> None:
    """The question stands in place, its heading has the focus, Esc takes it back."""
    ends_linked(script)
    frame = opened()
    press(frame, "Push to Xero")
    heading = frame.get_by_role("heading", name="Send $3,274.25 to Xero as approved?")
    expect(heading).to_be_focused()
    assert violations(frame) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(heading).to_have_count(0)
    expect(button(frame, "Push to Xero")).to_be_focused()
    assert pushes(script) == []
    press(frame, "Push to Xero")
    expect(frame.locator("main")).to_contain_text("Creates invoice INV-2041 for Brightwater Dental Pty Ltd.")
    expect(frame.locator("main")).to_contain_text("The customer is not e-mailed.")
    assert frame.locator(".button.filled").count() == 1
    press(frame, "Push to Xero")
    headline(frame, "Awaiting payment, due in 7 days")
    assert pushes(script) == [ASKED]


def test_progress_moves_forward_and_the_headline_gets_the_focus(script: Script, opened: Opened) -> None:
    """Work that is put back does not undo the steps that a person saw."""
    script.play["push"] = [a_task(step=step) for step in ("checking", "sending", "customer")]
    frame = opened()
    press(frame, "Push to Xero")
    press(frame, "Push to Xero")
    bar = frame.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuetext", "Step 3 of 4: Sending invoice")
    expect(frame.locator(".headline")).to_be_focused()
    frame.page.wait_for_timeout(400)
    expect(bar).to_have_attribute("aria-valuenow", "3")
    has_buttons(frame, [])


def test_a_reload_in_the_middle_finds_the_run(script: Script, opened: Opened, page: Page) -> None:
    """Also one that was started on another machine: the record tells of it."""
    script.record = a_record(check=a_check(), run={"id": "run-7", "kind": "push", "task": a_task(step="customer")})
    script.play["push"] = [a_task(step="customer"), a_task(step="customer")]
    frame = opened()
    headline(frame, "Sending to Xero…")
    page.reload()
    frame = frame_of(page, "panel")
    headline(frame, "Sending to Xero…")
    script.play["push"] = [a_task("created"), a_task("created")]
    script.record = a_record(link=a_link(), last=a_task("created"))
    headline(frame, "Awaiting payment, due in 7 days")
    assert script.bodies("/runs") == []


def test_a_record_that_changed_is_shown_afresh_and_not_sent(script: Script, opened: Opened) -> None:
    """The server refuses another digest; the panel opens what it is now, and that one can be sent."""
    fresh = a_preview(digest="b" * 64)
    changed = a_task("blocked", reasons=[a_reason(Code.CHANGED_SINCE_PREVIEW)], preview=fresh, ended_at=instant(5))
    script.play.update(preview=[a_check(arrives_as="DRAFT")], push=[changed])
    script.then["push"] = lambda: script.record.update(last=changed)
    frame = opened()
    press(frame, "Push to Xero")
    expect(frame.locator("main")).to_contain_text("changed since you saw it, so nothing was sent")
    expect(frame.get_by_role("heading", name="Preview")).to_be_visible()
    press(frame, "Push to Xero")
    press(frame, "Push to Xero")
    expect(frame.get_by_role("status")).not_to_have_text("Sending to Xero…")
    assert [body["previewed"] for body in script.bodies("/runs") if body["kind"] == "push"] == [
        {RECORD_ID: DIGEST},
        {RECORD_ID: "b" * 64},
    ]


def test_a_push_that_is_refused_shows_what_to_fix(script: Script, opened: Opened) -> None:
    refused = a_task("blocked", reasons=two_reasons(), ended_at=instant(5))
    script.play.update(preview=[a_check(arrives_as="DRAFT")], push=[a_task(), refused])
    script.then["push"] = lambda: script.record.update(last=refused)
    frame = opened()
    press(frame, "Push to Xero")
    headline(frame, "Not sent: 2 things to fix")
    assert pushes(script) == [ASKED]


def test_what_is_not_linked_is_checked_by_itself_once(script: Script, opened: Opened) -> None:
    """So that "ready to send" is true; a check of the last minute is taken as it is."""
    frame = opened()
    expect(frame.locator("main")).to_contain_text("ready to send")
    assert [body["kind"] for body in script.bodies("/runs")] == ["preview"]
    script.calls.clear()
    script.record = a_record(check=a_check())
    frame = opened()
    expect(frame.locator("main")).to_contain_text("ready to send")
    assert script.bodies("/runs") == []


def test_an_edit_in_crm_makes_an_old_check_worthless(script: Script, opened: Opened) -> None:
    """Whoever comes back from fixing a field is not shown the old problem."""
    script.record = a_record(check=a_check(*two_reasons()))
    script.crm = crm_record(Modified_Time=instant(2))
    frame = opened()
    expect(frame.locator("main")).to_contain_text("ready to send")


def test_check_again_looks_again(script: Script, opened: Opened) -> None:
    script.record = a_record(check=a_check(*two_reasons()))
    frame = opened()
    press(frame, "Check again")
    expect(frame.locator("main")).to_contain_text("ready to send")


def test_refresh_asks_xero_and_never_goes_blank(script: Script, opened: Opened) -> None:
    """The old figures stay until the new ones are there; what changed glows, and says so without motion. Afterwards CRM
    is compared with what there is now."""
    script.record = a_record(link=a_link(), check=compared(a_link(), "unchanged"))
    script.play["pull"] = [a_task(), a_task(), a_task("updated")]
    script.then["pull"] = lambda: script.record.update(link=paid_link(checked_at=instant()))
    frame = opened()
    press(frame, "Refresh")
    expect(frame.locator("main")).to_contain_text("Asking Xero…")
    assert facts(frame)["Amount due"] == "$3,274.25"
    headline(frame, "Paid in full on 18 Nov 2026")
    expect(frame.locator(".fact.changed")).to_have_count(2)
    expect(button(frame, "Refresh")).to_be_focused()
    expect(frame.locator(".foot-text")).to_contain_text("Up to date")
    assert [body["kind"] for body in script.bodies("/runs")] == ["pull", "preview"]


def test_a_second_page_sees_the_first_ones_push(script: Script, opened: Opened, timed_page: Page) -> None:
    """The idle panel asks every four seconds, with the ETag it has."""
    script.record = a_record(link=draft_link(), last=a_task("created"))
    frame = opened(on=timed_page, signed_in=False)
    sign_in(frame)
    headline(frame, "Draft in Xero")
    script.record = a_record(link=a_link(), last=a_task("created"))
    timed_page.clock.fast_forward(4_000)
    headline(frame, "Awaiting payment, due in 7 days")
    looks = [call for call in script.calls if call["path"].startswith("/records/")]
    assert "If-None-Match" in looks[-1]["headers"]
