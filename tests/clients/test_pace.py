"""Do all processes together stay within the limits, and does a click find room?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from server.clients.errors import TryLater
from server.clients.pace import XERO, Limits, Pace, Ticket, Wait
from server.clients.transport import CallTimes

TIMES = CallTimes(write_s=0.4)
SECOND = Limits(per_window=58, in_flight=5, kept_in_window=10, kept_of_day=10, window_s=1.0)
LEFT = {"X-MinLimit-Remaining": "59", "X-DayLimit-Remaining": "4000"}


@pytest.fixture
def pace(redis: Redis) -> Pace:
    return Pace(redis, TIMES)


def warm(pace: Pace, key: str = "org", limits: Limits = XERO) -> None:
    """One call, whose answer says that all is left."""
    ticket = taken(pace, key, limits=limits)
    pace.leave(ticket, LEFT)


def taken(pace: Pace, key: str = "org", *, click: bool = False, limits: Limits = XERO) -> Ticket:
    answer = pace.enter(key, click, limits)
    assert isinstance(answer, Ticket), answer
    return answer


def refused(pace: Pace, key: str = "org", *, click: bool = False, limits: Limits = XERO) -> Wait:
    answer = pace.enter(key, click, limits)
    assert isinstance(answer, Wait)
    return answer


def call(pace: Pace, times: int, *, click: bool = False) -> None:
    for _ in range(times):
        pace.leave(taken(pace, click=click), LEFT)


def test_never_more_than_58_start_in_any_window(redis: Redis) -> None:
    """Several callers push as hard as they can; no window, wherever it begins, holds more (here: of 1 s)."""
    began: list[float] = []  # by Redis' own clock: ours may be read late on a busy machine
    until = time.monotonic() + 2.5

    def push() -> None:
        pace = Pace(redis, TIMES)
        while time.monotonic() < until:
            answer = pace.enter("org", True, SECOND)
            if isinstance(answer, Ticket):
                began.append(redis.zscore("pace:org:log", answer.id) or 0.0)
                pace.leave(answer, LEFT)
            else:
                time.sleep(min(answer.seconds, 0.05))

    callers = [threading.Thread(target=push) for _ in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    began.sort()
    most = max(sum(1 for at in began if start <= at < start + 1000) for start in began if start)
    assert 30 <= most <= 58
    assert len(began) > 58


def test_the_last_ten_of_the_minute_are_for_clicks(pace: Pace) -> None:
    """Bulk work stops at 48; a click goes on to 58; both are told when the next place is free."""
    warm(pace)
    call(pace, 47)
    wait = refused(pace)
    assert wait.cause == "minute"
    assert 55 < wait.seconds <= 61
    call(pace, 10, click=True)
    assert refused(pace, click=True).cause == "minute"


def test_the_real_limit_is_58_in_61_seconds() -> None:
    """One less than two under Xero's 60 in 60 s, for fixed and for rolling windows (X3.1)."""
    assert (XERO.per_window, XERO.window_s, XERO.in_flight, XERO.app_per_window) == (58, 61, 5, 9_900)


def test_five_in_flight_one_of_them_for_a_click(pace: Pace) -> None:
    """Bulk work takes four places, a click the fifth; leaving frees one."""
    warm(pace)
    held = [taken(pace) for _ in range(4)]
    assert refused(pace).cause == "flight"
    clicked = taken(pace, click=True)
    assert refused(pace, click=True).cause == "flight"
    pace.leave(held[0], None, 0)
    assert refused(pace).cause == "flight"
    pace.leave(clicked, LEFT)
    taken(pace)


def test_a_dead_caller_frees_its_place(pace: Pace) -> None:
    """Nobody leaves for it: its lease runs out, a little after the longest call."""
    warm(pace)
    for _ in range(4):
        taken(pace)
    assert refused(pace).cause == "flight"
    time.sleep(TIMES.write_s * 1.25 + 0.05)
    taken(pace)


def test_organisations_do_not_wait_for_each_other(pace: Pace) -> None:
    """One organisation's full minute is nothing to another."""
    warm(pace)
    call(pace, 47)
    refused(pace)
    taken(pace, "another")


def test_an_emptied_redis_means_one_at_a_time(pace: Pace, redis: Redis) -> None:
    """Until an answer says what is left; what Xero counted and we forgot then counts again."""
    warm(pace)
    call(pace, 30)
    redis.flushall()
    first = taken(pace)
    assert refused(pace).cause == "flight"
    assert refused(pace, click=True).cause == "flight"
    pace.leave(first, {"X-MinLimit-Remaining": "15"})  # 45 of 60 are used
    call(pace, 3)
    assert refused(pace).cause == "minute"
    call(pace, 10, click=True)
    assert refused(pace, click=True).cause == "minute"


