"""What keeps a user's profile from the pretend CRM: no API access, fields it may not write or see? (Z4.2, Z7.21)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.zoho_stage import Stage, code_of

Doc = dict[str, Any]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def org(stage: Stage) -> Doc:
    return stage.org()


@pytest.fixture
def invoice(stage: Stage, org: Doc) -> str:
    return stage.record(org, "Invoices", {"Subject": "One", "Status": "Created", "Description": "quiet"})


def user(stage: Stage, org: Doc, profile: str) -> str:
    body = {"zgid": org["zgid"], "name": "Kim Vale", "profile": profile}
    return str(stage.places["au"].post("/_control/users", json=body).get_json()["id"])


def permit(stage: Stage, org: Doc, field: str, permission: str, profile: str = "Standard") -> int:
    body = {"zgid": org["zgid"], "profile": profile, "field": field, "permission": permission}
    return int(stage.places["au"].post("/_control/field-permissions", json=body).status_code)


def test_without_api_access_there_are_tokens_and_no_answers(stage: Stage, org: Doc) -> None:
    """The consent works; every call, also who am I, is refused; the switch words it otherwise."""
    api = stage.api(user(stage, org, "Field Crew"))
    refused = api.get("/users", type="CurrentUser")
    assert (refused.status_code, code_of(refused)) == (403, "NO_PERMISSION")
    assert refused.get_json()["details"] == {"permissions": ["Crm_Implied_Api_Access"]}
    assert code_of(api.get("/Invoices", fields="Subject")) == "NO_PERMISSION"
    stage.switch(no_api_access="authorization_failed")
    assert (api.get("/org").status_code, code_of(api.get("/org"))) == (400, "AUTHORIZATION_FAILED")
    stage.switch(no_api_access="scope_mismatch")
    assert api.get("/org").status_code == 401


def test_each_profile_has_its_id(stage: Stage, org: Doc) -> None:
    """Administrator, Standard and Order Desk are three."""
    desk = user(stage, org, "Order Desk")
    found = stage.api(org["administrator"]["id"]).get("/users").get_json()["users"]
    assert len({one["profile"]["id"] for one in found}) == 3
    assert next(one for one in found if one["id"] == desk)["profile"]["name"] == "Order Desk"


def test_a_field_of_reading_only_is_left_as_it_is(stage: Stage, org: Doc, invoice: str) -> None:
    """The write "succeeds" and changes nothing, or is refused, by the switch; administrators may write."""
    assert permit(stage, org, "Status", "read_only") == 200
    sales, admin = (stage.api(org[who]["id"]) for who in ("salesperson", "administrator"))
    body = {"data": [{"Status": "Approved", "Subject": "Two"}]}
    assert sales.put(f"/Invoices/{invoice}", body).status_code == 200
    found = sales.get(f"/Invoices/{invoice}").get_json()["data"][0]
    assert (found["Status"], found["Subject"]) == ("Created", "Two")
    stage.switch(unknown_field="invalid_data")
    assert code_of(sales.put(f"/Invoices/{invoice}", body)) == "INVALID_DATA"
    assert admin.put(f"/Invoices/{invoice}", body).status_code == 200
    fields = sales.get("/settings/fields", module="Invoices").get_json()["fields"]
    assert next(one for one in fields if one["api_name"] == "Status")["field_read_only"] is True


def test_rows_of_reading_only_stay_as_they_are(stage: Stage, org: Doc, invoice: str) -> None:
    """The subform is a field like any other."""
    assert permit(stage, org, "Invoiced_Items", "read_only") == 200
    sales = stage.api(org["salesperson"]["id"])
    assert sales.put(f"/Invoices/{invoice}", {"data": [{"Invoiced_Items": [{"nonsense": 1}]}]}).status_code == 200


def test_a_hidden_field_is_missing(stage: Stage, org: Doc, invoice: str) -> None:
    """From single reads, lists and settings/fields; for that profile only."""
    assert permit(stage, org, "Description", "hidden") == 200
    sales, admin = (stage.api(org[who]["id"]) for who in ("salesperson", "administrator"))
    assert "Description" not in sales.get(f"/Invoices/{invoice}").get_json()["data"][0]
    assert "Description" not in sales.get("/Invoices", fields="Subject,Description").get_json()["data"][0]
    names = [f["api_name"] for f in sales.get("/settings/fields", module="Invoices").get_json()["fields"]]
    assert "Description" not in names
    assert admin.get(f"/Invoices/{invoice}").get_json()["data"][0]["Description"] == "quiet"
    assert permit(stage, org, "Description", "hidden", "Administrator") == 400


def test_a_new_field_says_who_may_what(stage: Stage, org: Doc, invoice: str) -> None:
    """`profiles` of a created field (Z5.9); an unknown profile or permission is refused."""
    admin, sales = (stage.api(org[who]["id"]) for who in ("administrator", "salesperson"))
    standard = sales.get("/users", type="CurrentUser").get_json()["users"][0]["profile"]["id"]
    field = {"field_label": "Xero State", "data_type": "text"}
    rule = {"id": standard, "permission_type": "read_only"}
    made = admin.post("/settings/fields", {"fields": [field | {"profiles": [rule]}]}, module="Invoices")
    assert made.status_code == 201, made.text
    for api in (sales, admin):
        api.put(f"/Invoices/{invoice}", {"data": [{"Xero_State": "sent"}]})
        found = api.get(f"/Invoices/{invoice}").get_json()["data"][0]["Xero_State"]
        assert found == ("sent" if api is admin else None)
    for wrong in ({"id": "1", "permission_type": "hidden"}, rule | {"permission_type": "none"}):
        wish = {"field_label": "Other", "data_type": "text", "profiles": [wrong]}
        answer = admin.post("/settings/fields", {"fields": [wish]}, module="Invoices")
        assert answer.get_json()["fields"][0]["code"] == "INVALID_DATA"
