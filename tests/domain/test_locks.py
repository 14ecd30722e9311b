"""Does every state of a Xero invoice give the lock and the payment status of its row in the design?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from server.domain.crm_fields import CORE_FIELDS, LOCK_WORDS, PAYMENT_WORDS, crm_values, field_body
from server.domain.decide import Create, LinkedState, Locked
from server.domain.locks import Lock, lock, payment_word
from server.domain.xero_invoice import XeroInvoice, read_xero_invoice
from tests.domain.records import BOOKS, D, decided, record

TODAY = date(2026, 11, 20)
OPEN_DAY, CLOSED_DAY = "/Date(1793145600000+0000)/", "/Date(1790726400000+0000)/"  # 28 Oct and 30 Sep 2026


def held(status: str, *, paid: str = "0.0", credited: str = "0.0", day: str = OPEN_DAY, **more: object) -> XeroInvoice:
    total = D("3274.25")
    doc: dict[str, object] = {
        "InvoiceID": "60aa0000-0000-0000-0000-000000000001",
        "InvoiceNumber": "INV-2041",
        "Status": status,
        "Date": day,
        "DueDate": "/Date(1795737600000+0000)/",
        "Total": total,
        "AmountPaid": D(paid),
        "AmountCredited": D(credited),
        "AmountDue": total - D(paid) - D(credited),
    }
    return read_xero_invoice({**doc, **more})


ROWS = [
    (held("DRAFT"), "editable", "not_approved", "draft"),
    (held("SUBMITTED"), "editable", "not_approved", "awaiting_approval"),
    (held("AUTHORISED"), "locked", "approved", "awaiting_payment"),
    (held("AUTHORISED", paid="1000"), "locked", "has_payments", "partially_paid"),
    (held("AUTHORISED", credited="120"), "locked", "has_payments", "partially_paid"),
    (held("PAID", paid="3274.25"), "locked", "paid", "paid"),
    (held("PAID", credited="3274.25"), "locked", "paid", "paid"),
    (held("VOIDED"), "locked", "voided", "voided"),
    (held("DELETED"), "locked", "deleted", "deleted"),
    (held("AUTHORISED", day=CLOSED_DAY), "locked", "period_closed", "awaiting_payment"),
    (held("AUTHORISED", paid="1", day=CLOSED_DAY), "locked", "period_closed", "partially_paid"),
    (held("PAID", day=CLOSED_DAY), "locked", "period_closed", "paid"),
    (held("VOIDED", day=CLOSED_DAY), "locked", "voided", "voided"),
    (held("DRAFT", day=CLOSED_DAY), "editable", "not_approved", "draft"),
    (held("SUBMITTED", day=CLOSED_DAY), "editable", "not_approved", "awaiting_approval"),
]


@pytest.mark.parametrize(("xero", "state", "why", "word"), ROWS)
def test_every_row_of_the_design(xero: XeroInvoice, state: str, why: str, word: str) -> None:
    """Status, payments and the closed period decide the lock; the payment status does not know the period."""
    closed = date(2026, 9, 30) if why == "period_closed" else None
    assert lock(xero, BOOKS) == Lock(state, why, closed)
    assert payment_word(xero.status, xero.paid, xero.credited, xero.due_date, TODAY) == word


def test_for_an_adviser_the_period_is_not_closed() -> None:
    assert lock(held("PAID", day=CLOSED_DAY), replace(BOOKS, passes_period_lock=True)).reason == "paid"


def test_the_later_of_both_lock_dates_closes() -> None:
    both = replace(BOOKS, year_lock=date(2026, 6, 30))
    assert both.closed_up_to() == date(2026, 9, 30)
    assert replace(both, passes_period_lock=True).closed_up_to() == date(2026, 6, 30)
    assert replace(BOOKS, period_lock=None).closed_up_to() is None


@pytest.mark.parametrize(
    ("due", "word"),
    [(date(2026, 11, 19), "overdue"), (TODAY, "awaiting_payment"), (date(2026, 11, 21), "awaiting_payment")],
)
def test_overdue_is_past_its_due_date_by_the_organisations_day(due: date, word: str) -> None:
    """On its due date nobody is late."""
    assert payment_word("AUTHORISED", D(0), D(0), due, TODAY) == word
    assert payment_word("AUTHORISED", None, None, None, TODAY) == "awaiting_payment"


def test_a_part_paid_invoice_past_its_due_date_stays_partially_paid() -> None:
    assert payment_word("AUTHORISED", D(1), D(0), date(2026, 1, 1), TODAY) == "partially_paid"


def test_payment_status_can_go_back() -> None:
    """A payment deleted in Xero makes a paid invoice open again (X11.20)."""
    assert lock(held("PAID", paid="3274.25"), BOOKS).reason == "paid"
    assert lock(held("AUTHORISED"), BOOKS).reason == "approved"


@pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
def test_nothing_is_owed_on_a_voided_invoice(status: str) -> None:
    """A voided invoice may still show its total as due (X6.2)."""
    assert held(status).due == 0


def test_dates_are_calendar_days_and_instants_are_aware() -> None:
    """Midnight UTC of the day (X5.2); payments are in order and nameless."""
    found = held(
        "AUTHORISED",
        UpdatedDateUTC="/Date(1789378199100+0000)/",
        Payments=[{"Date": OPEN_DAY, "Amount": D(650), "Reference": "Mia"}, {"Date": CLOSED_DAY, "Amount": D(1000)}],
        CreditNotes=[{"Date": OPEN_DAY, "AppliedAmount": D(120)}],
    )
    assert found.date == date(2026, 10, 28)
    assert found.due_date == date(2026, 11, 27)
    assert found.updated_at is not None
    assert found.updated_at.isoformat() == "2026-09-14T09:29:59.100000+00:00"
    assert [(each.kind, each.amount) for each in found.payments] == [
        ("payment", D(1000)),
        ("credit", D(120)),
        ("payment", D(650)),
    ]
    assert "Mia" not in str(found.payments)


@pytest.mark.parametrize(("xero", "state", "why", "word"), ROWS)
def test_a_locked_invoice_is_reported_and_never_sent(xero: XeroInvoice, state: str, why: str, word: str) -> None:
    """Also when CRM has problems of its own: a lock is a state, not a failure."""
    found = decided(record(Status=None), link=LinkedState("x"), xero=xero)
    assert isinstance(found, Locked) is (state == "locked")
    assert not isinstance(found, Create)


def view(xero: XeroInvoice) -> SimpleNamespace:
    return SimpleNamespace(
        xero_id=xero.xero_id,
        number=xero.number,
        status=xero.status,
        paid=xero.paid,
        credited=xero.credited,
        due=xero.due,
        due_date=xero.due_date,
        lock_reason=lock(xero, BOOKS).reason,
    )


@pytest.mark.parametrize(("xero", "state", "why", "word"), ROWS)
def test_the_crm_fields_show_it_in_words_of_their_lists(xero: XeroInvoice, state: str, why: str, word: str) -> None:
    """A word that is not in the picklist would be added to it as junk (Z6)."""
    values = crm_values(view(xero), TODAY)
    assert set(values) == {each.name for each in CORE_FIELDS}
    assert values["payment_status"] == PAYMENT_WORDS[word]
    assert values["lock_state"] == LOCK_WORDS[why]
    assert str(values["lock_state"]).startswith("Locked" if state == "locked" else "Editable")
    choices = {each.name: each.choices for each in CORE_FIELDS}
    assert values["payment_status"] in choices["payment_status"]
    assert values["lock_state"] in choices["lock_state"]


def test_the_record_of_the_pictures() -> None:
    """Partially Paid, 1,504.25 due, Locked: has payments (crm-page)."""
    assert crm_values(view(held("AUTHORISED", paid="1650", credited="120")), TODAY) == {
        "xero_invoice_id": "60aa0000-0000-0000-0000-000000000001",
        "xero_invoice_number": "INV-2041",
        "payment_status": "Partially Paid",
        "lock_state": "Locked: has payments",
        "amount_due": D("1504.25"),
    }


def test_a_link_that_knows_nothing_yet_shows_nothing_wrong() -> None:
    empty = SimpleNamespace(
        xero_id=None, number=None, status=None, paid=None, credited=None, due=None, due_date=None, lock_reason=None
    )
    assert crm_values(empty, TODAY) == {
        "xero_invoice_id": None,
        "xero_invoice_number": None,
        "payment_status": None,
        "lock_state": None,
        "amount_due": None,
    }


def test_the_five_core_fields_in_their_order() -> None:
    """Orgs run out of fields, so the order is part of the design."""
    assert [each.label for each in CORE_FIELDS] == [
        "Xero Invoice ID",
        "Xero Invoice Number",
        "Payment Status",
        "Lock State",
        "Amount Due",
    ]
    bodies = [field_body(each) for each in CORE_FIELDS]
    assert bodies[0] == {"field_label": "Xero Invoice ID", "data_type": "text", "length": 50}
    assert bodies[2]["pick_list_values"] == [
        {"display_value": each, "actual_value": each} for each in PAYMENT_WORDS.values()
    ]
    assert bodies[4] == {"field_label": "Amount Due", "data_type": "currency", "length": 16}
