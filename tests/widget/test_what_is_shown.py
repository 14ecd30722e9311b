"""Are figures, problems and previews shown as they are: all of them, in words a salesperson can use?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import TOM, a_check, a_record, crm_record, sent_fields, two_reasons
from tests.widget.seen import crm_action, facts, has_buttons, headline, violations

pytestmark = pytest.mark.browser


def test_signed_out_the_panel_shows_what_crm_itself_shows(script: Script, opened: Opened) -> None:
    """Looking needs no sign-in: our five fields are found by their labels, whatever CRM calls them."""
    script.crm = crm_record(**sent_fields())
    frame = opened(signed_in=False)
    headline(frame, "Sign in to push or refresh")
    expect(frame.locator(".facts")).to_be_visible()
    assert facts(frame) == {
        "Xero invoice": "INV-2041",
        "Due date": "27 Nov 2026",
        "Payment status": "Awaiting Payment",
        "Lock state": "Locked: approved",
        "Total, AUD": "$3,274.25",
        "Amount due": "$3,274.25",
    }
    has_buttons(frame, ["Sign in with Zoho"])
    assert script.count("GET", "/records") == 0


def test_signed_out_and_never_sent_it_says_so_and_claims_no_check(script: Script, opened: Opened) -> None:
    frame = opened(signed_in=False)
    expect(frame.locator("main")).to_contain_text("Not sent so far.")
    expect(frame.locator("main")).not_to_contain_text("no problems")
    assert facts(frame)["Customer"] == "Brightwater Dental Pty Ltd"
    assert violations(frame) == []


def test_a_salesperson_is_told_every_problem_and_taken_to_the_field(script: Script, opened: Opened) -> None:
    """Sentence, the values that clash, the field as a chip; the button opens CRM's own edit page."""
    script.record = a_record(check=a_check(*two_reasons()))
    frame = opened()
    first = frame.get_by_role("listitem").first
    expect(first.locator("strong")).to_have_text("The due date is before the invoice date")
    expect(first.locator(".grey")).to_have_text(
        "Due 3 Nov 2026, invoice dated 5 Nov 2026. Change Due Date on this invoice."
    )
    expect(first.locator(".chip")).to_have_text("Due Date")
    frame.get_by_role("button", name="Go to field Due Date").click()
    assert crm_action(script, "record") == "EDIT"


def test_an_admin_is_not_sent_to_an_admin(script: Script, opened: Opened) -> None:
    script.user = TOM
    script.record = a_record(viewer=TOM, check=a_check(*two_reasons()))
    frame = opened()
    headline(frame, "Not sent: 2 things to fix")
    expect(frame.get_by_text("Ask an admin")).to_have_count(0)


def test_names_are_text_whatever_stands_in_them(script: Script, opened: Opened) -> None:
    """Markup, an umlaut, a right-to-left name: shown as typed, never run."""
    name = "<img src=x onerror=alert(1)> Müller Küchen GmbH שלום"
    script.record = a_record(check=a_check(customer={"name": name, "action": "create", "matched_by": None}))
    frame = opened()
    expect(frame.locator(".facts")).to_contain_text(name)
    assert frame.locator("main img").count() == 0
    expect(frame.locator(".facts")).to_contain_text("New in Xero")


def test_the_preview_opens_in_place_with_both_totals(script: Script, opened: Opened, page: Page) -> None:
    """Every line, CRM's and Xero's total side by side, how far apart; as cards where it is narrow."""
    frame = opened()
    preview = frame.get_by_role("button", name="Preview")
    preview.click()
    expect(preview).to_have_attribute("aria-expanded", "true")
    expect(frame.get_by_role("row", name="Oak reception desk")).to_contain_text("$1,757.50")
    expect(frame.get_by_role("row", name="Total, AUD")).to_have_text("Total, AUD$3,274.25$3,274.25$0.00")
    expect(frame.locator("main")).to_contain_text("The totals agree to the cent")
    assert violations(frame) == []
    page.set_viewport_size({"width": 320, "height": 900})
    expect(frame.get_by_text("1 × $1,850.00, less $92.50")).to_be_visible()
    assert violations(frame) == []
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    preview.click()
    expect(frame.get_by_role("heading", name="Preview")).to_have_count(0)


def test_half_a_sum_is_not_shown_as_a_total(script: Script, opened: Opened) -> None:
    """Where a line could not be worked out Xero's total is unknown, not zero, and nothing is said to agree."""
    check = a_check(*two_reasons())
    check["preview"]["totals"]["xero"] = {"subtotal": None, "tax": None, "total": None}
    script.record = a_record(check=check)
    frame = opened()
    frame.get_by_role("button", name="Preview").click()
    expect(frame.get_by_role("row", name="Total, AUD")).to_have_text("Total, AUD$3,274.25––")
    expect(frame.locator("main")).to_contain_text("Xero’s total can’t be worked out yet")
