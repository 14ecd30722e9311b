"""Do limits, keys and ordered troubles behave as X3, X4 and X5.5 say?"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from tests.simulator.xero_stage import Xero, invoice


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def test_every_answer_says_what_is_left(xero: Xero) -> None:
    """X3.1."""
    answer = xero.get("Organisation")
    assert answer.headers["X-DayLimit-Remaining"] == "999"
    assert answer.headers["X-MinLimit-Remaining"] == "59"
    assert answer.headers["X-AppMinLimit-Remaining"] == "9999"


@pytest.mark.parametrize("window", ["fixed", "rolling"])
def test_the_sixty_first_call_of_a_minute(xero: Xero, window: str) -> None:
    """X3.1: no Content-Type, an empty body, the problem's name and seconds to wait that are true."""
    xero.switch(limit_window=window)
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False) as clock:
        xero.tokens = xero.refresh(xero.tokens["refresh_token"]).json
        assert [xero.get("Organisation").status_code for _ in range(60)] == [200] * 60
        refused = xero.get("Organisation")
        assert (refused.status_code, refused.data) == (429, b"")
        assert "Content-Type" not in refused.headers
        assert refused.headers["X-Rate-Limit-Problem"] == "minute"
        wait = int(refused.headers["Retry-After"])
        assert 0 < wait <= 60
        clock.shift(timedelta(seconds=wait))
        assert xero.get("Organisation").status_code == 200


def test_the_day_limit(xero: Xero) -> None:
    """X3.1."""
    xero.switch(day_limit=2)
    assert [xero.get("Organisation").status_code for _ in range(3)] == [200, 200, 429]
    assert xero.get("Organisation").headers["X-Rate-Limit-Problem"] == "day"


