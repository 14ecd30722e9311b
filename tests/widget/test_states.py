"""Does the panel show each state in the words, shapes and order of the design, readable for everybody?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from server.domain.reasons import Code
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import (
    TOM,
    Doc,
    a_check,
    a_link,
    a_reason,
    a_record,
    a_task,
    broken,
    compared,
    day,
    draft_link,
    instant,
    paid_link,
    part_paid_link,
    two_reasons,
)
from tests.widget.state import State, is_whole

pytestmark = pytest.mark.browser


def known(**record: Any) -> Callable[[], Doc]:
    return lambda: a_record(**record)


def checked(*reasons: Doc) -> Callable[[], Doc]:
    """With a check of this moment: an older one would be made afresh."""
    return lambda: a_record(check=a_check(*reasons))


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
    State(
        "1", "Not in Xero yet", known(), ["Preview", "Push to Xero"], ("Checked just now: no problems", "Never sent")
    ),
    State(
        "2",
        "Sending to Xero…",
        pushing(step="sending"),
        [],
        ("Step 3 of 4.", "Customer found"),
        play=played(step="sending"),
    ),
    State(
        "3b",
        "Draft in Xero",
        known(link=draft_link()),
        ["Preview", "Refresh"],
        ("Editable: not approved in Xero yet.",),
    ),
    State(
        "4",
        "Awaiting payment, due in 7 days",
        known(link=a_link()),
        ["Refresh"],
        ("Locked: approved in Xero", "then press Refresh."),
    ),
    State(
        "5",
        "Partially paid, $1,504.25 still due",
        known(link=part_paid_link()),
        ["Refresh"],
        ("Locked: it has payments", "Credited $120.00", "12 Nov 2026"),
    ),
    State(
        "6",
        "Paid in full on 18 Nov 2026",
        known(link=paid_link()),
        ["Refresh"],
        ("Locked: paid, so CRM can’t change it.", "Nothing left to do."),
    ),
    State(
        "7",
        "Overdue by 9 days",
        known(link=a_link(payment_status="overdue", due_date=day(-9))),
        ["Refresh"],
        ("$3,274.25 was due on",),
    ),
    State(
        "8",
        "Not sent: 2 things to fix",
        checked(*two_reasons()),
        ["Check again", "Go to field Due Date", "Go to field Invoiced lines", "Preview"],
        ("The due date is before the invoice date", "tax “VAT 19%” is not matched", "Ask an admin", "Fix both"),
    ),
    State(
        "9 admin",
        "Xero is disconnected",
        known(viewer=TOM, link=a_link(), connections=broken()),
        ["Reconnect Xero"],
        ("may be old", "approved in Xero when we last looked.", "Due at"),
        viewer=TOM,
    ),
    State(
        "9 others", "Xero is disconnected", known(link=a_link(), connections=broken()), [], ("an admin reconnects.",)
    ),
    State(
        "11",
        "Waiting for Xero until",
        pushing(**WAITS),
        [],
        ("Xero allows 60 calls a minute.", "Asked for"),
        play=played(**WAITS),
    ),
    State(
        "12",
        "Awaiting approval in Xero",
        known(link=SUBMITTED),
        ["Preview", "Refresh"],
        ("Editable: not approved yet.",),
    ),
    State(
        "13",
        "Awaiting payment, due today",
        known(link=CLOSED),
        ["Refresh"],
        ("its period is closed in Xero (up to 30 Sep",),
    ),
    State("14", "Voided in Xero", known(link=VOIDED), ["Refresh"], ("Locked: voided, and Xero can’t bring it back.",)),
    State(
        "15",
        "Xero’s total is 1 cent different",
        known(link=a_link(total="3274.24"), last=DIFFERS, check=compared(a_link(), "unchanged", digest=None)),
        ["See the lines", "Refresh"],
        ("Total in CRM", "$3,274.24", "then ask your bookkeeper to correct Xero."),
    ),
    State(
        "21",
        "Making sure it arrived, until",
        pushing(**UNSURE),
        [],
        ("We look before anything is sent again.",),
        play=played(**UNSURE),
    ),
    State("not set up", "Not set up yet", known(setup=NOT_READY), [], ("An admin must finish the set-up",)),
    State(
        "not set up, admin",
        "Not set up yet",
        known(viewer=TOM, setup=NOT_READY),
        ["Connect Xero"],
        ("choose the Xero organisation",),
        viewer=TOM,
    ),
    State(
        "CRM refused",
        "Awaiting payment, due in 7 days",
        known(link=a_link(), last=REFUSED),
        ["Refresh"],
        ("CRM says: the record is locked.",),
    ),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_each_state_has_its_words_its_buttons_and_no_barrier(
    script: Script, opened: Opened, page: Page, state: State
) -> None:
    """Headline, lock, figures; what comes later is absent; axe finds nothing, light and dark, wide and narrow."""
    is_whole(script, opened, page, state)
