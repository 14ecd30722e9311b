"""Does the panel say how CRM and Xero stand to each other, once an invoice is in Xero, and what can be done?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.widget import linked_samples as linked
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import Doc, a_link, a_record, compared, draft_link, two_reasons
from tests.widget.state import State, is_whole

pytestmark = pytest.mark.browser


def after_check(decision: str, link: Doc) -> Doc:
    return a_record(link=link, check=compared(link, decision, digest=None))


STATES = [
    State(
        "14 may be sent anew",
        "Voided in Xero",
        lambda: linked.voided(may_unlink=True),
        ["Unlink and send as new", "Refresh"],
        ("unlink it and send it as a new invoice with a new number.",),
    ),
    State(
        "14 number used",
        "Voided in Xero",
        linked.used,
        ["Check again", "Go to field Invoice Number", "Refresh"],
        ("Xero keeps the number INV-2041", "give it a new number"),
    ),
    State(
        "14 agreed",
        "Voided in Xero",
        lambda: after_check("unchanged", linked.VOIDED),
        ["Refresh"],
        ("none. CRM has it cancelled too.",),
    ),
    State(
        "3",
        "Draft in Xero",
        linked.changed,
        ["Preview", "Push changes", "Refresh"],
        (
            "You changed Due Date and line 2 in CRM since the last push.",
            "push your changes before your bookkeeper approves it.",
            "Total in CRM, AUD",
            "Last sent 2 hours ago by Mia Chen",
        ),
    ),
    State(
        "3b same",
        "Draft in Xero",
        lambda: after_check("unchanged", draft_link()),
        ["Preview", "Refresh"],
        ("Nothing differs from CRM.", "none until you change something."),
    ),
    State(
        "3 held up",
        "Changes not sent: 2 things to fix",
        lambda: linked.held_up(*two_reasons()),
        ["Check again", "Go to field Due Date", "Go to field Invoiced lines", "Preview", "Refresh"],
        ("What is in Xero stays as it is. Fix both, then check again.",),
    ),
    State(
        "12 changed",
        "Awaiting approval in Xero",
        lambda: linked.changed(linked.SUBMITTED),
        ["Preview", "Push changes", "Refresh"],
        ("You changed Due Date and line 2", "push your changes before"),
    ),
    State(
        "10",
        "CRM differs from Xero",
        linked.differs,
        ["Copy for bookkeeper", "Refresh"],
        (
            "Changed in CRM after Xero locked it. The customer owes what Xero says.",
            "approved in Xero, so this change was not sent.",
            "ask your bookkeeper to change Xero, or set CRM back to Xero’s values.",
            "2 fields differ",
            "Line 1, Oak reception desk: quantity",
            "Total in Xero",
        ),
    ),
    State(
        "4 gone from Xero",
        "Awaiting payment, due in 7 days",
        linked.lost,
        ["Refresh"],
        ("Xero does not show the linked invoice", "Ask your bookkeeper whether it still exists."),
    ),
    State(
        "conflict",
        "Changed in Xero since the last push",
        linked.conflict,
        ["Keep Xero’s", "Send CRM’s", "Refresh"],
        ("5 fields differ", "Line 2, Bar stool: price", "Not there", "Region: North", "choose whose version stays"),
    ),
    State(
        "kept",
        "Draft in Xero",
        linked.kept,
        ["Preview", "Refresh"],
        ("Xero’s version kept. Nothing more is sent until you change it in CRM.",),
    ),
    State(
        "delete",
        "Cancelled in CRM, still in Xero",
        linked.removal,
        ["Delete in Xero", "Refresh"],
        ("CRM status Cancelled. Nothing was removed so far", "delete the draft in Xero too"),
    ),
    State(
        "void",
        "Cancelled in CRM, still in Xero",
        lambda: linked.removal(a_link(), "VOIDED"),
        ["Void in Xero", "Refresh"],
        ("Locked: approved in Xero, so all that CRM can do is void it.", "void it in Xero too"),
    ),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_each_state_has_its_words_its_buttons_and_no_barrier(
    script: Script, opened: Opened, page: Page, state: State
) -> None:
    """What changed on which side, why nothing is sent, and what can be done about it, for everybody."""
    is_whole(script, opened, page, state)
