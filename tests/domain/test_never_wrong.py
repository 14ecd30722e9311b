"""Is whatever is in doubt held back, instead of being sent wrong?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import Conflict, Locked, Unchanged, decide
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.records import (
    BOOKS,
    BRIGHTWATER,
    MARKER,
    SETTINGS,
    codes,
    decided,
    inv_2041,
    pushed,
    read,
    record,
    row,
)

ELSEWHERE = MARKER.replace("bridge.example", "moved.example")


@pytest.mark.parametrize("status", ["DRAFT", "SUBMITTED"])
def test_what_xero_holds_is_never_created_again(status: str) -> None:
    """Also where the link that says what was sent is missing: nobody knows whose the differences are."""
    found = decided(inv_2041(), xero=read_xero_invoice({"InvoiceID": "x", "Status": status}))
    assert isinstance(found, Conflict)
    assert {each.by for each in found.seen.differences if each.part != "status"} == {None}


def test_an_approved_invoice_without_its_link_is_locked() -> None:
    assert isinstance(decided(inv_2041(), xero=read_xero_invoice({"InvoiceID": "x", "Status": "PAID"})), Locked)


def test_a_due_date_that_cannot_be_read_is_not_left_out() -> None:
    """A draft may go without a due date, not without the one that somebody entered."""
    assert codes(record(Status="Created", Due_Date=None)) == []
    assert codes(record(Status="Created", Due_Date="27.11.2026")) == ["field_misread"]


def test_a_currency_that_cannot_be_read_is_not_taken_for_the_books_own() -> None:
    assert codes(record(Currency=None)) == []
    assert codes(record(Currency=None), settings=replace(SETTINGS, home_currency=None)) == ["currency_unknown"]
    assert codes(record(Currency=["EUR"])) == ["field_misread"]


def test_a_tax_that_cannot_be_read_is_not_taken_for_none() -> None:
    """Even where CRM's total would fit."""
    raw = record(row(Line_Tax=[]))
    assert codes(raw) == []
    raw["Invoiced_Items"] = [row(Line_Tax={"name": "GST 10%", "percentage": 10})]
    assert codes(raw) == ["line_unreadable"]


def test_a_cancelled_invoice_is_not_sent_whatever_the_map_says() -> None:
    mapped = replace(SETTINGS, statuses={"Cancelled": "DRAFT"})
    assert codes(record(Status="Cancelled"), settings=mapped) == ["cancelled"]


def test_a_moved_server_changes_no_invoice() -> None:
    """The marker is compared by its path (4a), so a new host alone is no change."""
    sent = pushed(inv_2041())
    held = read_xero_invoice(sent.doc)
    moved = decide(read(inv_2041()), BRIGHTWATER, SETTINGS, BOOKS, sent.link, held, ELSEWHERE)
    assert isinstance(moved, Unchanged)
