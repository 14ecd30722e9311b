"""What do two transactions at once do to each other? PostgreSQL shows each statement a newer state than the last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.clients.tokens import TokenSet
from server.domain.times import Times
from server.store import endings, grants, leases, links, organisations, runs, tenants, turns
from server.store.engine import Store, make_engine, now
from server.store.requested import Request
from server.store.schema import migrate
from server.store.secrets import Secrets, new_key
from server.store.tables import run, task, turn
from server.store.tenants import OrgKey
from server.store.turns import BULK, INTERACTIVE
from server.sync import claims, jobs
from server.sync.go import Go
from tests.databases import database, databases

CLICK = Request("push", "click", "Invoices", ("1",), "7", INTERACTIVE, {})


@pytest.fixture(params=databases())
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of each kind."""
    with database(request.param) as url:
        engine = make_engine(url or f"sqlite:///{tmp_path}/reviewed.db")
        migrate(engine)
        yield Store(engine)
        engine.dispose()


@pytest.fixture
def home(store: Store) -> str:
    """A tenant's id."""
    with store.begin() as c:
        turns.beaten(c)
        return str(tenants.create(c, OrgKey("au", "production", "1"), "Brightwater", None, "AUD").id)


class Bare:
    """What `give_back` needs of the services."""

    redis = None
    times = Times()

    def __init__(self, store: Store) -> None:
        self.store = store


def meanwhile(work: Callable[[], object]) -> threading.Thread:
    """Somebody else's transaction, begun now. It may have to wait for ours."""
    other = threading.Thread(target=work)
    other.start()
    other.join(0.5)
    return other


