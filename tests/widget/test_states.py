"""Does the panel show each state in the words, shapes and order of the design, readable for everybody?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.domain.reasons import Code
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import (
    MIA,
    TOM,
    Doc,
    a_check,
    a_link,
    a_reason,
    a_record,
    a_task,
    broken,
    crm_record,
    day,
    draft_link,
    instant,
    paid_link,
    part_paid_link,
    sent_fields,
    two_reasons,
)
from tests.widget.seen import buttons, crm_action, facts, headline, violations

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class State:
    """What is known, and what must be seen."""

    name: str
    headline: str
    make: Callable[[], Doc]
    buttons: list[str] = field(default_factory=list)
    says: tuple[str, ...] = ()
    viewer: Doc = field(default_factory=lambda: MIA)
    play: Callable[[], dict[str, list[Doc]]] = dict


def known(**record: Any) -> Callable[[], Doc]:
    return lambda: a_record(**record)


def pushing(**task: Any) -> Callable[[], Doc]:
    return lambda: a_record(check=a_check(), run={"id": "run-9", "kind": "push", "task": a_task(**task)})


def played(**task: Any) -> Callable[[], dict[str, list[Doc]]]:
    return lambda: {"push": [a_task(**task), a_task(**task)]}


def locked(reason: str, **more: Any) -> Doc:
    return {"state": "locked", "reason": reason, "closed_up_to": None, **more}


WAITS = {"state": "waiting", "cause": "limit", "until": instant(120)}
UNSURE = {"state": "waiting", "cause": "unconfirmed", "until": instant(120)}
VOIDED = a_link(status="VOIDED", payment_status="voided", due="0.00", lock=locked("voided"))
CLOSED = a_link(due_date=day(), lock=locked("period_closed", closed_up_to="2026-09-30"))
DIFFERS = a_task("created", warnings=[a_reason(Code.TOTAL_DIFFERS, xero="$3,274.24", crm="$3,274.25")])
REFUSED = a_task("created", crm_written="refused", crm_refused={"code": "X", "message": "the record is locked"})
SUBMITTED = draft_link(status="SUBMITTED", payment_status="awaiting_approval")
NOT_READY = {"ready": False, "missing": ["xero", "organisation", "account"]}

STATES = [
    State("1", "Not in Xero yet", known(), ["Preview", "Push to Xero"], ("Checked just now: no problems", "Never sent")),
    State("2", "Sending to Xero…", pushing(step="sending"), [], ("Step 3 of 4.", "Customer found"), play=played(step="sending")),
    State("3b", "Draft in Xero", known(link=draft_link()), ["Preview", "Refresh"], ("Editable: not approved in Xero yet.",)),
    State("4", "Awaiting payment, due in 7 days", known(link=a_link()), ["Refresh"], ("Locked: approved in Xero", "then press Refresh.")),
    State("5", "Partially paid, $1,504.25 still due", known(link=part_paid_link()), ["Refresh"], ("Locked: it has payments", "Credited $120.00", "12 Nov 2026")),
    State("6", "Paid in full on 18 Nov 2026", known(link=paid_link()), ["Refresh"], ("Locked: paid, so CRM can’t change it.", "Nothing left to do.")),
    State("7", "Overdue by 9 days", known(link=a_link(payment_status="overdue", due_date=day(-9))), ["Refresh"], ("$3,274.25 was due on",)),
    State("8", "Not sent: 2 things to fix", known(check=a_check(*two_reasons())), ["Check again", "Go to field Due Date", "Go to field Invoiced lines", "Preview"], ("The due date is before the invoice date", "tax “VAT 19%” is not matched", "Ask an admin", "Fix both")),
    State("9 admin", "Xero is disconnected", known(viewer=TOM, link=a_link(), connections=broken()), ["Reconnect Xero"], ("may be old", "approved in Xero when we last looked.", "Due at"), viewer=TOM),
    State("9 others", "Xero is disconnected", known(link=a_link(), connections=broken()), [], ("an admin reconnects.",)),
    State("11", "Waiting for Xero until", pushing(**WAITS), [], ("Xero allows 60 calls a minute.", "Asked for"), play=played(**WAITS)),
    State("12", "Awaiting approval in Xero", known(link=SUBMITTED), ["Preview", "Refresh"], ("Editable: not approved yet.",)),
    State("13", "Awaiting payment, due today", known(link=CLOSED), ["Refresh"], ("its period is closed in Xero (up to 30 Sep",)),
    State("14", "Voided in Xero", known(link=VOIDED), ["Refresh"], ("Locked: voided, and Xero can’t bring it back.",)),
    State("15", "Xero's total differs from CRM's", known(link=a_link(total="3274.24"), last=DIFFERS), ["Refresh"], ("Total in CRM", "$3,274.24")),
    State("21", "Making sure it arrived, until", pushing(**UNSURE), [], ("We look before anything is sent again.",), play=played(**UNSURE)),
    State("not set up", "Not set up yet", known(setup=NOT_READY), [], ("An admin must finish the set-up",)),
    State("not set up, admin", "Not set up yet", known(viewer=TOM, setup=NOT_READY), ["Connect Xero"], ("choose the Xero organisation",), viewer=TOM),
    State("CRM refused", "Awaiting payment, due in 7 days", known(link=a_link(), last=REFUSED), ["Refresh"], ("CRM says: the record is locked.",)),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_each_state_has_its_words_its_buttons_and_no_barrier(
    script: Script, opened: Opened, page: Page, state: State
) -> None:
    """Headline, under it, lock, figures; what comes later is absent; axe finds nothing, light and dark, wide and narrow."""
    script.user, script.record, script.play = state.viewer, state.make(), state.play()
    frame = opened()
    expect(frame.get_by_role("status")).to_contain_text(state.headline)
    for words in state.says:
        expect(frame.locator("main")).to_contain_text(words)
    assert buttons(frame) == state.buttons
    assert frame.locator(".button.filled").count() <= 1
    page.emulate_media(color_scheme="light", reduced_motion="reduce")  # colours fade otherwise
    assert violations(frame) == []
    page.set_viewport_size({"width": 320, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert violations(frame) == []
    assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


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
    assert buttons(frame) == ["Sign in with Zoho"]
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
    expect(first.locator(".grey")).to_have_text("Due 3 Nov 2026, invoice dated 5 Nov 2026. Change Due Date on this invoice.")
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