def test_silent_answers_are_one_at_a_time_for_a_window_only(pace: Pace) -> None:
    """Any header may be missing (X3.1); after a whole window our own count is complete."""
    quick = Limits(per_window=58, in_flight=5, window_s=0.3)
    pace.leave(taken(pace, limits=quick), {})
    held = taken(pace, limits=quick)
    refused(pace, limits=quick)
    time.sleep(0.35)
    pace.leave(held, {})
    taken(pace, limits=quick)
    taken(pace, limits=quick)


@pytest.mark.parametrize(("left", "full"), [(100, 1000), (500, 5000)])
def test_a_tenth_of_the_day_is_for_clicks(pace: Pace, left: int, full: int) -> None:
    """The budget is 1,000 or 5,000; bulk work leaves a tenth of it alone."""
    pace.leave(taken(pace), {"X-DayLimit-Remaining": str(full), "X-MinLimit-Remaining": "59"})
    pace.leave(taken(pace), {"X-DayLimit-Remaining": str(left + 1)})
    pace.leave(taken(pace), {"X-DayLimit-Remaining": str(left)})
    wait = refused(pace)
    assert wait.cause == "day"
    assert 3500 < wait.seconds <= 3600  # then one call asks how much there is
    taken(pace, click=True)


def test_a_429_stops_everybody_for_as_long_as_it_says(pace: Pace) -> None:
    """Clicks too; a shorter one that comes later does not open the door."""
    warm(pace)
    first, second = taken(pace), taken(pace)
    pace.leave(first, {"Retry-After": "26", "X-Rate-Limit-Problem": "minute"}, 429)
    pace.leave(second, {"Retry-After": "2"}, 429)
    wait = refused(pace, click=True)
    assert wait.cause == "told"
    assert 25 < wait.seconds <= 26
    taken(pace, "another")


def test_a_concurrency_429_stops_for_a_second(pace: Pace) -> None:
    """It may come without a time (X3.1)."""
    warm(pace)
    pace.leave(taken(pace), {"X-Rate-Limit-Problem": "concurrent"}, 429)
    assert 0.8 < refused(pace).seconds <= 1


@pytest.mark.parametrize("problem", ["appminute", "app-minute"])
def test_the_limit_of_the_app_stops_every_organisation(pace: Pace, problem: str) -> None:
    """10,000 a minute are for all of them together; both spellings are met."""
    warm(pace)
    pace.leave(taken(pace), {"Retry-After": "9", "X-Rate-Limit-Problem": problem}, 429)
    assert refused(pace, "another", click=True).cause == "told"


def test_the_app_counts_all_organisations(pace: Pace) -> None:
    """Its limit is met before it is told."""
    few = Limits(per_window=58, in_flight=5, app_per_window=3)
    for key in "abc":
        pace.leave(taken(pace, key, limits=few), LEFT)
    assert refused(pace, "d", limits=few).cause == "minute"


def test_zoho_counts_calls_in_flight_only(pace: Pace) -> None:
    """Its minute has no limit, and nothing has to be learned first (Z5.13)."""
    for _ in range(4):
        taken(pace, "zoho", limits=pace.zoho)
    assert refused(pace, "zoho", limits=pace.zoho).cause == "flight"
    taken(pace, "zoho", click=True, limits=pace.zoho)


def test_a_short_wait_is_slept_and_a_long_one_raised(pace: Pace) -> None:
    """A worker is given back rather than put to sleep."""
    warm(pace)
    held = [taken(pace) for _ in range(4)]
    freed = threading.Timer(0.2, lambda: pace.leave(held[0], LEFT))
    freed.start()
    began = time.monotonic()
    pace.admitted("xero", "org", click=False)
    assert 0.1 < time.monotonic() - began < 1.2
    call(pace, 42, click=True)
    pace.leave(held[1], LEFT)
    began = time.monotonic()
    with pytest.raises(TryLater) as caught:
        pace.admitted("xero", "org", click=False)
    assert time.monotonic() - began < 0.9
    assert (caught.value.cause, caught.value.seconds > 50) == ("limit", True)


@pytest.fixture
def nobody() -> Iterator[Pace]:
    with Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2, retry=None) as client:
        yield Pace(client, TIMES)


def test_without_redis_a_process_makes_one_call_at_a_time(nobody: Pace) -> None:
    """The work goes on, slowly, and nothing breaks."""
    held = taken(nobody)
    taken(nobody, "another")
    began = time.monotonic()
    assert refused(nobody).seconds == 1
    assert time.monotonic() - began < 4
    nobody.leave(held, LEFT)
    taken(nobody)


def test_redis_that_goes_away_in_the_middle_harms_nobody(nobody: Pace) -> None:
    """A ticket from Redis is given back without it."""
    nobody.leave(Ticket("org", "id", XERO), LEFT)


def test_two_calls_in_the_same_millisecond_both_count(pace: Pace, redis: Redis) -> None:
    """Calls are counted by their own ids and not by their time."""
    warm(pace)
    call(pace, 20)
    assert redis.zcard("pace:org:log") == 21
