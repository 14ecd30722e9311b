"""Does the pretend CRM count in a currency's decimals, and can a person write invoices of every kind on its pages?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulator.zoho.arithmetic import Row, invoice_totals, row_totals
from tests.simulator.zoho_stage import Stage

Doc = dict[str, Any]
D = Decimal
START = "/crm/org600000001"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def record_of(stage: Stage, org: Doc, record_id: str) -> Doc:
    query = {"zgid": org["zgid"], "module": "Invoices", "id": record_id}
    return dict(stage.places["au"].get("/_control/records", query_string=query).get_json())


def sold(stage: Stage, org: Doc, price: Any, *, discount: Any = 0, **more: Any) -> Doc:
    """An invoice of three pieces at 10 %; as it is stored."""
    product = stage.record(org, "Products", {"Product_Name": "Desk"})
    row = {"Product_Name": product, "Quantity": 3, "List_Price": price, "Discount": discount}
    wish = {"Subject": "S", "Invoiced_Items": [row | {"Line_Tax": [{"name": "GST 10%"}]}], **more}
    return record_of(stage, org, stage.record(org, "Invoices", wish))


@pytest.mark.parametrize(
    ("code", "way", "price", "numbers"),
    [
        ("JPY", "own", 1005, (3015, 302, 3317)),
        ("JPY", "two", 1005, (3015, 301.5, 3316.5)),
        ("KWD", "own", 1.2345, (3.704, 0.37, 4.074)),
        ("KWD", "two", 1.2345, (3.7, 0.37, 4.07)),
        ("AUD", "own", 33.335, (100.01, 10, 110.01)),
    ],
)
def test_rows_are_rounded_to_the_currencys_decimals(
    stage: Stage, code: str, way: str, price: float, numbers: tuple[float, float, float]
) -> None:
    """Z6, unverified: yen have no cents and dinars three; a switch makes it two everywhere."""
    stage.switch(currency_decimals=way)
    org = stage.org(multi_currency=True)
    row = sold(stage, org, price, Currency=code)["Invoiced_Items"][0]
    assert (row["Total"], row["Tax"], row["Net_Total"]) == numbers


def test_a_tax_on_the_whole_and_a_percentage_off_are_rounded_alike(stage: Stage) -> None:
    """3 x 1,005 yen less 3.3 % are 3,015 - 99; 10 % of 2,916 + 292 is 320.8, so 321."""
    org = stage.org(multi_currency=True)
    found = sold(stage, org, 1005, discount="3.3%", Currency="JPY", **{"$line_tax": [{"name": "GST 10%"}]})
    assert found["Invoiced_Items"][0]["Discount"] == 99
    assert (found["Sub_Total"], found["Tax"], found["Grand_Total"]) == (3208, 321, 3529)


def test_an_org_whose_only_currency_has_no_cents(stage: Stage) -> None:
    """Without a Currency field it is the org's that counts."""
    org = stage.org(currency="JPY")
    assert sold(stage, org, 1005)["Grand_Total"] == 3317


def test_arithmetic_by_unit() -> None:
    row = Row(D(1), D("10.0055"), D(0), (D(5),))
    assert (row_totals(row, unit=D("0.001")).total, row_totals(row, unit=D("0.001")).tax) == (D("10.006"), D("0.500"))
    assert row_totals(row, unit=D(1)).tax == D(1)
    assert invoice_totals([D(15)], D(0), [D(10)], D(0), unit=D(1)).tax == D(2)


def test_every_invoice_has_a_currency_and_its_rate(stage: Stage) -> None:
    """Z5.9: the org's own at 1 where nothing is said, else the org's rate; which way it is meant is a switch."""
    org = stage.org(multi_currency=True, currencies=["EUR"])
    plain, euros = sold(stage, org, 1), sold(stage, org, 1, Currency="EUR")
    assert (plain["Currency"], plain["Exchange_Rate"]) == ("AUD", 1)
    assert (euros["Exchange_Rate"], euros["$currency_symbol"]) == (0.6, "€")
    assert sold(stage, org, 1, Currency="EUR", Exchange_Rate=0.5)["Exchange_Rate"] == 0.5
    stage.change(org, euros["id"], {"Currency": "AUD"})
    assert record_of(stage, org, euros["id"])["Exchange_Rate"] == 1
    stage.switch(exchange_rate_means="home_per_foreign")
    assert sold(stage, org, 1, Currency="EUR")["Exchange_Rate"] == 1.666666667
    shown = stage.api(org["administrator"]["id"]).get("/org/currencies").get_json()["currencies"]
    assert [(one["iso_code"], one["exchange_rate"]) for one in shown] == [
        ("AUD", "1.000000000"),
        ("EUR", "1.666666667"),
    ]


def test_amounts_on_the_page_have_the_currencys_decimals(stage: Stage) -> None:
    """Yen without cents, dinars with three, and a fine price with all its own."""
    org = stage.org(multi_currency=True)
    au, start = stage.places["au"], f"/crm/{org['domain_name']}/tab/Invoices"
    yen, dinar, fine = (
        au.get(f"{start}/{sold(stage, org, price, Currency=code)['id']}").text
        for price, code in ((1005, "JPY"), (1.2345, "KWD"), (0.12345, "AUD"))
    )
    assert "¥3,317<" in yen
    assert "KD 4.074<" in dinar
    assert "$0.12345<" in fine and "$0.41<" in fine


