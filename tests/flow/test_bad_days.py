"""What becomes of a push when Zoho or Xero has a bad day? Once in Xero; the task ends or says what it waits for."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest

from simulator.stack.setup_walk import NUMBER_FROM_CRM
from tests.flow.scenes import (
    LEFT_TO_XERO,
    calls,
    contacts,
    core_fields,
    customer,
    eventually,
    fault,
    invoice,
    old_invoices,
    panel,
    played,
    push,
    renewals,
    settled,
    side_by_side,
    start,
    task_of,
    token_runs_out,
    waiting,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]
Trouble = dict[str, Any]
LATE = 3.0  # seconds; every call has given up by then
RESENT_WITHIN_S = 240 * 0.05 + 2  # later than that only a look proves anything; times are scaled

READS: dict[str, Trouble] = {
    "too many": {"kind": "429", "seconds": 1},
    "broken": {"kind": "500"},
    "away": {"kind": "503"},
    "a page": {"kind": "html"},
    "slow": {"kind": "slow", "seconds": LATE},
    "cut before": {"kind": "reset"},
    "cut after": {"kind": "lost_reply"},
}
WRITES: dict[str, Trouble] = READS | {
    "broken though done": {"kind": "500", "when": "after"},
    "a page though done": {"kind": "html", "when": "after"},
    "slow after": {"kind": "slow", "seconds": LATE, "when": "after"},
    "expired": {"kind": "401"},
    "cut twice": {"kind": "lost_reply", "times": 2},
}


def in_trouble(tenant: Make, service: str, method: str, path: str, trouble: Trouble, **settings: Any) -> Trouble:
    """Push one invoice of a new customer through this trouble; what became of it."""
    mine = tenant(**settings)
    account = customer(mine)
    record = invoice(mine, account)
    kind = trouble["kind"]
    fault(mine, service, kind, method, path, **{name: value for name, value in trouble.items() if name != "kind"})
    task = push(mine, record)
    settled(mine, record)
    theirs = [each for each in contacts(mine) if each.get("ContactNumber") == f"Z{account}"]
    return {
        "outcome": task["outcome"],
        "invoices": len(mine.in_xero(record)),
        "contacts": len(theirs),
        "met": played(mine, service) == trouble.get("times", 1),
    }


GOOD = {"outcome": "created", "invoices": 1, "contacts": 1, "met": True}


def test_disturbed_reads_of_crm_are_waited_out(tenant: Make) -> None:
    """A 500, a slow and a cut answer where records are read: created once, a little later."""
    mine = tenant()
    account = customer(mine)
    records = {name: invoice(mine, account) for name in ("broken", "slow", "cut after")}
    for name, record in records.items():
        fault(mine, "zoho", READS[name]["kind"], "GET", f"/Invoices/{record}", seconds=LATE)
    runs = [start(mine, "push", record) for record in records.values()]
    done = {name: mine.ended(run, patience=150)["counts"] for name, run in zip(records, runs, strict=True)}
    assert done == {name: {"created": 1} for name in records}
    assert played(mine, "zoho") == len(records)
    assert [len(mine.in_xero(record)) for record in records.values()] == [1] * len(records)


@pytest.mark.parametrize(
    ("path", "names"),
    [("/Contacts", ["too many", "broken", "a page", "slow", "cut after"]), ("/Invoices", ["away", "cut before"])],
    ids=["customer", "scan"],
)
def test_disturbed_reads_of_xero_are_waited_out(tenant: Make, path: str, names: list[str]) -> None:
    """The same where customers are looked up, and where the scan before the first create reads."""
    done = side_by_side(lambda name: in_trouble(tenant, "xero", "GET", path, READS[name]), names)
    assert dict(zip(names, done, strict=True)) == dict.fromkeys(names, GOOD)


def test_disturbed_writes_arrive_once(tenant: Make) -> None:
    """Whatever happens to the write or to its answer: the invoice and the contact are in Xero exactly once."""
    cases = [
        *(("/Invoices", "xero", name) for name in WRITES if name != "away"),
        *(("/Invoices", "field", name) for name in ("broken", "cut after")),
        *(("/Contacts", "xero", name) for name in ("broken though done", "cut twice")),
    ]
    numbers = {"xero": LEFT_TO_XERO, "field": NUMBER_FROM_CRM}
    done = side_by_side(
        lambda path, number, name: in_trouble(tenant, "xero", "PUT", path, WRITES[name], number=numbers[number]),
        *zip(*cases, strict=True),
        at_once=len(cases),
    )
    told = dict(zip(cases, done, strict=True))
    for case in cases:
        if case[2] == "cut twice":
            told[case]["met"] = True  # a busy machine comes too late for the second sending, and looks instead
    assert told == dict.fromkeys(cases, GOOD)


def test_a_limit_is_waited_for_as_long_as_xero_says(tenant: Make) -> None:
    """Retry-After is obeyed: the task waits with cause limit and until, nothing is asked of Xero meanwhile."""
    mine, other = tenant(), tenant()
    record = invoice(mine)
    fault(mine, "xero", "429", "PUT", "/Invoices", seconds=3)
    run = start(mine, "push", record)
    task = waiting(mine, run, "limit")
    [refused] = [each for each in calls(mine, "xero", "PUT") if each["fault"]]
    until = dt.datetime.fromisoformat(task["until"])
    assert until - dt.datetime.fromisoformat(refused["at"]) >= dt.timedelta(seconds=2.5)
    assert push(other, invoice(other))["outcome"] == "created"
    assert mine.ended(run, patience=150)["counts"] == {"created": 1}
    log = calls(mine, "xero")
    following = log[log.index(refused) + 1]
    assert dt.datetime.fromisoformat(following["at"]) >= until - dt.timedelta(seconds=0.5)
    assert len(mine.in_xero(record)) == 1


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [("zoho", "GET", "/Invoices/"), ("zoho", "PUT", "/Invoices"), ("xero", "GET", "/Contacts")],
)
def test_an_expired_token_is_renewed_once(tenant: Make, service: str, method: str, path: str) -> None:
    """401 in the middle of the work: one token call, the same call again, nobody notices."""
    mine = tenant()
    record = invoice(mine)
    before = renewals(mine, service)
    fault(mine, service, "401", method, path)
    assert push(mine, record)["outcome"] == "created"
    settled(mine, record)
    assert renewals(mine, service) == before + 1


def test_a_disconnected_app_parks_the_work_until_the_reconnect(tenant: Make) -> None:
    """The bookkeeper disconnects us: shown, nothing more asked of Xero; after the reconnect it goes on by itself."""
    mine = tenant()
    first, second = invoice(mine), invoice(mine)
    mine.bookkeeper("disconnect")
    run = start(mine, "push", first)
    assert waiting(mine, run, "disconnected")["until"] is None
    state = mine.api.get("/connections").json()["xero"]
    assert (state["state"], state["trouble"]) == ("disconnected", "app_disconnected")
    assert panel(mine, first)["connections"]["xero"]["state"] == "disconnected"
    before = len(calls(mine, "xero"))
    later = start(mine, "push", second)
    waiting(mine, later, "disconnected")
    assert len(calls(mine, "xero")) == before
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    for run_id, record in ((run, first), (later, second)):
        assert mine.ended(run_id, patience=150)["counts"] == {"created": 1}
        assert len(mine.in_xero(record)) == 1
    assert mine.api.get("/connections").json()["xero"]["state"] == "ok"


def test_a_disconnect_during_an_unproved_write_is_looked_at_first(tenant: Make) -> None:
    """The answer was lost, then the app is disconnected: after the reconnect the invoice is found, not sent again."""
    mine = tenant(number=LEFT_TO_XERO)
    record = invoice(mine)
    fault(mine, "xero", "500", "PUT", "/Invoices", when="after")
    run = start(mine, "push", record)
    waiting(mine, run, "unconfirmed")
    mine.bookkeeper("disconnect")
    waiting(mine, run, "disconnected")
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    assert mine.ended(run, patience=150)["counts"] == {"created": 1}
    assert len(mine.in_xero(record)) == 1


def test_many_new_customers_are_looked_up_in_a_few_calls(tenant: Make) -> None:
    """A look for each of fifty would use up Xero's minute before it had an answer, and begin anew for ever."""
    mine = tenant()
    records = [invoice(mine, customer(mine)) for _ in range(12)]
    fault(mine, "xero", "500", "PUT", "/Contacts", when="after")
    run = start(mine, "push", *records)
    waiting(mine, run, "unconfirmed")
    mine.bookkeeper("disconnect")
    waiting(mine, run, "disconnected")
    time.sleep(RESENT_WITHIN_S)
    seen = len(calls(mine, "xero", "GET", "/Contacts"))
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    assert mine.ended(run, patience=150)["counts"] == {"created": 12}
    assert len(calls(mine, "xero", "PUT", "/Contacts")) == 1
    assert len(calls(mine, "xero", "GET", "/Contacts")) - seen <= 6
    assert len(contacts(mine)) == len(mine.in_xero()) == 12


