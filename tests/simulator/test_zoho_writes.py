"""Does the pretend Zoho write records and fields by the rules of Z5 and Z6?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulator.zoho.arithmetic import Row, invoice_totals, row_totals
from tests.simulator.zoho_stage import Api, Stage, code_of


class Desk:
    """An org with one account, one product and one invoice of two rows."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.org = stage.org()
        self.account = self.make("Accounts", Account_Name="Acme")
        self.product = self.make("Products", Product_Name="Chair", Product_Code="C-1", Unit_Price=100)
        rows = [self.row(Quantity=2, List_Price="100.00", Discount=20), self.row(Quantity=1, List_Price=50)]
        self.invoice = self.make("Invoices", Subject="One", Account_Name=self.account, Invoiced_Items=rows)
        self.api = stage.api(self.org["administrator"]["id"])

    def row(self, **more: Any) -> dict[str, Any]:
        return {"Product_Name": {"id": self.product}, "Line_Tax": [{"name": "GST 10%"}], **more}

    def make(self, module: str, **record: Any) -> str:
        body = {"zgid": self.org["zgid"], "module": module, "record": record}
        answer = self.stage.places["au"].post("/_control/records", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.get_json()["id"])

    def raw(self) -> dict[str, Any]:
        query = {"zgid": self.org["zgid"], "module": "Invoices", "id": self.invoice}
        found: dict[str, Any] = self.stage.places["au"].get("/_control/records", query_string=query).get_json()
        return found

    def patch(self, **record: Any) -> None:
        body = {"zgid": self.org["zgid"], "module": "Invoices", "id": self.invoice, "record": record}
        answer = self.stage.places["au"].patch("/_control/records", json=body)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    stage = Stage(tmp_path)
    yield Desk(stage)
    stage.close()


@pytest.fixture
def api(desk: Desk) -> Api:
    return desk.api


def test_row_arithmetic() -> None:
    """Total, discount, tax on what is left, Net_Total with the tax."""
    row = row_totals(Row(Decimal(3), Decimal("33.35"), Decimal("0.05"), (Decimal(10), Decimal("2.5"))))
    assert row.total == Decimal("100.05")
    assert row.tax_values == (Decimal("10.00"), Decimal("2.50"))
    assert row.net_total == Decimal("112.50")


def test_half_cents_go_up_or_to_even() -> None:
    """0.125 of tax: the way is a switch."""
    row = Row(Decimal(1), Decimal("1.25"), Decimal(0), (Decimal(10),))
    assert row_totals(row).tax == Decimal("0.13")
    assert row_totals(row, "half_even").tax == Decimal("0.12")


def test_header_arithmetic() -> None:
    """The official sample: 100,000 less 5,000, 3 % tax on the rest."""
    totals = invoice_totals([Decimal(100000)], Decimal(5000), [Decimal(3)], Decimal(0))
    assert (totals.tax, totals.grand_total) == (Decimal("2850.00"), Decimal("97850.00"))


def test_control_records_are_computed(desk: Desk) -> None:
    """200 - 20 + 18 and 50 + 5."""
    record = desk.raw()
    assert [row["Net_Total"] for row in record["Invoiced_Items"]] == [198, 55]
    assert (record["Sub_Total"], record["Grand_Total"]) == (253, 253)
    desk.patch(Discount=3, Adjustment="-0.5")
    assert desk.raw()["Grand_Total"] == 249.5


def test_totals_can_be_forced(desk: Desk) -> None:
    """A Grand_Total that the rows do not explain, for tests of who notices; an empty object lets it go."""
    desk.patch(force={"Grand_Total": 999.99})
    assert (desk.raw()["Sub_Total"], desk.raw()["Grand_Total"]) == (253, 999.99)
    desk.patch(force={})
    assert desk.raw()["Grand_Total"] == 253


def test_an_update_is_partial_and_remembers_its_trigger(desk: Desk, api: Api) -> None:
    """Absent fields stay, null clears, `trigger` is there for tests to see."""
    answer = api.put("/Invoices", {"data": [{"id": desk.invoice, "Purchase_Order": "PO-1"}], "trigger": []})
    assert answer.status_code == 200
    item = answer.get_json()["data"][0]
    assert (item["code"], item["message"], item["details"]["id"]) == ("SUCCESS", "record updated", desk.invoice)
    record = desk.raw()
    assert (record["Purchase_Order"], record["Subject"]) == ("PO-1", "One")
    assert (record["$writes"][-1]["trigger"], record["$writes"][-1]["fields"]) == ([], ["Purchase_Order"])
    api.put(f"/Invoices/{desk.invoice}", {"data": [{"Purchase_Order": None}]})
    assert desk.raw()["Purchase_Order"] is None
    assert desk.raw()["$writes"][-1]["trigger"] is None, "absent means all of them run"


