"""Does one call end in time, go out once, and tell truly what is known?"""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
from decimal import Decimal

import pytest

from server.clients import transport as module
from server.clients.transport import LostReply, NoConnection, NotSent, Transport, with_query
from tests.clients.pretend import Later, Pretend, Raw, Resets, Says


def yes() -> bool:
    return True


def test_an_answer_comes_back_whole(pretend: Pretend, transport: Transport) -> None:
    """Status, headers in any case, and money as Decimal to the last digit."""
    pretend.answers = [Says(201, b'{"Total": 1850.10, "n": 3}', {"X-MinLimit-Remaining": "57"})]
    reply = transport.call("PUT", f"{pretend.url}/a", body=b"{}", deadline_s=1, before_send=yes)
    assert (reply.status, reply.headers["x-minlimit-remaining"]) == (201, "57")
    assert reply.json() == {"Total": Decimal("1850.10"), "n": 3}
    assert str(reply.json()["Total"]) == "1850.10"
    assert pretend.seen[0].body == b"{}"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[NaN]", b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_none(pretend: Pretend, transport: Transport, body: bytes) -> None:
    """Error pages, empty bodies and nonsense never break the one who reads them."""
    pretend.answers = [Says(200, body)]
    assert transport.call("GET", pretend.url, deadline_s=1).json() is None


@pytest.mark.parametrize(
    "answer",
    [
        Later(3, Says()),
        Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500, 0.05),
        Raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 80, 0.05),
    ],
    ids=["silence", "a body that drips", "headers that drip"],
)
def test_the_deadline_is_for_all_of_it(pretend: Pretend, transport: Transport, answer: Later | Raw) -> None:
    """A server that keeps sending a little is over in time as well."""
    pretend.answers = [answer]
    began = time.monotonic()
    with pytest.raises(LostReply):
        transport.call("GET", pretend.url, deadline_s=0.4)
    assert 0.3 < time.monotonic() - began < 1.5


@pytest.mark.parametrize("deadline_s", [0.0, -1.0])
def test_a_call_whose_time_was_used_up_before_does_not_run(
    pretend: Pretend, transport: Transport, deadline_s: float
) -> None:
    """By a slow renewal of the token, say: the service could not be asked, and nobody need wonder what it did."""
    with pytest.raises(NoConnection):
        transport.call("PUT", pretend.url, body=b"{}", deadline_s=deadline_s, before_send=yes)
    assert pretend.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        Resets(),
        Raw(b""),
        Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"),
        Raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        Raw(b"this is not HTTP\r\n\r\n"),
        Says(200, b"not gzip", {"Content-Encoding": "gzip"}),
    ],
    ids=["reset", "nothing", "cut short", "cut in a chunk", "not HTTP", "broken packing"],
)
def test_without_a_whole_answer_nothing_is_known(
    pretend: Pretend, transport: Transport, answer: Resets | Raw | Says
) -> None:
    """The request arrived once; whether it ran, nobody can say. It is never sent again from here."""
    pretend.answers = [answer]
    with pytest.raises(LostReply):
        transport.call("PUT", pretend.url, body=b"{}", deadline_s=1, before_send=yes)
    assert len(pretend.seen) == 1


