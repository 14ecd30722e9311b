"""Do items and item codes on lines obey X8.1 and X6.1?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import SCOPES, Xero, line, messages

DESK = {
    "Code": "DESK",
    "Name": "Oak desk",
    "Description": "Oak desk, 160 cm",
    "SalesDetails": {"UnitPrice": "449.5", "AccountCode": "210", "TaxType": "EXEMPTOUTPUT"},
    "PurchaseDetails": {"UnitPrice": "200", "AccountCode": "310"},
}


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def put(xero: Xero, **more: Any) -> dict[str, Any]:
    return xero.write([{**DESK, **more}], name="Items")[0]


def test_an_item_is_kept_and_read_by_code_and_by_id(xero: Xero) -> None:
    """X8.1: all at once; a flag set to false clears its side."""
    made = put(xero, IsPurchased=False)
    assert made["SalesDetails"] == {"UnitPrice": 449.5, "AccountCode": "210", "TaxType": "EXEMPTOUTPUT"}
    assert (made["PurchaseDetails"], made["IsPurchased"], made["IsTrackedAsInventory"]) == ({}, False, False)
    put(xero, Code="CHAIR", Name="Chair")
    rows = xero.get("Items").json["Items"]
    assert [row["Code"] for row in rows] == ["CHAIR", "DESK"]
    for name in ("DESK", made["ItemID"]):
        assert xero.get(f"Items/{name}").json["Items"][0]["ItemID"] == made["ItemID"]
    assert len(xero.get('Items?where=Code=="DESK"').json["Items"]) == 1
    assert xero.get("Items/NONE").status_code == 404
    assert xero.get("Items", If_Modified_Since="2099-01-01T00:00:00").json["Items"] == []


def test_put_creates_and_post_changes(xero: Xero) -> None:
    """X8.1: POST updates by Code or ItemID; sent nulls and what is left out change nothing."""
    made = put(xero)
    assert messages(put(xero)) == ["Price List Item with Code 'DESK' already exists"]
    assert messages(put(xero, Code="desk")) == ["Price List Item with Code 'desk' already exists"]
    row = xero.write([{"Code": "DESK", "Name": "Desk", "Description": None}], "POST", name="Items")[0]
    assert (row["ItemID"], row["Name"], row["Description"]) == (made["ItemID"], "Desk", DESK["Description"])
    row = xero.call("POST", "Items/DESK", {"Code": "DESK2"}).json["Items"][0]
    assert (row["ItemID"], row["Code"]) == (made["ItemID"], "DESK2")
    put(xero)
    clash = {"ItemID": made["ItemID"], "Code": "DESK"}
    assert "already exists" in messages(xero.write([clash], "POST", name="Items")[0])[0]
    assert xero.call("DELETE", f"Items/{made['ItemID']}").status_code == 204
    assert xero.get("Items/DESK2").status_code == 404
    xero.switch(item_code_any_case=False)
    assert put(xero, Code="desk")["StatusAttributeString"] == "OK"


@pytest.mark.parametrize(
    "wrong",
    [
        {"Code": None},
        {"Code": "x" * 31},
        {"Name": "x" * 51},
        {"Description": "x" * 4001},
        {"SalesDetails": {"AccountCode": "999"}},
        {"SalesDetails": {"TaxType": "NONSENSE"}},
        {"ItemID": "11111111-2222-4333-8444-555555555555"},
    ],
)
def test_wrong_items(xero: Xero, wrong: dict[str, Any]) -> None:
    """X8.1: lengths, and what the chart does not have."""
    assert len(messages(put(xero, **wrong))) == 1
    assert xero.get("Items").json["Items"] == []


def test_the_scope_of_items_is_a_switch(xero: Xero) -> None:
    """X2.4: sources disagree; accounting.settings is the safe one."""
    full = xero.tokens
    scopes = SCOPES.replace("accounting.settings", "accounting.settings.read")
    xero.tokens = xero.sign_in(xero.person, [xero.org], scope=scopes)
    assert xero.get("Items").status_code == 200
    refused = xero.call("PUT", "Items", DESK)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer error="insufficent_scope"')
    xero.switch(items_scope="accounting.invoices")
    assert xero.call("PUT", "Items", DESK).status_code == 200
    xero.tokens = full


def test_a_line_takes_from_its_item_what_it_does_not_say(xero: Xero) -> None:
    """X6.1: price and account; text and tax by the switches. X6.8: Item on the line."""
    item = put(xero)
    made = xero.make(LineItems=[{"ItemCode": "desk", "Quantity": 2}])
    (row,) = made["LineItems"]
    assert row["Item"] == {"ItemID": item["ItemID"], "Name": "Oak desk", "Code": "DESK"}
    assert (row["ItemCode"], row["UnitAmount"], row["LineAmount"]) == ("DESK", 449.5, 899.0)
    assert (row["AccountCode"], row["TaxType"], row["Description"]) == ("210", "EXEMPTOUTPUT", "Oak desk, 160 cm")
    said = line(ItemCode="DESK", UnitAmount=1, TaxType="OUTPUT")
    (row,) = xero.make(LineItems=[said])["LineItems"]
    assert (row["UnitAmount"], row["AccountCode"], row["TaxType"], row["Description"]) == (1.0, "200", "OUTPUT", "Desk")
    xero.switch(item_fills_tax=False, item_fills_text=False)
    (row,) = xero.make(LineItems=[{"ItemCode": "DESK", "Description": "x"}])["LineItems"]
    assert (row["TaxType"], row["Quantity"]) == ("OUTPUT", 1.0)
    assert len(xero.refusal(LineItems=[{"ItemCode": "DESK"}])) == 1, "no description"
    bill = xero.make(Type="ACCPAY", LineItems=[{"ItemCode": "DESK", "Description": "x"}])
    assert (bill["LineItems"][0]["UnitAmount"], bill["LineItems"][0]["AccountCode"]) == (200.0, "310")


def test_a_line_changes_its_item_or_keeps_it(xero: Xero) -> None:
    """X6.1, X6.6: an unknown code is refused; a deleted item stays on the lines that had it."""
    put(xero)
    put(xero, Code="CHAIR", Name="Chair", SalesDetails={"UnitPrice": 80})
    made = xero.make(Status="DRAFT", LineItems=[line(ItemCode="DESK")])
    found = {"LineItemID": made["LineItems"][0]["LineItemID"]}
    assert messages(xero.change(made["InvoiceID"], LineItems=[{**found, "ItemCode": "X"}])) == [
        "Item code 'X' is not valid"
    ]
    (row,) = xero.change(made["InvoiceID"], LineItems=[{**found, "ItemCode": "CHAIR"}])["LineItems"]
    assert (row["ItemCode"], row["UnitAmount"], row["AccountCode"]) == ("CHAIR", 80.0, "200")
    xero.call("DELETE", "Items/CHAIR")
    (row,) = xero.change(made["InvoiceID"], LineItems=[{**found, "Quantity": 2}])["LineItems"]
    assert (row["Item"]["Name"], row["LineAmount"]) == ("Chair", 160.0)
    (row,) = xero.change(made["InvoiceID"], LineItems=[{**found, "ItemCode": ""}])["LineItems"]
    assert "Item" not in row
    assert "ItemCode" not in row
