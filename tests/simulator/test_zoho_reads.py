"""Does the pretend Zoho read records, users and the org by the rules of Z5?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.zoho_stage import Api, Stage, code_of

SEEDED = 26


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def org(stage: Stage) -> dict[str, Any]:
    """Harbour & Pine."""
    found: dict[str, Any] = stage.places["au"].get("/_control/orgs").get_json()["orgs"][0]
    return found


@pytest.fixture
def tom(stage: Stage, org: dict[str, Any]) -> Api:
    return stage.api(org["administrator"]["id"])


def first_id(api: Api) -> str:
    found = api.get("/Invoices", fields="Subject", sort_order="asc").get_json()["data"]
    return str(found[0]["id"])


def test_the_header_must_be_zohos_own(stage: Stage, tom: Api) -> None:
    """No header or Bearer: AUTHENTICATION_FAILURE; a dead token: INVALID_TOKEN."""
    token = tom.headers["Authorization"].split(" ")[1]
    au = stage.places["au"]
    assert code_of(au.get("/crm/v8/org")) == "AUTHENTICATION_FAILURE"
    bearer = au.get("/crm/v8/org", headers={"Authorization": f"Bearer {token}"})
    assert (bearer.status_code, code_of(bearer)) == (401, "AUTHENTICATION_FAILURE")
    dead = au.get("/crm/v8/org", headers={"Authorization": "Zoho-oauthtoken 1000.a.b"})
    assert (dead.status_code, code_of(dead)) == (401, "INVALID_TOKEN")


@pytest.mark.parametrize(
    ("scope", "path", "good"),
    [
        ("ZohoCRM.modules.invoices.READ", "/Invoices?fields=id", True),
        ("zohocrm.modules.Invoices.read", "/Invoices?fields=id", True),
        ("ZohoCRM.modules.invoices.ALL", "/Invoices?fields=id", True),
        ("ZohoCRM.modules.invoices.UPDATE", "/Invoices?fields=id", False),
        ("ZohoCRM.modules.accounts.READ", "/Invoices?fields=id", False),
        ("ZohoCRM.settings.ALL", "/settings/fields?module=Invoices", True),
        ("ZohoCRM.settings.fields.READ", "/settings/modules", False),
        ("ZohoCRM.users.READ", "/org", False),
        ("ZohoCRM.org.READ", "/org", True),
    ],
)
def test_each_path_asks_for_its_scope(stage: Stage, org: dict[str, Any], scope: str, path: str, good: bool) -> None:
    """A missing scope is 401 OAUTH_SCOPE_MISMATCH."""
    answer = stage.api(org["administrator"]["id"], scope=scope).get(path)
    assert answer.status_code == (200 if good else 401), answer.text
    if not good:
        assert code_of(answer) == "OAUTH_SCOPE_MISMATCH"


def test_a_single_read_shows_all_fields_rows_and_dollar_keys(tom: Api) -> None:
    """The first seeded invoice adds up to the cent; money is JSON numbers, ids are text."""
    record = tom.get(f"/Invoices/{first_id(tom)}").get_json()["data"][0]
    assert record["Invoice_Number"] == "INV-2041"
    assert record["Grand_Total"] == 3274.25
    assert [row["Net_Total"] for row in record["Invoiced_Items"]] == [1933.25, 957, 264, 120]
    assert record["Invoiced_Items"][0]["Line_Tax"][0]["value"] == 175.75
    assert record["Invoiced_Items"][2]["Product_Name"]["Product_Code"] is None
    assert (record["Discount"], record["Tax"], record["Adjustment"]) == (0, 0, 0)
    assert record["$currency_symbol"] == "$"
    assert record["$has_more"] == {"Invoiced_Items": False}
    assert isinstance(record["id"], str)
    assert int(record["id"]) > 2**53
    assert (record["Currency"], record["Exchange_Rate"]) == ("AUD", 1)


def test_a_currency_only_with_several_currencies_on(stage: Stage) -> None:
    """Z6: records of an org that keeps one have no Currency and no Exchange_Rate."""
    single = stage.org()
    record = stage.api(single["administrator"]["id"]).get(
        f"/Invoices/{stage.record(single, 'Invoices', {'Subject': 'S'})}"
    )
    assert not {"Currency", "Exchange_Rate"} & set(record.get_json()["data"][0])


def test_lists_need_fields_and_never_hold_rows(tom: Api) -> None:
    """`fields` mandatory, at most 50; subforms left out."""
    missing = tom.get("/Invoices")
    assert (missing.status_code, code_of(missing)) == (400, "REQUIRED_PARAM_MISSING")
    many = tom.get("/Invoices", fields=",".join(f"F{n}" for n in range(51)))
    assert many.get_json()["details"] == {"limit": 50, "param_name": "fields"}
    data = tom.get("/Invoices", fields="Subject,Invoiced_Items,Account_Name").get_json()
    assert set(data["data"][0]) == {"id", "Subject", "Account_Name"}
    assert data["info"]["count"] == SEEDED
    assert data["info"]["more_records"] is False


def test_lists_by_ids_pages_and_nothing(tom: Api) -> None:
    """ids ≤ 100, per_page ≤ 200, an empty page is 204 without a body."""
    one = first_id(tom)
    by_id = tom.get("/Invoices", fields="Subject", ids=f"{one},999")
    assert [r["id"] for r in by_id.get_json()["data"]] == [one]
    nothing = tom.get("/Invoices", fields="Subject", ids="999")
    assert (nothing.status_code, nothing.data) == (204, b"")
    too_many = tom.get("/Invoices", fields="Subject", ids=",".join(map(str, range(101))))
    assert code_of(too_many) == "LIMIT_EXCEEDED"
    assert code_of(tom.get("/Invoices", fields="Subject", per_page=201)) == "LIMIT_EXCEEDED"
    page = tom.get("/Invoices", fields="Subject", per_page=4, page=7).get_json()
    assert (page["info"]["count"], page["info"]["more_records"]) == (2, False)


def test_if_modified_since(tom: Api) -> None:
    """Nothing newer: 304; ISO 8601 with an offset only."""
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="seconds")
    assert tom.get("/Invoices", {"If-Modified-Since": later}, fields="Subject").status_code == 304
    assert tom.get(f"/Invoices/{first_id(tom)}", {"If-Modified-Since": later}).status_code == 304
    earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    assert tom.get("/Invoices", {"If-Modified-Since": earlier}, fields="Subject").status_code == 200
    rfc = {"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}
    assert code_of(tom.get("/Invoices", rfc, fields="Subject")) == "INVALID_DATA"


def test_times_have_the_callers_offset_and_whole_seconds(tom: Api) -> None:
    """Sydney's administrator sees Sydney's offset."""
    stamp = tom.get("/Invoices", fields="Modified_Time").get_json()["data"][0]["Modified_Time"]
    assert stamp[-6:] in ("+10:00", "+11:00")
    assert "." not in stamp


def test_a_hidden_record_is_hidden_from_that_user_only(stage: Stage, org: dict[str, Any], tom: Api) -> None:
    """Lists leave it out, the single read is NO_PERMISSION or as missing, a write is refused."""
    one, mia_id = first_id(tom), org["salesperson"]["id"]
    body = {"zgid": org["zgid"], "module": "Invoices", "id": one, "record": {"hidden_from": [mia_id]}}
    assert stage.places["au"].patch("/_control/records", json=body).status_code == 200
    mia = stage.api(mia_id)
    assert tom.get(f"/Invoices/{one}").status_code == 200
    assert mia.get("/Invoices", fields="id", ids=one).status_code == 204
    refused = mia.get(f"/Invoices/{one}")
    assert (refused.status_code, code_of(refused)) == (403, "NO_PERMISSION")
    assert code_of(mia.put("/Invoices", {"data": [{"id": one, "Subject": "mine"}]})) == "NO_PERMISSION"
    stage.switch(hidden_record="as_missing")
    assert mia.get(f"/Invoices/{one}").status_code == 204


@pytest.mark.parametrize(("way", "status"), [("no_content", 204), ("invalid_data", 400), ("not_found", 404)])
def test_a_missing_record_answers_as_switched(stage: Stage, tom: Api, way: str, status: int) -> None:
    """Reports differ, so callers must accept all three."""
    stage.switch(missing_record=way)
    assert tom.get("/Invoices/6000000010009999999").status_code == status


def test_users_by_type(stage: Stage, org: dict[str, Any], tom: Api) -> None:
    """CurrentUser is whoever the token is; AdminUsers are the administrators."""
    current = tom.get("/users", type="CurrentUser").get_json()["users"]
    assert [(u["full_name"], u["profile"]["name"]) for u in current] == [("Tom Alvarez", "Administrator")]
    mia = stage.api(org["salesperson"]["id"])
    assert mia.get("/users", type="CurrentUser").get_json()["users"][0]["email"] == "mia@harbourandpine.example"
    assert [u["full_name"] for u in mia.get("/users", type="AdminUsers").get_json()["users"]] == ["Tom Alvarez"]
    assert len(tom.get("/users", type="ActiveUsers").get_json()["users"]) == 4
    assert code_of(tom.get("/users", type="Everybody")) == "INVALID_DATA"


def test_org_taxes_and_currencies(stage: Stage, tom: Api) -> None:
    """A single-currency org has no currencies to list; a multi-currency one shows text numbers."""
    shown = tom.get("/org").get_json()["org"][0]
    assert (shown["zgid"], shown["domain_name"], shown["iso_code"]) == ("600000001", "org600000001", "AUD")
    assert [t["value"] for t in tom.get("/org/taxes").get_json()["org_taxes"]["taxes"]] == [10, 0, 19, 2]
    refused = stage.api(stage.org()["administrator"]["id"]).get("/org/currencies")
    assert (refused.status_code, code_of(refused)) == (403, "CURRENCIES_NOT_ENABLED")
    many = stage.api(stage.org(multi_currency=True)["administrator"]["id"])
    assert many.get("/org/currencies").get_json()["currencies"][0]["exchange_rate"] == "1.000000000"
    kept = tom.get("/org/currencies").get_json()["currencies"]
    assert [(one["iso_code"], one["exchange_rate"], one["format"]["decimal_places"]) for one in kept] == [
        ("AUD", "1.000000000", "2"),
        ("EUR", "0.600000000", "2"),
        ("JPY", "100.000000000", "0"),
        ("USD", "0.666666667", "2"),
    ]


def test_orgs_are_walls(stage: Stage, tom: Api) -> None:
    """Another org's user does not find our record."""
    stranger = stage.api(stage.org()["administrator"]["id"])
    assert stranger.get(f"/Invoices/{first_id(tom)}").status_code == 204


