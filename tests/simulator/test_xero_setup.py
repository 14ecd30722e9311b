"""What does a bookkeeper add to the books' tax rates, and what do the demo's books hold?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, line, messages

Doc = dict[str, Any]
LEVY = [{"name": "GST", "rate": "10"}, {"name": "Levy", "rate": "2"}]


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def rate(xero: Xero, code: str) -> Doc:
    return next(row for row in xero.get("TaxRates").json["TaxRates"] if row["TaxType"] == code)


def add(xero: Xero, name: str = "GST and levy", parts: Any = None, **more: Any) -> Any:
    return xero.bookkeeper("add_tax_rate", name=name, components=LEVY if parts is None else parts, **more)


def test_a_rate_of_parts_comes_to_what_applies(xero: Xero) -> None:
    """X6.5: EffectiveRate is the sum of plain parts; a compound one is taken of price and parts."""
    assert add(xero).json["said"] == "Tax rate GST and levy added as TAX001, 12 %"
    one = rate(xero, "TAX001")
    assert (one["EffectiveRate"], one["Status"], one["CanApplyToRevenue"]) == (12, "ACTIVE", True)
    assert [(part["Name"], part["Rate"]) for part in one["TaxComponents"]] == [("GST", 10), ("Levy", 2)]
    add(xero, "On top", [{"name": "A", "rate": "5"}, {"name": "B", "rate": "8", "compound": True}])
    assert rate(xero, "TAX002")["EffectiveRate"] == 13.4
    row = xero.make(LineItems=[line(TaxType="TAX001", UnitAmount="150.05")])
    assert row["TotalTax"] == 18.01


def test_a_rate_for_purchases_does_not_go_with_sales(xero: Xero) -> None:
    """X10."""
    add(xero, report="INPUT")
    wrong = "The TaxType code 'TAX001' cannot be used with account code '200'."
    assert xero.refusal(LineItems=[line(TaxType="TAX001")]) == [wrong]


@pytest.mark.parametrize(("action", "status"), [("archive_tax_rate", "ARCHIVED"), ("delete_tax_rate", "DELETED")])
def test_a_rate_that_was_taken_away_is_listed_and_refused(xero: Xero, action: str, status: str) -> None:
    """X8.3: lists hold it; X10: no new line takes it; whether an invoice that has it can be edited is a switch."""
    add(xero)
    kept = xero.make(LineItems=[line(TaxType="TAX001")])
    assert xero.bookkeeper(action, tax_type="TAX001").status_code == 200
    assert rate(xero, "TAX001")["Status"] == status
    gone = "The TaxType code 'TAX001' does not exist or is archived."
    assert xero.refusal(LineItems=[line(TaxType="TAX001")]) == [gone]
    assert messages(xero.change(kept["InvoiceID"], Reference="R")) == [gone]
    xero.switch(ended_rate_stops_edits=False)
    twice = {**kept["LineItems"][0], "Quantity": 2, "LineAmount": None, "TaxAmount": None}
    changed = xero.change(kept["InvoiceID"], LineItems=[twice])
    assert (changed["TotalTax"], changed["StatusAttributeString"]) == (24, "OK")
    assert xero.refusal(LineItems=[line(TaxType="TAX001")]) == [gone]
    assert xero.bookkeeper(action, tax_type="TAX001").status_code == 400
    assert "TAX002" in add(xero).json["said"]


def test_what_the_bookkeeper_may_not(xero: Xero) -> None:
    """Rates a country starts with stay; names, rates and reports are checked."""
    assert xero.bookkeeper("delete_tax_rate", tax_type="OUTPUT").json["messages"] == [
        "Only tax rates that were added can be taken away."
    ]
    for wrong in (
        {"name": ""},
        {"name": "GST on Income"},
        {"parts": []},
        {"parts": [{"name": "x", "rate": "lots"}]},
        {"parts": [{"name": "x", "rate": "101"}]},
        {"report": "SIDEWAYS"},
    ):
        assert add(xero, **wrong).status_code == 400, wrong
    assert all(not row["TaxType"].startswith("TAX0") for row in xero.get("TaxRates").json["TaxRates"])


def test_tax_rates_on_the_page(xero: Xero) -> None:
    """Added by the form, listed with its parts, and archived by its button; a person's rates only."""
    path = f"/bookkeeper/{xero.code}/setup"
    form = {"action": "add_tax_rate", "name": "Both", "name_1": "A", "rate_1": "10", "rate_2": "5", "compound_2": "yes"}
    assert xero.web.post(path, data=form).status_code == 303
    page = xero.web.get(path).text
    assert "A 10 %, Both 5 % of price and tax" in page and "15.5 %" in page
    assert page.count('value="archive_tax_rate"') == 1
    assert xero.web.post(path, data={"action": "archive_tax_rate", "tax_type": "TAX001"}).status_code == 303
    page = xero.web.get(path).text
    assert "<td>Archived</td>" in page and "archive_tax_rate" not in page


def test_the_demos_books_have_something_of_everything(xero: Xero) -> None:
    """Harbour & Pine: items for most product codes, tracking, currencies, themes, a rate of parts, terms."""
    seeded = xero.web.get("/_control/organisations").json["organisations"]
    harbour = next(org for org in seeded if org["name"].startswith("Harbour"))
    xero.org = harbour["organisation"]
    xero.tokens = xero.sign_in(harbour["people"][0], [xero.org])
    codes = {row["Code"] for row in xero.get("Items").json["Items"]}
    assert {"DESK-OAK", "CHAIR-V", "PANEL-A"} < codes and not {"WARR-1", "SVC-MEASURE"} & codes
    tracking = xero.get("TrackingCategories").json["TrackingCategories"]
    assert {row["Name"]: [option["Name"] for option in row["Options"]] for row in tracking} == {
        "Department": ["Retail", "Contract"],
        "Region": ["North", "South"],
    }
    assert [row["Code"] for row in xero.get("Currencies").json["Currencies"]] == ["AUD", "EUR", "JPY"]
    assert [row["Name"] for row in xero.get("BrandingThemes").json["BrandingThemes"]] == [
        "Standard",
        "Special Projects",
    ]
    levy = rate(xero, "TAX001")
    assert (levy["Name"], levy["EffectiveRate"], len(levy["TaxComponents"])) == ("GST and levy 12%", 12, 2)
    assert xero.get("Organisation").json["Organisations"][0]["PaymentTerms"]["Sales"]["Day"] == 14
    hotel = xero.get('Contacts?page=1&where=Name=="Harbour View Hotel"').json["Contacts"][0]
    assert hotel["PaymentTerms"] == {"Sales": {"Day": 20, "Type": "OFFOLLOWINGMONTH"}}
    assert messages(xero.write([{"Name": "Harbour View Hotel"}], name="Contacts")[0])
