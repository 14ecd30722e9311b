"""Does the work go on when processes die, Redis forgets, the clock stops or our database is not what it was?"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from redis import Redis

from simulator.stack import redis_server
from simulator.stack.whole import Stack
from tests.flow.scenes import (
    LEFT_TO_XERO,
    calls,
    customer,
    database,
    eventually,
    fault,
    invoice,
    key_of,
    old_invoices,
    panel,
    push,
    settled,
    start,
    switched,
    task_of,
    waiting,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]
OWN_REDIS = "redis"


def once(mine: Tenant, run: str, *records: str) -> None:
    """The run ends with everything created, once in Xero, and CRM shows it."""
    assert mine.ended(run, patience=90)["counts"] == {"created": len(records)}
    for record in records:
        settled(mine, record)
        assert len(mine.in_xero(record)) == 1


def test_an_emptied_redis_loses_no_work(tenant: Make, stack: Stack) -> None:
    """FLUSHALL while one run waits for a limit and another is just asked for: both end."""
    mine = tenant()
    waits, fresh = invoice(mine), invoice(mine)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=3)
    run = start(mine, "push", waits)
    waiting(mine, run, "limit")
    with Redis.from_url(stack.redis_url) as redis:
        redis.flushall()
        second = start(mine, "push", fresh)
        redis.flushall()
    once(mine, run, waits)
    once(mine, second, fresh)


def test_a_restarted_redis_loses_no_work(tenant: Make, stack: Stack) -> None:
    """Redis goes away while work waits; what is asked for meanwhile is taken, and all of it ends."""
    if stack.redis_url != redis_server.url(stack.ports.redis):
        pytest.skip("the Redis was given to us: it is not ours to stop")
    mine = tenant()
    waits, fresh = invoice(mine), invoice(mine)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=2)
    run = start(mine, "push", waits)
    waiting(mine, run, "limit")
    stack.supervisor.stop(OWN_REDIS)
    second = start(mine, "push", fresh)
    stack.restart(OWN_REDIS)
    once(mine, run, waits)
    once(mine, second, fresh)


def test_a_killed_worker_pool_ends_its_run_nevertheless(tenant: Make, stack: Stack) -> None:
    """SIGKILL while a write is under way: the pool starts again, the bulk run ends, nothing is there twice."""
    mine = tenant()
    records = [invoice(mine, customer(mine)) for _ in range(6)]
    fault(mine, "xero", "slow", "PUT", "/Invoices", seconds=1.5, when="after")
    run = start(mine, "push", *records)
    eventually(lambda: task_of(mine, run)["step"], lambda step: step == "sending")
    stack.kill("worker")
    once(mine, run, *records)
    assert len(mine.in_xero()) == 6


def test_a_killed_web_process_comes_back(tenant: Make, stack: Stack) -> None:
    """What was asked for before goes on; the panel finds it again."""
    mine = tenant()
    record = invoice(mine)
    run = start(mine, "push", record)
    killed = stack.kill("web")
    eventually(lambda: stack.supervisor.pid("web"), lambda pid: pid != killed)
    time.sleep(1.5)  # what the killed one leaves behind goes on answering for a moment
    stack.wait_ready()
    once(mine, run, record)
    assert panel(mine, record)["link"]["number"]


def test_a_clock_that_stood_still_is_made_up_for_by_a_scan(tenant: Make, stack: Stack) -> None:
    """While it stands nobody works; then what our app made is read once, and links that were lost are there again."""
    mine = tenant(number=LEFT_TO_XERO)
    sent, fresh = old_invoices(mine, 2)
    push(mine, sent)
    settled(mine, sent)
    stack.supervisor.kill("clock", signal.SIGSTOP)
    try:
        time.sleep(7)  # longer than `clock_alive` in the test's times
        with database(stack) as c:
            where = {"tenant": key_of(c, mine), "record": sent}
            c.execute(sa.text("DELETE FROM link WHERE tenant_id = :tenant AND record_id = :record"), where)
        scans = len(_scans(mine))
        run = start(mine, "push", sent, fresh)
        time.sleep(1)
        assert task_of(mine, run)["state"] == "waiting"
        assert len(writes(mine, "xero")) == 2
    finally:
        stack.supervisor.kill("clock", signal.SIGCONT)
    outcomes = {task["record_id"]: task["outcome"] for task in mine.ended(run, patience=150)["tasks"]}
    assert outcomes == {sent: "unchanged", fresh: "created"}
    assert [len(mine.in_xero(record)) for record in (sent, fresh)] == [1, 1]
    assert len(_scans(mine)) == scans + 1


def _scans(mine: Tenant) -> list[dict[str, object]]:
    return [each for each in calls(mine, "xero", "GET", "/Invoices") if "createdByMyApp" in each["query"]]


def test_lost_links_are_rebuilt_from_the_markers(tenant: Make, stack: Stack) -> None:
    """All links of the tenant are gone: before anything is sent, one scan finds what is in Xero already."""
    mine = tenant(number=LEFT_TO_XERO)
    draft, approved = old_invoices(mine, statuses=["Created", "Approved"])
    mine.run("push", draft, approved)
    for record in (draft, approved):
        settled(mine, record)
    with database(stack) as c:
        c.execute(sa.text("DELETE FROM link WHERE tenant_id = :tenant"), {"tenant": key_of(c, mine)})
    before = len(writes(mine, "xero"))
    outcomes = {task["record_id"]: task["outcome"] for task in mine.run("push", approved, draft)["tasks"]}
    assert outcomes[approved] == "unchanged"
    assert outcomes[draft] in ("unchanged", "blocked")
    assert [len(mine.in_xero(record)) for record in (draft, approved)] == [1, 1]
    assert len(writes(mine, "xero")) == before
    assert panel(mine, approved)["link"]["number"] == mine.in_xero(approved)[0]["InvoiceNumber"]


def test_a_backup_from_before_the_sending_sends_nothing_twice(tenant: Make, stack: Stack) -> None:
    """The restored database holds a dispatch that it believes unsent; Xero has it: it is found, not doubled."""
    mine = tenant(number=LEFT_TO_XERO)
    record = old_invoices(mine)[0]
    with switched(stack.xero, idempotency_seconds=0):
        fault(mine, "xero", "500", "PUT", "/Invoices", when="after", times=1)
        run = start(mine, "push", record)
        waiting(mine, run, "unconfirmed")
        stack.supervisor.kill("clock", signal.SIGSTOP)
        try:
            time.sleep(0.5)
            with database(stack) as c:
                tenant_id = {"tenant": key_of(c, mine)}
                c.execute(sa.text("DELETE FROM attempt WHERE tenant_id = :tenant"), tenant_id)
                c.execute(sa.text("UPDATE dispatch SET due_at = created_at WHERE tenant_id = :tenant"), tenant_id)
                c.execute(sa.text("UPDATE pulse SET alive_at = alive_at - 3600000"))
        finally:
            stack.supervisor.kill("clock", signal.SIGCONT)
        once(mine, run, record)


def test_a_copy_that_is_seconds_old_is_noticed(tenant: Make, stack: Stack) -> None:
    """A replica that lagged takes over: the clock's last beat is not in it, so Xero is scanned before anything is
    created, though nothing stood still for long."""
    mine = tenant(number=LEFT_TO_XERO)
    [record] = old_invoices(mine)
    push(mine, record)
    settled(mine, record)
    with database(stack) as c:
        c.execute(
            sa.text("DELETE FROM link WHERE tenant_id = :tenant AND module = 'Invoices'"), {"tenant": key_of(c, mine)}
        )
        c.execute(sa.text("UPDATE pulse SET alive_at = alive_at - 1500"))
    eventually(lambda: _scan_due(stack, mine), bool)
    assert push(mine, record)["outcome"] == "unchanged"
    assert len(mine.in_xero(record)) == 1


def _scan_due(stack: Stack, mine: Tenant) -> bool:
    wanted = sa.text("SELECT scan_since FROM organisation WHERE xero_id = :o")
    with database(stack) as c:
        return c.execute(wanted, {"o": mine.organisation}).scalar() is not None


def test_an_erased_tenant_that_comes_back_finds_its_invoices(tenant: Make, stack: Stack) -> None:
    """Everything of the tenant is gone from our database; set up again, its pushed invoice is locked, not doubled."""
    mine = tenant(number=LEFT_TO_XERO)
    [record] = old_invoices(mine)
    push(mine, record)
    settled(mine, record)
    with database(stack) as c:
        _erase(c, mine)
    mine.api = mine.walk.sign_in(mine.domain, mine.administrator["id"])
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    mine.walk.fill_settings(mine.api, mine.organisation, number=LEFT_TO_XERO)
    assert push(mine, record)["outcome"] == "unchanged"
    assert len(mine.in_xero(record)) == 1


def _erase(c: sa.Connection, mine: Tenant) -> None:
    """Every row of the tenant, wherever it stands; and its organisation."""
    tables = sa.MetaData()
    tables.reflect(c)
    tenant_id = key_of(c, mine)
    for table in reversed(tables.sorted_tables):
        if "tenant_id" in table.c:
            c.execute(table.delete().where(table.c.tenant_id == tenant_id))
    c.execute(sa.text("DELETE FROM tenant WHERE id = :id"), {"id": tenant_id})
    c.execute(sa.text("DELETE FROM organisation WHERE xero_id = :id"), {"id": mine.organisation})


def test_a_token_that_xero_forgot_is_asked_for_again_by_a_person(tenant: Make, stack: Stack) -> None:
    """The refresh is refused: disconnected with its reason, shown; no process asks again and again."""
    with switched(stack.xero, access_token_seconds=2, refresh_token_seconds=2):
        mine = tenant()
        record = invoice(mine)
        time.sleep(3)
        run = start(mine, "push", record)
        waiting(mine, run, "disconnected")
    assert mine.api.get("/connections").json()["xero"]["trouble"] == "token_refused"
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    once(mine, run, record)
