"""Is every number on /metrics right, whichever process counted it, and does nobody see them who may not?"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from redis import Redis

from simulator.stack.whole import Stack
from tests.flow.scenes import calls, database, eventually, fault, invoice, key_of, push, settled, start, waiting
from tests.running.scenes import ask, figures, parsed
from tests.tenants import Tenant, control

Make = Callable[..., Tenant]


@pytest.mark.parametrize("token", [None, "", "wrong", "made-up-for-the-tests-only ", "made-up-for-the-tests-onlY", "Ä"])
def test_without_the_token_there_is_nothing(stack: Stack, token: str | None) -> None:
    """The same answer as for an address that does not exist, also to somebody on this machine."""
    bearer = {} if token is None else {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    answer = ask(stack, None, **bearer) if (token or "").strip() != "made-up-for-the-tests-only" else ask(stack, None)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_no_name_no_record_and_no_id_of_the_outside(tenant: Make, stack: Stack) -> None:
    """A push leaves numbers, and nothing by which a customer could be known."""
    mine = tenant()
    record = invoice(mine)
    push(mine, record)
    text = ask(stack).text
    parsed(text)
    known = [mine.name, mine.zgid, mine.domain, mine.organisation, record, mine.short_code, mine.person]
    assert [each for each in known if each in text] == []


def test_a_push_is_counted_once(tenant: Make, stack: Stack) -> None:
    """One task more ended created; the calls of all processes add up to what the services saw. Others share the stack:
    a call of theirs in between may be counted too, but not each time."""
    mine = tenant()
    assert any(_counts_alike(mine, stack) for _ in range(4))


def _counts_alike(mine: Tenant, stack: Stack) -> bool:
    record = invoice(mine)
    before = figures(stack)
    seen = {service: len(calls(mine, service)) for service in ("xero", "zoho")}
    push(mine, record)
    settled(mine, record)
    after = eventually(lambda: figures(stack), lambda now: now["crm_writes_waiting"][()] == 0)
    lately = ("push", "created")
    assert after["tasks_ended_last_hour"][lately] - before["tasks_ended_last_hour"].get(lately, 0) >= 1
    return all(
        _answered(after, service) - _answered(before, service) == len(calls(mine, service)) - seen[service]
        for service in ("xero", "zoho")
    )


def _answered(found: dict[str, dict[tuple[str, ...], float]], service: str) -> float:
    return sum(count for (whose, _), count in found["calls_total"].items() if whose == service)


def test_a_blocked_row_ends_blocked_and_leaves_nothing_waiting(tenant: Make, stack: Stack) -> None:
    """An invoice without a customer is nobody's work any more."""
    mine = tenant()
    before = figures(stack)["tasks_ended_last_hour"].get(("push", "blocked"), 0)
    assert push(mine, invoice(mine, Account_Name=None))["outcome"] == "blocked"
    after = figures(stack)
    assert after["tasks_ended_last_hour"][("push", "blocked")] == before + 1
    assert sum(after["tasks_waiting"].values()) == sum(after["tasks_working"].values()) == 0


def test_a_429_shows_as_a_call_a_wait_and_a_pause(tenant: Make, stack: Stack) -> None:
    """While the organisation is left alone its task waits for the limit; then it is over."""
    mine = tenant()
    record = invoice(mine)
    before = figures(stack)["calls_total"].get(("xero", "429"), 0)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=4)
    run = start(mine, "push", record)
    waiting(mine, run, "limit")
    during = figures(stack)
    with database(stack) as c:
        home = _organisation(c, mine)
    assert during["calls_total"][("xero", "429")] == before + 1
    assert during["tasks_waiting"][("interactive", "limit")] == 1
    assert 0 < during["paused_seconds"][(home,)] <= 4
    mine.ended(run)
    after = figures(stack)
    assert after["tasks_waiting"][("interactive", "limit")] == 0
    assert after["paused_seconds"][(home,)] == 0


def _organisation(c: sa.Connection, mine: Tenant) -> str:
    found = sa.text("SELECT id FROM organisation WHERE xero_id = :id")
    return str(c.execute(found, {"id": mine.organisation}).scalar_one())


def test_the_budgets_are_what_xero_said(tenant: Make, stack: Stack) -> None:
    """Day: the header of the last answer. Minute: what the shared log leaves of 58."""
    mine = tenant()
    push(mine, invoice(mine))
    with database(stack) as c:
        home = _organisation(c, mine)
    last = figures(stack)
    made = len([each for each in calls(mine, "xero") if each["path"].startswith("/api.xro")])
    assert last["budget_left_minute"][(home,)] == 58 - made
    assert last["budget_left_day"][(home,)] in (1000 - made, 5000 - made)
    assert last["calls_in_flight"][(home,)] == 0