def test_an_endless_answer_is_cut(pretend: Pretend, transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge body, also one that unpacks to a huge one, cannot fill the memory."""
    monkeypatch.setattr(module, "MAX_ANSWER", 100_000)
    pretend.answers = [Says(200, gzip.compress(b"x" * 500_000), {"Content-Encoding": "gzip"})]
    with pytest.raises(LostReply):
        transport.call("GET", pretend.url, deadline_s=1)


def test_nobody_there_means_nothing_left(transport: Transport) -> None:
    """A refused connection is sure: the call did not run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(NoConnection):
        transport.call("GET", address, deadline_s=1)


def test_no_tls_means_nothing_left(pretend: Pretend, transport: Transport) -> None:
    """Where the encrypted connection cannot be made, not even the question is asked."""
    asked: list[bool] = []
    with pytest.raises(NoConnection):
        transport.call(
            "PUT",
            pretend.url.replace("http:", "https:"),
            body=b"{}",
            deadline_s=1,
            before_send=lambda: not asked.append(True),
        )
    assert (asked, pretend.seen) == ([], [])


def test_it_is_asked_last_and_a_no_sends_nothing(pretend: Pretend, transport: Transport) -> None:
    """The connection stands when `before_send` is asked; after a no not one byte arrives."""
    connected_when_asked: list[int] = []

    def no() -> bool:
        until = time.monotonic() + 2  # the server notes a connection in a thread of its own
        while not pretend.connections and time.monotonic() < until:
            time.sleep(0.01)
        connected_when_asked.append(pretend.connections)
        return False

    with pytest.raises(NotSent):
        transport.call("PUT", pretend.url, body=b"{}", deadline_s=5, before_send=no)
    time.sleep(0.1)
    assert (connected_when_asked, pretend.seen) == ([1], [])


def test_a_process_that_slept_sends_nothing_late(pretend: Pretend, transport: Transport) -> None:
    """When the deadline passed before the first byte, the call did not run."""
    with pytest.raises(NoConnection):
        transport.call("PUT", pretend.url, deadline_s=0.1, before_send=lambda: time.sleep(0.2) is None)
    time.sleep(0.05)
    assert pretend.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer(pretend: Pretend, transport: Transport, status: int) -> None:
    """It is handed on as it is, and nothing goes to where it points."""
    pretend.answers = [Says(status, b"", {"Location": f"{pretend.url}/elsewhere"})]
    assert transport.call("PUT", f"{pretend.url}/here", body=b"{}", deadline_s=1).status == status
    assert pretend.paths() == ["PUT /here"]


def test_no_cookie_travels(pretend: Pretend, transport: Transport) -> None:
    """What a service sets for one customer is never sent with another's call."""
    pretend.answers = [Says(200, b"", {"Set-Cookie": "who=first; Path=/"}), Says()]
    for _ in range(2):
        transport.call("GET", pretend.url, deadline_s=1)
    assert "Cookie" not in pretend.seen[1].headers


def test_the_environment_changes_nothing(
    pretend: Pretend, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proxy of the machine gets to see a token."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert transport.call("GET", pretend.url, deadline_s=1).status == 200


def test_connections_are_used_again_but_not_by_others(pretend: Pretend, transport: Transport) -> None:
    """One connection serves a thread's calls; another thread and a forked child make their own."""
    for _ in range(3):
        transport.call("GET", pretend.url, deadline_s=1)
    assert pretend.connections == 1
    other = threading.Thread(target=lambda: transport.call("GET", pretend.url, deadline_s=1))
    other.start()
    other.join()
    assert pretend.connections == 2
    child = os.fork()
    if child == 0:
        os._exit(transport.call("GET", pretend.url, deadline_s=1).status != 200)
    assert os.waitpid(child, 0)[1] == 0
    assert pretend.connections == 3


def test_a_connection_that_the_server_closed_is_made_anew(pretend: Pretend, transport: Transport) -> None:
    """The next write does not end as unknown because the last one's connection is gone."""
    pretend.answers = [Says(200, b"", {"Connection": "close"}), Says(), Raw(b"HTTP/1.1 200 OK\r\n\r\n"), Says()]
    for _ in range(4):
        assert transport.call("PUT", pretend.url, body=b"{}", deadline_s=1).status == 200


def test_a_connection_that_idled_is_not_trusted(
    pretend: Pretend, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something in between may have dropped it without a word."""
    transport.call("GET", pretend.url, deadline_s=1)
    monkeypatch.setattr(module, "_IDLE_S", 0.0)
    transport.call("GET", pretend.url, deadline_s=1)
    assert pretend.connections == 2


def test_no_secret_hangs_on_an_error(pretend: Pretend, transport: Transport) -> None:
    """Neither its text nor what it points at holds the headers of the call."""
    pretend.answers = [Resets()]
    with pytest.raises(LostReply) as caught:
        transport.call("GET", pretend.url, headers={"Authorization": "Bearer word"}, deadline_s=1)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_lists_stay_short_in_an_address() -> None:
    """Commas are not written as three characters; everything else that is special is."""
    assert with_query("http://x/y", {"IDs": "a,b", "where": 'Name=="Müller & Söhne #1"'}) == (
        "http://x/y?IDs=a,b&where=Name%3D%3D%22M%C3%BCller%20%26%20S%C3%B6hne%20%231%22"
    )
