"""Does the pretend Xero let apps in, renew them and throw them out by X2?"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from tests.simulator.xero_stage import CLIENT, REDIRECT, SCOPES, Xero


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def test_a_token_answer_has_the_recorded_keys_and_a_readable_access_token(xero: Xero) -> None:
    """X2.1, X2.3: the access token is a JWT that names the person, the consent and the scopes."""
    assert set(xero.tokens) == {
        "id_token", "access_token", "expires_in", "token_type", "refresh_token", "scope",
    }  # fmt: skip
    assert xero.tokens["expires_in"] == 1800
    payload = xero.tokens["access_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert {"authentication_event_id", "xero_userid", "scope"} <= set(claims)


def test_without_offline_access_there_is_no_refresh_token(xero: Xero) -> None:
    """X2.1."""
    answer = xero.sign_in(xero.person, [xero.org], scope="accounting.invoices")
    assert "refresh_token" not in answer
    assert "id_token" not in answer


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "http://127.0.0.1:8080/oauth/xero/callback"},
        {"redirect_uri": REDIRECT + "/"},
        {"client_id": "SOMEBODY"},
        {"response_type": "token"},
        {"scope": "accounting.transactions"},
    ],
)
def test_a_wrong_authorise_call_ends_on_a_page_and_never_redirects(xero: Xero, wrong: dict[str, str]) -> None:
    """X2.1, X2.4: redirects match exactly, and broad scopes fail for an app made in 2026."""
    for answer in (xero.web.get(xero.ask(**wrong)), xero.web.post(xero.ask(**wrong), data={"decision": "allow"})):
        assert answer.status_code == 400
        assert "Location" not in answer.headers


def test_http_on_127_is_refused_even_when_it_is_registered(xero: Xero) -> None:
    """X2.1."""
    xero.switch(redirect_uris=["http://127.0.0.1:8080/cb"])
    assert xero.web.get(xero.ask(redirect_uri="http://127.0.0.1:8080/cb")).status_code == 400


def test_a_person_who_declines_comes_back_with_access_denied(xero: Xero) -> None:
    """X2.1."""
    answer = xero.web.post(xero.ask(), data={"decision": "deny"})
    assert answer.headers["Location"] == f"{REDIRECT}?error=access_denied&state=s1"


def test_one_only_when_bulk_connect_is_off(xero: Xero) -> None:
    """X2.1: acr_values=bulk_connect:false turns several organisations in one consent off."""
    other = xero.new_organisation("Second", "NZ", person=xero.person)["organisation"]
    form = {"person": xero.person, "organisation": [xero.org, other], "decision": "allow"}
    assert xero.web.post(xero.ask(acr_values="bulk_connect:false"), data=form).status_code == 400
    assert xero.web.post(xero.ask(), data=form).status_code == 302


def test_a_code_works_once_and_for_five_minutes(xero: Xero) -> None:
    """X2.1."""
    code = xero.consent(xero.person, [xero.org])["code"]
    assert xero.redeem(code).status_code == 200
    again = xero.redeem(code)
    assert (again.status_code, again.json) == (400, {"error": "invalid_grant"})
    late = xero.consent(xero.person, [xero.org])["code"]
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=301)):
        assert xero.redeem(late).status_code == 400


def test_pkce_is_checked_where_it_was_asked_for(xero: Xero) -> None:
    """X2.2."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    code = xero.consent(xero.person, [xero.org], code_challenge=challenge)["code"]
    assert xero.token(**form, code=code).status_code == 400
    code = xero.consent(xero.person, [xero.org], code_challenge=challenge)["code"]
    assert xero.token(**form, code=code, code_verifier="v" * 43).status_code == 200


def test_client_credentials_by_header_and_wrong_ones(xero: Xero) -> None:
    """X2.1, X2.3: the error code of wrong credentials is a switch."""
    form = {"grant_type": "refresh_token", "refresh_token": xero.tokens["refresh_token"]}
    good = (CLIENT["client_id"], CLIENT["client_secret"])
    assert xero.web.post("/connect/token", data=form, auth=good).status_code == 200
    bad = xero.web.post("/connect/token", data=form, auth=(good[0], "nonsense"))
    assert (bad.status_code, bad.json) == (400, {"error": "invalid_client"})


def test_refresh_rotates_and_the_old_token_has_a_grace(xero: Xero) -> None:
    """X2.3: a retry within 30 minutes works; by default its set ends the first one."""
    old = xero.tokens["refresh_token"]
    first = xero.refresh(old).json["refresh_token"]
    second = xero.refresh(old).json["refresh_token"]
    assert len({old, first, second}) == 3
    assert xero.refresh(first).status_code == 400
    assert xero.refresh(second).status_code == 200
    assert xero.refresh(old).status_code == 400, "its heir was used, so no answer was lost"


def test_grace_ends_after_thirty_minutes(xero: Xero) -> None:
    """X2.3."""
    old = xero.tokens["refresh_token"]
    xero.refresh(old)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1801)):
        assert xero.refresh(old).json == {"error": "invalid_grant"}


@pytest.mark.parametrize("rule", ["same", "new_keeps_first"])
def test_the_other_rules_of_a_second_refresh(xero: Xero, rule: str) -> None:
    """X2.3, unverified: the same set again, or one beside it."""
    xero.switch(grace_refresh=rule)
    old = xero.tokens["refresh_token"]
    first, second = (xero.refresh(old).json["refresh_token"] for _ in range(2))
    assert (first == second) == (rule == "same")
    assert xero.refresh(first).status_code == 200


