"""Does a custom view of the pretend CRM show what it should, to whom it should, at its price?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.simulator.zoho_stage import Api, Doc, Stage, code_of


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def org(stage: Stage) -> Doc:
    return stage.org(name="Test")


def views(api: Api, module: str = "Invoices") -> dict[str, str]:
    listed = api.get("/settings/custom_views", module=module).get_json()["custom_views"]
    return {each["display_value"]: each["id"] for each in listed}


def invoice(api: Api, subject: str, status: str, day: str) -> str:
    product = api.post("/Products", {"data": [{"Product_Name": subject}]}).get_json()["data"][0]["details"]["id"]
    account = api.post("/Accounts", {"data": [{"Account_Name": subject}]}).get_json()["data"][0]["details"]["id"]
    rows = [{"Product_Name": {"id": product}, "Quantity": 1, "List_Price": 10}]
    record = {"Subject": subject, "Account_Name": {"id": account}, "Invoiced_Items": rows}
    answer = api.post("/Invoices", {"data": [record | {"Status": status, "Invoice_Date": day}], "trigger": []})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["data"][0]["details"]["id"])


def shown(api: Api, cvid: str) -> set[str]:
    answer = api.get("/Invoices", fields="id", cvid=cvid)
    return set() if answer.status_code == 204 else {row["id"] for row in answer.get_json()["data"]}


def test_a_view_shows_what_it_is_made_for(stage: Stage, org: Doc) -> None:
    """By status, by the month of the org's own day, by owner."""
    boss, sales = stage.api(org["administrator"]["id"]), stage.api(org["salesperson"]["id"])
    today = datetime.now(ZoneInfo("Australia/Sydney")).date()
    fresh = invoice(boss, "fresh", "Approved", today.isoformat())
    old = invoice(boss, "old", "Approved", (today - timedelta(days=40)).isoformat())
    gone = invoice(sales, "gone", "Cancelled", today.isoformat())
    by = views(boss)
    assert shown(boss, by["All Invoices"]) == {fresh, old, gone}
    assert shown(boss, by["Approved this month"]) == {fresh}
    assert shown(boss, by["Cancelled"]) == {gone}
    assert (shown(boss, by["My Invoices"]), shown(sales, by["My Invoices"])) == ({fresh, old}, {gone})
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")
    header = {"If-Modified-Since": later}
    assert boss.get("/Invoices", header, fields="id", cvid=by["All Invoices"]).status_code == 304


def test_a_view_that_is_anothers_or_of_another_module_is_no_id(stage: Stage, org: Doc) -> None:
    boss, sales = stage.api(org["administrator"]["id"]), stage.api(org["salesperson"]["id"])
    private = views(boss)["Before the audit"]
    assert "Before the audit" not in views(sales)
    for api, cvid in ((sales, private), (boss, "1"), (boss, "x"), (boss, views(boss, "Accounts")["All Accounts"])):
        refused = api.get("/Invoices", fields="id", cvid=cvid)
        assert (refused.status_code, code_of(refused)) == (400, "INVALID_DATA")


def test_views_need_their_scope_and_their_module(stage: Stage, org: Doc) -> None:
    user = org["administrator"]["id"]
    weak = stage.api(user, scope="ZohoCRM.modules.invoices.READ")
    assert code_of(weak.get("/settings/custom_views", module="Invoices")) == "OAUTH_SCOPE_MISMATCH"
    good = stage.api(user, scope="ZohoCRM.settings.custom_views.READ")
    assert good.get("/settings/custom_views", module="Invoices").status_code == 200
    assert code_of(good.get("/settings/custom_views")) == "REQUIRED_PARAM_MISSING"
    assert code_of(good.get("/settings/custom_views", module="Invoiced_Items")) == "INVALID_MODULE"


def test_a_list_by_view_costs_three_credits(stage: Stage, org: Doc) -> None:
    """A plain one costs one (Z5.13)."""
    api = stage.api(org["administrator"]["id"])
    cvid = views(api)["All Invoices"]  # the first credit
    stage.switch(credits_per_day=10)
    lists = ({"cvid": cvid}, {}, {"cvid": cvid})
    left = [api.get("/Invoices", fields="id", **each).headers.get("X-API-CREDITS-REMAINING") for each in lists]
    assert left == [None, "5", "2"]