def test_a_consent_that_was_taken_back_is_at_risk_until_it_is_given_again(tenant: Make, stack: Stack) -> None:
    """Its work waits for a person, and both are seen."""
    mine = tenant()
    before = figures(stack)
    control("PUT", f"{stack.xero}/_control/switches", json={"access_token_seconds": 1, "refresh_token_seconds": 1})
    try:
        mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
        time.sleep(2.5)
        run = start(mine, "push", invoice(mine))
        waiting(mine, run, "disconnected")
    finally:
        control("PUT", f"{stack.xero}/_control/switches", json=_LIVES)
    broken = figures(stack)
    assert broken["grants_at_risk"][("xero", "refused")] == before["grants_at_risk"][("xero", "refused")] + 1
    assert broken["connections"][("xero", "disconnected")] == before["connections"][("xero", "disconnected")] + 1
    assert broken["tasks_waiting"][("interactive", "disconnected")] == 1
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    mine.ended(run)
    mended = figures(stack)
    for name in ("grants_at_risk", "connections"):
        assert mended[name] == before[name]


_LIVES = {"access_token_seconds": 1800, "refresh_token_seconds": 60 * 86400}


def test_a_grant_near_its_end_is_at_risk(tenant: Make, stack: Stack) -> None:
    """Unused for a month, or last refreshed without success."""
    mine = tenant()
    with database(stack) as c:
        where = "WHERE id IN (SELECT grant_id FROM connection WHERE tenant_id = :id AND service = 'xero')"
        ids = {"id": key_of(c, mine)}
        c.execute(sa.text(f'UPDATE "grant" SET access_until = access_until - 3000000000 {where}'), ids)
    assert figures(stack)["grants_at_risk"][("xero", "unused")] == 1
    with database(stack) as c:
        c.execute(sa.text(f"UPDATE \"grant\" SET refresh_lease = 'gone', refresh_until = 1 {where}"), ids)
    found = figures(stack)["grants_at_risk"]
    assert (found[("xero", "unused")], found[("xero", "refresh_failed")]) == (0, 1)
    push(mine, invoice(mine))
    assert sum(figures(stack)["grants_at_risk"].values()) == 0


def test_work_that_nobody_takes_ages(tenant: Make, stack: Stack) -> None:
    """With no worker the queue grows old; a stopped clock is seen by its age; both come back."""
    mine = tenant()
    record = invoice(mine)
    stack.supervisor.stop("worker")
    try:
        run = start(mine, "push", record)
        time.sleep(2)
        aged = figures(stack)
    finally:
        stack.restart("worker")
    assert aged["queue_age_seconds"][("interactive",)] >= 1.5
    assert aged["turns_due"][("interactive",)] == 1
    assert aged["jobs_queued"][("interactive",)] >= 1  # one that nobody takes is queued again after a while
    assert aged["tasks_waiting"][("interactive", "none")] == 1
    mine.ended(run, patience=90)
    done = eventually(lambda: figures(stack), lambda now: now["turns_due"][("interactive",)] == 0)
    assert done["queue_age_seconds"][("interactive",)] == 0
    assert done["workers"][("interactive",)] >= 2
    assert done["clock_age_seconds"][()] < 30


def test_without_redis_the_database_still_tells(tenant: Make, stack: Stack) -> None:
    """Half of the figures, and which half is away."""
    tenant()
    stack.supervisor.stop("redis")
    try:
        half = figures(stack)
    finally:
        stack.restart("redis")
    assert half["up"] == {("database",): 1, ("redis",): 0}
    assert "tasks_waiting" in half and "calls_total" not in half
    assert eventually(lambda: figures(stack), lambda now: now["up"][("redis",)] == 1)["up"][("database",)] == 1


def test_an_emptied_redis_starts_the_counts_again(tenant: Make, stack: Stack) -> None:
    """A counter may fall to nothing (Prometheus takes it for a restart), but it never shows something wrong: no more
    than everybody's calls since, other tests' companies included, whose follow-ups share this stack."""
    mine = tenant()
    long_before = len(_calls_of_all(stack))
    with Redis.from_url(stack.redis_url) as redis:
        redis.flushall()
    push(mine, invoice(mine))
    found = figures(stack)["calls_total"]
    assert len(calls(mine, "xero", "PUT")) <= found[("xero", "200")] <= len(_calls_of_all(stack)) - long_before


def _calls_of_all(stack: Stack) -> list[dict[str, Any]]:
    log: list[dict[str, Any]] = control("GET", f"{stack.xero}/_control/calls")["calls"]
    return log