def test_an_unused_refresh_token_ends_after_sixty_days(xero: Xero) -> None:
    """X2.3."""
    with time_machine.travel(datetime.now(UTC) + timedelta(days=61)):
        assert xero.refresh(xero.tokens["refresh_token"]).status_code == 400


def test_an_expired_access_token_is_told_by_its_words(xero: Xero) -> None:
    """X2.6."""
    xero.switch(access_token_seconds=1)
    xero.tokens = xero.refresh(xero.tokens["refresh_token"]).json
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=2)):
        answer = xero.get("Organisation")
    assert answer.status_code == 401
    body = answer.json
    assert set(body) == {"Type", "Title", "Status", "Detail", "Instance", "Extensions"}
    assert body["Detail"].startswith("TokenExpired: token expired at ")
    assert (body["Type"], body["Title"], body["Extensions"]) == (None, "Unauthorized", {})


def test_a_missing_scope_is_a_401_with_the_misspelt_header(xero: Xero) -> None:
    """X2.6; a .read scope reads and does not write (X2.4)."""
    xero.tokens = xero.sign_in(xero.person, [xero.org], scope="accounting.invoices.read")
    refused = xero.get("Contacts")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficent_scope"'
    assert refused.json["Detail"] == "AuthorizationUnsuccessful"
    assert xero.get("Invoices").status_code == 200
    assert xero.call("PUT", "Invoices", {"Invoices": []}).status_code == 401


@pytest.mark.parametrize("named", ["", "11111111-2222-4333-8444-555555555555"])
def test_no_or_unknown_organisation_is_a_403(xero: Xero, named: str) -> None:
    """X2.6."""
    answer = xero.get("Organisation", xero_tenant_id=named)
    assert answer.status_code == 403
    assert (answer.json["Title"], answer.json["Detail"]) == ("Forbidden", "AuthenticationUnsuccessful")


def test_a_token_set_reaches_every_organisation_of_its_person_and_no_other(xero: Xero) -> None:
    """X2.3: connected later, by the same person, in another consent."""
    mine = xero.new_organisation("Mine too", "NZ", person=xero.person)["organisation"]
    foreign = xero.new_organisation("Not mine", "NZ")
    assert xero.get("Organisation", xero_tenant_id=mine).status_code == 403
    xero.sign_in(xero.person, [mine])
    xero.sign_in(foreign["person"], [foreign["organisation"]])
    assert xero.get("Organisation", xero_tenant_id=mine).status_code == 200
    assert xero.get("Organisation", xero_tenant_id=foreign["organisation"]).status_code == 403


def connections(xero: Xero, query: str = "") -> list[dict[str, str]]:
    return list(xero.web.get("/connections" + query, headers=xero.headers()).json)


def test_connections_are_a_bare_list_with_the_recorded_keys(xero: Xero) -> None:
    """X2.5: the connection id is not the organisation's, stamps have seven decimals."""
    (row,) = connections(xero)
    assert (row["tenantId"], row["tenantType"], row["tenantName"]) == (xero.org, "ORGANISATION", "Test & Sons")
    assert row["id"] != xero.org
    assert len(row["createdDateUtc"].split(".")[1]) == 7
    assert row["createdDateUtc"] == row["updatedDateUtc"]
    assert connections(xero, f"?authEventId={row['authEventId']}") == [row]
    assert connections(xero, "?authEventId=other") == []


def test_reconsent_keeps_the_first_auth_event(xero: Xero) -> None:
    """X2.5: the list filtered by the new event is empty on reconnect."""
    (before,) = connections(xero)
    xero.sign_in(xero.person, [xero.org])
    assert connections(xero)[0]["authEventId"] == before["authEventId"]


def test_disconnecting_one_and_connecting_again(xero: Xero) -> None:
    """X2.5: 204, then 404, then the same connection with a newer update stamp."""
    (row,) = connections(xero)
    assert xero.web.delete(f"/connections/{row['id']}", headers=xero.headers()).status_code == 204
    assert xero.web.delete(f"/connections/{row['id']}", headers=xero.headers()).status_code == 404
    assert connections(xero) == []
    assert xero.get("Organisation").status_code == 403
    xero.sign_in(xero.person, [xero.org])
    (again,) = connections(xero)
    assert again["id"] == row["id"]
    assert again["updatedDateUtc"] != again["createdDateUtc"]


def test_disconnected_inside_xero_refresh_works_and_every_call_is_403(xero: Xero) -> None:
    """X2.6."""
    assert xero.bookkeeper("disconnect").status_code == 200
    assert xero.refresh(xero.tokens["refresh_token"]).status_code == 200
    assert xero.get("Organisation").status_code == 403


def test_revocation_removes_all_connections_of_the_person(xero: Xero) -> None:
    """X2.5: 200 with an empty body."""
    other = xero.new_organisation("Other person", "AU")
    theirs = xero.sign_in(other["person"], [other["organisation"]])
    answer = xero.web.post("/connect/revocation", data={**CLIENT, "token": xero.tokens["refresh_token"]})
    assert (answer.status_code, answer.data) == (200, b"")
    assert xero.refresh(xero.tokens["refresh_token"]).status_code == 400
    assert connections(xero) == []
    assert xero.refresh(theirs["refresh_token"]).status_code == 200


def test_the_consent_page_lists_people_and_escapes_names(xero: Xero) -> None:
    """A program can read the form; names of organisations are no HTML."""
    xero.new_organisation("<b>Bold</b> & Co", "AU")
    page = xero.web.get(xero.ask()).text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in page
    assert "<b>Bold" not in page
    assert 'name="person"' in page
    assert 'name="organisation"' in page
    assert SCOPES.split()[2] in page
