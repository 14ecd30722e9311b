"""Does the pretend Zoho hand out codes and tokens by the rules of Z5.2?"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from tests.simulator.zoho_stage import BACK, CLIENT, Stage, code_of, went_to

START = {"response_type": "code", "client_id": CLIENT["client_id"], "redirect_uri": BACK, "state": "x"}
SIGN_IN = {**START, "scope": "ZohoCRM.users.READ,ZohoCRM.org.READ"}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def tom(stage: Stage) -> str:
    return str(stage.places["au"].get("/_control/orgs").get_json()["orgs"][0]["administrator"]["id"])


def test_consent_returns_with_code_place_and_state(stage: Stage, tom: str) -> None:
    """The redirect carries code, location, accounts-server and state."""
    back = stage.consent(tom)
    assert back["location"] == "au"
    assert back["accounts-server"] == "http://127.0.0.1:8091"
    assert back["state"] == "s-1"
    got = stage.token(grant_type="authorization_code", code=back["code"]).get_json()
    assert got["api_domain"] == "http://127.0.0.1:8091"
    assert got["expires_in"] == 3600
    assert got["refresh_token"].startswith("1000.")


def test_the_page_names_who_is_signed_in_and_can_be_answered_by_a_program(stage: Stage, tom: str) -> None:
    """GET, read the hidden fields, POST them with a decision."""
    au = stage.places["au"]
    page = au.get("/oauth/v2/auth", query_string={**SIGN_IN, "prompt": "consent"})
    assert "Tom Alvarez" in page.text
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    assert form["state"] == "x"
    answer = au.post("/oauth/v2/auth", data={**form, "user": tom, "decision": "deny"})
    assert went_to(answer) == {"error": "access_denied", "state": "x"}


def test_a_second_sign_in_asks_nothing_and_gives_no_refresh_token(stage: Stage, tom: str) -> None:
    """Known client and scopes: straight back; an offline wish without consent gives access only."""
    stage.consent(tom, scope=SIGN_IN["scope"])
    back = went_to(stage.places["au"].get("/oauth/v2/auth", query_string={**SIGN_IN, "access_type": "offline"}))
    got = stage.token(grant_type="authorization_code", code=back["code"]).get_json()
    assert "access_token" in got
    assert "refresh_token" not in got
    wider = {**SIGN_IN, "scope": SIGN_IN["scope"] + ",ZohoCRM.modules.ALL"}
    assert stage.places["au"].get("/oauth/v2/auth", query_string=wider).status_code == 200


def test_the_cookie_says_who_is_signed_in(stage: Stage) -> None:
    """The CRM page's user switch sets it, per data centre."""
    mia = stage.places["au"].get("/_control/orgs").get_json()["orgs"][0]["salesperson"]["id"]
    stage.places["au"].set_cookie("crm_user_8091", mia, domain="localhost")
    assert "Mia Chen" in stage.places["au"].get("/oauth/v2/auth", query_string=SIGN_IN).text


def test_a_person_of_another_data_centre_is_sent_back_from_there(stage: Stage) -> None:
    """Consent starts at au; the code belongs to eu and is worth nothing at au."""
    orgs = stage.places["au"].get("/_control/orgs").get_json()["orgs"]
    greta = next(o for o in orgs if o["location"] == "eu")["administrator"]["id"]
    back = stage.consent(greta)
    assert (back["location"], back["accounts-server"]) == ("eu", "http://127.0.0.1:8092")
    wish = {"grant_type": "authorization_code", "code": back["code"]}
    assert stage.token("au", **wish).get_json() == {"error": "invalid_code"}
    got = stage.token("eu", **wish).get_json()
    header = {"Authorization": f"Zoho-oauthtoken {got['access_token']}"}
    assert code_of(stage.places["au"].get("/crm/v8/org", headers=header)) == "INVALID_TOKEN"
    assert stage.places["eu"].get("/crm/v8/org", headers=header).get_json()["org"][0]["iso_code"] == "GBP"
    assert stage.token("au", grant_type="refresh_token", refresh_token=got["refresh_token"]).get_json() == {
        "error": "invalid_code"
    }


def test_a_code_works_once_and_for_two_minutes(stage: Stage, tom: str) -> None:
    """Used or old: HTTP 200 with invalid_code."""
    wish = {"grant_type": "authorization_code", "code": stage.consent(tom)["code"]}
    assert "access_token" in stage.token(**wish).get_json()
    again = stage.token(**wish)
    assert (again.status_code, again.get_json()) == (200, {"error": "invalid_code"})
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        late = stage.consent(tom)["code"]
        clock.shift(121)
        assert stage.token(grant_type="authorization_code", code=late).get_json() == {"error": "invalid_code"}


