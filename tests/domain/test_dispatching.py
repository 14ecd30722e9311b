"""Does an open dispatch always get the right next step, whatever happened to its attempts (4a.4 to 4a.9)?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.dispatching import Attempt, Look, Resend, Send, Step, Void, Wait, next_step
from server.domain.times import Times

START = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TIMES = Times()
RESULTS = ("no", "unknown", None, "yes")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def tried(*attempts: tuple[float, str | None], look_first: bool = False) -> list[Attempt]:
    return [
        Attempt(n, at(started), at(started + 1) if result else None, result, look_first)
        for n, (started, result) in enumerate(attempts, 1)
    ]


def step(attempts: list[Attempt], now: float, *, lease_over: bool = True) -> Step:
    return next_step(attempts, lease_over=lease_over, now=at(now), times=TIMES)


def test_a_new_dispatch_is_sent() -> None:
    assert step([], 0) == Send()


def test_while_somebody_may_still_be_sending_nobody_else_does() -> None:
    assert step(tried((0, None)), 5, lease_over=False) == Wait(at(90))
    assert step(tried((0, None)), 95, lease_over=False) == Wait(at(95))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_certainly_did_not_run_is_void(count: int) -> None:
    """Refused connections, 401, 403, 429: decided again from fresh data under a new key (4a.7)."""
    assert step(tried(*[(n, "no") for n in range(count)]), 10) == Void()


@pytest.mark.parametrize("result", ["unknown", None, "yes"])
def test_the_same_bytes_go_again_after_5_30_and_120_seconds(result: str | None) -> None:
    """Xero remembers a key for six minutes (X4), so the same key proves what happened (4a.8)."""
    first = tried((0, result))
    assert step(first, 1) == Wait(at(5))
    assert step(first, 5) == Resend()
    second = tried((0, result), (5, result))
    assert step(second, 6) == Wait(at(35))
    assert step(second, 35) == Resend()
    third = tried((0, result), (5, result), (35, result))
    assert step(third, 36) == Wait(at(155))
    assert step(third, 155) == Resend()
    fourth = tried((0, result), (5, result), (35, result), (155, result))
    assert step(fourth, 156) == Wait(at(275))
    assert step(fourth, 275) == Look()


def test_once_unknown_always_unknown() -> None:
    """A later refusal says nothing about the attempt before it (4a.5)."""
    assert step(tried((0, "unknown"), (5, "no")), 6) == Wait(at(35))
    assert step(tried((0, "no"), (5, None)), 6) == Wait(at(35))


def test_an_answer_that_proves_nothing_is_looked_up() -> None:
    """A stored 5xx would come back under the same key; two minutes after the last attempt it is looked up (4a.9)."""
    attempts = tried((0, "unknown"), look_first=True)
    assert step(attempts, 60) == Wait(at(120))
    assert step(attempts, 120) == Look()


def test_a_worker_that_comes_too_late_looks() -> None:
    """Four minutes after the first attempt the key is not trusted any more."""
    assert step(tried((0, None)), 239) == Resend()
    assert step(tried((0, None)), 240) == Look()
    assert step(tried((0, "unknown"), (239, "unknown")), 300) == Wait(at(359))


ATTEMPTS = st.lists(st.tuples(st.floats(0, 400), st.sampled_from(RESULTS), st.booleans()), min_size=0, max_size=6).map(
    lambda found: [
        Attempt(n, at(started), None if result is None else at(started + 1), result, look_first)
        for n, (started, result, look_first) in enumerate(sorted(found, key=lambda each: each[0]), 1)
    ]
)


@settings(max_examples=250, deadline=None)
@given(ATTEMPTS, st.floats(0, 1000), st.booleans(), st.sampled_from([1.0, 0.05]))
def test_no_step_breaks_a_promise(attempts: list[Attempt], after: float, lease_over: bool, scale: float) -> None:
    """Never sent again too late or after a look was called for, never voided while unknown, never looked too early."""
    times = TIMES.scaled(scale)
    now = (attempts[-1].started_at if attempts else START) + timedelta(seconds=after)
    found = next_step(attempts, lease_over=lease_over, now=now, times=times)
    if isinstance(found, Resend):
        assert lease_over
        assert now < attempts[0].started_at + timedelta(seconds=times.resend_within)
        assert not any(each.look_first for each in attempts)
        assert any(each.result != "no" for each in attempts)
    elif isinstance(found, Void):
        assert lease_over
        assert attempts and all(each.result == "no" for each in attempts)
    elif isinstance(found, Look):
        assert now >= attempts[-1].started_at + timedelta(seconds=times.look_after)
    elif isinstance(found, Send):
        assert not attempts
    else:
        assert found.until >= now


OUTCOMES = st.lists(st.tuples(st.sampled_from(RESULTS), st.booleans(), st.floats(0, 130)), min_size=12, max_size=12)


@settings(max_examples=120, deadline=None)
@given(OUTCOMES)
def test_every_dispatch_comes_to_an_end(outcomes: list[tuple[str | None, bool, float]]) -> None:
    """Whatever each sending brings and however late a worker comes, it is voided or looked up within minutes."""
    now, attempts, results = 0.0, list[Attempt](), iter(outcomes)
    for _ in range(30):
        match step(attempts, now):
            case Send() | Resend():
                result, look_first, late = next(results)
                attempts.append(Attempt(len(attempts) + 1, at(now), None, result, look_first))
                now += 90 if result is None else 1 + late / 10
            case Wait(until=until):
                assert until > at(now)
                now = (until - START).total_seconds() + next(results)[2] / 10
            case Void():
                assert all(each.result == "no" for each in attempts)
                return
            case Look():
                assert len(attempts) <= 4
                assert now < 15 * 60
                return
    raise AssertionError("it went on for ever")


def test_the_times_keep_their_order() -> None:
    """A call ends before its job, a job before its lease; a key is trusted for less than Xero's six minutes (X4)."""
    for times in (TIMES, TIMES.scaled(0.05), TIMES.scaled(3)):
        assert times.call < times.start_left < times.job_limit < times.lease
        assert times.token_call < times.read_call < times.call
        assert sum(times.resend_after) < times.resend_within
        assert times.resend_within + times.call < 360 * times.scale
        assert times.look_after > times.call + times.start_left
    assert TIMES.scaled(0.05).call == pytest.approx(2)
    assert TIMES.scaled(0.05).resend_after == pytest.approx((0.25, 1.5, 6))
    assert TIMES.scaled(0.05).follow_within == TIMES.follow_within
    assert TIMES.scaled(0.5).scaled(0.5).scale == 0.25


def refused(started: float, n: int = 1) -> Attempt:
    return Attempt(n, at(started), at(started + 1), "unknown", look_first=True, answered=True)


def test_a_request_that_was_refused_is_looked_up_soon() -> None:
    """It was answered, so it is not under way any more (ADR 0013); the same key would be refused again."""
    assert step([refused(0)], 2) == Wait(at(6))
    assert step([refused(0)], 6) == Look()


@pytest.mark.parametrize("result", ["unknown", None])
def test_an_unanswered_sending_keeps_its_two_minutes_beside_a_refused_one(result: str | None) -> None:
    """The refused one says nothing about an earlier one that got no answer."""
    both = [*tried((0, result)), refused(5, 2)]
    assert step(both, 30) == Wait(at(120))
    assert step(both, 120) == Look()
