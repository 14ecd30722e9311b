"""Are the rules of the mapping kept whole or not at all, and only when Xero and CRM have what they name?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_settings import GOOD
from tests.api.walk import Edge, Office, office

MAPPING: dict[str, Any] = {
    "amounts": {"inclusive": True, "tax_type": "OUTPUT", "field": None},
    "accounts": {"product_field": None, "by_category": {"Services": "210"}, "discount": "260", "adjustment": "260"},
    "rounding_limit": "0.2",
    "due": {"from": "days", "days": 14},
    "rate": {"from": "xero"},
    "products": "without",
    "tracking": [],
    "theme": None,
    "reference_field": "Purchase_Order",
}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"amounts": {"inclusive": True}}, "amounts.tax_type"),
    ({"amounts": {"inclusive": "yes", "tax_type": "OUTPUT"}}, "amounts.inclusive"),
    ({"amounts": {"inclusive": True, "tax_type": "INPUT"}}, "amounts.tax_type"),
    ({"amounts": {"field": "Nope", "tax_type": "OUTPUT"}}, "amounts.field"),
    ({"accounts": {"discount": "610"}}, "accounts.discount"),
    ({"accounts": {"adjustment": "090"}}, "accounts.adjustment"),
    ({"accounts": {"by_category": {"Desks": "999"}}}, "accounts.by_category.Desks"),
    ({"accounts": {"product_field": "Nope"}}, "accounts.product_field"),
    ({"accounts": {"product_field": "a; DROP"}}, "accounts.product_field"),
    ({"rounding_limit": "0.51"}, "rounding_limit"),
    ({"rounding_limit": "-0.01"}, "rounding_limit"),
    ({"rounding_limit": "NaN"}, "rounding_limit"),
    ({"rounding_limit": 0.05}, "rounding_limit"),
    ({"due": {"from": "days"}}, "due.days"),
    ({"due": {"from": "days", "days": 1.5}}, "due.days"),
    ({"due": {"from": "days", "days": 9999}}, "due.days"),
    ({"due": {"from": "crm", "days": 3}}, "due.days"),
    ({"due": {"from": "moon"}}, "due.from"),
    ({"rate": {"from": "crm"}}, "rate.home_total"),
    ({"rate": {"from": "crm", "home_total": "Subject"}}, "rate.home_total"),
    ({"products": "invent"}, "products"),
    ({"tracking": [{"category": "Nope", "from": "fixed", "option": "x"}]}, "tracking.0.category"),
    ({"tracking": [{"category": "Nope", "from": "fixed"}]}, "tracking.0.option"),
    ({"tracking": [{"category": "Nope", "from": "line"}]}, "tracking.0.field"),
    ({"tracking": [{"category": f"C{n}", "from": "fixed", "option": "x"} for n in range(3)]}, "tracking"),
    ({"tracking": [{"category": "C", "from": "fixed", "option": each} for each in "xy"]}, "tracking"),
    ({"theme": {"name": "No such theme"}}, "theme.name"),
    ({"theme": {"field": "Nope"}}, "theme.field"),
    ({"reference_field": "Nope"}, "reference_field"),
    ({"reference_field": "Grand_Total"}, "reference_field"),
    ({"taxes": [{"rate": "10", "tax_type": "OUTPUT", "taxes": ["A", "A", 3]}]}, "taxes.0.taxes.2"),
    ({"taxes": [{"rate": "10", "tax_type": "OUTPUT", "taxes": each} for each in (["A", "B"], ["B", "A"])]}, "taxes"),
]


@pytest.fixture
def mine(edge: Edge) -> Office:
    return office(edge)


def test_every_rule_is_kept_and_read_again(mine: Office) -> None:
    answer = mine.put({**GOOD, **MAPPING})
    assert answer.status_code == 200, answer.text
    now = mine.settings().get_json()
    assert {part: now[part] for part in MAPPING} == MAPPING


def test_a_part_set_to_null_is_as_usual_again(mine: Office) -> None:
    mine.put({**GOOD, **MAPPING})
    answer = mine.put(dict.fromkeys(MAPPING))
    assert answer.status_code == 200, answer.text
    assert all(answer.get_json()[part] is None for part in MAPPING)


def test_sets_of_taxes_are_kept_by_name(mine: Office) -> None:
    rules = [{"rate": "10", "tax_type": "OUTPUT", "taxes": ["GST 10%"]}, {"rate": "10", "tax_type": "OUTPUT"}]
    assert mine.put({"taxes": rules}).get_json()["taxes"] == rules


@pytest.mark.parametrize(("part", "where"), BAD)
def test_what_cannot_be_used_is_refused_by_its_field(mine: Office, part: dict[str, Any], where: str) -> None:
    """422 with the field, and nothing is kept."""
    before = mine.settings().get_json()
    before["choices"].pop("read_at")
    answer = mine.put(part)
    assert answer.status_code == 422, answer.text
    assert where in answer.get_json()["fields"], answer.get_json()
    after = mine.settings().get_json()
    after["choices"].pop("read_at")  # what can't be used is looked up once more before it is refused
    assert after == before


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ({"reference_field": "Payment_Status"}, "reference_field"),
        ({"theme": {"field": "Lock_State"}}, "theme.field"),
        ({"tracking": [{"category": "Region", "from": "invoice", "field": "Payment_Status"}]}, "tracking.0.field"),
        ({"amounts": {"field": "Payment_Status", "tax_type": "OUTPUT"}}, "amounts.field"),
        ({"rate": {"from": "crm", "home_total": "Amount_Due"}}, "rate.home_total"),
    ],
)
def test_what_we_write_ourselves_is_no_source(mine: Office, part: dict[str, Any], where: str) -> None:
    """It was taken, and from then on every payment made "CRM differs from Xero" of an invoice nobody had touched."""
    answer = mine.put(part)
    assert answer.status_code == 422, answer.text
    assert answer.get_json()["fields"][where] == "is a field that InvoiceBridge writes itself"


def test_the_field_that_takes_xeros_number_is_no_source(mine: Office) -> None:
    """The push wrote the number into the reference, which was a change of the invoice at once; in either order."""
    number = {"from": "xero", "write_to": "Purchase_Order"}
    together = mine.put({"number": number, "reference_field": "Purchase_Order"})
    assert together.status_code == 422, together.text
    assert list(together.get_json()["fields"]) == ["reference_field"]
    assert mine.put({"reference_field": "Purchase_Order"}).status_code == 200
    after = mine.put({"number": number})
    assert after.status_code == 422, after.text
    assert list(after.get_json()["fields"]) == ["number.write_to"]
    assert mine.put({"number": number, "reference_field": None}).status_code == 200
    assert list(mine.put({"reference_field": "Purchase_Order"}).get_json()["fields"]) == ["reference_field"]
