"""Are records of the pretend CRM copied, thrown away and brought back as in the real one? (Z5.5)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.zoho_stage import Api, Stage, code_of

Doc = dict[str, Any]
FIELDS = [
    {"field_label": "Xero Invoice ID", "data_type": "text", "length": 64},
    {"field_label": "Payment Status", "data_type": "text", "length": 60},
]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def org(stage: Stage) -> Doc:
    return stage.org()


@pytest.fixture
def api(stage: Stage, org: Doc) -> Api:
    return stage.api(org["administrator"]["id"])


@pytest.fixture
def invoice(stage: Stage, org: Doc, api: Api) -> str:
    """An invoice with two rows, a header tax and both of our fields filled in."""
    assert api.post("/settings/fields", {"fields": FIELDS}, module="Invoices").status_code == 201
    product = stage.record(org, "Products", {"Product_Name": "Visit", "Unit_Price": "100"})
    row = {"Product_Name": product, "Quantity": 2, "Line_Tax": [{"name": "GST 10%"}]}
    wish = {"Subject": "Visits", "Status": "Approved", "Invoiced_Items": [row, row], "Adjustment": "1.5"}
    ours = {"Xero_Invoice_ID": "x-1", "Payment_Status": "Paid"}
    return stage.record(org, "Invoices", wish | ours | {"$line_tax": [{"name": "GST 10%"}]})


def single(api: Api, record_id: str) -> Doc:
    found: Doc = api.get(f"/Invoices/{record_id}").get_json()["data"][0]
    return found


def test_a_clone_copies_every_field_and_nothing_of_the_identity(api: Api, invoice: str) -> None:
    """Values, custom fields, rows and taxes are the original's; ids, number and times are new."""
    answer = api.post(f"/Invoices/{invoice}/actions/clone", {"data": [{}]})
    assert answer.status_code == 201, answer.text
    made = answer.get_json()["data"][0]
    assert (made["code"], made["message"]) == ("SUCCESS", "record added")
    old, new = single(api, invoice), single(api, made["details"]["id"])
    for name in ("Subject", "Status", "Xero_Invoice_ID", "Payment_Status", "Adjustment", "Grand_Total", "$line_tax"):
        assert old[name] == new[name], name
    assert new["id"] != old["id"]
    assert new["Invoice_Number"] != old["Invoice_Number"]
    plain = [[{**row, "id": 0, "Parent_Id": 0} for row in one["Invoiced_Items"]] for one in (old, new)]
    assert [(r["Total"], r["Line_Tax"], r["Product_Name"]) for r in plain[0]] == [
        (r["Total"], r["Line_Tax"], r["Product_Name"]) for r in plain[1]
    ]
    assert not {r["id"] for r in old["Invoiced_Items"]} & {r["id"] for r in new["Invoiced_Items"]}


def test_a_clone_may_differ_as_its_body_says(stage: Stage, api: Api, invoice: str) -> None:
    """Fields in the body win; with the switch the number stays; a lock does not travel."""
    stage.switch(clone_number="same")
    body = {"data": [{"Subject": "Other", "Payment_Status": None}]}
    made = api.post(f"/Invoices/{invoice}/actions/clone", body).get_json()["data"][0]["details"]["id"]
    new = single(api, made)
    assert (new["Subject"], new["Payment_Status"], new["Xero_Invoice_ID"]) == ("Other", None, "x-1")
    assert new["Invoice_Number"] == single(api, invoice)["Invoice_Number"]
    assert new["Locked__s"] is False


def test_a_unique_field_is_not_copied(stage: Stage, org: Doc, api: Api, invoice: str) -> None:
    """It would hold the same value twice; the clone has it empty, or is refused, by the switch."""
    unique = {"field_label": "Key", "data_type": "text", "unique": {"case_sensitive": False}}
    api.post("/settings/fields", {"fields": [unique]}, module="Invoices")
    assert api.put(f"/Invoices/{invoice}", {"data": [{"Key": "k"}]}).status_code == 200
    made = stage.do("clone", org, invoice)
    assert single(api, made)["Key"] is None
    stage.switch(clone_unique_field="refuse")
    assert code_of(api.post(f"/Invoices/{invoice}/actions/clone", {"data": [{}]})) == "DUPLICATE_DATA"


