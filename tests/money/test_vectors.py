"""Do the pretend CRM, the pretend Xero and our own prediction meet every case that was worked out by hand?"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from server.domain.currencies import decimals
from server.domain.decide import Blocked, Create
from server.domain.values import AmountsRule
from simulator.zoho.arithmetic import Row, invoice_totals, row_totals
from tests.money.stage import PERCENT, Stage

D = Decimal
Doc = dict[str, Any]
VECTORS: list[Doc] = json.loads((Path(__file__).parents[1] / "vectors" / "money.json").read_text(encoding="utf-8"))
VAT = {"VAT 19%": "19"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("money"))


def taxes_of(names: list[str]) -> list[Doc]:
    return [{"name": name, "percentage": D((PERCENT | VAT)[name])} for name in names]


def record(vector: Doc, place: int) -> Doc:
    """The record as CRM would answer it; its total is the vector's."""
    rows = [
        {
            "id": str(7000 + at),
            "Product_Name": {"name": f"Chair {at}", "id": str(8000 + at)},
            "Quantity": D(row["quantity"]),
            "List_Price": D(row["price"]),
            "Discount": D(row["discount"]),
            "Line_Tax": taxes_of(row["taxes"]),
            **({"Total": D(row["total"])} if "total" in row else {}),
        }
        for at, row in enumerate(vector["rows"], 1)
    ]
    header = taxes_of(vector.get("taxes", []))
    return {
        "id": str(5000 + place),
        "Invoice_Number": f"V-{place}",
        "Account_Name": {"name": "Brightwater Dental", "id": "9001"},
        "Status": "Approved",
        "Invoice_Date": "2026-10-28",
        "Due_Date": "2026-11-27",
        "Currency": vector.get("currency", "AUD"),
        "Invoiced_Items": rows,
        "Discount": D(vector.get("discount", "0")),
        "Tax": counted(vector)[1],
        "Adjustment": D(vector.get("adjustment", "0")),
        "Grand_Total": D(vector["grand_total"]),
        "$line_tax": header,
        "$approval_state": "approved",
    }


def counted(vector: Doc) -> tuple[Decimal, Decimal]:
    """Grand_Total and header Tax as the pretend CRM counts them (Z6)."""
    unit = D(1).scaleb(-decimals(vector.get("currency", "AUD")))
    sums = [
        row_totals(
            Row(D(row["quantity"]), D(row["price"]), D(row["discount"]), tuple(map(D, percents(row["taxes"])))),
            "half_up",
            unit,
        )
        for row in vector["rows"]
    ]
    totals = invoice_totals(
        [each.net_total for each in sums],
        D(vector.get("discount", "0")),
        [D(each) for each in percents(vector.get("taxes", []))],
        D(vector.get("adjustment", "0")),
        "half_up",
        unit,
    )
    return totals.grand_total, totals.tax


def percents(names: list[str]) -> list[str]:
    return [(PERCENT | VAT)[name] for name in names]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_pretend_crm_counts_it_so(vector: Doc) -> None:
    """Totals that were imported are nobody's arithmetic."""
    assert (counted(vector)[0] == D(vector["grand_total"])) is not vector.get("imported", False)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_our_prediction_and_xeros_sum_meet_it(stage: Stage, vector: Doc) -> None:
    """Line by line; what is refused is refused for that reason alone."""
    limit = D(vector.get("limit", "0.05"))
    inclusive = AmountsRule(inclusive=bool(vector.get("inclusive")), tax_type=stage.types["GST 15%"])
    raw = record(vector, VECTORS.index(vector) + 1)
    found = stage.decided(raw, stage.settings(rounding_limit=limit, amounts=inclusive))
    if "blocked" in vector:
        assert isinstance(found, Blocked)
        assert {each.name for each in found.reasons} == {vector["blocked"]}
        return
    assert isinstance(found, Create), found
    totals, wanted = found.draft.totals, D(vector["grand_total"])
    assert [line.amount for line in found.draft.lines] == [D(each) for each in vector["lines"]]
    assert (totals.tax, totals.total) == (D(vector["tax"]), wanted)
    assert found.draft.rounding == (None if vector["rounding"] is None else D(vector["rounding"]))
    [held] = stage.sent([found])
    assert held["StatusAttributeString"] == "OK", held
    assert [D(str(line["LineAmount"])) for line in held["LineItems"]] == [D(each) for each in vector["lines"]]
    assert (D(str(held["TotalTax"])), D(str(held["Total"]))) == (D(vector["tax"]), wanted)


def test_there_are_enough_of_them() -> None:
    """Worked by hand, each with its reason, no two of one name."""
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 37
    assert all(vector["why"] for vector in VECTORS)