def test_what_is_not_there_says_so(tom: Api) -> None:
    """Unknown paths, modules and methods have Zoho's codes."""
    assert (tom.get("/nothing/here/at/all").status_code, code_of(tom.get("/coql"))) == (404, "INVALID_URL_PATTERN")
    assert code_of(tom.get("/Dragons", fields="id")) == "INVALID_MODULE"
    assert code_of(tom.client.delete("/crm/v8/org", headers=tom.headers)) == "INVALID_REQUEST_METHOD"


def test_credits_show_once_half_are_used_and_end_in_429(stage: Stage, tom: Api) -> None:
    """There is no Retry-After."""
    stage.switch(credits_per_day=4)
    assert "X-API-CREDITS-REMAINING" not in tom.get("/org").headers
    assert tom.get("/org").headers["X-API-CREDITS-REMAINING"] == "2"
    tom.get("/org")
    tom.get("/org")
    spent = tom.get("/org")
    assert (spent.status_code, code_of(spent)) == (429, "TOO_MANY_REQUESTS")
    assert "Retry-After" not in spent.headers


def test_too_many_calls_at_once(stage: Stage, tom: Api) -> None:
    """The concurrency limit of the org and app."""
    stage.switch(concurrent_calls=0)
    assert (tom.get("/org").status_code, code_of(tom.get("/org"))) == (429, "TOO_MANY_REQUESTS")


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("401", 401, "INVALID_TOKEN"), ("403", 403, "NO_PERMISSION"), ("429", 429, "TOO_MANY_REQUESTS")],
)
def test_ordered_troubles_speak_zoho(stage: Stage, tom: Api, kind: str, status: int, code: str) -> None:
    """One call each, then all is well again."""
    stage.places["au"].post("/_control/faults", json={"kind": kind, "path": "/crm/v8/org"})
    troubled = tom.get("/org")
    assert (troubled.status_code, code_of(troubled)) == (status, code)
    assert tom.get("/org").status_code == 200


def test_everything_survives_a_restart(stage: Stage, org: dict[str, Any], tmp_path: Path) -> None:
    """Orgs, records, tokens: nothing is sown twice."""
    token = stage.tokens(org["administrator"]["id"])["access_token"]
    stage.close()
    again = Stage(tmp_path)
    header = {"Authorization": f"Zoho-oauthtoken {token}"}
    shown = again.places["au"].get("/crm/v8/Invoices", query_string={"fields": "id"}, headers=header)
    assert shown.get_json()["info"]["count"] == SEEDED
    again.close()
