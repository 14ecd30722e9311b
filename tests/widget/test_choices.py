"""Does a person's choice between CRM and Xero go as it was shown, and only after they were asked where they must be?"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, Page, expect

from server.domain.reasons import Code
from tests.widget import linked_samples as linked
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import (
    DIGEST,
    RECORD_ID,
    Doc,
    a_link,
    a_preview,
    a_reason,
    a_record,
    a_task,
    compared,
    draft_link,
    instant,
)
from tests.widget.seen import button, has_buttons, headline, press, violations

pytestmark = pytest.mark.browser
SHOWN = {RECORD_ID: DIGEST}


def pushes(script: Script) -> list[object]:
    """(digests, choices) of each push that was asked for."""
    return [(one["previewed"], one.get("choices")) for one in script.bodies("/runs") if one["kind"] == "push"]


def ends(script: Script, outcome: str, link: Doc, **task: object) -> None:
    """The push ends so, and the record is then like this."""
    end = a_task(outcome, **task)
    script.play["push"] = [a_task(step="sending"), end]
    script.then["push"] = lambda: script.record.update(link=link, last={**end, "ended_at": instant(1)})


def question(frame: Frame, heading: str) -> None:
    """It stands there, and its heading has the focus, so that Enter does nothing."""
    expect(frame.get_by_role("heading", name=heading)).to_be_focused()
    assert frame.locator(".button.filled").count() == 1
    assert violations(frame) == []
    frame.page.keyboard.press("Enter")


def test_changes_of_a_draft_go_at_once(script: Script, opened: Opened) -> None:
    """State 3: what was shown is sent, without a question; then nothing differs."""
    script.record = linked.changed()
    ends(script, "updated", draft_link())
    frame = opened()
    press(frame, "Push changes")
    expect(frame.locator("main")).to_contain_text("Nothing differs from CRM.")
    assert pushes(script) == [(SHOWN, None)]


def test_changes_that_approve_are_asked_about(script: Script, opened: Opened) -> None:
    """CRM's Approved approves the draft: asked as for a new one, and it says that it updates."""
    script.record = linked.changed(arrives_as="AUTHORISED")
    ends(script, "updated", a_link())
    frame = opened()
    press(frame, "Push changes")
    question(frame, "Send $3,274.25 to Xero as approved?")
    expect(frame.locator("main")).to_contain_text("Updates invoice INV-2041 for Brightwater Dental Pty Ltd.")
    assert pushes(script) == []
    press(frame, "Push to Xero")
    headline(frame, "Awaiting payment, due in 7 days")
    assert pushes(script) == [(SHOWN, None)]


def test_the_preview_shows_what_changes_and_all_lines(script: Script, opened: Opened) -> None:
    script.record = linked.changed()
    link = script.record["link"]
    script.play["preview"] = [compared(link, "update", linked.DUE, linked.STOOLS)]
    frame = opened()
    frame.get_by_role("button", name="Preview").click()
    expect(frame.get_by_role("row", name="Due Date")).to_have_text(
        "Due DateIn Xero now4 Dec 2026After the push11 Dec 2026"
    )
    expect(frame.get_by_role("row", name="Oak reception desk")).to_contain_text("$1,757.50")
    assert violations(frame) == []


def test_keeping_xeros_version_is_one_press_and_then_quiet(script: Script, opened: Opened) -> None:
    script.record = linked.conflict()
    kept = draft_link(kept=True)
    ends(script, "unchanged", kept, preview=a_preview(decision="kept", held=None))
    frame = opened()
    press(frame, "Keep Xero’s")
    expect(frame.locator("main")).to_contain_text(
        "Xero’s version kept. Nothing more is sent until you change it in CRM."
    )
    headline(frame, "Draft in Xero")
    has_buttons(frame, ["Preview", "Refresh"])
    assert pushes(script) == [(SHOWN, {RECORD_ID: "keep_xero"})]


def test_sending_crms_names_what_is_replaced_before_it_goes(script: Script, opened: Opened, page: Page) -> None:
    """Number and values of Xero's; Esc takes it back; what CRM has no word for is not called replaced."""
    script.record = linked.conflict()
    ends(script, "updated", draft_link())
    frame = opened()
    press(frame, "Send CRM’s")
    question(frame, "Replace what is in Xero for INV-2041?")
    points = frame.get_by_role("group").get_by_role("listitem").all_inner_texts()
    assert points == [
        "Due Date: 4 Dec 2026 in Xero becomes 11 Dec 2026.",
        "Line 2, Bar stool: price: $120.00 in Xero becomes $145.00.",
        "Line 3, Lamp: $80.00 is taken out of Xero.",
        "The total of $2,310.00 in Xero becomes $3,274.25.",
    ]
    page.keyboard.press("Escape")
    expect(button(frame, "Send CRM’s")).to_be_focused()
    assert pushes(script) == []
    press(frame, "Send CRM’s")
    press(frame, "Send CRM’s")
    headline(frame, "Draft in Xero")
    assert pushes(script) == [(SHOWN, {RECORD_ID: "send_crm"})]


