"""Is what CRM may not change any more told with its reason and its differences (design 5)?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.decide import CHOICES, KEEP_XERO, SEND_CRM, Blocked, Conflict, Locked, Unchanged, Update
from server.domain.locks import Lock
from server.domain.reasons import Code
from tests.domain.records import BOOKS, D, Pushed, inv_2041, parts, pushed, record, row, with_row
from tests.domain.xero_rules import edited

LOCKED: list[tuple[str, dict[str, Any]]] = [
    ("approved", {"Status": "AUTHORISED"}),
    ("has_payments", {"Status": "AUTHORISED", "AmountPaid": D(10)}),
    ("has_payments", {"Status": "AUTHORISED", "AmountCredited": D(10)}),
    ("paid", {"Status": "PAID", "AmountPaid": D("3274.25")}),
    ("paid", {"Status": "PAID", "AmountCredited": D("3274.25")}),
]
OCTOBER_CLOSED = replace(BOOKS, period_lock=BOOKS.today.replace(month=10, day=31))


def changed(sent: Pushed) -> dict[str, object]:
    return {**with_row(sent.raw, 1, Quantity=D(7)), "Due_Date": "2026-12-04"}


@pytest.mark.parametrize("choice", [None, *CHOICES])
@pytest.mark.parametrize(("why", "state"), LOCKED)
def test_a_change_in_crm_is_locked_out_and_shown(why: str, state: dict[str, Any], choice: str | None) -> None:
    """With all that differs and the reason; whatever was chosen, nothing is sent."""
    sent = pushed(inv_2041())
    found = sent.now(changed(sent), edited(sent.doc, **state), choice=choice)
    assert isinstance(found, Locked)
    assert found.lock == Lock("locked", why)
    assert parts(found) == {"due_date": "crm", "2.quantity": "crm"}
    assert found.draft is not None and found.unlink is None and found.shown is None


@pytest.mark.parametrize("status", ["AUTHORISED", "PAID"])
def test_in_a_closed_period_the_period_is_the_reason(status: str) -> None:
    """And the day up to which it is closed."""
    sent = pushed({**inv_2041(), "Status": "Created"})
    found = sent.now(changed(sent), edited(sent.doc, Status=status), books=OCTOBER_CLOSED)
    assert isinstance(found, Locked)
    assert found.lock == Lock("locked", "period_closed", OCTOBER_CLOSED.period_lock)
    assert parts(found) == {"due_date": "crm", "2.quantity": "crm"}


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_a_draft_in_a_closed_period_is_changed(status: str) -> None:
    """Xero takes it (X6.4)."""
    sent = pushed({**inv_2041(), "Status": "Created"})
    assert isinstance(sent.now(changed(sent), edited(sent.doc, Status=status), books=OCTOBER_CLOSED), Update)


def test_approving_in_a_closed_period_is_blocked() -> None:
    """CRM approves what Xero would refuse: told before, with the draft that stays editable."""
    sent = pushed({**inv_2041(), "Status": "Created"})
    found = sent.now({**sent.raw, "Status": "Approved"}, books=OCTOBER_CLOSED)
    assert isinstance(found, Blocked)
    assert [each.code for each in found.reasons] == [Code.PERIOD_CLOSED]
    assert found.held is not None and found.draft is not None


@pytest.mark.parametrize(("why", "state"), LOCKED)
def test_a_locked_invoice_that_agrees_is_unchanged(why: str, state: dict[str, Any]) -> None:
    """A lock is news only for who wants to change something."""
    sent = pushed(inv_2041())
    assert isinstance(sent.now(doc=edited(sent.doc, **state)), Unchanged)


def test_a_locked_invoice_shows_the_bookkeepers_side_too() -> None:
    """Also what CRM has no word for."""
    sent = pushed(inv_2041())
    doc = edited(sent.doc, 0, UnitAmount=D(1800), Tracking=[{"Name": "Region", "Option": "North"}])
    found = sent.now(doc=doc)
    assert isinstance(found, Locked)
    assert parts(found) == {"1.price": "xero", "1.tracking": "xero"}


def test_a_lock_counts_before_a_problem_of_crms() -> None:
    """Who mends the record could still not send it."""
    sent = pushed(inv_2041())
    found = sent.now({**sent.raw, "Status": "Sent by post"})
    assert isinstance(found, Locked)
    assert found.lock.reason == "approved" and found.differences == ()


def test_what_was_kept_as_a_draft_is_locked_once_it_is_approved() -> None:
    """The difference is shown again, as a state; nobody is asked to choose."""
    sent = pushed(record(row(), Status="Created"))
    doc = edited(sent.doc, 0, UnitAmount=D(90))
    assert isinstance(sent.now(doc=doc), Conflict)
    for choice in (None, KEEP_XERO, SEND_CRM):
        assert isinstance(sent.now(doc=edited(doc, Status="AUTHORISED"), choice=choice), Locked)


def test_a_payment_deleted_in_xero_gives_nothing_back_to_crm() -> None:
    """Paid, then open again: approved is still locked."""
    sent = pushed(inv_2041())
    found = sent.now(changed(sent), edited(sent.doc, Status="AUTHORISED", AmountPaid=D(0)))
    assert isinstance(found, Locked)
    assert found.lock.reason == "approved"