def test_a_mixed_result_is_told_record_by_record(desk: Desk, api: Api) -> None:
    """207 by default, switchable; all failed is 400."""
    body = {"data": [{"id": desk.invoice, "Subject": "Two"}, {"id": "123", "Subject": "x"}, {"Subject": "y"}]}
    answer = api.put("/Invoices", body)
    assert answer.status_code == 207
    assert [r["code"] for r in answer.get_json()["data"]] == ["SUCCESS", "INVALID_DATA", "MANDATORY_NOT_FOUND"]
    assert answer.get_json()["data"][1]["message"] == "the id given seems to be invalid"
    assert answer.get_json()["data"][1]["details"]["json_path"] == "$.data[1].id"
    desk.stage.switch(mixed_status=200)
    assert api.put("/Invoices", body).status_code == 200
    assert api.put("/Invoices", {"data": [{"id": "123"}]}).status_code == 400


@pytest.mark.parametrize(
    ("wish", "detail"),
    [
        ({"Subject": 5}, ("expected_data_type", "string")),
        ({"Subject": "x" * 256}, ("maximum_length", 255)),
        ({"Invoice_Date": "tomorrow"}, ("expected_data_type", "date")),
        ({"Adjustment": "12"}, ("expected_data_type", "double")),
        ({"Account_Name": "123"}, ("expected_data_type", "jsonobject")),
        ({"Account_Name": {"id": "123"}}, ("api_name", "Account_Name")),
    ],
)
def test_wrong_values_are_invalid_data(desk: Desk, api: Api, wish: dict[str, Any], detail: tuple[str, Any]) -> None:
    """The details name the field and what was expected."""
    answer = api.put("/Invoices", {"data": [{"id": desk.invoice, **wish}]})
    assert (answer.status_code, code_of(answer)) == (400, "INVALID_DATA")
    assert answer.get_json()["data"][0]["details"][detail[0]] == detail[1]


def test_whole_call_refusals(desk: Desk, api: Api) -> None:
    """Over 100 records, no data, no JSON, an unknown trigger."""
    many = api.put("/Invoices", {"data": [{"id": desk.invoice}] * 101})
    assert (many.status_code, many.get_json()["details"]["maximum_length"]) == (400, 100)
    assert code_of(api.put("/Invoices", {})) == "MANDATORY_NOT_FOUND"
    junk = api.client.put("/crm/v8/Invoices", data="{", headers=api.headers)
    assert code_of(junk) == "INVALID_DATA"
    assert code_of(api.put("/Invoices", {"data": [{"id": desk.invoice}], "trigger": ["magic"]})) == "INVALID_DATA"


def test_unknown_values_and_fields(desk: Desk, api: Api) -> None:
    """Picklists take anything; unknown and read-only fields are left out, or refused when switched."""
    wish = {"id": desk.invoice, "Status": "Aproved", "Nonsense": 1, "Grand_Total": 1, "Invoice_Number": "X"}
    assert api.put("/Invoices", {"data": [wish]}).status_code == 200
    record = desk.raw()
    assert (record["Status"], record["Grand_Total"]) == ("Aproved", 253)
    assert record["Invoice_Number"].startswith("INV-")
    desk.stage.switch(unknown_field="invalid_data")
    assert code_of(api.put("/Invoices", {"data": [{"id": desk.invoice, "Nonsense": 1}]})) == "INVALID_DATA"


def test_rows_without_id_are_appended(desk: Desk, api: Api) -> None:
    """Sending the same rows again doubles them; id changes, _delete removes, [] empties."""
    first, second = (row["id"] for row in desk.raw()["Invoiced_Items"])
    api.put("/Invoices", {"data": [{"id": desk.invoice, "Invoiced_Items": [desk.row(Quantity=1, List_Price=10)]}]})
    assert len(desk.raw()["Invoiced_Items"]) == 3
    change = [{"id": first, "Quantity": 3}, {"id": second, "_delete": None}]
    api.put("/Invoices", {"data": [{"id": desk.invoice, "Invoiced_Items": change}]})
    rows = desk.raw()["Invoiced_Items"]
    assert [(row["id"] == first, row["Net_Total"]) for row in rows] == [(True, 308), (False, 11)]
    bad = api.put("/Invoices", {"data": [{"id": desk.invoice, "Invoiced_Items": [{"id": "77"}]}]})
    assert code_of(bad) == "INVALID_DATA"
    api.put("/Invoices", {"data": [{"id": desk.invoice, "Invoiced_Items": []}]})
    assert (desk.raw()["Invoiced_Items"], desk.raw()["Grand_Total"]) == ([], 0)


def test_a_locked_record_refuses_all_but_excluded_fields(desk: Desk, api: Api) -> None:
    """RECORD_LOCKED with the action named."""
    desk.patch(Locked__s=True)
    answer = api.put("/Invoices", {"data": [{"id": desk.invoice, "Subject": "x"}]})
    assert answer.get_json()["data"][0]["details"]["action"] == "record_locking"
    assert code_of(answer) == "RECORD_LOCKED"
    desk.stage.switch(lock_excluded_fields=["Purchase_Order"])
    assert api.put("/Invoices", {"data": [{"id": desk.invoice, "Purchase_Order": "x"}]}).status_code == 200