def test_a_click_while_a_go_ends_is_not_lost(store: Store, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A go has looked and found no work left; a run comes in before it gives its turn back: the turn stays due."""
    go = Go(home, INTERACTIVE, "job-1", Times())
    with store.begin() as c:
        c.execute(turn.insert().values(tenant_id=home, work_class=INTERACTIVE, job_id=go.job_id))
        assert turns.take(c, home, INTERACTIVE, go.token, 60_000, 60_000)
    others: list[threading.Thread] = []

    def click() -> None:
        with store.begin() as c:
            runs.start(c, home, CLICK)
            turns.wake(c, home, INTERACTIVE)

    def look(c: sa.Connection, of: Go) -> object:
        found = original(c, of)
        others.append(meanwhile(click))
        return found

    original = jobs.next_due
    monkeypatch.setattr(jobs, "next_due", look)
    monkeypatch.setattr(jobs, "enqueue", lambda *_: None)
    jobs.give_back(Bare(store), go, fault=False)  # type: ignore[arg-type]
    others[0].join(20)
    with store.read() as c:
        left = c.execute(sa.select(turn.c.due_at, turn.c.job_id)).one()
    assert left.due_at is not None
    assert left.job_id not in (None, go.job_id)


def test_a_refresh_that_was_asked_for_again_reads_again(store: Store, home: str) -> None:
    """The second click came after Xero was read: its news may be in neither answer."""
    with store.begin() as c:
        runs.start(c, home, replace(CLICK, kind="pull"))
        mine = c.execute(sa.select(task.c.id)).scalar_one()
        runs.change(c, [mine], state="working", lease="go", read_at=task.c.created_at)
    with store.begin() as c:
        c.execute(task.update().values(read_at=task.c.created_at - 1))
        runs.start(c, home, replace(CLICK, kind="pull"))
        assert not endings.end(c, mine, "updated")
        runs.change(c, [mine], read_at=task.c.created_at + 60_000)
        assert endings.end(c, mine, "updated")


def test_one_customer_settled_twice_at_once_is_one_link(store: Store, home: str) -> None:
    """A click and a bulk run send the first invoices of one customer: neither proof is thrown away."""
    with store.begin() as c:
        books = organisations.upsert(c, "x-1", "Brightwater").id

    def settle() -> None:
        with store.begin() as c:
            links.put(c, home, books, links.ACCOUNTS, "5", "contact")

    with store.begin() as c:
        assert links.of_record(c, home, books, links.ACCOUNTS, "5") is None
        other = threading.Thread(target=settle)
        if c.dialect.name == "sqlite":
            settle_here = links.put(c, home, books, links.ACCOUNTS, "5", "contact")
            assert settle_here.xero_id == "contact"
        other.start()
        other.join(0.5)
        links._make(c, home, books, links.ACCOUNTS, {"5": "contact"})
        assert links.put(c, home, books, links.ACCOUNTS, "5", "contact").xero_id == "contact"
    other.join(20)
    with store.read() as c:
        assert links.count(c, home) == 1


def test_a_consent_whose_old_token_no_key_opens_is_kept(store: Store) -> None:
    """SECRET_KEYS were lost: the administrator connects again, and that is enough."""
    tokens = TokenSet("zoho", "a", "r", 3600, data_centre="au", api_domain="https://z")
    with store.begin() as c:
        first = grants.keep(c, Secrets(new_key()), tokens, purpose="connection", person="org")
        again = grants.keep(c, Secrets(new_key()), tokens, purpose="connection", person="org")
    assert (again.grant_id, again.old_refresh) == (first.grant_id, None)


def test_a_held_record_is_leased_to_nobody_else(store: Store, home: str) -> None:
    """On both databases; whoever holds it may take it again, and a lease that is over is free."""
    record = ("Invoices", "1")
    with store.begin() as c:
        assert leases.take(c, home, [record], "first", 60_000) == {record}
        assert leases.take(c, home, [record], "second", 60_000) == set()
        assert leases.take(c, home, [record], "first", -1) == {record}
        assert leases.take(c, home, [record], "second", 60_000) == {record}


def test_a_second_click_is_the_same_run(store: Store, home: str) -> None:
    """On both databases; once the run has ended, a click is a new one."""
    with store.begin() as c:
        first, new = runs.start(c, home, CLICK)
        assert (new, runs.start(c, home, CLICK)) == (True, (first, False))
        c.execute(task.update().values(read_at=task.c.created_at + 60_000))
        endings.end(c, c.execute(sa.select(task.c.id)).scalar_one(), "blocked")
        assert runs.start(c, home, CLICK)[1]


def test_a_transaction_that_the_database_ended_is_no_fault_of_ours(store: Store) -> None:
    """PostgreSQL ends the transaction of a process that stood still: the work is cut short, its tasks do not fail."""
    ended = sa.exc.InternalError("", None, Exception(), connection_invalidated=True)
    if store.engine.dialect.name == "postgresql":
        with pytest.raises(sa.exc.DBAPIError) as seen, store.begin() as c:
            c.execute(sa.text("SET idle_in_transaction_session_timeout = 100"))
            time.sleep(0.5)
        ended = seen.value
    assert jobs.cut_short(ended)
    assert not jobs.cut_short(sa.exc.IntegrityError("", None, Exception()))


def test_a_record_that_another_class_works_on_is_asked_for_again_soon(store: Store, home: str) -> None:
    """A bulk run's lease lasts until long after its job; it is mostly given back within seconds, and nobody is told."""
    with store.begin() as c:
        runs.start(c, home, CLICK)
        leases.take(c, home, [("Invoices", "1")], "the bulk run", 90_000)
    with store.begin() as c:
        due = runs.next_due(c, home, INTERACTIVE)
        assert due is not None and due - now(c) <= runs.ASK_AGAIN
        assert due > now(c)


def test_fifty_are_leased_together_those_of_others_left_out(store: Store, home: str) -> None:
    records = [("Invoices", str(n)) for n in range(50)]
    with store.begin() as c:
        assert leases.take(c, home, records[10:12], "other", 60_000) == {*records[10:12]}
        assert leases.take(c, home, records, "mine", 60_000) == {*records[:10], *records[12:]}
        assert leases.take(c, home, [], "mine", 60_000) == set()
        assert leases.still_held(c, home, "mine") == {*records[:10], *records[12:]}


def test_tasks_end_together_as_each_would_alone(store: Store, home: str) -> None:
    """Other outcomes, one that had ended before, one that was asked for again: each its own end, the run's with the
    last."""
    many = replace(CLICK, record_ids=("1", "2", "3", "4"))
    with store.begin() as c:
        run_id, _ = runs.start(c, home, many)
        ids = list(c.execute(sa.select(task.c.id).order_by(task.c.position)).scalars())
        assert endings.end(c, ids[0], "created")
        runs.change(c, ids[1:], read_at=task.c.created_at)
        runs.change(c, [ids[3]], asked_again_at=task.c.created_at + 5)
        told = [{"code": "crm_gone"}]
        each = [endings.Ending(ids[0], "failed"), endings.Ending(ids[1], "created", {"warnings": []})]
        each += [endings.Ending(ids[2], "blocked", {"reasons": told}), endings.Ending(ids[3], "unchanged")]
        assert endings.end_all(c, each) == {ids[1], ids[2]}
        held = {row.id: row for row in c.execute(sa.select(task))}
        assert [held[each].outcome for each in ids] == ["created", "created", "blocked", None]
        assert held[ids[2]].reasons == told
        assert held[ids[3]].state == "waiting"
        assert c.execute(sa.select(run.c.ended_at).where(run.c.id == run_id)).scalar() is None
        assert endings.end_all(c, [endings.Ending(ids[3], "unchanged")]) == {ids[3]}
        assert c.execute(sa.select(run.c.ended_at).where(run.c.id == run_id)).scalar() is not None


def test_one_that_fails_is_tried_alone_before_it_takes_others_along(store: Store, home: str) -> None:
    """Something unexpected at one of three: all come again by themselves, and only the one that is alone then fails."""
    go = Go(home, BULK, "job-1", Times())
    many = replace(CLICK, record_ids=("1", "2", "3"), work_class=BULK)
    with store.begin() as c:
        runs.start(c, home, many)
        ids = list(c.execute(sa.select(task.c.id).order_by(task.c.position)).scalars())
        runs.set_working(c, ids, go.token)
        jobs.end_faulty(c, go)
        runs.release(c, home, go.token)
    with store.begin() as c:
        [alone] = claims.together(runs.claimable(c, home, BULK, ["push"], 50))
        runs.set_working(c, [alone.id], go.token)
        jobs.end_faulty(c, go)
        assert dict(c.execute(sa.select(task.c.id, task.c.outcome)).all()) == {
            each: "failed" if each == alone.id else None for each in ids
        }


def test_a_beat_never_goes_back(store: Store, home: str) -> None:
    """Of two clocks one may wait for the other: its older beat must not look like an old copy of the database."""
    with store.begin() as c:
        mine = turns.beaten(c)
        c.execute(sa.text("UPDATE pulse SET alive_at = alive_at + 5000"))
        turns.beaten(c)
        assert turns.beat(c, timedelta(seconds=120), mine + timedelta(seconds=4)) is None
        assert turns.beat(c, timedelta(seconds=120), mine + timedelta(seconds=6)) == mine + timedelta(seconds=5)
