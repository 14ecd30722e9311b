"""Do we ask Zoho CRM as it wants to be asked, and judge each row by its own result?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from server.clients.errors import Disconnected, NotFound, Refused, TryLater
from server.clients.zoho import CrmRef, encoded, instant
from tests.clients.house import House, zoho_tokens
from tests.clients.pretend import Answer, Resets, Says, Seen

GOOD = {"code": "SUCCESS", "status": "success", "message": "record updated", "details": {"id": "1"}}
BAD = {"code": "RECORD_LOCKED", "status": "error", "message": "record locked", "details": {}}


def error(code: str, message: str = "", **details: Any) -> dict[str, Any]:
    return {"code": code, "details": details, "message": message, "status": "error"}


def test_it_says_zoho_oauthtoken(house: House) -> None:
    """Not "Bearer", whatever the token type says (Z5.2); ids and money come as they were sent."""
    house.pretend.answers = [Says(200, b'{"data":[{"id":"5725767000009000001","Grand_Total":3274.25}]}')]
    record = house.zoho.invoice(house.crm(), "5725767000009000001")
    assert record == {"id": "5725767000009000001", "Grand_Total": Decimal("3274.25")}
    (seen,) = house.pretend.seen
    assert seen.path == "/crm/v8/Invoices/5725767000009000001"
    assert seen.headers["Authorization"] == "Zoho-oauthtoken A1"


@pytest.mark.parametrize(
    "answer",
    [
        Says(204),
        Says(404, error("INVALID_DATA", "the id given seems to be invalid")),
        Says(400, error("INVALID_DATA", "the id given seems to be invalid")),
        Says(400, {"data": [error("INVALID_DATA", "the id given seems to be invalid")]}),
    ],
)
def test_a_record_that_is_not_there_is_none(house: House, answer: Answer) -> None:
    """All three ways in which Zoho says so (Z5.12)."""
    house.pretend.answers = [answer]
    assert house.zoho.record(house.crm(), "Accounts", "1") is None


def test_people_and_the_org(house: House) -> None:
    """Who is asking, who administers (all pages), and which org."""
    users = {"users": [{"id": "1"}], "info": {"more_records": True}}
    last = {"users": [{"id": "2"}], "info": {"more_records": False}}
    house.pretend.answers = [
        Says(body={"users": [{"id": "9"}]}),
        Says(body=users),
        Says(body=last),
        Says(body={"org": [{"zgid": "600000001"}]}),
    ]
    crm = house.crm()
    assert house.zoho.current_user(crm) == {"id": "9"}
    assert [user["id"] for user in house.zoho.admin_users(crm)] == ["1", "2"]
    assert house.zoho.org(crm) == {"zgid": "600000001"}
    assert [seen.query.get("type") for seen in house.pretend.seen] == ["CurrentUser", "AdminUsers", "AdminUsers", None]


def test_a_fresh_token_speaks_before_anything_is_stored(house: House) -> None:
    """Who signed in is asked with the tokens of the callback, before there is a tenant or a grant."""
    house.pretend.answers = [Says(body={"users": [{"id": "9"}]})]
    crm = CrmRef(None, zoho_tokens(house.pretend.url, "fresh", None), house.pretend.url)
    assert house.zoho.current_user(crm)["id"] == "9"
    assert house.pretend.seen[0].headers["Authorization"] == "Zoho-oauthtoken fresh"


def test_a_list_names_ids_and_fields(house: House) -> None:
    """A hundred ids are one call; what the user may not see is missing, and nothing at all is 204 (Z5.4)."""
    ids = [f"57257670000090{n:05}" for n in range(100)]
    house.pretend.answers = [Says(body={"data": [{"id": ids[0]}]}), Says(204)]
    crm = house.crm()
    assert house.zoho.listed(crm, "Invoices", ids, ["Subject", "Status"]) == [{"id": ids[0]}]
    assert house.zoho.listed(crm, "Invoices", ids, ["Subject"]) == []
    query = house.pretend.seen[0].query
    assert (query["ids"].split(","), query["fields"]) == (ids, "Subject,Status")
    assert house.zoho.listed(crm, "Invoices", [], ["Subject"]) == []
    assert len(house.pretend.seen) == 2
    with pytest.raises(ValueError, match="at most 100"):
        house.zoho.listed(crm, "Invoices", [*ids, "1"], ["Subject"])


def test_modified_times_are_instants(house: House) -> None:
    """Zoho writes them in the zone of the calling user (Z5.4)."""
    rows = [{"id": "1", "Modified_Time": "2026-10-28T09:00:00+11:00"}, {"id": "2", "Modified_Time": None}]
    house.pretend.answers = [Says(body={"data": rows})]
    stamps = house.zoho.modified_times(house.crm(), "Invoices", ["1", "2"])
    assert stamps == {"1": datetime(2026, 10, 27, 22, 0, 0, tzinfo=UTC)}
    assert instant("2026-10-28T09:00:00") is None


@pytest.mark.parametrize("status", [200, 207, 202, 400])
def test_each_row_of_an_update_has_its_own_result(house: House, status: int) -> None:
    """In order, whatever the status says (Z7.3); `trigger` is always there, for without it all rules run."""
    house.pretend.answers = [Says(status, {"data": [GOOD, BAD]})]
    rows = [{"id": "1", "Amount_Due": Decimal("0.10")}, {"id": "2", "Amount_Due": Decimal("3274.25")}]
    assert house.zoho.update(house.crm(), "Invoices", rows) == [GOOD, BAD]
    (seen,) = house.pretend.seen
    assert (seen.method, seen.path) == ("PUT", "/crm/v8/Invoices")
    assert json.loads(seen.body)["trigger"] == []
    assert b'"Amount_Due": 0.10}' in seen.body


@pytest.mark.parametrize("answer", [Says(200, {"data": [GOOD]}), Says(200, {"data": [GOOD, {}]}), Says(200, b"<html>")])
def test_results_that_do_not_fit_prove_nothing(house: House, answer: Answer) -> None:
    """Fewer results than rows, or something else: the update is repeated later, which is harmless."""
    house.pretend.answers = [answer]
    with pytest.raises(TryLater):
        house.zoho.update(house.crm(), "Invoices", [{"id": "1"}, {"id": "2"}], ["workflow"])


def test_fields_are_created_five_at_a_time(house: House) -> None:
    """One result a field; a label that is taken is a row's result and not the call's failure (Z5.9)."""
    taken = error("DUPLICATE_DATA", "duplicate data")
    house.pretend.answers = [Says(body={"fields": [{"api_name": "Status"}]}), Says(400, {"fields": [taken]})]
    crm = house.crm()
    assert house.zoho.fields(crm, "Invoices") == [{"api_name": "Status"}]
    assert house.zoho.create_fields(crm, "Invoices", [{"field_label": "X"}]) == [taken]
    assert house.pretend.seen[1].query == {"module": "Invoices"}
    with pytest.raises(ValueError, match="at most 5"):
        house.zoho.create_fields(crm, "Invoices", [{}] * 6)


TROUBLE: dict[str, tuple[Answer, type[Exception], str]] = {
    "scope": (Says(401, error("OAUTH_SCOPE_MISMATCH")), Disconnected, "scope_missing"),
    "token": (Says(401, error("INVALID_TOKEN")), Disconnected, "token_refused"),
    "429": (Says(429, error("TOO_MANY_REQUESTS")), TryLater, "limit"),
    "429 with 200": (Says(200, error("RATE_LIMIT_EXCEEDED")), TryLater, "limit"),
    "500": (Says(500, error("INTERNAL_ERROR")), TryLater, "service"),
    "html": (Says(200, b"<html>"), TryLater, "service"),
    "a page for a 404": (Says(404, b"<html>"), TryLater, "service"),
    "redirect": (Says(302, b"", {"Location": "/"}), TryLater, "service"),
    "reset": (Resets(), TryLater, "service"),
    "no permission": (Says(403, error("NO_PERMISSION", "permission denied")), Refused, "NO_PERMISSION"),
    "no API access": (
        Says(403, error("NO_PERMISSION", "permission denied", permissions=["Crm_Implied_Api_Access"])),
        Disconnected,
        "no_api_access",
    ),
    "wrong address": (Says(404, error("INVALID_URL_PATTERN")), Refused, "INVALID_URL_PATTERN"),
    "an error with 200": (Says(200, error("FEATURE_NOT_SUPPORTED")), Refused, "FEATURE_NOT_SUPPORTED"),
}


@pytest.mark.parametrize(("answer", "kind", "what"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_is_one_step_of_the_ladder(house: House, answer: Answer, kind: type[Exception], what: str) -> None:
    """Decided by the code in the body first, by the status second (Z5.2, Z5.12)."""
    house.pretend.answer = lambda _: answer
    with pytest.raises(kind) as caught:
        house.zoho.record(house.crm(zoho_tokens(house.pretend.url)), "Invoices", "1")
    told = caught.value
    assert not isinstance(told, NotFound)
    assert what in (getattr(told, "why", ""), getattr(told, "cause", ""), getattr(told, "code", ""))


def test_an_expired_token_is_renewed_once(house: House) -> None:
    """The refresh token stays the same at Zoho, and the call goes on (Z5.2)."""

    def answer(seen: Seen) -> Says:
        if seen.path == "/oauth/v2/token":
            return Says(body={"access_token": "A2", "api_domain": house.pretend.url, "expires_in": 3600})
        good = seen.headers["Authorization"] == "Zoho-oauthtoken A2"
        return Says(body={"org": [{"zgid": "1"}]}) if good else Says(401, error("INVALID_TOKEN"))

    house.pretend.answer = answer
    grant_id = house.keep(zoho_tokens(house.pretend.url))
    assert house.zoho.org(house.crm(grant_id)) == {"zgid": "1"}
    stored = house.vault.load(grant_id)
    assert stored is not None
    assert (stored.access, stored.refresh, stored.version) == ("A2", "R1", 2)
    assert house.pretend.seen[1].form["client_secret"] == "zoho-word"
    assert house.pretend.seen[1].query == {}


@pytest.mark.parametrize("domain", ["https://www.zohoapis.com.evil.example", "https://www.zohoapis.com", ""])
def test_an_address_outside_the_table_is_never_called(house: House, domain: str) -> None:
    """No token goes to a host that a callback or an old row made up."""
    with pytest.raises(Disconnected, match="org_moved"):
        house.zoho.org(CrmRef("tenant", house.keep(zoho_tokens(house.pretend.url)), domain))
    assert house.pretend.seen == []


def test_decimals_are_written_as_they_are() -> None:
    """No float in between, and a text that looks like our mark stays a text."""
    document = {"a": Decimal("0.10"), "b": [Decimal("-12345678901234567.89")], "c": "Müller", "d": "\0number:x\0"}
    written = encoded(document)
    assert b'"a": 0.10' in written
    assert b"-12345678901234567.89" in written
    assert json.loads(written, parse_float=Decimal) == document
    with pytest.raises(TypeError):
        encoded({"a": Decimal("NaN")})