def test_five_in_flight(xero: Xero) -> None:
    """X3.1: a slowed call counts while it runs; by default without Retry-After."""
    xero.switch(concurrent_limit=2, delay_ms=400)
    seen: list[Any] = []
    threads = [threading.Thread(target=lambda: seen.append(xero.get("Organisation"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [answer for answer in seen if answer.status_code == 429]
    assert len(refused) == 1
    assert refused[0].headers["X-Rate-Limit-Problem"] == "concurrent"
    assert "Retry-After" not in refused[0].headers
    assert xero.get("Organisation").status_code == 200


def test_limits_are_per_organisation(xero: Xero) -> None:
    """X3.1."""
    xero.switch(minute_limit=1)
    other = xero.new_organisation("Other", "AU", person=xero.person)["organisation"]
    xero.sign_in(xero.person, [other])
    assert xero.get("Organisation").status_code == 200
    assert xero.get("Organisation", xero_tenant_id=other).status_code == 200
    assert xero.get("Organisation").status_code == 429


def put(xero: Xero, key: str, **more: Any) -> Any:
    return xero.call("PUT", "Invoices?summarizeErrors=false", {"Invoices": [invoice(**more)]}, Idempotency_Key=key)


def stored(xero: Xero) -> list[dict[str, Any]]:
    return list(xero.web.get(f"/_control/invoices?organisation={xero.org}").json["invoices"])


def test_a_key_replays_the_first_answer_and_spends_quota(xero: Xero) -> None:
    """X4."""
    first, second = put(xero, "k"), put(xero, "k")
    assert first.data == second.data
    assert len(stored(xero)) == 1
    assert int(second.headers["X-MinLimit-Remaining"]) == int(first.headers["X-MinLimit-Remaining"]) - 1


def test_a_key_is_forgotten_six_minutes_after_the_first_call(xero: Xero) -> None:
    """X4: a replay does not lengthen its life."""
    start = datetime.now(UTC)
    put(xero, "k")
    with time_machine.travel(start + timedelta(seconds=200)):
        put(xero, "k")
    with time_machine.travel(start + timedelta(seconds=361)):
        assert put(xero, "k").status_code == 200
    assert len(stored(xero)) == 2


@pytest.mark.parametrize("place", ["message", "elements"])
def test_the_same_key_with_another_body(xero: Xero, place: str) -> None:
    """X4: where the text sits is a switch."""
    xero.switch(idempotency_mismatch_in=place)
    put(xero, "k")
    answer = put(xero, "k", Reference="other")
    assert answer.status_code == 400
    found = answer.json["Message"]
    if place == "elements":
        found = answer.json["Elements"][0]["ValidationErrors"][0]["Message"]
    assert found == "Idempotency Key: k is used with a different request."
    assert len(stored(xero)) == 1


def test_an_over_long_key_is_named_with_its_length(xero: Xero) -> None:
    """X4."""
    answer = put(xero, "k" * 129)
    assert answer.status_code == 400
    assert "129" in answer.json["Message"]
    assert "k" * 129 in answer.json["Message"]


def test_an_internal_error_is_kept_under_its_key(xero: Xero) -> None:
    """X4: replayed although its cause is gone; a new key runs."""
    xero.web.post("/_control/faults", json={"kind": "500", "method": "PUT"})
    assert put(xero, "k").status_code == 500
    assert put(xero, "k").status_code == 500
    assert stored(xero) == []
    assert put(xero, "other").status_code == 200


def test_a_500_after_the_work_saved_and_says_it_did_not(xero: Xero) -> None:
    """X4: the stored answer is the error, the invoice is there."""
    xero.web.post("/_control/faults", json={"kind": "500", "when": "after"})
    assert put(xero, "k").status_code == 500
    assert put(xero, "k").status_code == 500
    assert len(stored(xero)) == 1


def test_a_400_is_replayed_by_default(xero: Xero) -> None:
    """X4, unverified."""
    for keeps in (True, False):
        xero.switch(idempotency_stores_400=keeps)
        raw = {"Invoices": [invoice(Contact={"ContactNumber": f"Z{keeps}"})]}
        first = xero.call("PUT", "Invoices", raw, Idempotency_Key=f"k{keeps}")
        assert first.status_code == 400
        xero.write([{"Name": f"Now here {keeps}", "ContactNumber": f"Z{keeps}"}], name="Contacts")
        again = xero.call("PUT", "Invoices", raw, Idempotency_Key=f"k{keeps}")
        assert again.status_code == (400 if keeps else 200)


def test_two_calls_in_flight_with_one_key_make_one_invoice(xero: Xero) -> None:
    """X4, unverified: by default the second waits for the first."""
    xero.switch(delay_ms=100)
    threads = [threading.Thread(target=put, args=(xero, "k")) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(xero)) == 1


def test_keys_mean_nothing_on_a_get(xero: Xero) -> None:
    """X4."""
    xero.get("Invoices", Idempotency_Key="k")
    assert put(xero, "k").status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "type_", "text"),
    [
        ("401", 401, "application/json", "TokenExpired"),
        ("403", 403, "application/json", "AuthenticationUnsuccessful"),
        ("503", 503, "text/plain", "The Xero API is temporarily unavailable"),
        ("500", 500, "application/json", "An error occurred"),
        ("html", 200, "text/html", "<html>"),
    ],
)
def test_ordered_troubles_look_like_the_real_ones(xero: Xero, kind: str, status: int, type_: str, text: str) -> None:
    """X2.6, X5.5."""
    xero.web.post("/_control/faults", json={"kind": kind, "path": "/Invoices"})
    assert xero.get("Organisation").status_code == 200
    answer = xero.get("Invoices")
    assert (answer.status_code, answer.mimetype) == (status, type_)
    assert text in answer.text
    assert xero.get("Invoices").status_code == 200


def test_an_ordered_429(xero: Xero) -> None:
    """X3.1: like a real one, with the seconds asked for."""
    xero.web.post("/_control/faults", json={"kind": "429", "seconds": 7, "times": 2, "skip": 1})
    answers = [xero.get("Organisation") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 429, 429, 200]
    assert (answers[1].headers["Retry-After"], answers[1].data) == ("7", b"")


@pytest.mark.parametrize(("kind", "saved"), [("lost_reply", 1), ("reset", 0)])
def test_a_cut_connection_after_or_before_the_work(xero: Xero, kind: str, saved: int) -> None:
    """The caller cannot tell them apart."""
    xero.web.post("/_control/faults", json={"kind": kind})
    with pytest.raises(ConnectionResetError):
        put(xero, "k")
    assert len(stored(xero)) == saved
    assert put(xero, "k").status_code == 200
    assert len(stored(xero)) == 1


def test_a_token_call_is_troubled_only_by_name(xero: Xero) -> None:
    """A refresh does not use up what was ordered for the next write."""
    xero.web.post("/_control/faults", json={"kind": "500"})
    renewed = xero.refresh(xero.tokens["refresh_token"])
    assert renewed.status_code == 200
    assert xero.get("Organisation").status_code == 500
    xero.web.post("/_control/faults", json={"kind": "503", "path": "/connect/token"})
    assert xero.refresh(renewed.json["refresh_token"]).status_code == 503
    assert xero.refresh(renewed.json["refresh_token"]).status_code == 200


def test_calls_are_counted_by_sort(xero: Xero) -> None:
    """Token calls stand in `by`, and `total` counts API calls."""
    xero.web.delete("/_control/calls")
    xero.get("Organisation")
    row = xero.make()
    xero.get(f"Invoices/{row['InvoiceID']}")
    xero.refresh(xero.tokens["refresh_token"])
    report = xero.web.get("/_control/calls").json
    assert (report["total"], report["writes"]) == (3, 1)
    assert report["by"] == {
        "GET /Organisation": 1, "PUT /Invoices": 1, "GET /Invoices/{id}": 1, "POST /connect/token": 1,
    }  # fmt: skip
    assert report["calls"][1]["org"] == xero.org


def test_bad_orders_are_refused_with_a_reason(xero: Xero) -> None:
    """The control API answers JSON errors and changes nothing."""
    assert xero.web.post("/_control/faults", json={"kind": "fire"}).status_code == 400
    assert xero.web.put("/_control/switches", json={"nonsense": 1}).status_code == 400
    assert xero.web.put("/_control/switches", json={"minute_limit": 5, "limit_window": "x"}).status_code == 400
    assert xero.web.get("/_control/switches").json["minute_limit"] == 60
    assert xero.web.post("/_control/faults", data="kind=500").status_code == 400
    assert xero.web.get("/_control/calls", base_url="http://evil.example").status_code == 403
