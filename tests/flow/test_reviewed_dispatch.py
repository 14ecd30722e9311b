"""What if a process acts late, on what it saw before it was stopped? Nothing is sent, voided or ended by it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import requests
import sqlalchemy as sa

from server.clients.errors import Disconnected, TryLater
from server.config import read_config
from server.domain.decide import Blocked
from server.domain.dispatching import Look, Send, Step, Wait
from server.domain.reasons import Code, reason
from server.store import connections, dispatches, leases, links, runs
from server.store.dispatches import NewRow
from server.store.engine import now
from server.store.requested import Request
from server.store.tables import attempt as noted
from server.store.tables import organisation, task
from server.store.turns import BULK
from server.sync import dispatch as steps
from server.sync import look as looks
from server.sync import settle
from server.sync.attempt import LeaseClock, attempt
from server.sync.claims import Claim
from server.sync.footing import Footing, footing
from server.sync.go import Go
from server.sync.reading import Reading
from server.sync.services import Services
from server.sync.steps import step_of
from server.sync.verdicts import Verdict, Verdicts, end_decided
from server.sync.waiting import trouble_for
from server.wiring import make_services
from simulator.stack.whole import Stack
from tests.flow.scenes import LEFT_TO_XERO, OtherProgram, database, invoice, key_of, writes
from tests.tenants import Tenant, control

RECORD = "4150868000004420001"
REFUSED = Disconnected("xero", "token_refused")
Make = Callable[..., Tenant]


@pytest.fixture
def services(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Those of one more process beside the stack's own, at full times."""
    for name, value in {**stack.env, "TIME_SCALE": "1"}.items():
        monkeypatch.setenv(name, value)
    made = make_services(read_config())
    yield made
    made.store.engine.dispose()
    made.redis.close()


@dataclass
class Scene:
    """A stored dispatch of one invoice that nobody has been woken for, so that only this test works on it."""

    s: Services
    tenant: Tenant
    go: Go
    id: str
    task: str

    @property
    def ground(self) -> Footing:
        return footing(self.s, self.go.tenant_id, click=False)

    def step(self) -> Step | None:
        with self.s.store.read() as c:
            return step_of(self.s, c, self.id)

    def state(self) -> str:
        with self.s.store.read() as c:
            return str(dispatches.get(c, self.id).state)

    def tried(self, result: str | None, *, ago: timedelta) -> None:
        """Note an attempt that was made some time ago, and has ended so."""
        with self.s.store.begin() as c:
            n = dispatches.begin_attempt(c, self.go.tenant_id, self.id)
            this = (noted.c.dispatch_id == self.id, noted.c.n == n)
            c.execute(sa.update(noted).where(*this).values(started_at=now(c) - ago, result=result))

    def scan(self, **values: object) -> None:
        books = self.ground.books
        assert books is not None
        with self.s.store.begin() as c:
            c.execute(sa.update(organisation).where(organisation.c.id == books.organisation_id).values(values))


@pytest.fixture
def scene(services: Services, tenant: Make) -> Scene:
    mine = tenant(number=LEFT_TO_XERO)
    with database(mine.stack) as c:
        home = key_of(c, mine)
    go = Go(home, BULK, "job", services.times)
    ground = footing(services, home, click=False)
    with services.store.begin() as c:
        run, _ = runs.start(c, home, Request("push", "click", "Invoices", (RECORD,), "7", BULK, {}))
        [found] = c.execute(sa.select(task).where(task.c.run_id == run))
        assert leases.take(c, home, [("Invoices", RECORD)], go.token, 90_000)
    made = Scene(services, mine, go, "", found.id)
    assert steps.store(services, go, ground, "creates", body(mine), [row(mine, found.id)]) is None  # a scan is due
    made.scan(scan_since=None, scanned_at=None)
    made.id = steps.store(services, go, ground, "creates", body(mine), [row(mine, found.id)]) or ""
    assert made.id
    return made


def body(mine: Tenant) -> bytes:
    """One draft that Xero takes."""
    line = {"Description": "Desk", "Quantity": 1, "UnitAmount": 5, "AccountCode": "200"}
    url = mine.stack.public_base + mine.marker(RECORD)
    one = {"Type": "ACCREC", "Contact": {"Name": "Late"}, "LineItems": [line], "Url": url}
    return json.dumps({"Invoices": [one]}).encode()


