"""Is a grant refreshed once, whoever asks, and does it survive whatever happens to the one who refreshes?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from server.clients.errors import Disconnected, TryLater
from server.clients.transport import Transport
from server.store.grants import Vault
from server.store.secrets import Secrets, new_key
from tests.clients.conftest import TIMES, sqlite_in
from tests.clients.house import House, TokenServer, grants_at, xero_tokens, zoho_tokens
from tests.clients.pretend import Answer, Later, Pretend, Raw, Resets, Says
from tests.databases import database, databases

FRESH = {"access_token": "A2", "refresh_token": "R2", "expires_in": 1800}


@pytest.fixture(params=databases())
def house(request: pytest.FixtureRequest, pretend: Pretend, redis: Redis, tmp_path: Path) -> Iterator[House]:
    """The vault on each database in turn: the leases are theirs."""
    with database(request.param) as url:
        made = House(pretend, redis, url or sqlite_in(tmp_path), TIMES)
        yield made
        made.close()


def expired(house: House) -> str:
    return house.keep(xero_tokens(expires_in_s=0))


def nursery(house: House, grant_id: str, processes: int, token_s: float) -> subprocess.Popen[str]:
    """A process that has everything imported and will fork that many askers."""
    wanted = [house.database, house.key, house.pretend.url, grant_id, str(round(token_s * 1000)), str(processes)]
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.clients.many", *wanted],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


def until(true: Any, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_token_that_lives_is_handed_out(house: House) -> None:
    """No call, and no secret in what is printed."""
    access = house.grants.access(house.keep(xero_tokens()))
    assert (access.token, access.version) == ("A1", 1)
    assert "A1" not in repr(access)
    assert house.pretend.seen == []


def test_sixteen_processes_refresh_once(house: House) -> None:
    """All get the new token of one single call, and the rotated refresh token is kept (X2.3)."""
    server = TokenServer(house.pretend)
    house.pretend.answer = lambda seen: Later(0.4, server(seen))
    grant_id = expired(house)
    made = nursery(house, grant_id, 16, token_s=5)
    children, *tokens = made.communicate("go\n", timeout=40)[0].splitlines()
    assert len(children.split()) == 16
    assert tokens == ["A2"] * 16
    assert server.refreshes == ["R1"]
    stored = house.vault.load(grant_id)
    assert stored is not None
    assert (stored.refresh, stored.version, stored.lease_left_s) == ("R2", 2, 0)


def test_a_refresher_that_is_killed_does_not_stop_the_next(house: House) -> None:
    """Its lease runs out; the stored refresh token is used again, which Xero allows for 30 minutes."""
    server = TokenServer(house.pretend)
    house.pretend.answer = lambda seen: Later(0.0 if server.refreshes else 10.0, server(seen))
    grant_id = expired(house)
    made = nursery(house, grant_id, 1, token_s=TIMES.token_s)
    assert made.stdin is not None
    assert made.stdout is not None
    made.stdin.write("go\n")
    made.stdin.flush()
    child = int(made.stdout.readline())
    until(lambda: server.refreshes)
    os.kill(child, signal.SIGKILL)
    made.communicate(timeout=5)
    assert house.grants.access(grant_id).token == "A3"
    assert server.refreshes == ["R1", "R1"]
    assert house.vault.load(grant_id).refresh == "R3"  # type: ignore[union-attr]


def test_after_a_401_one_of_many_threads_renews(house: House) -> None:
    """Who saw an older version than the stored one gets the newer token without a call."""
    server = TokenServer(house.pretend, 0.0)
    house.pretend.answer = lambda seen: Later(0.2, server(seen))
    grant_id = house.keep(xero_tokens())
    got: list[str] = []
    askers = [threading.Thread(target=lambda: got.append(house.grants.renewed(grant_id, 1).token)) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert (got, server.refreshes) == (["A2"] * 6, ["R1"])
    assert house.grants.renewed(grant_id, 1).version == 2
    assert len(server.refreshes) == 1


def test_a_token_is_given_up_a_little_before_its_end(house: House) -> None:
    """It must not die on its way to Xero; but a token that lives very short is still used."""
    house.pretend.answers = [Says(body={**FRESH, "expires_in": 10}), Says(body={**FRESH, "expires_in": 0.5})]
    first, second = expired(house), house.keep(xero_tokens(expires_in_s=0), person="tom")
    house.grants.access(first)
    assert 9 < house.vault.load(first).access_left_s < 10 - 0.5  # type: ignore[union-attr]
    assert house.grants.access(second).token == "A2"


GONE = {
    "invalid_grant": Says(400, {"error": "invalid_grant"}),
    "another word": Says(400, {"error": "access_denied"}),
    "with status 200": Says(200, {"error": "invalid_code"}),
}


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
def test_a_refused_refresh_ends_the_grant(house: House, answer: Answer) -> None:
    """It is marked once, and nobody calls again until a person consents anew."""
    house.pretend.answers = [answer]
    grant_id = expired(house)
    for _ in range(3):
        with pytest.raises(Disconnected) as caught:
            house.grants.access(grant_id)
        assert (caught.value.service, caught.value.why) == ("xero", "token_refused")
    assert len(house.pretend.seen) == 1
    assert house.keep(xero_tokens("A5", "R5")) == grant_id
    assert house.grants.access(grant_id).token == "A5"


DISTURBED: dict[str, tuple[Answer, str]] = {
    "500": (Says(500), "service"),
    "html": (Says(200, b"<html>"), "service"),
    "redirect": (Says(302, b"", {"Location": "/"}), "service"),
    "no token in it": (Says(200, {"token_type": "Bearer"}), "service"),
    "reset": (Resets(), "service"),
    "cut short": (Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"), "service"),
    "silence": (Later(2, Says()), "service"),
    "our own secret is wrong": (Says(401, {"error": "invalid_client"}), "service"),
    "our own id is wrong, with 200": (Says(200, {"error": "invalid_client"}), "service"),
    "429": (Says(429, b"", {"Retry-After": "5"}), "limit"),
}


@pytest.mark.parametrize(("answer", "cause"), DISTURBED.values(), ids=DISTURBED)
def test_a_disturbed_token_endpoint_ends_nothing(house: House, answer: Answer, cause: str) -> None:
    """The grant stays whole; a lost answer leaves the old refresh token for the next try."""
    house.pretend.answers = [answer]
    grant_id = expired(house)
    with pytest.raises(TryLater) as caught:
        house.grants.access(grant_id)
    assert caught.value.cause == cause
    assert house.vault.load(grant_id).broken is None  # type: ignore[union-attr]
    if cause == "service":
        house.pretend.answers = [Says(body=FRESH)]
        assert house.grants.access(grant_id).token == "A2"
        assert house.pretend.seen[-1].form["refresh_token"] == "R1"


@pytest.mark.parametrize("status", [200, 400])
def test_a_throttled_grant_is_left_alone(house: House, status: int) -> None:
    """Zoho says it with either status (Z5.2); for ten minutes nobody asks, not even once a task."""
    words = "You have made too many requests continuously. Please try again after some time."
    house.pretend.answers = [Says(status, {"error_description": words, "error": "Access Denied"})]
    grant_id = house.keep(zoho_tokens(house.pretend.url, expires_in_s=0))
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(TryLater) as caught:
            house.grants.access(grant_id, "zoho")
        assert (caught.value.cause, caught.value.seconds > 590) == ("limit", True)
        assert time.monotonic() - began < 1.2
    assert len(house.pretend.seen) == 1
    assert house.vault.load(grant_id).broken is None  # type: ignore[union-attr]


def test_a_sign_in_without_a_refresh_token_just_ends(house: House) -> None:
    """After its hour it is over; no call is made, nothing is marked."""
    grant_id = house.keep(zoho_tokens(house.pretend.url, refresh=None, expires_in_s=0), "sign_in")
    with pytest.raises(Disconnected, match="expired"):
        house.grants.access(grant_id, "zoho")
    assert house.pretend.seen == []
    assert house.row(grant_id).broken_why is None


def test_a_process_that_was_stopped_does_not_refresh_late(house: House) -> None:
    """Awake again after its lease, it must not use a refresh token that somebody else has turned over."""

    class Sleepy(Vault):
        claims = 0

        def claim_refresh(self, grant_id: str, seen_version: int, lease_ms: int) -> str | None:
            lease = super().claim_refresh(grant_id, seen_version, lease_ms)
            self.claims += 1
            if self.claims == 1:
                time.sleep(TIMES.token_s * 0.6)
            return lease

    server = TokenServer(house.pretend)
    house.pretend.answer = server
    sleepy = Sleepy(house.store, house.vault.secrets)
    grants = grants_at(house.pretend.url, sleepy, Transport(TIMES), TIMES)
    assert grants.access(expired(house)).token == "A2"
    assert server.refreshes == ["R1"]
    assert sleepy.claims > 1


def test_a_late_answer_overwrites_nothing(house: House) -> None:
    """Neither tokens nor a refusal of somebody whose lease is gone are kept."""
    grant_id = expired(house)
    old = house.vault.claim_refresh(grant_id, 1, 50)
    assert old is not None
    assert house.vault.claim_refresh(grant_id, 1, 5000) is None
    time.sleep(0.1)
    new = house.vault.claim_refresh(grant_id, 1, 5000)
    assert new is not None
    late = {"access": "late", "refresh": "late", "expires_in_s": 9, "api_domain": None}
    assert house.vault.save_refreshed(grant_id, old, **late) is False
    assert house.vault.mark_broken(grant_id, old, "token_refused") is False
    house.vault.release(grant_id, old)
    assert house.vault.claim_refresh(grant_id, 1, 5000) is None
    assert house.vault.save_refreshed(grant_id, new, **{**late, "access": "A2", "refresh": None}) is True
    stored = house.vault.load(grant_id)
    assert stored is not None
    assert (stored.access, stored.refresh, stored.version) == ("A2", "R1", 2)


def test_a_new_consent_wins_over_a_refresh_under_way(house: House) -> None:
    """Reconnecting in that moment keeps the tokens of the reconnect; others wait for none but take them."""
    grant_id = expired(house)
    lease = house.vault.claim_refresh(grant_id, 1, 5000)
    assert lease is not None
    assert house.keep(xero_tokens("A7", "R7")) == grant_id
    late = {"access": "late", "refresh": "late", "expires_in_s": 9, "api_domain": None}
    assert house.vault.save_refreshed(grant_id, lease, **late) is False
    assert house.grants.access(grant_id).token == "A7"


def test_a_grant_that_is_not_there(house: House) -> None:
    """It belongs to the service that was asked for."""
    with pytest.raises(Disconnected) as caught:
        house.grants.access("nothing", "zoho")
    assert (caught.value.service, caught.value.why) == ("zoho", "unknown_grant")


def test_tokens_are_stored_closed(house: House) -> None:
    """A stolen database tells none; keys can be changed, and a lost key asks for a new consent."""
    grant_id = house.keep(xero_tokens("A-plain", "R-plain"))
    row = house.row(grant_id)
    assert b"plain" not in row.access_token + row.refresh_token
    newer = new_key()
    both = Vault(house.store, Secrets(f"{newer}, {house.key}"))
    assert both.load(grant_id).refresh == "R-plain"  # type: ignore[union-attr]
    other = grants_at(house.pretend.url, Vault(house.store, Secrets(newer)), house.transport, TIMES)
    with pytest.raises(Disconnected, match="secrets_lost"):
        other.access(grant_id)
    with pytest.raises(ValueError, match="SECRET_KEYS") as caught:
        Secrets("not-a-key")
    assert "not-a-key" not in str(caught.value)


def test_one_grant_a_xero_person_and_purpose(house: House) -> None:
    """The same person's new consent replaces the old one; each sign-in stands alone."""
    url = house.pretend.url
    assert house.keep(xero_tokens()) == house.keep(xero_tokens("A2"))
    assert house.keep(xero_tokens(), person="tom") != house.keep(xero_tokens())
    assert house.keep(zoho_tokens(url)) == house.keep(zoho_tokens(url))
    assert house.keep(zoho_tokens(url), "sign_in") != house.keep(zoho_tokens(url), "sign_in")