def seeded(stage: Stage, number: str) -> Doc:
    query = {"zgid": "600000001", "module": "Invoices"}
    found: list[Doc] = stage.places["au"].get("/_control/records", query_string=query).get_json()["records"]
    return next(one for one in found if one["Invoice_Number"] == number)


def test_the_record_page_names_the_tax_on_the_whole(stage: Stage) -> None:
    """Discount, tax with its names, adjustment: every part of the total."""
    au = stage.places["au"]
    page = au.get(f"{START}/tab/Invoices/{seeded(stage, 'INV-2052')['id']}").text
    for label, amount in (
        ("Sub Total", "2,430.00"),
        ("Discount", "130.00"),
        ("Tax, GST 10%", "230.00"),
        ("Grand Total", "2,530.00"),
    ):
        assert f'<dt>{label}</dt><dd class="figure">${amount}</dd>' in page
    page = au.get(f"{START}/tab/Invoices/{seeded(stage, 'INV-2054')['id']}").text
    assert '<dt>Adjustment</dt><dd class="figure">−$4.34</dd>' in page


def test_a_text_of_several_lines_survives_the_form(stage: Stage) -> None:
    """Shown in a field that keeps its line ends; saving something else leaves the row as it is."""
    one = seeded(stage, "INV-2057")
    address = f"{START}/tab/Invoices/{one['id']}/edit"
    page = stage.places["au"].get(address).text
    row = one["Invoiced_Items"][1]
    assert f'<textarea name="line.{row["id"]}.description"' in page
    assert "\nOiling two older desks on site\nAgreed by phone with Ms Okafor</textarea>" in page
    form = {"lines": "1", "line": [each["id"] for each in one["Invoiced_Items"]], "Subject": "T"}
    form |= {f"line.{each['id']}.tax": "GST 10%" for each in one["Invoiced_Items"]}
    form |= {f"line.{row['id']}.description": "Oiling two older desks on site\r\nAgreed by phone with Ms Okafor"}
    assert stage.places["au"].post(address, data=form).status_code == 302
    assert seeded(stage, "INV-2057")["$writes"][-1]["fields"] == ["Subject"]


def test_who_saves_other_amounts_has_a_forced_total_worked_out_anew(stage: Stage) -> None:
    """An API write, and a new subject, leave it; a person who changes an amount mends it."""
    one = seeded(stage, "INV-2064")
    address = f"{START}/tab/Invoices/{one['id']}/edit"
    stage.places["au"].post(address, data={"Subject": "T"})
    assert seeded(stage, "INV-2064")["Grand_Total"] == 1650
    stage.places["au"].post(address, data={"Discount": "0.60"})
    assert seeded(stage, "INV-2064")["Grand_Total"] == 1689


def test_fields_for_mapping_come_through_settings_lists_and_single_reads(stage: Stage) -> None:
    """Custom fields of the seed: on products an account, on invoices a region, tax in prices, the home total."""
    orgs = stage.places["au"].get("/_control/orgs").get_json()["orgs"]
    api = stage.api(orgs[0]["administrator"]["id"])
    shown = {
        module: {one["api_name"]: one for one in api.get("/settings/fields", module=module).get_json()["fields"]}
        for module in ("Products", "Invoices")
    }
    custom = {one["api_name"]: one["data_type"] for one in shown["Invoices"].values() if one["custom_field"]}
    assert custom == {"Region": "picklist", "Prices_Include_Tax": "boolean", "Home_Total": "currency"}
    region = [one["actual_value"] for one in shown["Invoices"]["Region"]["pick_list_values"]]
    category = [one["actual_value"] for one in shown["Products"]["Product_Category"]["pick_list_values"]]
    assert (region, category) == (["North", "South"], ["Furniture", "Services", "Warranties"])
    assert shown["Products"]["Sales_Account"]["data_type"] == "text"

    row = seeded(stage, "INV-2041")["Invoiced_Items"]
    ids = ",".join(each["Product_Name"]["id"] for each in row)
    listed = api.get("/Products", ids=ids, fields="Product_Code,Product_Category,Sales_Account").get_json()["data"]
    filed = {one["Product_Code"]: (one["Product_Category"], one["Sales_Account"]) for one in listed}
    assert filed == {
        "DESK-OAK": ("Furniture", None),
        "CHAIR-V": ("Furniture", None),
        "WARR-1": ("Warranties", "215"),
        None: ("Services", "210"),
    }
    euros = api.get(f"/Invoices/{seeded(stage, 'INV-2060')['id']}").get_json()["data"][0]
    assert (euros["Currency"], euros["Exchange_Rate"], euros["Home_Total"]) == ("EUR", 0.6, 1870)
    north = api.get("/Invoices", ids=seeded(stage, "INV-2051")["id"], fields="Region").get_json()["data"][0]
    assert north["Region"] == "North"
    inclusive = api.get(f"/Invoices/{seeded(stage, 'INV-2059')['id']}").get_json()["data"][0]
    assert inclusive["Prices_Include_Tax"] is True