def row(mine: Tenant, task_id: str) -> NewRow:
    url = mine.stack.public_base + mine.marker(RECORD)
    told = {"digest": "d", "total": "5.00", "crm_total": "5.00", "account": None}
    return NewRow(task_id, "Invoices", RECORD, url, None, None, None, None, None, told)


def test_a_sending_decided_long_ago_is_not_made(scene: Scene) -> None:
    """Decided, then stopped; meanwhile it was tried and Xero forgot the key: nothing leaves, it is looked for."""
    assert isinstance(scene.step(), Send)
    scene.tried(None, ago=timedelta(minutes=7))
    assert attempt(scene.s, scene.ground, scene.id, LeaseClock(scene.s.times))
    assert writes(scene.tenant, "xero") == []
    assert isinstance(scene.step(), Look)


def test_a_look_closes_nothing_that_was_sent_since(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Xero was read, then the process was stopped; another one sent: what was read says nothing about that."""
    scene.tried("unknown", ago=timedelta(minutes=7))

    def read(*_: object) -> list[object]:
        scene.tried(None, ago=timedelta(0))
        return []

    monkeypatch.setattr(looks, "mine_since", read)
    looks.look(scene.s, scene.ground, scene.id)
    assert scene.state() == "open"


def test_a_look_closes_nothing_that_is_just_being_sent(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Voiding needs the lease to be over (4a.4)."""
    scene.tried("unknown", ago=timedelta(minutes=7))

    def read(*_: object) -> list[object]:
        with scene.s.store.begin() as c:
            assert dispatches.take(c, scene.id, "another", 60_000)
        return []

    monkeypatch.setattr(looks, "mine_since", read)
    looks.look(scene.s, scene.ground, scene.id)
    assert scene.state() == "open"


def test_what_is_older_than_a_scan_is_looked_at_also_after_it(scene: Scene) -> None:
    """A backup was restored: it may have been sent since. The other class of work did the scan and cleared it."""
    with scene.s.store.read() as c:
        present = now(c)
    scene.scan(scanned_at=present + timedelta(seconds=1))
    assert isinstance(scene.step(), Look)
    scene.scan(scanned_at=present - timedelta(hours=1))
    assert isinstance(scene.step(), Send)


def test_a_scan_that_is_due_hurries_no_look(scene: Scene) -> None:
    """An attempt of a few seconds ago may still be under way at Xero: a look would find nothing and void it."""
    scene.tried("unknown", ago=timedelta(seconds=10))
    scene.scan(scan_since=organisation.c.created_at)
    found = scene.step()
    assert isinstance(found, Wait)
    with scene.s.store.read() as c:
        assert found.until - now(c) > timedelta(seconds=100)


def test_what_was_linked_meanwhile_is_not_stored(scene: Scene) -> None:
    """Decided before another process proved the invoice: it is not sent again under a new key."""
    scene.tried("unknown", ago=timedelta(minutes=7))
    with scene.s.store.begin() as c:
        [one] = dispatches.rows(c, scene.id)
        links.put(c, scene.go.tenant_id, one.organisation_id, "Invoices", RECORD, "x-1")
        dispatches.close(c, scene.id)
    made = steps.store(scene.s, scene.go, scene.ground, "creates", body(scene.tenant), [row(scene.tenant, scene.task)])
    assert made is None


def test_the_organisation_stays_while_something_is_on_its_way(scene: Scene) -> None:
    """What may have arrived in one organisation must not be looked for, or sent, in another."""
    mine, before = scene.tenant, scene.ground
    wanted = {"name": f"{mine.name} Two", "country": "AU", "person": mine.person}
    second = control("POST", f"{mine.stack.xero}/_control/organisations", json=wanted)["organisation"]
    OtherProgram(replace(mine, organisation=second))  # now the consent reaches both
    refused = choose(mine, second)
    assert (refused.status_code, refused.json()["code"]) == (409, "organisation_busy"), refused.text
    assert "on their way" in refused.json()["fields"]["organisation"]
    with scene.s.store.begin() as c:
        dispatches.close(c, scene.id)
    assert choose(mine, second).status_code == 200
    late = steps.store(scene.s, scene.go, before, "creates", body(mine), [row(mine, scene.task)])
    assert late is None  # decided before the change


def choose(mine: Tenant, organisation_id: str) -> requests.Response:
    version = mine.api.get("/settings").headers["ETag"]
    return mine.api.put("/settings", {"organisation": organisation_id}, headers={"If-Match": version})


def test_an_old_consents_refusal_does_not_break_a_new_connection(scene: Scene) -> None:
    """A call was under way when a person connected anew: its 401 is about the old tokens, and its work goes on."""
    before = scene.ground
    assert before.books is not None
    with scene.s.store.begin() as c:
        connections.connect(c, scene.go.tenant_id, "xero", str(before.books.grant_id), "7")
    with scene.s.store.begin() as c:
        until = trouble_for(scene.s, c, scene.go.tenant_id, [scene.task], REFUSED, before.at)
        assert until <= now(c)
        found = c.execute(sa.select(task).where(task.c.id == scene.task)).one()
    assert (found.state, found.cause) == ("waiting", None)
    assert scene.ground.books_down is None
    with scene.s.store.begin() as c:
        trouble_for(scene.s, c, scene.go.tenant_id, [scene.task], REFUSED, now(c))
    assert scene.ground.books_down == "token_refused"


def test_a_write_that_fails_for_a_day_ends_its_task(scene: Scene) -> None:
    """Reads work and every write is lost: each look finds nothing and it is sent anew, but not for ever."""
    for hours, state in ((1, "waiting"), (25, "ended")):
        with scene.s.store.begin() as c:
            [one] = dispatches.rows(c, scene.id, only_open=False)
            runs.wait(c, [scene.task], "unconfirmed", now(c))
            old = now(c) - timedelta(hours=hours)
            c.execute(sa.update(task).where(task.c.id == scene.task).values(troubled_since=old))
            settle.again(scene.s, c, one)
            found = c.execute(sa.select(task).where(task.c.id == scene.task)).one()
        assert (found.state, found.troubled_since) == (state, old)
    assert (found.outcome, found.reasons[0]["code"]) == ("failed", "waited_too_long")


def test_a_stopped_process_ends_no_task_that_another_works_on(scene: Scene) -> None:
    """It had decided; the record's lease ran out, another process took the task: the old decision counts no more."""
    with scene.s.store.begin() as c:
        found = c.execute(sa.select(task).where(task.c.id == scene.task)).one()
        runs.set_working(c, [scene.task], "another")
    mine = Claim(scene.go, (found,), scene.ground.at)
    decided = Verdict(found, Blocked((reason(Code.CRM_GONE),)))
    nothing = Reading(scene.ground.at, {}, {}, {}, {}, None)
    end_decided(scene.s, scene.ground, mine, Verdicts(nothing, (decided,), {}))
    with scene.s.store.begin() as c:
        assert c.execute(sa.select(task.c.state).where(task.c.id == scene.task)).scalar() == "working"
        runs.set_working(c, [scene.task], scene.go.token)
    end_decided(scene.s, scene.ground, mine, Verdicts(nothing, (decided,), {}))
    with scene.s.store.read() as c:
        assert c.execute(sa.select(task.c.state).where(task.c.id == scene.task)).scalar() == "ended"


def test_a_stopped_process_writes_no_old_state_into_crm(scene: Scene) -> None:
    """It had read the links, then was stopped until its go was over: another one has written newer ones."""
    late = replace(scene.go, started=scene.go.started - scene.s.times.job_limit)
    record = invoice(scene.tenant)
    crm = scene.ground.crm
    assert crm is not None
    rows = [{"id": record, "Xero_Invoice_Number": "OLD"}]
    with pytest.raises(TryLater):
        scene.s.zoho.update(crm, "Invoices", rows, [], late.may_write_crm)
    assert writes(scene.tenant, "zoho")[-1]["path"].endswith("/fields")
    assert scene.s.zoho.update(crm, "Invoices", rows, [], scene.go.may_write_crm)[0]["status"] == "success"
