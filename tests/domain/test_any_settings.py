"""Does any record get an answer whatever rules the tenant has, and the same one each time?"""

from __future__ import annotations

import json
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.crm_invoice import read_invoice, with_products
from server.domain.customer import Customer, UseContact
from server.domain.decide import CHOICES, Blocked, Create, Decision, LinkedState, Update, decide
from server.domain.encode import encode
from server.domain.preview import preview_json, reason_json
from server.domain.terms import Terms
from server.domain.values import Books, Settings
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.any_json import OWN, PRODUCTS, RECORDS, ROWS
from tests.domain.any_settings import ANY_BOOKS, ANY_SETTINGS
from tests.domain.kinds import entry, invoice, tax, xero_total
from tests.domain.records import AT, BRIGHTWATER, MARKER, D, in_json, pushed

CUSTOMERS = st.sampled_from(
    [BRIGHTWATER, UseContact("9001", "c", "Corner Café", "link", Terms(20, "OFFOLLOWINGMONTH"))]
)
PARTS = {"discount": "22.50", "adjustment": "-1.05", "Status": "Created"}
SENT = pushed(invoice(entry(100, tax(10)), entry("33.33", tax(15)), **PARTS))
# Of every way of tax one invoice with all its parts, whose total is CRM's.
WAYS = [
    SENT.raw,
    invoice(entry(100), entry("33.33"), taxes=[tax(10)], **PARTS),
    invoice(entry(100), entry("-3.35"), Prices="Inclusive", **PARTS),
    invoice(entry("0.05", tax(10), tax(2)), entry("-0.05", tax(10)), entry(80, tax(0)), **PARTS),
    invoice(entry(1000, tax(10)), entry(500, tax(15)), Currency="EUR", Exchange_Rate=D("0.5"), **PARTS),
    invoice(entry("1.23456", tax(10), Quantity=D(100)), entry(50), **PARTS),
]
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "Area": st.sampled_from(["North", "south", "", "Nowhere"]),
        "Purchase_Order": st.sampled_from(["PO 1", "", "x" * 256]),
        "Home": st.sampled_from([D("3166.90"), D("3000"), None]),
        "Mine": OWN,
    },
)
GOOD = st.builds(lambda raw, fields: {**raw, **fields}, st.sampled_from(WAYS), FIELDS)


def spoilt(raw: dict[str, object], place: int, row: dict[str, object], head: dict[str, object]) -> dict[str, object]:
    """The record with some of its fields, and some of one row's, replaced by anything."""
    rows: list[Any] = list(raw["Invoiced_Items"])  # type: ignore[call-overload]
    rows[place % len(rows)] = {**rows[place % len(rows)], **row}
    return {**raw, "Invoiced_Items": rows, **head}


def some_of(strategy: st.SearchStrategy[dict[str, object]], most: int) -> st.SearchStrategy[dict[str, object]]:
    names = st.lists(st.integers(0, 50), max_size=most)
    return st.builds(
        lambda found, places: (
            {sorted(found)[at % len(found)]: found[sorted(found)[at % len(found)]] for at in places} if found else {}
        ),
        strategy,
        names,
    )


NEARLY = st.builds(spoilt, GOOD, st.integers(0, 3), some_of(ROWS, 2), some_of(RECORDS, 2))


def verdict(
    raw: dict[str, object], products: dict[str, dict[str, object]], customer: Customer, chosen: Settings, books: Books
) -> Decision:
    crm = with_products(read_invoice(raw), products)
    return decide(crm, customer, chosen, books, None, None, MARKER)


def told(found: Decision, raw: dict[str, object], books: Books) -> str:
    """All that anybody sees or sends of it, as JSON."""
    shown = json.dumps(preview_json(found, read_invoice(raw), books, AT), ensure_ascii=False)
    shown.encode("utf-8")
    if isinstance(found, Create | Update):
        shown += encode(found.body).decode()
    if isinstance(found, Blocked):
        shown += json.dumps([reason_json(each) for each in found.reasons], ensure_ascii=False)
    return shown


def check(found: Decision, raw: dict[str, object]) -> None:
    assert isinstance(found, Create | Blocked)
    if isinstance(found, Blocked):
        assert found.reasons
        assert all(each.sentence.strip() and each.name != "unexpected" for each in found.reasons)
    else:
        total, body = read_invoice(raw).grand_total, in_json(found.body)
        assert found.total == total
        assert {xero_total(body, below_zero=way) for way in (ROUND_HALF_UP, ROUND_HALF_DOWN)} == {total}


@settings(max_examples=400, deadline=None)
@given(NEARLY, PRODUCTS, CUSTOMERS, ANY_SETTINGS, ANY_BOOKS)
def test_a_record_that_is_nearly_right_under_any_rules_is_decided_and_can_be_shown(
    raw: dict[str, object],
    products: dict[str, dict[str, object]],
    customer: Customer,
    chosen: Settings,
    books: Books,
) -> None:
    """Never an exception, never a reason of ours for not knowing; what is sent has CRM's total."""
    found = verdict(raw, products, customer, chosen, books)
    check(found, raw)
    assert told(verdict(raw, products, customer, chosen, books), raw, books) == told(found, raw, books)


@settings(max_examples=400, deadline=None)
@given(GOOD, PRODUCTS, CUSTOMERS, ANY_SETTINGS, ANY_BOOKS)
def test_a_good_record_under_any_rules(
    raw: dict[str, object],
    products: dict[str, dict[str, object]],
    customer: Customer,
    chosen: Settings,
    books: Books,
) -> None:
    """The same with rows, discount and adjustment that come to CRM's total: it is the rules that are odd."""
    found = verdict(raw, products, customer, chosen, books)
    check(found, raw)
    assert told(verdict(raw, products, customer, chosen, books), raw, books) == told(found, raw, books)


@settings(max_examples=250, deadline=None)
@given(GOOD, PRODUCTS, ANY_SETTINGS, ANY_BOOKS, st.booleans(), st.sampled_from([None, *CHOICES]))
def test_a_pushed_one_under_rules_that_changed_since(
    raw: dict[str, object],
    products: dict[str, dict[str, object]],
    chosen: Settings,
    books: Books,
    remembers: bool,
    choice: str | None,
) -> None:
    """What was sent under other rules is compared; a body that goes can be written, twice alike."""
    held, link = read_xero_invoice(SENT.doc), SENT.link if remembers else LinkedState(None)
    crm = with_products(read_invoice(raw), products)
    found = decide(crm, BRIGHTWATER, chosen, books, link, held, MARKER, choice)
    again = decide(crm, BRIGHTWATER, chosen, books, link, held, MARKER, choice)
    assert told(found, raw, books) == told(again, raw, books)
