"""Does the button's popup send an invoice, once, and only after it was shown and asked about?"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.popup.scenes import ASKS, NEW, PATIENCE_MS, Popup, line, no_violations, picture
from tests.tenants import control

pytestmark = pytest.mark.browser
THERE = re.compile("in Xero.*INV-2041|^Awaiting payment")


def test_an_approved_invoice_is_shown_asked_about_sent_and_told(popup: Callable[..., Popup]) -> None:
    """Preview, question, progress, result; the invoice is in Xero once, with CRM's total, and Done reloads the page."""
    p = popup()
    p.shows(NEW)
    expect(p.frame.get_by_text("The totals agree to the cent")).to_be_visible()
    assert p.in_xero() == [], "a preview sends nothing"
    picture(p, "A-preview")
    no_violations(p)

    p.press("Continue")
    p.shows(ASKS)
    expect(p.heading(ASKS)).to_be_focused()
    expect(p.heading(ASKS)).to_have_text("Send $3,274.25 to Xero as approved?")
    p.page.keyboard.press("Enter")
    p.page.wait_for_timeout(400)
    assert p.in_xero() == [], "Enter on the question approves nothing"
    picture(p, "B-confirm")
    no_violations(p)

    p.press("Push to Xero")
    p.shows("Created in Xero: INV-2041")
    expect(p.frame.get_by_text("Xero’s total is $3,274.25, the same as CRM’s.")).to_be_visible()
    expect(p.frame.get_by_text("Locked: approved")).to_be_visible()
    picture(p, "D-result")
    no_violations(p)
    (made,) = p.in_xero()
    assert (made["Status"], str(made["Total"])) == ("AUTHORISED", "3274.25")
    link = p.frame.get_by_role("link", name="Open in Xero")
    assert "noopener" in (link.get_attribute("rel") or "")
    assert made["InvoiceID"] in (link.get_attribute("href") or "")

    with p.page.expect_navigation():
        p.press("Done")
    p.is_closed()


def test_the_question_can_be_taken_back(popup: Callable[..., Popup]) -> None:
    """Back leads to the preview, Esc on the question too; Cancel closes; nothing was sent."""
    p = popup()
    p.press("Continue")
    p.press("Back")
    p.shows(NEW)
    p.press("Continue")
    p.shows(ASKS)
    p.press("Cancel")
    p.is_closed()
    assert p.in_xero() == []


def test_a_draft_goes_without_a_question(popup: Callable[..., Popup]) -> None:
    """A CRM status that arrives as a draft is sent from the preview."""
    p = popup(Status="Created")
    p.shows(NEW)
    expect(p.button("Continue")).to_have_count(0)
    picture(p, "A-draft")
    p.press("Push to Xero")
    p.shows("Created in Xero: INV-2041")
    picture(p, "D-draft")
    (made,) = p.in_xero()
    assert made["Status"] == "DRAFT"


def test_a_second_click_makes_no_second_invoice(popup: Callable[..., Popup]) -> None:
    """Two presses in one breath are one push."""
    p = popup(Status="Created")
    p.shows(NEW)
    p.button("Push to Xero").dblclick()
    p.shows("Created in Xero: INV-2041")
    assert len(p.in_xero()) == 1


def test_an_edit_after_the_preview_is_shown_before_anything_is_sent(popup: Callable[..., Popup]) -> None:
    """What was seen is what is sent: after a change the fresh preview comes, with words, and nothing is in Xero."""
    p = popup()
    p.shows(NEW)
    p.press("Continue")
    p.shows(ASKS)
    p.tenant.change("Invoices", p.record_id, {"Invoiced_Items": [line(p.tenant, "Meeting table", "TABLE", 1, 3700)]})
    p.press("Push to Xero")
    expect(p.frame.get_by_text("changed since you saw it").first).to_be_visible(timeout=PATIENCE_MS)
    expect(p.button("Continue")).to_be_visible(timeout=PATIENCE_MS)
    expect(p.frame.get_by_text("$7,344.25").filter(visible=True).first).to_be_visible()
    assert p.in_xero() == []
    picture(p, "A-changed")
    no_violations(p)
    p.press("Continue")
    p.press("Push to Xero")
    p.shows(THERE)
    assert [str(made["Total"]) for made in p.in_xero()] == ["7344.25"]


def test_the_work_carries_on_when_the_window_is_closed(popup: Callable[..., Popup]) -> None:
    """Closed in the middle, the invoice still arrives, once; opened again, the popup says how it ended."""
    p = popup()
    p.press("Continue")
    control("PUT", f"{p.tenant.stack.xero}/_control/switches", json={"delay_ms": 700})
    try:
        p.press("Push to Xero")
        p.shows("Sending to Xero…")
        picture(p, "C-progress")
        no_violations(p)
        p.press("Close")
        p.is_closed()
        p.reopen().sign_in()  # this browser gives frames no storage, and the page was loaded again
        p.shows(THERE)
    finally:
        control("PUT", f"{p.tenant.stack.xero}/_control/switches", json={"delay_ms": 0})
    assert len(p.in_xero()) == 1


def test_a_lost_answer_makes_no_second_invoice(popup: Callable[..., Popup]) -> None:
    """Xero did the work and the answer was lost: the popup comes to a good end, and the invoice is there once."""
    p = _after_a_lost_answer(popup)
    p.shows(THERE, patience=60_000)
    assert len(p.in_xero()) == 1


def test_a_push_that_was_found_again_is_told_as_sent(popup: Callable[..., Popup]) -> None:
    """After a lost answer the result says that the invoice is in Xero, not that nothing was sent."""
    p = _after_a_lost_answer(popup)
    p.shows(re.compile("in Xero.*INV-2041"))


def _after_a_lost_answer(popup: Callable[..., Popup]) -> Popup:
    p = popup()
    p.press("Continue")
    p.shows(ASKS)
    wanted = {"method": "PUT", "path": "/Invoices", "org": p.tenant.organisation}
    control("POST", f"{p.tenant.stack.xero}/_control/faults", json={"kind": "lost_reply", "times": 1} | wanted)
    p.press("Push to Xero")
    return p
