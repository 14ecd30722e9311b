"""Does the popup show what a push would change in Xero, and ask before what can't be taken back?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.widget import linked_samples as linked
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import Doc, a_link, a_task, draft_link, paid_link, two_reasons
from tests.widget.seen import button, crm_action, has_buttons, headline, press, violations
from tests.widget.state import State, is_whole
from tests.widget.test_choices import SHOWN, ends, pushes

pytestmark = pytest.mark.browser
LEFT = ["Close"]  # the cross
OPEN = ["Open in Xero", "Close"]


def checked(make: Callable[[], Doc]) -> Callable[[], dict[str, list[Doc]]]:
    """The popup checks by itself: it finds what the record tells."""
    return lambda: {"preview": [a_task(), make()["check"]]}


def page_of(name: str, title: str, make: Callable[[], Doc], names: list[str], says: tuple[str, ...]) -> State:
    return State(name, title, make, [*LEFT, *names], says, play=checked(make))


PAGES = [
    page_of(
        "F update",
        "The draft in Xero will be updated",
        linked.changed,
        ["Show all lines", "Cancel", "Push changes"],
        ("3 values change. This is a preview", "Line 2, Bar stool: quantity", "The totals agree to the cent"),
    ),
    page_of(
        "update approves",
        "The draft in Xero will be updated",
        lambda: linked.changed(arrives_as="AUTHORISED"),
        ["Show all lines", "Cancel", "Continue"],
        ("3 values change.",),
    ),
    page_of(
        "conflict",
        "Changed in Xero since the last push",
        linked.conflict,
        [*OPEN, "Keep Xero’s", "Send CRM’s"],
        ("5 fields differ", "choose whose version stays"),
    ),
    page_of(
        "differs",
        "CRM differs from Xero",
        linked.differs,
        [*OPEN, "Copy for bookkeeper"],
        ("approved in Xero, so this change was not sent.", "2 fields differ"),
    ),
    page_of("kept", "Xero’s version kept", linked.kept, OPEN, ("Nothing more is sent until you change it in CRM.",)),
    page_of(
        "delete",
        "The draft in Xero will be deleted",
        linked.removal,
        ["Cancel", "Continue"],
        ("CRM status Cancelled.", "INV-2041"),
    ),
    page_of(
        "void",
        "The invoice in Xero will be voided",
        lambda: linked.removal(a_link(), "VOIDED"),
        ["Cancel", "Continue"],
        ("$3,274.25",),
    ),
    page_of(
        "send as new",
        "Voided in Xero",
        lambda: linked.voided(may_unlink=True),
        [*OPEN, "Unlink and send as new"],
        ("Nothing was sent.", "unlink it and send it as a new invoice"),
    ),
    page_of(
        "number used",
        "Voided in Xero",
        linked.used,
        ["Go to field Invoice Number", *OPEN, "Check again"],
        ("Xero keeps the number INV-2041",),
    ),
    page_of(
        "held up",
        "Changes not sent: 2 things to fix",
        lambda: linked.held_up(*two_reasons()),
        ["Go to field Due Date", "Go to field Invoiced lines", "Close", "Check again"],
        ("What is in Xero stays as it is.",),
    ),
]


@pytest.mark.parametrize("state", PAGES, ids=lambda state: state.name)
def test_each_page_has_its_words_its_buttons_and_no_barrier(
    script: Script, opened: Opened, page: Page, state: State
) -> None:
    """What would change, what stands against it, and what can be done about it, for everybody."""
    is_whole(script, opened, page, state, "popup")


def shown(script: Script, opened: Opened, make: Callable[[], Doc]) -> Frame:
    script.record, script.play = make(), checked(make)()
    return opened("popup", width=800)


def test_an_update_goes_from_the_preview(script: Script, opened: Opened) -> None:
    """A draft needs no second question; all lines can be looked at; the result says Updated."""
    frame = shown(script, opened, linked.changed)
    press(frame, "Show all lines")
    expect(frame.get_by_role("row", name="Oak reception desk")).to_contain_text("$1,757.50")
    expect(button(frame, "Hide the lines")).to_have_attribute("aria-expanded", "true")
    assert violations(frame) == []
    ends(script, "updated", draft_link())
    press(frame, "Push changes")
    headline(frame, "Updated in Xero: INV-2041")
    assert pushes(script) == [(SHOWN, None)]
    press(frame, "Done")
    assert crm_action(script, "popup") == "CLOSE_RELOAD"


def test_an_update_that_approves_asks_first(script: Script, opened: Opened, page: Page) -> None:
    frame = shown(script, opened, lambda: linked.changed(arrives_as="AUTHORISED"))
    press(frame, "Continue")
    headline(frame, "Send $3,274.25 to Xero as approved?")
    page.keyboard.press("Enter")
    expect(frame.locator("main")).to_contain_text("Updates invoice INV-2041")
    assert pushes(script) == []
    ends(script, "updated", a_link())
    press(frame, "Push to Xero")
    headline(frame, "Updated in Xero: INV-2041")


def test_a_conflict_is_settled_by_a_choice(script: Script, opened: Opened, page: Page) -> None:
    """Send CRM's asks on a page of its own, whose heading has the focus; Back leads back; Keep Xero's is one press."""
    frame = shown(script, opened, linked.conflict)
    press(frame, "Send CRM’s")
    headline(frame, "Replace what is in Xero for INV-2041?")
    expect(frame.locator(".headline")).to_be_focused()
    has_buttons(frame, ["Close", "Back", "Cancel", "Send CRM’s"])
    assert violations(frame) == []
    page.keyboard.press("Enter")
    press(frame, "Back")
    assert pushes(script) == []
    ends(script, "unchanged", draft_link(kept=True), preview={**linked.kept()["check"]["preview"]})
    press(frame, "Keep Xero’s")
    headline(frame, "Xero’s version kept")
    assert pushes(script) == [(SHOWN, dict.fromkeys(SHOWN, "keep_xero"))]


def test_sending_crms_goes_after_the_question(script: Script, opened: Opened) -> None:
    frame = shown(script, opened, linked.conflict)
    press(frame, "Send CRM’s")
    ends(script, "updated", draft_link())
    press(frame, "Send CRM’s")
    headline(frame, "Updated in Xero: INV-2041")
    assert pushes(script) == [(SHOWN, dict.fromkeys(SHOWN, "send_crm"))]


def test_a_removal_names_number_and_amount_and_tells_the_result(script: Script, opened: Opened) -> None:
    frame = shown(script, opened, lambda: linked.removal(a_link(), "VOIDED"))
    press(frame, "Continue")
    headline(frame, "Void INV-2041 over $3,274.25?")
    assert violations(frame) == []
    ends(script, "removed", linked.VOIDED)
    press(frame, "Void in Xero")
    headline(frame, "Removed from Xero: INV-2041")
    assert pushes(script) == [(SHOWN, dict.fromkeys(SHOWN, "remove"))]


def test_a_voided_one_is_sent_as_new_after_the_question(script: Script, opened: Opened) -> None:
    frame = shown(script, opened, lambda: linked.voided(may_unlink=True, number="INV-2099"))
    press(frame, "Unlink and send as new")
    headline(frame, "Unlink INV-2041 and send $3,274.25 as a new invoice?")
    ends(script, "created", a_link(number="INV-2099"))
    press(frame, "Send as new")
    headline(frame, "Created in Xero: INV-2099")
    assert pushes(script) == [(SHOWN, dict.fromkeys(SHOWN, "send_as_new"))]


def test_nothing_differs_is_told(script: Script, opened: Opened) -> None:
    script.record = {**linked.changed(), "check": None}
    frame = opened("popup", width=800)
    headline(frame, "Nothing differs")
    has_buttons(frame, [*LEFT, *OPEN])


def test_a_locked_one_is_there_before_the_comparison(script: Script, opened: Opened) -> None:
    """No waiting for what is known already."""
    script.record = linked.differs(paid_link())
    script.record["check"] = None
    script.play["preview"] = [a_task(), a_task(), a_task()]
    frame = opened("popup", width=800)
    headline(frame, "Paid in full on 18 Nov 2026")
    expect(frame.locator(".foot-text")).to_have_text("Comparing with CRM…")
