"""What becomes of an invoice in Xero that CRM cancelled?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.decide import CHOICES, Blocked, Locked, Remove, Unchanged
from server.domain.reasons import Code
from tests.domain.records import BOOKS, SETTINGS, D, decided, in_json, inv_2041, pushed
from tests.domain.xero_rules import edited

REMOVING = replace(SETTINGS, statuses={**SETTINGS.statuses, "Cancelled": "REMOVED", "Written off": "REMOVED"})
OCTOBER_CLOSED = replace(BOOKS, period_lock=BOOKS.today.replace(month=10, day=31))
CANCELLED = {**inv_2041(), "Status": "Cancelled"}


@pytest.mark.parametrize(
    ("status", "becomes"), [("DRAFT", "DELETED"), ("SUBMITTED", "DELETED"), ("AUTHORISED", "VOIDED")]
)
def test_a_draft_is_deleted_and_an_approved_one_voided(status: str, becomes: str) -> None:
    """With a body that says nothing else (X6.2); whatever was chosen, it is one verdict that sync asks about."""
    sent = pushed(inv_2041())
    doc = edited(sent.doc, Status=status)
    for choice in (None, *CHOICES):
        found = sent.now(CANCELLED, doc, settings=REMOVING, choice=choice)
        assert isinstance(found, Remove)
        assert in_json(found.body) == {"InvoiceID": sent.doc["InvoiceID"], "Status": becomes}
        assert found.number is None


@pytest.mark.parametrize(
    ("why", "state", "books"),
    [
        ("has_payments", {"Status": "AUTHORISED", "AmountPaid": D(10)}, BOOKS),
        ("has_payments", {"Status": "AUTHORISED", "AmountCredited": D(10)}, BOOKS),
        ("paid", {"Status": "PAID", "AmountPaid": D("3274.25")}, BOOKS),
        ("period_closed", {"Status": "AUTHORISED"}, OCTOBER_CLOSED),
        ("period_closed", {"Status": "PAID", "AmountPaid": D("3274.25")}, OCTOBER_CLOSED),
    ],
)
def test_what_is_paid_or_closed_stays(why: str, state: dict[str, Any], books: Any) -> None:
    """Locked, with the two statuses side by side."""
    sent = pushed(inv_2041())
    found = sent.now(CANCELLED, edited(sent.doc, **state), settings=REMOVING, books=books)
    assert isinstance(found, Locked)
    assert found.lock.reason == why
    [status] = found.differences
    assert (status.part, status.crm, status.xero, status.by) == ("status", "Cancelled", state["Status"], "crm")


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_a_draft_in_a_closed_period_is_deleted(status: str) -> None:
    """It stands in no books (X6.4)."""
    sent = pushed(inv_2041())
    doc = edited(sent.doc, Status=status)
    assert isinstance(sent.now(CANCELLED, doc, settings=REMOVING, books=OCTOBER_CLOSED), Remove)


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_what_is_gone_already_is_as_crm_wants_it(status: str) -> None:
    """Both say that it is gone: nothing is to be sent, and nothing else is agreed on."""
    sent = pushed(inv_2041())
    found = sent.now(CANCELLED, edited(sent.doc, Status=status), settings=REMOVING)
    assert isinstance(found, Unchanged)
    assert (found.digest, found.both) == (None, None)


def test_other_problems_of_the_record_do_not_keep_it_in_xero() -> None:
    """What is cancelled need not be complete."""
    sent = pushed(inv_2041())
    bad = {**CANCELLED, "Due_Date": None, "Invoiced_Items": [], "Grand_Total": None}
    assert isinstance(sent.now(bad, settings=REMOVING), Remove)
    assert isinstance(sent.now(bad, settings=REMOVING, customer=None), Remove)


def test_any_status_of_crms_may_mean_it() -> None:
    sent = pushed(inv_2041())
    assert isinstance(sent.now({**sent.raw, "Status": "Written off"}, settings=REMOVING), Remove)


def test_cancelled_without_a_rule_removes_nothing() -> None:
    """Removal is the tenant's choice; else it is told that a cancelled invoice is not sent."""
    sent = pushed({**inv_2041(), "Status": "Created"})
    found = sent.now(CANCELLED)
    assert isinstance(found, Blocked)
    assert [each.code for each in found.reasons] == [Code.CANCELLED]


def test_what_never_was_in_xero_is_not_removed() -> None:
    found = decided(CANCELLED, settings=REMOVING)
    assert isinstance(found, Blocked)
    assert [each.code for each in found.reasons] == [Code.CANCELLED]


def test_a_changed_invoice_is_confirmed_anew() -> None:
    """The confirmation names number and amount: who confirmed others has not confirmed this."""
    sent = pushed({**inv_2041(), "Status": "Created"})
    docs = [
        sent.doc,
        edited(sent.doc, Status="AUTHORISED"),
        edited(sent.doc, InvoiceNumber="BK-1"),
        edited(sent.doc, 0, UnitAmount=D(1)),
        {**sent.doc, "Total": D("3274.26")},
        {**sent.doc, "InvoiceID": "60aa0000-0000-0000-0000-000000000002"},
    ]
    seen = [sent.now(CANCELLED, doc, settings=REMOVING) for doc in docs]
    assert len({each.shown for each in seen if isinstance(each, Remove)}) == len(docs)