def test_if_unmodified_since(desk: Desk, api: Api) -> None:
    """Moved after it: 412 for the call, nothing written."""
    body = {"data": [{"id": desk.invoice, "Subject": "late"}]}
    old = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
    answer = api.put("/Invoices", body, {"If-Unmodified-Since": old})
    assert (answer.status_code, code_of(answer)) == (412, "ALREADY_MODIFIED")
    assert desk.raw()["Subject"] == "One"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    assert api.put("/Invoices", body, {"If-Unmodified-Since": now}).status_code == 200


def test_new_fields_get_their_name_from_the_label(desk: Desk, api: Api) -> None:
    """201 with ids only; then the field can be written and read."""
    wish = [
        {"field_label": "Xero Invoice ID", "data_type": "text", "length": 50},
        {"field_label": "Amount Due", "data_type": "currency"},
    ]
    answer = api.post("/settings/fields", {"fields": wish}, module="Invoices")
    assert answer.status_code == 201
    assert set(answer.get_json()["fields"][0]["details"]) == {"id"}
    shown = api.get("/settings/fields", module="invoices").get_json()["fields"]
    mine = [f["api_name"] for f in shown if f["custom_field"]]
    assert mine == ["Xero_Invoice_ID", "Amount_Due"]
    api.put("/Invoices", {"data": [{"id": desk.invoice, "Xero_Invoice_ID": "abc", "Amount_Due": 12.5}]})
    record = api.get(f"/Invoices/{desk.invoice}").get_json()["data"][0]
    assert (record["Xero_Invoice_ID"], record["Amount_Due"]) == ("abc", 12.5)


def test_field_refusals(desk: Desk, api: Api) -> None:
    """Five a call, a taken label, the limit of the edition, no rights."""
    six = [{"field_label": f"F {n}", "data_type": "text"} for n in range(6)]
    assert code_of(api.post("/settings/fields", {"fields": six}, module="Invoices")) == "INVALID_DATA"
    api.post("/settings/fields", {"fields": six[:1]}, module="Invoices")
    desk.stage.switch(custom_fields_limit=2)
    mixed = api.post("/settings/fields", {"fields": six[:3]}, module="Invoices")
    assert mixed.status_code == 207
    assert [f["code"] for f in mixed.get_json()["fields"]] == ["DUPLICATE_DATA", "SUCCESS", "LIMIT_EXCEEDED"]
    seller = desk.stage.api(desk.org["salesperson"]["id"])
    assert code_of(seller.post("/settings/fields", {"fields": six[3:4]}, module="Invoices")) == "NO_PERMISSION"
    assert code_of(api.post("/settings/fields", {"fields": six[:1]})) == "REQUIRED_PARAM_MISSING"


def test_a_unique_field_refuses_a_second_value(desk: Desk, api: Api) -> None:
    """DUPLICATE_DATA names the other record."""
    wish = [{"field_label": "Key", "data_type": "text", "unique": {"case_sensitive": False}}]
    api.post("/settings/fields", {"fields": wish}, module="Invoices")
    other = desk.make("Invoices", Subject="Two")
    api.put("/Invoices", {"data": [{"id": desk.invoice, "Key": "a"}]})
    answer = api.put("/Invoices", {"data": [{"id": other, "Key": "A"}]})
    assert code_of(answer) == "DUPLICATE_DATA"
    assert answer.get_json()["data"][0]["details"]["duplicate_record"]["id"] == desk.invoice


def test_insert_asks_for_subject_and_rows(desk: Desk, api: Api) -> None:
    """201 with the id; without a subject MANDATORY_NOT_FOUND."""
    good = api.post("/Invoices", {"data": [{"Subject": "New", "Invoiced_Items": [desk.row(Quantity=1)]}]})
    assert good.status_code == 201
    made = api.get(f"/Invoices/{good.get_json()['data'][0]['details']['id']}").get_json()["data"][0]
    assert made["Grand_Total"] == 110, "the product's price is taken when none is given"
    assert code_of(api.post("/Invoices", {"data": [{"Invoiced_Items": []}]})) == "MANDATORY_NOT_FOUND"


def test_percentages_and_wrong_taxes_in_rows(desk: Desk, api: Api) -> None:
    """Discount may be text with a per cent sign; tax names must be the org's."""
    row = desk.row(Quantity=1, List_Price=80, Discount="5%")
    body = {"data": [{"id": desk.invoice, "Invoiced_Items": [row]}]}
    assert api.put("/Invoices", body).status_code == 200
    assert desk.raw()["Invoiced_Items"][-1]["Discount"] == 4
    body["data"][0]["Invoiced_Items"] = [{**row, "Line_Tax": [{"name": "Salt tax", "percentage": 3}]}]
    assert code_of(api.put("/Invoices", body)) == "INVALID_DATA"
