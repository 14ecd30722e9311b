"""Do record locks, org variables and attachments of the pretend CRM keep Zoho's rules? (Z5.9 to Z5.11)"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.zoho_stage import Api, Stage, code_of

Doc = dict[str, Any]
VARIABLE = {"name": "Key", "api_name": "ib__Key", "type": "text", "variable_group": {"name": "General"}, "value": "v"}


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
def invoice(stage: Stage, org: Doc) -> str:
    return stage.record(org, "Invoices", {"Subject": "One"})


def lock(api: Api, invoice: str, reason: str = "sent") -> Any:
    return api.post(f"/Invoices/{invoice}/Locking_Information__s", {"data": [{"Locked_Reason__s": reason}]})


def test_locking_needs_a_configuration(stage: Stage, api: Api, invoice: str) -> None:
    """None: 400 and 204; wrong edition: 403."""
    assert (lock(api, invoice).status_code, code_of(lock(api, invoice))) == (400, "NOT_ALLOWED")
    assert api.get("/settings/record_locking_configurations", module="Invoices").status_code == 204
    stage.switch(locking="not_supported")
    assert (lock(api, invoice).status_code, code_of(lock(api, invoice))) == (403, "FEATURE_NOT_SUPPORTED")


def test_a_record_is_locked_and_unlocked(stage: Stage, api: Api, invoice: str) -> None:
    """The lock stops writes until it is removed; a second one is refused; its reason can change."""
    stage.switch(locking="configured")
    path = f"/Invoices/{invoice}/Locking_Information__s"
    made = lock(api, invoice)
    lock_id = made.get_json()["data"][0]["details"]["id"]
    assert made.status_code == 201
    assert lock(api, invoice).status_code == 403
    assert code_of(api.put(f"/Invoices/{invoice}", {"data": [{"Subject": "x"}]})) == "RECORD_LOCKED"
    assert code_of(api.get(path)) == "REQUIRED_PARAM_MISSING"
    (found,) = api.get(path, fields="Locked_Reason__s").get_json()["data"]
    assert (found["Locked_Reason__s"], found["Lock_Source__s"], found["id"]) == ("sent", "Manual", lock_id)
    answer = api.put(f"{path}/{lock_id}", {"data": [{"Locked_Reason__s": "paid"}]})
    assert answer.get_json()["data"][0]["message"] == "relation updated"
    assert api.get(f"{path}/{lock_id}").get_json()["data"][0]["Locked_Reason__s"] == "paid"
    assert api.delete(f"{path}/{lock_id}").get_json()["data"][0]["message"] == "relation removed"
    assert api.get(path, fields="Locked_Reason__s").status_code == 204
    assert api.put(f"/Invoices/{invoice}", {"data": [{"Subject": "x"}]}).status_code == 200


def test_what_a_rule_locked_stays_locked(stage: Stage, org: Doc, api: Api, invoice: str) -> None:
    """An automatic lock is shown, and can't be removed by hand."""
    stage.switch(locking="configured")
    stage.change(org, invoice, {"Locked__s": True})
    path = f"/Invoices/{invoice}/Locking_Information__s"
    (found,) = api.get(path, fields="id").get_json()["data"]
    assert found["Lock_Source__s"] == "Automatic"
    assert (api.delete(f"{path}/{found['id']}").status_code, code_of(api.delete(f"{path}/{found['id']}"))) == (
        403,
        "NOT_ALLOWED",
    )


def test_locks_ask_for_their_scope(stage: Stage, org: Doc, invoice: str) -> None:
    """The module's own scope is not enough."""
    weak = stage.api(org["administrator"]["id"], scope="ZohoCRM.modules.invoices.ALL")
    assert code_of(weak.get(f"/Invoices/{invoice}/Locking_Information__s", fields="id")) == "OAUTH_SCOPE_MISMATCH"
    assert code_of(weak.get(f"/Invoices/{invoice}/Attachments", fields="id")) == "OAUTH_SCOPE_MISMATCH"


def test_variables_live_and_die(stage: Stage, org: Doc, api: Api) -> None:
    """Made, read, changed, removed; type and group stay; an API name is taken once; administrators only."""
    made = api.post("/settings/variables", {"variables": [VARIABLE]})
    assert made.status_code == 201, made.text
    one = made.get_json()["variables"][0]["details"]["id"]
    again = api.post("/settings/variables", {"variables": [VARIABLE, {"name": "x"}]})
    assert [v["code"] for v in again.get_json()["variables"]] == ["DUPLICATE_DATA", "MANDATORY_NOT_FOUND"]
    assert api.put(f"/settings/variables/{one}", {"variables": [{"value": "w", "type": "date"}]}).status_code == 200
    assert code_of(api.get(f"/settings/variables/{one}")) == "REQUIRED_PARAM_MISSING"
    (found,) = api.get(f"/settings/variables/{one}", group="General").get_json()["variables"]
    assert (found["value"], found["type"]) == ("w", "text")
    sales = stage.api(org["salesperson"]["id"])
    assert code_of(sales.delete(f"/settings/variables/{one}")) == "NO_PERMISSION"
    page = stage.places["au"].get(f"/crm/{org['domain_name']}/page/variables?name=ib__Key")
    assert page.get_json() == {"Success": {"Content": "w"}}
    page = stage.places["au"].get(f"/crm/{org['domain_name']}/page/variables?names=ib__Key&names=other")
    assert page.get_json() == {"Success": {"content": {"ib__Key": {"value": "w"}}}}
    gone = api.delete("/settings/variables", ids=f"{one},12")
    assert (gone.status_code, [v["code"] for v in gone.get_json()["variables"]]) == (207, ["SUCCESS", "INVALID_DATA"])


def test_files_are_attached(api: Api, invoice: str) -> None:
    """Uploaded, listed, read back byte by byte, removed; a link has no bytes."""
    path = f"/Invoices/{invoice}/Attachments"
    assert api.get(path, fields="id").status_code == 204
    file = {"file": (io.BytesIO(b"%PDF-1.7 \x00\xff"), "INV 1.pdf", "application/pdf")}
    made = api.client.post(f"/crm/v8{path}", data=file, headers=api.headers)
    assert made.status_code == 200, made.text
    one = made.get_json()["data"][0]["details"]["id"]
    api.client.post(
        f"/crm/v8{path}", data={"attachmentUrl": "https://example.org/x", "title": "X"}, headers=api.headers
    )
    assert code_of(api.client.post(f"/crm/v8{path}", data={}, headers=api.headers)) == "MANDATORY_NOT_FOUND"
    assert code_of(api.get(path)) == "REQUIRED_PARAM_MISSING"
    found = api.get(path, fields="id,File_Name,Parent_Id").get_json()["data"]
    assert [(f["File_Name"], f["$type"]) for f in found] == [("X", "Link URL"), ("INV 1.pdf", "Attachment")]
    assert found[0]["Parent_Id"] == {"name": "One", "id": invoice}
    read = api.get(f"{path}/{one}")
    assert (read.data, read.mimetype) == (b"%PDF-1.7 \x00\xff", "application/pdf")
    assert api.delete(f"{path}/{one}").status_code == 200
    assert code_of(api.get(f"{path}/{one}")) == "INVALID_DATA"
