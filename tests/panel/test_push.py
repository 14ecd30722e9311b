"""What happens between the button and the invoice in Xero? One click, shown as it goes, once and no more."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.panel.invoices import add_invoice
from tests.panel.panel_page import PATIENCE, Panel
from tests.tenants import control

pytestmark = pytest.mark.browser

SENDING = re.compile("Sending to Xero")


def test_a_draft_goes_at_once(panel: Panel) -> None:
    """One click, one invoice; then Xero's own figures, where to find them, and no second push."""
    record = add_invoice(panel.tenant)
    panel.ready(record)
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
    panel.shows("Editable:")
    panel.shows("$220.00")
    (sent,) = panel.tenant.in_xero(record)
    link = panel.inside.get_by_role("link", name=re.compile(re.escape(sent["InvoiceNumber"])))
    assert sent["InvoiceID"] in (link.get_attribute("href") or "")
    assert link.get_attribute("target") == "_blank"
    expect(panel.button("Push to Xero")).to_have_count(0)


def test_the_focus_goes_to_the_headline_when_the_pressed_button_is_gone(panel: Panel) -> None:
    """Somebody at the keyboard is not thrown back to the top of the CRM page."""
    panel.ready(add_invoice(panel.tenant))
    panel.button("Push to Xero").focus()
    panel.page.keyboard.press("Enter")
    panel.says("Draft in Xero")
    assert panel.in_keyboard_focus() == "Draft in Xero"


def test_what_arrives_approved_is_asked_first(panel: Panel) -> None:
    """The question has the focus on its heading, Esc takes it back, and nothing is in Xero before the answer."""
    record = add_invoice(panel.tenant, Status="Approved")
    panel.ready(record)
    panel.press(panel.button("Push to Xero"))
    question = panel.heading("Send $220.00 to Xero as approved?")
    expect(question).to_be_focused()
    panel.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert panel.tenant.in_xero(record) == []
    panel.press(panel.button("Push to Xero"))
    expect(question).to_be_focused()
    panel.press(panel.inside.get_by_role("group").get_by_role("button").last)
    panel.says(re.compile("^Awaiting payment, due in 1[234] days$"))
    panel.shows("Locked:")
    assert [one["Status"] for one in panel.tenant.in_xero(record)] == ["AUTHORISED"]


def test_the_preview_shows_lines_and_both_totals(panel: Panel) -> None:
    """In place, without leaving the record; pressed again it goes."""
    panel.ready(add_invoice(panel.tenant))
    panel.press(panel.button("Preview"))
    panel.shows("Visitor chair")
    panel.shows("The totals agree to the cent")
    pressed = panel.inside.locator("button[aria-expanded=true]")
    expect(pressed).to_contain_text("review")
    pressed.click()
    expect(panel.inside.get_by_text("The totals agree to the cent")).to_have_count(0)


def test_an_edit_after_the_check_is_shown_before_it_is_sent(panel: Panel) -> None:
    """The push sends what was seen or nothing: then the new check stands there, and the next push sends that."""
    record = add_invoice(panel.tenant)
    panel.ready(record)
    panel.tenant.change("Invoices", record, {"Invoice_Number": "INV-EDITED"})
    panel.press(panel.button("Push to Xero"))
    panel.shows(re.compile("changed since you saw it"))
    assert panel.tenant.in_xero(record) == []
    expect(panel.button("Push to Xero")).to_be_visible(timeout=PATIENCE)
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
    assert [one["InvoiceNumber"] for one in panel.tenant.in_xero(record)] == ["INV-EDITED"]


def test_a_reload_in_the_middle_goes_on_showing_the_push(panel: Panel) -> None:
    """The work is the server's; the page only looks at it."""
    record = add_invoice(panel.tenant)
    panel.ready(record)
    _trouble(panel, kind="slow", seconds=4)
    panel.press(panel.button("Push to Xero"))
    panel.says(SENDING)
    panel.page.reload()
    panel.says(re.compile("Sending to Xero|Making sure it arrived|Waiting"))
    expect(panel.button("Push to Xero")).to_have_count(0)
    panel.says("Draft in Xero")
    assert len(panel.tenant.in_xero(record)) == 1


def test_a_limit_is_told_with_the_minute_it_ends(panel: Panel) -> None:
    """Xero asks us to wait two minutes: the panel says until when, and offers nothing to press."""
    panel.ready(add_invoice(panel.tenant))
    _trouble(panel, kind="429", seconds=120)
    panel.press(panel.button("Push to Xero"))
    panel.says(re.compile(r"Waiting for Xero until \d{1,2}:\d{2}"))
    panel.picture("11-waiting")
    expect(panel.button("Push to Xero")).to_have_count(0)


def _trouble(panel: Panel, **trouble: object) -> None:
    """Order it for the next write of an invoice."""
    wanted = {"method": "PUT", "path": "/Invoices", "times": 1, "org": panel.tenant.organisation} | trouble
    control("POST", f"{panel.tenant.stack.xero}/_control/faults", json=wanted)
