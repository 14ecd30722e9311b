"""Do both kinds of windows, and every kind of limit, behave as X3.1 says?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from simulator.xero.limits import Window
from tests.simulator.xero_stage import Xero


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


@pytest.fixture
def clock(xero: Xero) -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=UTC), tick=False) as clock:
        xero.tokens = xero.refresh(xero.tokens["refresh_token"]).json
        yield clock


def statuses(xero: Xero, times: int) -> set[int]:
    return {xero.get("Organisation").status_code for _ in range(times)}


@pytest.mark.parametrize(("window", "after"), [("fixed", 200), ("rolling", 429)])
def test_calls_before_and_after_the_turn_of_a_window(xero: Xero, clock: Any, window: str, after: int) -> None:
    """Fixed windows reset at once; rolling ones look back sixty seconds from each call."""
    xero.switch(limit_window="fixed", minute_limit=1)
    xero.get("Organisation")
    turn = int(xero.get("Organisation").headers["Retry-After"])
    xero.switch(limit_window=window, minute_limit=10)
    clock.shift(timedelta(seconds=turn + 58))
    assert statuses(xero, 10) == {200}
    clock.shift(timedelta(seconds=2))
    answer = xero.get("Organisation")
    assert answer.status_code == after
    assert answer.headers["X-MinLimit-Remaining"] == ("9" if window == "fixed" else "0")
    if window == "rolling":
        assert int(answer.headers["Retry-After"]) == 58


def test_a_rolling_window_frees_calls_one_by_one() -> None:
    """X3.1."""
    window = Window(60, 17)
    for at in (1000, 1010, 1020):
        window.add(at)
    assert (window.left(1030, "rolling", 3), window.wait(1030, "rolling")) == (0, 30)
    assert (window.left(1060, "rolling", 3), window.left(1070, "rolling", 3)) == (1, 2)
    assert window.left(1081, "rolling", 3) == 3


def test_fixed_windows_turn_at_another_second_for_each_organisation(xero: Xero, clock: Any) -> None:
    """X3.1."""
    xero.switch(minute_limit=1)
    waits = set()
    for number in range(4):
        other = xero.new_organisation(f"Org {number}", "AU", person=xero.person)["organisation"]
        xero.sign_in(xero.person, [other])
        xero.get("Organisation", xero_tenant_id=other)
        waits.add(xero.get("Organisation", xero_tenant_id=other).headers["Retry-After"])
    assert len(waits) > 1


@pytest.mark.parametrize("window", ["fixed", "rolling"])
def test_a_day_breach_says_when_it_ends(xero: Xero, clock: Any, window: str) -> None:
    """X3.1: seconds up to a whole day, e.g. 66,975."""
    xero.switch(limit_window=window, day_limit=2, access_token_seconds=200_000)
    xero.tokens = xero.refresh(xero.tokens["refresh_token"]).json
    assert statuses(xero, 2) == {200}
    answer = xero.get("Organisation")
    assert (answer.headers["X-Rate-Limit-Problem"], answer.headers["X-DayLimit-Remaining"]) == ("day", "0")
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= 86400
    clock.shift(timedelta(seconds=wait - 1))
    assert statuses(xero, 1) == {429}
    clock.shift(timedelta(seconds=1))
    assert statuses(xero, 1) == {200}


def test_the_app_minute_holds_for_all_organisations(xero: Xero, clock: Any) -> None:
    """X3.1: its name is reported in two spellings."""
    other = xero.new_organisation("Other", "AU", person=xero.person)["organisation"]
    xero.sign_in(xero.person, [other])
    xero.switch(app_minute_limit=2)
    assert statuses(xero, 2) == {200}
    answer = xero.get("Organisation", xero_tenant_id=other)
    assert (answer.status_code, answer.headers["X-Rate-Limit-Problem"]) == (429, "appminute")
    assert answer.headers["X-AppMinLimit-Remaining"] == "0"
    assert "Retry-After" in answer.headers
    xero.switch(app_minute_problem="app-minute", app_minute_retry_after=False)
    answer = xero.get("Organisation")
    assert answer.headers["X-Rate-Limit-Problem"] == "app-minute"
    assert "Retry-After" not in answer.headers


def test_a_concurrency_breach_may_be_silent(xero: Xero) -> None:
    """X3.1: some clients report no header for it; one with Retry-After is unverified."""
    xero.switch(concurrent_limit=0)
    assert xero.get("Organisation").headers["X-Rate-Limit-Problem"] == "concurrent"
    xero.switch(concurrent_problem_header=False, concurrent_retry_after=True)
    answer = xero.get("Organisation")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert "X-Rate-Limit-Problem" not in answer.headers


def test_five_run_at_once_and_no_more(xero: Xero) -> None:
    """X3.1: a refused call is not in flight."""
    xero.switch(delay_ms=1000, limit_window="rolling")
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(xero.get("Users").status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [200] * 5 + [429] * 3
    assert xero.get("Organisation").headers["X-MinLimit-Remaining"] == "54"


def test_failed_calls_count_or_not(xero: Xero, clock: Any) -> None:
    """X3.1, unverified."""
    assert xero.get("Invoices/none").headers["X-MinLimit-Remaining"] == "59"
    xero.switch(failed_calls_count=False)
    assert xero.get("Invoices/none").headers["X-MinLimit-Remaining"] == "59"


def test_headers_may_be_absent(xero: Xero) -> None:
    """X3.1."""
    xero.switch(limit_headers=False)
    assert "X-MinLimit-Remaining" not in xero.get("Organisation").headers


def test_rapid_sync(xero: Xero) -> None:
    """X3.1: in a connection's first 30 minutes minute and day are lifted and stay at full; the app's not."""
    xero.switch(rapid_sync=True, minute_limit=2, day_limit=2, access_token_seconds=10_000)
    xero.tokens = xero.refresh(xero.tokens["refresh_token"]).json
    with time_machine.travel(datetime.now(UTC), tick=False):
        assert statuses(xero, 4) == {200}
        answer = xero.get("Organisation")
    assert (answer.headers["X-MinLimit-Remaining"], answer.headers["X-DayLimit-Remaining"]) == ("2", "2")
    assert answer.headers["X-AppMinLimit-Remaining"] == "9995"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=False):
        assert [xero.get("Organisation").status_code for _ in range(3)] == [200, 200, 429]