def test_what_is_in_the_bin_is_nowhere_else(api: Api, invoice: str) -> None:
    """Single reads, lists by id and writes don't find it; the list of deleted records does."""
    answer = api.delete("/Invoices", ids=invoice)
    assert answer.status_code == 200
    assert answer.get_json()["data"][0]["message"] == "record deleted"
    assert api.get(f"/Invoices/{invoice}").status_code == 204
    assert api.get("/Invoices", fields="Subject", ids=invoice).status_code == 204
    assert code_of(api.put(f"/Invoices/{invoice}", {"data": [{"Subject": "x"}]})) == "INVALID_DATA"
    assert code_of(api.delete("/Invoices", ids=invoice)) == "INVALID_DATA"
    found = api.get("/Invoices/deleted", type="recycle").get_json()
    assert [(one["id"], one["display_name"], one["type"]) for one in found["data"]] == [(invoice, "Visits", "recycle")]
    assert found["data"][0]["deleted_by"]["name"] == "Robin Ashe"
    assert api.get("/Invoices/deleted", type="permanent").status_code == 204


def test_a_restored_record_is_the_one_it_was(stage: Stage, org: Doc, api: Api, invoice: str) -> None:
    """The same id, fields and rows; its Modified_Time stays unless the switch says so."""
    before = single(api, invoice)
    stage.do("delete", org, invoice)
    stage.do("restore", org, invoice)
    assert single(api, invoice) == before
    assert api.get("/Invoices/deleted").status_code == 204
    stage.switch(restore_moves_modified_time=True)
    stage.back_in_time(org, invoice, 60)
    stage.do("delete", org, invoice)
    stage.do("restore", org, invoice)
    assert single(api, invoice)["Modified_Time"] >= before["Modified_Time"]


def test_several_are_deleted_each_by_itself(stage: Stage, org: Doc, api: Api, invoice: str) -> None:
    """One wrong id, one locked record and one that goes: every id has its own answer."""
    locked = stage.do("clone", org, invoice)
    stage.change(org, locked, {"Locked__s": True})
    answer = api.delete("/Invoices", ids=f"123456,{locked},{invoice}", wf_trigger="false")
    assert answer.status_code == 207
    assert [one["code"] for one in answer.get_json()["data"]] == ["INVALID_DATA", "RECORD_LOCKED", "SUCCESS"]
    assert single(api, locked)["Locked__s"] is True
    assert code_of(api.delete("/Invoices")) == "REQUIRED_PARAM_MISSING"
    assert code_of(api.delete("/Invoices", ids=",".join(["1"] * 101))) == "LIMIT_EXCEEDED"


def test_one_is_deleted_by_its_own_path(api: Api, invoice: str) -> None:
    """DELETE /Invoices/{id}."""
    assert api.delete(f"/Invoices/{invoice}").status_code == 200
    assert api.get(f"/Invoices/{invoice}").status_code == 204


def test_deleting_asks_for_its_own_scope(stage: Stage, org: Doc, invoice: str) -> None:
    """A token that may read and update may not delete."""
    weak = stage.api(org["administrator"]["id"], scope="ZohoCRM.modules.invoices.READ,ZohoCRM.modules.invoices.UPDATE")
    assert code_of(weak.delete("/Invoices", ids=invoice)) == "OAUTH_SCOPE_MISMATCH"
    assert code_of(weak.post(f"/Invoices/{invoice}/actions/clone", {"data": [{}]})) == "OAUTH_SCOPE_MISMATCH"


def test_a_lookup_of_a_deleted_record_is_empty(stage: Stage, org: Doc, api: Api, invoice: str) -> None:
    """By the switch it keeps the id."""
    account = stage.record(org, "Accounts", {"Account_Name": "Elm"})
    stage.change(org, invoice, {"Account_Name": account})
    stage.do("delete", org, account, "Accounts")
    assert single(api, invoice)["Account_Name"] is None
    stage.switch(deleted_lookup="id")
    assert single(api, invoice)["Account_Name"] == {"name": "", "id": account}
