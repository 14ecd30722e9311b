"""After a write, do we know what we may know, and no more?"""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import Any

import pytest

from server.clients.xero_writes import Sent
from tests.clients.house import ORGANISATION, House, TokenServer, xero_tokens
from tests.clients.pretend import Answer, Later, Raw, Resets, Says, Seen

BODY = b'{"Invoices":[{"Type":"ACCREC"}]}'
EXPIRED = {"Title": "Unauthorized", "Status": 401, "Detail": "TokenExpired: token expired at 08/12/2022 07:00:40"}
DISCONNECTED = {"Title": "Forbidden", "Status": 403, "Detail": "AuthenticationUnsuccessful"}
MISMATCH = "Idempotency Key: k is used with a different request."
ROWS = [{"InvoiceID": "a", "Total": 24.15}, {"HasErrors": True, "ValidationErrors": [{"Message": "bad"}]}]


def refusal(*messages: str) -> dict[str, Any]:
    errors = [{"Message": message} for message in messages]
    return {
        "ErrorNumber": 10,
        "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [{"ValidationErrors": errors}],
    }


def send(house: House, answer: Answer | None = None, **more: Any) -> Sent:
    if answer is not None:
        house.pretend.answers = [answer]
    books = more.pop("books", None) or house.books(xero_tokens())
    return house.xero.send(books, "PUT", "/Invoices", BODY, "k", more.pop("before_send", lambda: True))


def test_decimals_of_prices_are_asked_for_where_there_are_prices(house: House) -> None:
    """Contacts have none, and their description takes no such parameter."""
    house.pretend.answers = [Says(body={"Status": "OK", "Contacts": []})]
    house.xero.send(house.books(xero_tokens()), "PUT", "/Contacts", BODY, "k", lambda: True)
    assert house.pretend.seen[0].query == {"summarizeErrors": "false"}


def test_a_write_says_all_that_xero_needs(house: House) -> None:
    """Exact bytes, key, organisation, and one answer a row instead of one for all (X4, X5.4)."""
    sent = send(house, Says(body={"Status": "OK", "Invoices": ROWS}))
    seen = house.pretend.seen[0]
    assert (seen.method, seen.path, seen.body) == ("PUT", "/api.xro/2.0/Invoices", BODY)
    assert seen.query == {"summarizeErrors": "false", "unitdp": "4"}
    wanted = {
        "Idempotency-Key": "k",
        "Authorization": "Bearer A1",
        "xero-tenant-id": ORGANISATION,
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    assert {name: seen.headers[name] for name in wanted} == wanted
    assert (sent.ran, sent.status, sent.look_first) == ("yes", 200, False)
    assert sent.rows is not None
    assert sent.rows[0]["Total"] == Decimal("24.15")


NOT_RUN = {
    "401 twice": ([Says(401, EXPIRED)], "disconnected", "token_refused"),
    "scope, as Xero spells it": (
        [Says(401, EXPIRED, {"WWW-Authenticate": 'Bearer error="insufficent_scope"'})],
        "disconnected",
        "scope_missing",
    ),
    "scope, spelled well": (
        [Says(401, EXPIRED, {"WWW-Authenticate": 'Bearer error="insufficient_scope"'})],
        "disconnected",
        "scope_missing",
    ),
    "scope, in the body": ([Says(401, {"Detail": "AuthorizationUnsuccessful"})], "disconnected", "scope_missing"),
    "app disconnected": ([Says(403, DISCONNECTED)], "disconnected", "app_disconnected"),
    "another 403": ([Says(403, {"Detail": "You are not permitted"})], "disconnected", "forbidden"),
    "a gatekeeper's page": ([Says(403, b"<html>Blocked</html>")], "service", None),
    "429": ([Says(429, b"", {"Retry-After": "26"})], "limit", None),
}


@pytest.mark.parametrize(("answers", "cause", "why"), NOT_RUN.values(), ids=NOT_RUN)
def test_a_write_that_did_not_run(house: House, answers: list[Answer], cause: str, why: str | None) -> None:
    """401, 403 and 429 are sure: nothing ran, and the reason is known (X2.6, X3.1)."""
    sent = send(house, answers[0])
    assert (sent.ran, sent.rows, sent.cause, sent.why, sent.look_first) == ("no", None, cause, why, False)


def test_a_429_says_how_long(house: House) -> None:
    """`Retry-After` is what counts; without one the named limit gives a guess."""
    assert send(house, Says(429, b"", {"Retry-After": "26"})).seconds == 26
    house.pace._leave.registered_client.flushall()
    assert send(house, Says(429, b"", {"X-Rate-Limit-Problem": "day"})).seconds == 3600


UNKNOWN = {
    "html with 200": (Says(200, b"<html>sorry</html>"), False, None),
    "an empty 200": (Says(200, b""), False, None),
    "200 without the list": (Says(200, {"Status": "OK"}), False, None),
    "200 with another list": (Says(200, {"Contacts": []}), False, None),
    "200 with nonsense in the list": (Says(200, {"Invoices": [None]}), False, None),
    "redirect": (Says(302, b"", {"Location": "/"}), False, None),
    "204": (Says(204, b""), False, None),
    "500": (Says(500, b"oops"), True, None),
    "503 in words": (Says(503, b"The Xero API is currently offline for maintenance"), True, None),
    "400 for all": (Says(400, refusal("Due date is missing")), True, "Due date is missing"),
    "400 in one word": (
        Says(400, {"ErrorNumber": 14, "Message": "Error converting value"}),
        True,
        "Error converting value",
    ),
    "404 as a page": (
        Says(404, b"The resource you're looking for cannot be found"),
        True,
        "The resource you're looking for cannot be found",
    ),
    "400 without words": (Says(400, b"<html></html>"), True, "Xero answered 400."),
    "the key, at the top": (Says(400, {"Message": MISMATCH}), True, None),
    "the key, in an element": (Says(400, refusal(MISMATCH)), True, None),
    "the key, in a row": (Says(200, {"Invoices": [{"ValidationErrors": [{"Message": MISMATCH}]}]}), True, None),
    "reset": (Resets(), False, None),
    "cut short": (Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), False, None),
    "silence": (Later(2, Says()), False, None),
}