def test_pkce_is_checked_when_a_challenge_was_given(stage: Stage, tom: str) -> None:
    """S256 only; a wrong or missing verifier spoils the code."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 50).digest()).rstrip(b"=").decode()
    wish = {"code_challenge": challenge, "code_challenge_method": "S256"}

    def swap(**verifier: str) -> dict[str, str]:
        code = stage.consent(tom, **wish)["code"]
        got: dict[str, str] = stage.token(grant_type="authorization_code", code=code, **verifier).get_json()
        return got

    assert "access_token" in swap(code_verifier="v" * 50)
    assert swap(code_verifier="w" * 50) == {"error": "invalid_code"}
    assert swap() == {"error": "invalid_code"}
    plain = stage.places["au"].get("/oauth/v2/auth", query_string={**SIGN_IN, "code_challenge": "abc"})
    assert plain.status_code == 400


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"client_id": "1000.NOBODY"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client_secret"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "1000.x.y"}, "invalid_code"),
    ],
)
def test_token_errors_are_http_200(stage: Stage, wish: dict[str, str], error: str) -> None:
    """The body says what is wrong; the status never does."""
    answer = stage.token(**wish)
    assert (answer.status_code, answer.get_json()["error"]) == (200, error)


def test_the_redirect_address_must_be_the_same(stage: Stage, tom: str) -> None:
    """Registered at the start, and equal at the exchange."""
    bad = stage.places["au"].get("/oauth/v2/auth", query_string={**SIGN_IN, "redirect_uri": "http://evil.example/"})
    assert bad.status_code == 400
    code = stage.consent(tom)["code"]
    answer = stage.token(grant_type="authorization_code", code=code, redirect_uri="http://localhost:8080/other")
    assert answer.get_json() == {"error": "invalid_redirect_uri"}


def test_refresh_gives_no_new_refresh_token_and_is_throttled(stage: Stage, tom: str) -> None:
    """Ten requests in ten minutes; the eleventh is told to wait, as HTTP 200."""
    refresh = stage.tokens(tom)["refresh_token"]
    wish = {"grant_type": "refresh_token", "refresh_token": refresh}
    for _ in range(10):
        assert "refresh_token" not in stage.token(**wish).get_json()
    answer = stage.token(**wish)
    assert (answer.status_code, answer.get_json()["error"]) == (200, "Access Denied")
    stage.switch(token_requests=0)
    assert "access_token" in stage.token(**wish).get_json()


def test_revoking_ends_refresh_and_access_tokens(stage: Stage, tom: str) -> None:
    """Both die; revoking a fake token is 400 with HTML."""
    got = stage.tokens(tom)
    au = stage.places["au"]
    assert au.post("/oauth/v2/token/revoke", data={"token": got["refresh_token"]}).status_code == 200
    assert stage.token(grant_type="refresh_token", refresh_token=got["refresh_token"]).get_json() == {
        "error": "invalid_code"
    }
    header = {"Authorization": f"Zoho-oauthtoken {got['access_token']}"}
    assert code_of(au.get("/crm/v8/org", headers=header)) == "INVALID_TOKEN"
    fake = au.post("/oauth/v2/token/revoke", data={"token": "1000.fake"})
    assert (fake.status_code, fake.mimetype) == (400, "text/html")


def test_the_21st_refresh_token_ends_the_oldest(stage: Stage, tom: str) -> None:
    """Per user and client."""
    first = stage.tokens(tom)["refresh_token"]
    others = [stage.tokens(tom)["refresh_token"] for _ in range(20)]
    wish = {"grant_type": "refresh_token"}
    assert stage.token(**wish, refresh_token=first).get_json() == {"error": "invalid_code"}
    assert "access_token" in stage.token(**wish, refresh_token=others[0]).get_json()


def test_the_11th_access_token_ends_the_oldest(stage: Stage, tom: str) -> None:
    """Per refresh token."""
    got = stage.tokens(tom)
    stage.switch(token_requests=0)
    for _ in range(10):
        stage.token(grant_type="refresh_token", refresh_token=got["refresh_token"])
    header = {"Authorization": f"Zoho-oauthtoken {got['access_token']}"}
    assert code_of(stage.places["au"].get("/crm/v8/org", headers=header)) == "INVALID_TOKEN"


def test_access_tokens_can_be_made_short(stage: Stage, tom: str) -> None:
    """The switch is for tests of renewal."""
    stage.switch(access_token_seconds=5)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        api = stage.api(tom)
        assert api.get("/org").status_code == 200
        clock.shift(6)
        assert (api.get("/org").status_code, code_of(api.get("/org"))) == (401, "INVALID_TOKEN")
