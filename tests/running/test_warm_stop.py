"""Is nothing lost, nothing sent twice and nobody left without an answer when a process is told to stop?"""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import sqlalchemy as sa

from simulator.stack.whole import Stack
from tests.flow.scenes import customer, database, eventually, fault, invoice, settled, start, task_of
from tests.running.scenes import lines_of
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def attempts(stack: Stack, run: str) -> list[str | None]:
    """What became of each sending of this run's invoices."""
    wanted = """SELECT result FROM attempt WHERE dispatch_id IN (SELECT r.dispatch_id FROM dispatch_row r
                JOIN task t ON t.id = r.task_id WHERE t.run_id = :run AND r.module = 'Invoices') ORDER BY started_at"""
    with database(stack) as c:
        return list(c.execute(sa.text(wanted), {"run": run}).scalars())


def in_the_middle(mine: Tenant, records: list[str]) -> str:
    """A run whose write to Xero is under way: it is saved there, and the answer takes its time."""
    fault(mine, "xero", "slow", "PUT", "/Invoices", seconds=1.2, when="after")
    run = start(mine, "push", *records)
    eventually(lambda: task_of(mine, run)["step"], lambda step: step == "sending")
    return run


@pytest.mark.parametrize("count", [1, 6])
def test_a_worker_ends_what_it_has_begun(tenant: Make, stack: Stack, count: int) -> None:
    """SIGTERM while the answer is awaited: it is still taken, so that nothing has to be sent again or looked up."""
    mine = tenant()
    account = customer(mine)
    records = [invoice(mine, account) for _ in range(count)]
    run = in_the_middle(mine, records)
    stack.restart("worker")
    assert mine.ended(run, patience=90)["counts"] == {"created": count}
    assert attempts(stack, run) == ["yes"]
    assert [len(mine.in_xero(record)) for record in records] == [1] * count
    for record in records:
        settled(mine, record)


@pytest.mark.parametrize("name", ["web", "clock"])
def test_a_push_does_not_notice_that_others_stop(tenant: Make, stack: Stack, name: str) -> None:
    """The web process and the clock start afresh in the middle of it."""
    mine = tenant()
    record = invoice(mine)
    run = in_the_middle(mine, [record])
    stack.restart(name)
    assert mine.ended(run, patience=90)["counts"] == {"created": 1}
    assert attempts(stack, run) == ["yes"]
    assert len(mine.in_xero(record)) == 1


def test_whoever_was_answered_gets_the_work_done(tenant: Make, stack: Stack) -> None:
    """Pushes are asked for while the web process stops and starts: each that got a run is done, none twice."""
    mine = tenant()
    records = [invoice(mine) for _ in range(12)]

    def ask(record: str) -> str | None:
        body = {"kind": "push", "module": "Invoices", "record_ids": [record]}
        try:
            answer = mine.api.post("/runs", body)
        except requests.ConnectionError:
            return None  # never answered: the person sees it and presses again, and the open run takes both
        return str(answer.json()["id"]) if answer.status_code == 202 else None

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, records)
        stack.restart("web")
        runs = list(asked)
    stack.wait_ready()
    again = [run or ask(record) for run, record in zip(runs, records, strict=True)]
    for run in again:
        assert run is not None
        mine.ended(run, patience=120)
    assert [len(mine.in_xero(record)) for record in records] == [1] * len(records)


def test_a_clock_ends_its_tick_and_goes(stack: Stack) -> None:
    """Told to stop it is gone within a tick, by itself and without a trace of a fault."""
    old = stack.supervisor.pid("clock")
    ends, faults = _events(stack, "info").count("the clock ends"), len(_events(stack, "warning"))
    stack.supervisor.kill("clock", signal.SIGTERM)
    eventually(lambda: stack.supervisor.pid("clock"), lambda pid: pid != old, patience=10)
    assert _events(stack, "info").count("the clock ends") == ends + 1
    assert len(_events(stack, "warning")) == faults


def _events(stack: Stack, level: str) -> list[str]:
    return [line["event"] for line in lines_of(stack, "clock") if line["level"] == level]


def test_ready_says_so_only_while_all_is_there(stack: Stack) -> None:
    """Redis away: 503 with the part that is missing, and alive all the same; back: 200 by itself."""

    def asked(what: str) -> int:
        return requests.get(f"{stack.public_base}/health/{what}", timeout=30).status_code

    assert (asked("live"), asked("ready")) == (200, 200)
    stack.supervisor.stop("redis")
    try:
        assert (asked("live"), asked("ready")) == (200, 503)
    finally:
        stack.restart("redis")
    eventually(lambda: asked("ready"), lambda status: status == 200, patience=30)
