"""Does the demo's CRM hold an invoice of every kind, each with the totals that show what it is there for?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from simulator.xero.money import Rounding, line_tax
from tests.simulator.zoho_stage import Stage

Doc = dict[str, Any]
FIRST = {
    "INV-2041": 3274.25,
    "INV-2042": 5434,
    "INV-2043": 2655.4,
    "INV-2044": 4298.25,
    "INV-2045": 2664.75,
    "INV-2046": 6783.36,
    "INV-2047": 2375,
    "INV-2048": 1616.9,
    "INV-2049": 1580.15,
    "INV-2050": 6442.7,
}
# Sub_Total, Discount, Tax, Adjustment, Grand_Total
MORE = {
    "INV-2051": (2275, 100, 0, 0, 2175),
    "INV-2052": (2430, 130, 230, 0, 2530),
    "INV-2053": (579.4, 0, 57.94, 0, 637.34),
    "INV-2054": (1809.34, 0, 0, -4.34, 1805),
    "INV-2055": (600, 0, 0, 0, 600),
    "INV-2056": (2673.95, 0, 0, 0, 2673.95),
    "INV-2057": (2117.5, 0, 0, 0, 2117.5),
    "INV-2058": (979, 0, 0, 0, 979),
    "INV-2059": (1041.25, 0, 0, 0, 1041.25),
    "INV-2060": (1122, 0, 0, 0, 1122),
    "INV-2061": (165300, 0, 0, 0, 165300),
    "INV-2062": (1195.7, 0, 119.57, 0, 1315.27),
    "INV-2063": (-374, 0, 0, 0, -374),
    "INV-2064": (1689.6, 0, 0, 0, 1650),
    "INV-2065": (111.2, 0, 11.12, 0, 122.32),
    "INV-2066": (433.4, 0, 0, 0, 433.4),
}
NAMES = ("Sub_Total", "Discount", "Tax", "Adjustment", "Grand_Total")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Doc]]:
    stage = Stage(tmp_path_factory.mktemp("kinds"))
    query = {"zgid": "600000001", "module": "Invoices"}
    records = stage.places["au"].get("/_control/records", query_string=query).get_json()["records"]
    yield {one["Invoice_Number"]: one for one in records}
    stage.close()


def test_the_first_ten_stay_as_docs_and_tests_know_them(found: dict[str, Doc]) -> None:
    """Totals, and ids right behind each other: nothing was put between them."""
    ten = list(found.values())[:10]
    assert {one["Invoice_Number"]: one["Grand_Total"] for one in ten} == FIRST
    assert found["INV-2048"]["id"] == "6000000010001000152"


def test_every_kind_with_its_totals(found: dict[str, Doc]) -> None:
    """Each subject begins with its number and says in plain words what it shows."""
    more = {number: tuple(one[name] for name in NAMES) for number, one in list(found.items())[10:]}
    assert more == MORE
    assert all(one["Subject"].startswith(f"{number}, ") for number, one in found.items())


def taxes_by_line(one: Doc) -> Decimal:
    """What Xero would count: 10 % of each line, rounded there (X6.5)."""
    amounts = (Decimal(str(row["Net_Total"])) for row in one["Invoiced_Items"])
    return sum((line_tax(Rounding(), "Exclusive", amount, Decimal(10)) for amount in amounts), Decimal(0))


@pytest.mark.parametrize(("number", "apart"), [("INV-2053", "0.02"), ("INV-2065", "0.07")])
def test_a_tax_on_the_whole_is_cents_away_from_the_sum_of_the_lines(
    found: dict[str, Doc], number: str, apart: str
) -> None:
    """Two cents, which a rounding line closes; seven, which are more than the usual limit of five."""
    one = found[number]
    assert [tax["name"] for tax in one["$line_tax"]] == ["GST 10%"]
    assert taxes_by_line(one) - Decimal(str(one["Tax"])) == Decimal(apart)


def test_what_stands_on_their_lines(found: dict[str, Doc]) -> None:
    """Two taxes, five decimals, nothing delivered, below zero, words without a product code."""
    rows = {number: one["Invoiced_Items"] for number, one in found.items()}
    assert {tax["name"] for row in rows["INV-2051"] for tax in row["Line_Tax"]} == {"GST 10%", "GST free"}
    both = rows["INV-2055"][0]["Line_Tax"]
    assert [(tax["name"], tax["percentage"]) for tax in both] == [("GST 10%", 10), ("Building levy", 2)]
    assert (rows["INV-2056"][0]["List_Price"], rows["INV-2056"][0]["Total"]) == (0.12345, 30.86)
    assert [row["Product_Name"]["Product_Code"] for row in rows["INV-2057"]] == ["DESK-OAK", None, None]
    assert rows["INV-2057"][2]["Net_Total"] == -132
    assert (rows["INV-2058"][1]["Quantity"], rows["INV-2058"][1]["Net_Total"]) == (0, 0)
    assert not any(row["Line_Tax"] for row in rows["INV-2059"])
    assert found["INV-2062"]["$line_tax"] and all(row["Line_Tax"] for row in rows["INV-2062"])


def test_the_fields_that_make_a_kind(found: dict[str, Doc]) -> None:
    inclusive = {number for number, one in found.items() if one["Prices_Include_Tax"]}
    assert inclusive == {"INV-2059", "INV-2066"}
    abroad = {n: (o["Currency"], o["Exchange_Rate"], o["Home_Total"]) for n, o in found.items() if o["Home_Total"]}
    assert abroad == {"INV-2060": ("EUR", 0.6, 1870), "INV-2061": ("JPY", 100, 1653)}
    assert all(one["Currency"] == "AUD" for number, one in found.items() if number not in abroad)
    regions = {number: one["Region"] for number, one in found.items() if one["Region"]}
    assert regions == {"INV-2051": "North", "INV-2052": "South", "INV-2053": "North", "INV-2055": "South"}