def test_a_lost_crm_connection_parks_the_work_until_the_reconnect(tenant: Make) -> None:
    """CRM takes our rights away: the push waits; after the reconnect it goes on by itself."""
    mine = tenant()
    record = invoice(mine)
    fault(mine, "zoho", "401", "GET", "/Invoices/", detail="OAUTH_SCOPE_MISMATCH")
    run = start(mine, "push", record)
    waiting(mine, run, "disconnected")
    state = mine.api.get("/connections").json()["zoho"]
    assert (state["state"], state["trouble"]) == ("disconnected", "scope_missing")
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    assert mine.ended(run, patience=150)["counts"] == {"created": 1}
    assert len(mine.in_xero(record)) == 1


def test_crm_fields_that_cannot_be_written_now_are_written_later(tenant: Make) -> None:
    """The push has ended; its CRM fields follow when CRM is back, and Xero is not touched again for them."""

    def case(kind: str) -> tuple[Any, ...]:
        mine = tenant()
        [record] = old_invoices(mine)
        fault(mine, "zoho", kind, "PUT", "/Invoices", seconds=LATE)
        assert push(mine, record)["outcome"] == "created"
        before = len(writes(mine, "xero"))
        settled(mine, record)
        return (len(writes(mine, "xero")) - before, *core_fields(mine, record)[1:])

    kinds = ["500", "html", "slow", "lost_reply"]
    wanted = (0, "Awaiting Payment", "Locked: approved", 198)
    assert dict(zip(kinds, side_by_side(case, kinds), strict=True)) == dict.fromkeys(kinds, wanted)


