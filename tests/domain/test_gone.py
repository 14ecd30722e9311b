"""May an invoice that was voided or deleted in Xero be sent again? Unlinked, as a new one, under a new number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.domain.customer import NewContact
from server.domain.decide import KEEP_XERO, REMOVE, SEND_AS_NEW, SEND_CRM, Blocked, Create, Locked
from server.domain.preview import preview_json
from server.domain.reasons import Code
from server.domain.values import NumberRule
from tests.domain.records import (
    AT,
    BOOKS,
    SETTINGS,
    XERO_ID,
    Pushed,
    created,
    decided,
    inv_2041,
    pushed,
    read,
)
from tests.domain.xero_rules import edited

GONE = pytest.mark.parametrize("status", ["VOIDED", "DELETED"])
RENUMBERED = {**inv_2041(), "Invoice_Number": "INV-2042"}


def gone(status: str) -> Pushed:
    sent = pushed(inv_2041())
    return Pushed(sent.raw, edited(sent.doc, Status=status), sent.link)


@GONE
def test_under_its_old_number_it_stays_where_it_is(status: str) -> None:
    """A used number stays used (X6.7): locked, and what stands against a new one is told."""
    found = gone(status).now()
    assert isinstance(found, Locked)
    assert (found.lock.state, found.lock.reason) == ("locked", status.lower())
    assert isinstance(found.unlink, Blocked) and found.shown is None
    [why] = found.unlink.reasons
    assert why.code == Code.NUMBER_USED
    assert why.sentence == f"Xero keeps the number INV-2041 for the {status.lower()} invoice"
    assert why.field_name == "Invoice_Number"


@pytest.mark.parametrize("number", ["inv-2041", "INV-2041 "])
def test_a_number_is_used_however_it_is_written(number: str) -> None:
    """Capitals tell no numbers apart."""
    found = gone("VOIDED").now({**inv_2041(), "Invoice_Number": number})
    assert isinstance(found, Locked)
    assert isinstance(found.unlink, Blocked)


@GONE
def test_under_a_new_number_it_may_be_sent_as_a_new_one(status: str) -> None:
    """Offered with what would be sent; without the choice it is still locked."""
    for choice in (None, KEEP_XERO, SEND_CRM, REMOVE):
        found = gone(status).now(RENUMBERED, choice=choice)
        assert isinstance(found, Locked)
        assert isinstance(found.unlink, Create)
        assert found.unlink.replaces == XERO_ID
        assert found.shown == found.unlink.shown


@GONE
def test_chosen_it_is_a_create_that_replaces(status: str) -> None:
    """The whole invoice, as a first push would send it; what the person saw is what is sent."""
    sent = gone(status)
    found, first = sent.now(RENUMBERED, choice=SEND_AS_NEW), created(RENUMBERED)
    offered = sent.now(RENUMBERED)
    assert isinstance(found, Create) and isinstance(offered, Locked)
    assert (found.body, found.digest, found.replaces) == (first.body, first.digest, XERO_ID)
    assert found.shown == offered.shown
    assert "InvoiceID" not in found.body


def test_another_old_invoice_is_another_question() -> None:
    """Nor does a preview of a plain create stand for sending it as new."""
    sent = gone("VOIDED")
    other = edited(sent.doc, InvoiceID="60aa0000-0000-0000-0000-000000000002")
    shown = {each.shown for each in (sent.now(RENUMBERED), sent.now(RENUMBERED, other)) if isinstance(each, Locked)}
    assert len({*shown, created(RENUMBERED).shown}) == 3


def test_where_xero_numbers_none_is_needed() -> None:
    by_xero = replace(SETTINGS, number=NumberRule("xero"))
    found = gone("VOIDED").now(settings=by_xero, choice=SEND_AS_NEW)
    assert isinstance(found, Create)
    assert found.number is None


def test_a_chosen_one_with_problems_is_blocked() -> None:
    """The number first, then all others: everything at once."""
    found = gone("VOIDED").now({**inv_2041(), "Due_Date": None}, choice=SEND_AS_NEW)
    assert isinstance(found, Blocked)
    assert [each.code for each in found.reasons] == [Code.NUMBER_USED, Code.DUE_MISSING]


def test_the_tenants_own_field_is_named() -> None:
    own = replace(SETTINGS, number=NumberRule("field", "Ledger_No"))
    found = gone("VOIDED").now({**inv_2041(), "Ledger_No": "INV-2041"}, settings=own)
    assert isinstance(found, Locked) and isinstance(found.unlink, Blocked)
    assert found.unlink.reasons[0].field_name == "Ledger_No"


def test_its_customer_may_be_a_new_one() -> None:
    new = NewContact("9001", "Brightwater Dental Pty Ltd", "Z9001")
    found = gone("VOIDED").now(RENUMBERED, customer=new, choice=SEND_AS_NEW)
    assert isinstance(found, Create)
    assert (found.contact, found.replaces) == (new, XERO_ID)


def test_a_gone_invoice_without_its_link_is_not_doubled() -> None:
    """Found by its marker: the person is asked as well."""
    found = decided(RENUMBERED, xero=None, link=None)
    assert isinstance(found, Create)
    assert isinstance(gone("DELETED").now(RENUMBERED, link=None), Locked)


@pytest.mark.parametrize(("raw", "may"), [(inv_2041(), False), (RENUMBERED, True)])
def test_the_preview_offers_it_only_where_it_can_be_done(raw: dict[str, object], may: bool) -> None:
    """With the lines that would be sent, and the digest that must come back."""
    found = gone("VOIDED").now(raw)
    shown = preview_json(found, read(raw), BOOKS, AT)
    assert (shown["decision"], shown["may_unlink"], bool(shown["digest"])) == ("locked", may, may)
    assert len(shown["lines"]) == 4  # type: ignore[arg-type]
    assert shown["held"]["status"] == "VOIDED"  # type: ignore[index]


@GONE
def test_what_is_dated_before_the_start_is_not_sent_anew(status: str) -> None:
    """It was linked, and then voided or deleted by the bookkeeper: invoices of those days are in the books by other
    ways."""
    late = replace(SETTINGS, start_date=date(2099, 1, 1))
    found = gone(status).now(RENUMBERED, choice=SEND_AS_NEW, settings=late)
    assert isinstance(found, Blocked)
    assert Code.BEFORE_START_DATE in [each.code for each in found.reasons]
