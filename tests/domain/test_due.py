"""When is an invoice due: by CRM's date, by the customer's terms in Xero, or so many days on?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.domain.customer import NewContact
from server.domain.decide import Unchanged
from server.domain.due import due_date
from server.domain.terms import Terms, due_by, sales_terms
from server.domain.values import DueRule
from tests.domain.kinds import entry, invoice
from tests.domain.records import BOOKS, BRIGHTWATER, SETTINGS, body_of, codes, created, in_json, pushed, read, record
from tests.domain.xero_rules import edited, xero_day

TERMS, DAYS = replace(SETTINGS, due=DueRule("terms")), replace(SETTINGS, due=DueRule("days", 30))
AFTER, AFTER_MONTH, OF_CURRENT, OF_FOLLOWING = (
    "DAYSAFTERBILLDATE",
    "DAYSAFTERBILLMONTH",
    "OFCURRENTMONTH",
    "OFFOLLOWINGMONTH",
)


@pytest.mark.parametrize(
    ("day", "kind", "dated", "due"),
    [
        (0, AFTER, "2026-10-28", "2026-10-28"),
        (14, AFTER, "2026-12-25", "2027-01-08"),
        (1, AFTER, "2028-02-28", "2028-02-29"),
        (0, AFTER_MONTH, "2026-02-03", "2026-02-28"),
        (15, AFTER_MONTH, "2026-12-31", "2027-01-15"),
        (30, AFTER_MONTH, "2026-01-31", "2026-03-02"),
        (20, OF_CURRENT, "2026-10-05", "2026-10-20"),
        (31, OF_CURRENT, "2026-02-10", "2026-02-28"),
        (31, OF_CURRENT, "2028-02-10", "2028-02-29"),
        (0, OF_CURRENT, "2026-10-05", "2026-10-01"),
        (20, OF_FOLLOWING, "2026-12-01", "2027-01-20"),
        (31, OF_FOLLOWING, "2026-01-31", "2026-02-28"),
        (30, OF_FOLLOWING, "2026-03-31", "2026-04-30"),
    ],
)
def test_all_four_kinds_of_terms(day: int, kind: str, dated: str, due: str) -> None:
    """Month ends are the last day that there is; a day of the calendar is never converted."""
    assert due_by(Terms(day, kind), date.fromisoformat(dated)) == date.fromisoformat(due)


@pytest.mark.parametrize("kind", [AFTER, AFTER_MONTH, OF_FOLLOWING])
def test_beyond_the_end_of_the_calendar_there_is_no_day(kind: str) -> None:
    assert due_by(Terms(31, kind), date(9999, 12, 15)) is None
    assert due_by(Terms(20, OF_CURRENT), date(9999, 12, 15)) == date(9999, 12, 20)


@pytest.mark.parametrize(
    ("sales", "found"),
    [
        ({"Day": 14, "Type": AFTER}, Terms(14, AFTER)),
        ({"Day": "20", "Type": OF_FOLLOWING}, Terms(20, OF_FOLLOWING)),
        ({"Day": 3650, "Type": AFTER}, Terms(3650, AFTER)),
        ({"Day": 3651, "Type": AFTER}, None),
        ({"Day": -1, "Type": AFTER}, None),
        ({"Day": 1.5, "Type": AFTER}, None),
        ({"Day": 14, "Type": "ONFULLMOON"}, None),
        ({"Day": 14, "Type": [AFTER]}, None),
        ({"Type": AFTER}, None),
        ({}, None),
        (None, None),
    ],
)
def test_terms_are_read_or_there_are_none(sales: object, found: Terms | None) -> None:
    assert sales_terms({"PaymentTerms": {"Bills": {"Day": 1, "Type": AFTER}, "Sales": sales}}) == found
    assert sales_terms({"PaymentTerms": sales}) is None


def due(
    settings: object, dated: str | None = "2026-10-28", own: Terms | None = None, all_: Terms | None = None
) -> object:
    customer, books = replace(BRIGHTWATER, terms=own), replace(BOOKS, terms=all_)
    return due_date(read(record(Invoice_Date=dated)), customer, settings, books)  # type: ignore[arg-type]


def test_whose_due_date_it_is() -> None:
    """CRM's own; so many days on; the contact's terms, else the organisation's."""
    week, month = Terms(7, AFTER), Terms(20, OF_FOLLOWING)
    assert due(SETTINGS, own=week) == date(2026, 11, 27)
    assert due(DAYS, own=week) == date(2026, 11, 27)
    assert due(TERMS, own=week, all_=month) == date(2026, 11, 4)
    assert due(TERMS, all_=month) == date(2026, 11, 20)
    assert due(TERMS) is None
    assert due(DAYS, dated=None) is None


def test_a_customer_that_is_still_to_be_made_has_the_organisations_terms() -> None:
    books = replace(BOOKS, terms=Terms(7, AFTER))
    new = NewContact("9001", "Brightwater Dental Pty Ltd", "Z9001")
    assert due_date(read(record()), new, TERMS, books) == date(2026, 11, 4)
    assert due_date(read(record()), None, TERMS, books) == date(2026, 11, 4)


def test_what_is_worked_out_is_sent() -> None:
    raw = invoice(entry(100), Due_Date=None)
    assert in_json(created(raw, settings=replace(SETTINGS, due=DueRule("days", 14))).body)["DueDate"] == "2026-11-11"


def test_without_terms_an_approved_invoice_is_told_and_a_draft_goes_without() -> None:
    """Not to fill in Due Date, which nobody would look at."""
    assert codes(invoice(entry(100)), settings=TERMS) == ["terms_missing"]
    assert codes(invoice(entry(100), Status="Created"), settings=TERMS) == []
    assert "DueDate" not in in_json(created(invoice(entry(100), Status="Created"), settings=TERMS).body)


@pytest.mark.parametrize("days", [10**12, -(10**12), 3_000_000])
def test_days_that_no_calendar_has(days: int) -> None:
    """Whatever stands in the settings."""
    assert codes(invoice(entry(100)), settings=replace(SETTINGS, due=DueRule("days", days))) == ["terms_missing"]


def test_terms_may_lie_before_the_invoices_date() -> None:
    """The 20th of this month, on an invoice of the 28th: Xero takes it (X6.1); no field of CRM's would change it."""
    books = replace(BOOKS, terms=Terms(20, OF_CURRENT))
    assert in_json(created(invoice(entry(100)), settings=TERMS, books=books).body)["DueDate"] == "2026-10-20"
    assert codes(invoice(entry(100), Due_Date="2026-10-20")) == ["due_before_date"]


def test_new_terms_leave_invoices_as_they_are() -> None:
    """What was worked out stays as Xero has it, also where the bookkeeper changed it, while the invoice's date does."""
    sent = pushed(record(Status="Created"), settings=DAYS)
    shorter = replace(SETTINGS, due=DueRule("days", 7))
    assert isinstance(sent.now(settings=shorter), Unchanged)
    assert isinstance(sent.now(doc=edited(sent.doc, DueDate=xero_day("2026-12-31")), settings=DAYS), Unchanged)
    moved = body_of(sent.now({**sent.raw, "Invoice_Date": "2026-10-29"}, settings=shorter))
    assert (moved["Date"], moved["DueDate"]) == ("2026-10-29", "2026-11-05")