@pytest.mark.parametrize(("answer", "look_first", "refused"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_write_of_which_nothing_is_known(house: House, answer: Answer, look_first: bool, refused: str | None) -> None:
    """Whatever proves nothing is unknown; it goes out once, and is never taken for a success."""
    sent = send(house, answer)
    assert (sent.ran, sent.rows, sent.look_first, sent.refused) == ("unknown", None, look_first, refused)
    assert len(house.pretend.seen) == 1


def test_words_of_a_customer_are_no_sign(house: House) -> None:
    """A line text that quotes the sentence about keys is not that error."""
    row = {"InvoiceID": "a", "Reference": MISMATCH, "LineItems": [{"Description": MISMATCH}]}
    assert send(house, Says(200, {"Invoices": [row]})).ran == "yes"


def test_nobody_there_is_sure(house: House) -> None:
    """No connection: nothing ran."""
    books = house.books(xero_tokens())
    house.pretend.close()
    sent = send(house, books=books)
    assert (sent.ran, sent.cause) == ("no", "service")


def test_a_no_before_sending_is_kept(house: House) -> None:
    """A lease that ran out stops the write, and that is told apart."""
    sent = send(house, before_send=lambda: False)
    assert (sent.ran, sent.cause, house.pretend.seen) == ("no", "not_sent", [])


def test_an_expired_token_is_renewed_and_the_write_goes_out_again(house: House) -> None:
    """Nothing ran, so the same bytes go out under the same key, each time asked first."""
    tokens, asked = TokenServer(house.pretend), []

    def answer(seen: Seen) -> Says:
        if seen.path == "/connect/token":
            return tokens(seen)
        good = seen.headers["Authorization"] == "Bearer A2"
        return Says(body={"Invoices": ROWS}) if good else Says(401, EXPIRED)

    house.pretend.answer = answer
    sent = send(house, books=house.books(), before_send=lambda: not asked.append(1))
    assert sent.ran == "yes"
    assert house.pretend.paths() == ["PUT /api.xro/2.0/Invoices", "POST /connect/token", "PUT /api.xro/2.0/Invoices"]
    assert {seen.headers["Idempotency-Key"] for seen in house.pretend.seen if seen.method == "PUT"} == {"k"}
    assert (tokens.refreshes, len(asked)) == (["R1"], 2)


def test_a_refused_renewal_is_no_write(house: House) -> None:
    """The consent is gone: nothing ran, the grant is marked, and the next write does not even try."""

    def answer(seen: Seen) -> Says:
        return Says(400, {"error": "invalid_grant"}) if seen.path == "/connect/token" else Says(401, EXPIRED)

    house.pretend.answer = answer
    books = house.books()
    for _ in range(2):
        sent = send(house, books=books)
        assert (sent.ran, sent.cause, sent.why) == ("no", "disconnected", "token_refused")
    assert len(house.pretend.seen) == 2


def test_a_second_401_does_not_go_round(house: House) -> None:
    """One renewal a write, whatever the service says afterwards."""
    tokens = TokenServer(house.pretend)
    house.pretend.answer = lambda seen: tokens(seen) if seen.path == "/connect/token" else Says(401, EXPIRED)
    assert send(house, books=house.books()).why == "token_refused"
    assert len(house.pretend.seen) == 3


def test_both_tries_share_one_deadline(house: House) -> None:
    """A slow 401 leaves less time for the second try; the call stays within its 40 s (1 s here)."""
    tokens = TokenServer(house.pretend)

    def answer(seen: Seen) -> Answer:
        if seen.path == "/connect/token":
            return tokens(seen)
        first = seen.headers["Authorization"] == "Bearer A1"
        return Later(0.6, Says(401, EXPIRED)) if first else Later(2, Says())

    house.pretend.answer = answer
    began = time.monotonic()
    assert send(house, books=house.books()).ran == "unknown"
    assert time.monotonic() - began < 2


def test_a_full_minute_is_told_before_sending(house: House) -> None:
    """The pace stops a write like a 429, without spending a call on it."""
    send(house, Says(429, b"", {"Retry-After": "20"}))
    sent = send(house)
    assert (sent.ran, sent.cause) == ("no", "limit")
    assert 18 < sent.seconds <= 20
    assert len(house.pretend.seen) == 1


def test_a_crash_of_the_asker_frees_its_place(house: House) -> None:
    """When `before_send` itself breaks, the error comes through and the place in flight is given back."""

    def breaks() -> bool:
        raise RuntimeError("database away")

    for _ in range(3):
        with pytest.raises(RuntimeError):
            send(house, before_send=breaks)
    assert threading.active_count() < 50
    assert send(house, Says(200, {"Invoices": []})).ran == "yes"
