"""Do codes become tokens, and only at places we know?"""

from __future__ import annotations

import pytest

from server.clients.errors import CallFailed, Disconnected, Refused, TryLater
from tests.clients.house import House, jwt, xero_tokens, zoho_tokens
from tests.clients.pretend import Answer, Resets, Says

FRESH = {"access_token": "A2", "refresh_token": "R2", "expires_in": 1800}


def test_a_code_becomes_tokens_at_xero(house: House) -> None:
    """With Basic authentication and everything secret in the body; the person comes from the token (X2.1, X2.3)."""
    access = jwt(xero_userid="dana", authentication_event_id="event")
    house.pretend.answers = [Says(body={**FRESH, "access_token": access, "scope": "a b"})]
    tokens = house.grants.exchange_xero("code", "http://localhost/cb")
    assert (tokens.person, tokens.consent, tokens.refresh, tokens.scope) == ("dana", "event", "R2", "a b")
    assert (tokens.access, tokens.expires_in_s) == (access, 1800)
    (seen,) = house.pretend.seen
    assert seen.path == "/connect/token"
    assert seen.headers["Authorization"].startswith("Basic ")
    assert seen.form == {"grant_type": "authorization_code", "code": "code", "redirect_uri": "http://localhost/cb"}
    assert "R2" not in repr(tokens)


def test_a_code_becomes_tokens_at_zoho(house: House) -> None:
    """At the accounts server that the callback named, with the PKCE verifier (Z5.2)."""
    url = house.pretend.url
    house.pretend.answers = [Says(body={**FRESH, "api_domain": url, "scope": "x"})]
    tokens = house.grants.exchange_zoho("code", "verifier", "http://localhost/cb", url)
    assert (tokens.data_centre, tokens.api_domain, tokens.accounts_server) == ("au", url, url)
    form = house.pretend.seen[0].form
    assert (form["code_verifier"], form["client_id"]) == ("verifier", "zoho-id")


def test_a_code_for_an_unknown_data_centre_goes_nowhere(house: House) -> None:
    """The callback's `accounts-server` is compared with the table and never called as it came."""
    with pytest.raises(Refused) as caught:
        house.grants.exchange_zoho("code", "verifier", "cb", "https://accounts.zoho.com.evil.example")
    assert caught.value.code == "unknown_data_centre"


def test_an_api_address_of_elsewhere_is_not_believed(house: House) -> None:
    """Neither at the consent nor at a refresh: that org has moved, or somebody lies (Z5.1, Z7.15)."""
    url = house.pretend.url
    house.pretend.answer = lambda _: Says(body={**FRESH, "api_domain": "https://www.zohoapis.eu"})
    with pytest.raises(Refused, match="org_moved"):
        house.grants.exchange_zoho("code", "verifier", "cb", url)
    grant_id = house.keep(zoho_tokens(url, expires_in_s=0))
    with pytest.raises(Disconnected, match="org_moved"):
        house.grants.access(grant_id, "zoho")


@pytest.mark.parametrize("answer", [Says(200, {"error": "invalid_code"}), Says(400, {"error": "invalid_grant"})])
def test_a_used_code_is_refused_with_its_word(house: House, answer: Answer) -> None:
    """The caller shows a page that says so; whatever status carries it."""
    house.pretend.answers = [answer]
    with pytest.raises(Refused) as caught:
        house.grants.exchange_xero("code", "cb")
    assert caught.value.code in ("invalid_code", "invalid_grant")


def test_revoking_never_raises(house: House) -> None:
    """The disconnect goes on whatever the service says; only its yes counts as a yes (X2.5, Z5.2)."""
    zoho = house.keep(zoho_tokens(house.pretend.url))
    house.pretend.answers = [Says(200), Says(200), Says(400, b"<html>"), Resets()]
    assert house.grants.revoke(house.keep(xero_tokens())) is True
    assert house.grants.revoke(zoho) is True
    assert house.grants.revoke(zoho) is False
    assert house.grants.revoke(xero_tokens()) is False
    assert house.grants.revoke("nothing") is False
    first, second = house.pretend.seen[:2]
    assert (first.path, first.form, second.path) == (
        "/connect/revocation",
        {"token": "R1"},
        "/oauth/v2/token/revoke",
    )


def test_every_case_of_the_ladder_is_one(house: House) -> None:
    """Whoever catches CallFailed catches all of it, and the text holds no token."""
    for failure in (TryLater("xero", "limit", 1), Disconnected("zoho", "x"), Refused("zoho", 400, "c", "m")):
        assert isinstance(failure, CallFailed)
        assert failure.service in str(failure)