@pytest.mark.parametrize("choice", ["Keep Xero’s", "Send CRM’s"])
def test_a_choice_on_what_is_no_more_is_shown_afresh(script: Script, opened: Opened, choice: str) -> None:
    """The bookkeeper was quicker: nothing is sent, both sides are compared again and stand there with the reason."""
    script.record = linked.conflict()
    link = script.record["link"]
    decision = "kept" if choice == "Keep Xero’s" else "update"
    stale = a_preview(decision=decision, digest="b" * 64)
    ends(script, "blocked", link, reasons=[a_reason(Code.CHANGED_SINCE_PREVIEW)], preview=stale)
    again = compared(link, "conflict", linked.PRICE, digest="c" * 64)
    again["ended_at"] = instant(5)
    script.play["preview"] = [a_task(), again]
    frame = opened()
    press(frame, choice)
    if choice == "Send CRM’s":
        press(frame, choice)
    expect(frame.locator(".under")).to_contain_text("The invoice changed since you saw it, so nothing was sent.")
    headline(frame, "Changed in Xero since the last push")
    expect(frame.get_by_role("row", name="Due Date")).to_have_count(0)


def test_a_draft_is_deleted_after_a_question_with_number_and_amount(script: Script, opened: Opened) -> None:
    script.record = linked.removal()
    gone = linked.VOIDED | {"status": "DELETED", "payment_status": "deleted"}
    ends(script, "removed", gone)
    frame = opened()
    press(frame, "Delete in Xero")
    question(frame, "Delete the draft INV-2041?")
    expect(frame.get_by_role("group")).to_contain_text("Deletes INV-2041 over $3,274.25 in Xero.")
    assert pushes(script) == []
    press(frame, "Delete in Xero")
    headline(frame, "Deleted in Xero")
    assert pushes(script) == [(SHOWN, {RECORD_ID: "remove"})]


def test_an_approved_one_is_voided_after_the_question(script: Script, opened: Opened) -> None:
    script.record = linked.removal(a_link(), "VOIDED")
    ends(script, "removed", linked.VOIDED)
    frame = opened()
    press(frame, "Void in Xero")
    question(frame, "Void INV-2041 over $3,274.25?")
    press(frame, "Cancel")
    expect(button(frame, "Void in Xero")).to_be_focused()
    press(frame, "Void in Xero")
    press(frame, "Void in Xero")
    headline(frame, "Voided in Xero")
    assert pushes(script) == [(SHOWN, {RECORD_ID: "remove"})]


def test_a_voided_one_is_unlinked_and_sent_as_new(script: Script, opened: Opened) -> None:
    """Old and new number are named; what arrives approved says so."""
    script.record = linked.voided(may_unlink=True, number="INV-2099")
    ends(script, "created", a_link(number="INV-2099"))
    frame = opened()
    press(frame, "Unlink and send as new")
    question(frame, "Unlink INV-2041 and send $3,274.25 as a new invoice?")
    group = frame.get_by_role("group")
    for words in ("Creates invoice INV-2099 for", "INV-2041 stays voided in Xero.", "can’t change it afterwards"):
        expect(group).to_contain_text(words)
    press(frame, "Send as new")
    headline(frame, "Awaiting payment, due in 7 days")
    assert pushes(script) == [(SHOWN, {RECORD_ID: "send_as_new"})]


def test_the_differences_are_copied_as_plain_text(script: Script, opened: Opened, page: Page) -> None:
    """One line each, with both values; and the button says that it worked."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    script.record = linked.differs()
    frame = opened()
    press(frame, "Copy for bookkeeper")
    expect(button(frame, "Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines()[:3] == [
        "Invoice INV-2041: CRM differs from Xero",
        "Line 1, Oak reception desk: quantity: in CRM 2, in Xero 1",
        "Total, AUD: in CRM $3,274.25, in Xero $1,516.75",
    ]
    expect(button(frame, "Copy for bookkeeper")).to_be_visible(timeout=20_000)


def test_where_the_browser_does_not_copy_the_text_stands_there(script: Script, opened: Opened) -> None:
    """No clipboard at all: the text can be taken by hand, and is selected."""
    script.record = linked.differs()
    frame = opened()
    frame.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    press(frame, "Copy for bookkeeper")
    area = frame.get_by_role("textbox")
    expect(area).to_have_value(re.compile("^Invoice INV-2041: CRM differs from Xero\nLine 1"))
    expect(area).to_be_focused()
    assert violations(frame) == []


def test_each_opening_compares_once(script: Script, opened: Opened, page: Page) -> None:
    """An old comparison is made afresh, a fresh one is taken as it is; and never in a loop."""
    link = draft_link()
    script.record = a_record(link=link, last=a_task("created"))
    frame = opened()
    headline(frame, "Draft in Xero")
    page.wait_for_timeout(300)
    assert script.bodies("/runs") == []
    old = compared(link, "unchanged")
    old["ended_at"] = instant(-120)
    script.record = a_record(link=link, check=old)
    frame = opened()
    expect(frame.locator("main")).to_contain_text("Nothing differs from CRM.")
    page.wait_for_timeout(500)
    assert [body["kind"] for body in script.bodies("/runs")] == ["preview"]
