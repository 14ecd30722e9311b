"""Are suggestions what a careful administrator would choose, and silent where nothing is likely?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server.domain.suggest import suggestions
from server.domain.values import Account, Books, TaxRate
from tests.domain.records import BOOKS, D

AU = replace(
    BOOKS,
    accounts=(
        Account("090", "Bank", "ACTIVE", "BANK", "", "ASSET"),
        Account("260", "Other Revenue", "ACTIVE", "REVENUE", "", "REVENUE"),
        Account("200", "Sales", "ACTIVE", "REVENUE", "", "REVENUE"),
        Account("400", "Advertising", "ACTIVE", "EXPENSE", "", "EXPENSE"),
    ),
    tax_rates=(
        TaxRate("BASEXCLUDED", "BAS Excluded", D(0), "ACTIVE", True),
        TaxRate("EXEMPTEXPORT", "GST Free Exports", D(0), "ACTIVE", True),
        TaxRate("EXEMPTOUTPUT", "GST Free Income", D(0), "ACTIVE", True),
        TaxRate("INPUT", "GST on Expenses", D(10), "ACTIVE", False),
        TaxRate("OUTPUT", "GST on Income", D(10), "ACTIVE", True),
    ),
)


def offer(*sets: dict[str, Any], fields: Any = (), statuses: Any = ()) -> dict[str, Any]:
    return {"tax_sets": list(sets), "fields": {"Invoices": list(fields)}, "statuses": [{"value": v} for v in statuses]}


def tax_set(*taxes: tuple[str, str]) -> dict[str, Any]:
    return {"taxes": [name for name, _ in taxes], "rates": [rate for _, rate in taxes], "invoices": 3}


def field(name: str, *examples: str, kind: str = "text") -> dict[str, Any]:
    return {"api_name": name, "label": name.replace("_", " "), "data_type": kind, "examples": list(examples)}


def suggested(kept: dict[str, Any], told: dict[str, Any] | None, books: Books | None = AU) -> dict[str, Any]:
    return suggestions(kept, told, books)


def test_the_usual_sales_account() -> None:
    assert suggested({}, None) == {"account": "200"}
    assert suggested({"account": "260"}, None) == {}


def test_an_account_of_another_kind_is_never_suggested() -> None:
    assert suggested({}, None, replace(AU, accounts=(AU.accounts[0], AU.accounts[3]))) == {}


def test_each_rate_in_use_gets_the_likest_rate_for_sales() -> None:
    """10 % for income, not for expenses; no tax is what says so, in this country's words."""
    found = suggested({"account": "200"}, offer(tax_set(("GST 10%", "10")), tax_set()))
    assert found["taxes"] == [{"rate": "10", "tax_type": "OUTPUT"}, {"rate": "0", "tax_type": "EXEMPTOUTPUT"}]


def test_a_name_decides_between_rates_of_the_same_percentage() -> None:
    found = suggested({}, offer(tax_set(("Exports", "0"))))
    assert found["taxes"] == [{"rate": "0", "tax_type": "EXEMPTEXPORT"}]


def test_what_is_mapped_stays_and_what_is_lacking_is_added() -> None:
    kept = {"account": "200", "taxes": [{"rate": "10", "tax_type": "OUTPUT"}]}
    found = suggested(kept, offer(tax_set(("GST 10%", "10"))))
    assert found["taxes"] == [*kept["taxes"], {"rate": "0", "tax_type": "EXEMPTOUTPUT"}]


def test_a_rate_that_xero_lacks_is_left_to_a_person() -> None:
    found = suggested({}, offer(tax_set(("VAT 19%", "19"))))
    assert [rule["rate"] for rule in found["taxes"]] == ["0"]


def test_zohos_own_statuses() -> None:
    told = offer(statuses=["Created", "Approved", "On hold", "Cancelled"])
    assert suggested({}, told)["statuses"] == {"Created": "DRAFT", "Approved": "AUTHORISED", "Cancelled": "REMOVED"}


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ([field("Invoice_Number", "INV-2041", "INV-2042")], {"from": "field", "field": "Invoice_Number"}),
        ([field("Invoice_Number", "600000001000123456")], {"from": "xero"}),
        (
            [field("Invoice_Number", "INV-1"), field("Our_Invoice_Number", "R-1", kind="autonumber")],
            {"from": "field", "field": "Our_Invoice_Number"},
        ),
        ([field("Xero_Invoice_Number", "INV-1")], {"from": "xero"}),
        ([field("Purchase_Order", "PO-1")], {"from": "xero"}),
        ([field("Invoice_Number")], {"from": "xero"}),
        ([field("Invoice_Number", "n/a", "INV-2")], {"from": "xero"}),
    ],
)
def test_a_number_that_customers_may_be_sent(fields: list[dict[str, Any]], wanted: dict[str, Any]) -> None:
    """What a machine counts for itself is none (Z: the stock number rarely is); then Xero numbers."""
    assert suggested({}, offer(fields=fields))["number"] == wanted


def test_nothing_is_suggested_where_neither_side_can_be_asked() -> None:
    assert suggested({}, None, None) == {}
