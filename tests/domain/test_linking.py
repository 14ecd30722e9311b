"""When is an invoice that Xero has under the same number the same invoice?"""

from __future__ import annotations

from typing import Any

import pytest

from server.domain.customer import NewContact
from server.domain.decide import LINK, Blocked, Decision, decide
from server.domain.linking import Link
from server.domain.values import Settings
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.records import BOOKS, BRIGHTWATER, MARKER, SETTINGS, D, read, record

SAME: dict[str, Any] = {
    "InvoiceID": "77770000-0000-0000-0000-000000000001",
    "InvoiceNumber": "INV-1",
    "Status": "PAID",
    "Contact": {"ContactID": BRIGHTWATER.contact_id, "Name": BRIGHTWATER.name},
    "CurrencyCode": "AUD",
    "Total": D("110.00"),
}


def decided(
    choice: str | None = None, settings: Settings = SETTINGS, customer: Any = BRIGHTWATER, **held: Any
) -> Decision:
    found = read_xero_invoice({**SAME, **held})
    return decide(read(record()), customer, settings, BOOKS, None, None, MARKER, choice, found)


def apart(decision: Decision) -> list[str]:
    assert isinstance(decision, Blocked) and decision.offer is not None
    return [each.part for each in decision.offer.apart]


def test_what_agrees_is_offered_and_linked_only_by_choice() -> None:
    offered = decided()
    assert apart(offered) == []
    assert [each.name for each in offered.reasons] == ["in_xero_already"]  # type: ignore[union-attr]
    chosen = decided(LINK)
    assert isinstance(chosen, Link)
    assert chosen.shown == offered.shown  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("held", "parts"),
    [
        ({"Total": D("110.01")}, ["total"]),
        ({"Total": None}, ["total"]),
        ({"CurrencyCode": "NZD"}, ["currency"]),
        ({"Contact": {"ContactID": "other", "Name": BRIGHTWATER.name}}, ["customer"]),
        ({"Status": "VOIDED"}, ["status"]),
        ({"Status": "DELETED", "Total": D(1)}, ["status", "total"]),
    ],
)
def test_another_invoice_is_never_linked(held: dict[str, Any], parts: list[str]) -> None:
    """Not even by choice; both sides are shown."""
    assert apart(decided(**held)) == parts
    assert apart(decided(LINK, **held)) == parts
    assert [each.name for each in decided(**held).reasons] == ["number_taken"]  # type: ignore[union-attr]


def test_a_customer_without_a_link_agrees_by_its_name() -> None:
    crm_name = str(record()["Account_Name"]["name"])  # type: ignore[index]
    new = NewContact("1", crm_name, "Z1")
    assert apart(decided(customer=new, Contact={"ContactID": "x", "Name": crm_name.upper()})) == []
    assert apart(decided(customer=new, Contact={"ContactID": "x", "Name": "Harbour Deli"})) == ["customer"]
    assert apart(decided(customer=new, Contact={"ContactID": "x"})) == ["customer"]


def test_it_may_be_linked_whatever_stands_against_sending_it() -> None:
    assert isinstance(decided(LINK, Settings()), Link)


def test_what_changed_in_xero_is_another_sight() -> None:
    assert decided().shown != decided(Status="AUTHORISED").shown  # type: ignore[union-attr]