def test_a_locked_record_is_told_and_written_after_it_was_unlocked(tenant: Make) -> None:
    """CRM refuses our fields: shown beside the outcome with its words; a Refresh tries again without touching Xero."""
    mine = tenant()
    [record] = old_invoices(mine)
    mine.change("Invoices", record, {"Locked__s": True})
    run = start(mine, "push", record)
    mine.ended(run)
    task = eventually(lambda: task_of(mine, run), lambda task: task["crm_written"] == "refused")
    assert (task["outcome"], task["crm_refused"]["code"]) == ("created", "RECORD_LOCKED")
    mine.change("Invoices", record, {"Locked__s": False})
    before = len(writes(mine, "xero"))
    mine.run("pull", record)
    eventually(lambda: task_of(mine, run), lambda task: task["crm_written"] == "yes")
    assert core_fields(mine, record)[0] == mine.in_xero(record)[0]["InvoiceNumber"]
    assert len(writes(mine, "xero")) == before


def test_one_refresh_serves_many_processes(tenant: Make) -> None:
    """The token of a connection has expired while ten pushes and the settings page need it: one token call."""
    mine = tenant()
    records = old_invoices(mine, 10)
    token_runs_out(mine)
    before = renewals(mine)
    runs = side_by_side(lambda record: start(mine, "push", record), records, at_once=10)
    side_by_side(lambda _: mine.api.get("/settings"), range(4), at_once=4)
    for run in runs:
        assert mine.ended(run, patience=150)["counts"] == {"created": 1}
    assert renewals(mine) == before + 1
    assert len(mine.in_xero()) == 10
