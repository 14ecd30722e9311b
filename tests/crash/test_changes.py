"""Is a change of an invoice done once and wholly, or not at all, wherever its worker dies? Counted in the simulator."""

from __future__ import annotations

import datetime as dt
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.stack.whole import Stack
from tests.crash.kinds import KINDS, Kind, wrongs
from tests.crash.ordered import (
    FAR,
    FROM_CRM,
    KEYS_KEPT_S,
    LEFT_TO_XERO,
    SIDE_BY_SIDE,
    Scene,
    cases_of,
    panel_of,
    says_the_same,
    scene,
)
from tests.flow.changes import held
from tests.flow.scenes import calls, customer, invoice, line, settled, start
from tests.tenants import Tenant

pytestmark = pytest.mark.crash

EVERY_STEP = ("update",)
SAMPLED = 7  # of the other kinds every seventh case, another one of each
Done = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A push of this kind, and where its worker dies."""

    name: str
    at: int
    how: str

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]


@dataclass(frozen=True)
class Prepared:
    """A case, its record, and what the person who pushes it says."""

    case: Case
    record: str
    asked: dict[str, Any]


def test_a_change_is_done_once_wherever_its_worker_dies(stack: Stack) -> None:
    """Killed or stopped at every step of an update, at some of approving, removing, conflicts and choices: done once
    and wholly where it is to be done, nothing of the bookkeeper's touched where not, and the panel ends right."""
    numbers = [FROM_CRM, LEFT_TO_XERO]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        scenes = list(pool.map(lambda place: scene(stack, numbers[place % 2]), range(SIDE_BY_SIDE)))
        clean = [Case(name, FAR, "kill") for name in KINDS]
        undisturbed = [each for share in pool.map(go_through, scenes, shared(clean)) for each in share]
        assert not [each for each in undisturbed if each["wrong"]], json.dumps(undisturbed, indent=1)
        steps = {each["name"]: each["steps"] for each in undisturbed}
        cases = [case for place, name in enumerate(KINDS) for case in cases_for(name, place, steps[name], scenes[0])]
        done = [each for share in pool.map(go_through, scenes, shared(cases)) for each in share]
    failures = [each for each in done if each["wrong"]]
    assert not failures, f"{len(failures)} of {len(done)}: {json.dumps(failures[:4], indent=1)}"
    # A turn that writes CRM may go on beside the push, with nothing to do: the last steps are not always reached.
    assert sum(each["died"] for each in done) >= 0.75 * len(done), "hardly any process died: the test proves nothing"


def cases_for(name: str, place: int, steps: list[str], scene: Scene) -> list[Case]:
    every = [Case(name, at, how) for at, how in cases_of(steps, scene.never)]
    return every if name in EVERY_STEP else every[place % SAMPLED :: SAMPLED]


def shared(cases: list[Case]) -> list[list[Case]]:
    """One share for each tenant."""
    return [cases[place::SIDE_BY_SIDE] for place in range(SIDE_BY_SIDE)]


def go_through(scene: Scene, share: list[Case]) -> list[Done]:
    """A tenant's cases, one after the other; the drafts they start from are made at once."""
    return [push_through(scene, each) for each in prepared(scene.tenant, share)]


def prepared(tenant: Tenant, share: list[Case]) -> list[Prepared]:
    """A draft in Xero for each case, edited by people as its kind says, looked at by whoever is to choose."""
    if not share:
        return []
    account, lines = customer(tenant), [line(tenant), line(tenant, "Chair")]
    records = [invoice(tenant, account, Status="Created", Invoiced_Items=lines) for _ in share]
    tenant.age(*records)  # the follow-up of a record edited in the very second is another test's matter
    runs = [start(tenant, "push", *records[at : at + 5]) for at in range(0, len(records), 5)]  # as clicks, not in bulk
    assert all(set(tenant.ended(run, patience=150)["counts"]) == {"created"} for run in runs)
    for case, record in zip(share, records, strict=True):
        settled(tenant, record)  # else the edit would be followed up
        case.kind.edits(tenant, record)
    time.sleep(2.1)
    seen = {
        each["record_id"]: each["preview"]["digest"] for each in tenant.run("preview", *records, patience=150)["tasks"]
    }
    return [Prepared(case, record, words(case, record, seen)) for case, record in zip(share, records, strict=True)]


def words(case: Case, record: str, seen: dict[str, str]) -> dict[str, Any]:
    """What the person says of what was shown."""
    if case.kind.choice is None:
        return {}
    return {"previewed": {record: seen[record]}, "choices": {record: case.kind.choice}}


def push_through(scene: Scene, one: Prepared) -> Done:
    """Push one invoice again with a death ordered at a step; what became of it."""
    tenant, case, record = scene.tenant, one.case, one.record
    before, began = held(tenant, record), dt.datetime.now(dt.UTC)
    scene.order(case.at, case.how)
    task = tenant.run("push", record, patience=150, **one.asked)["tasks"][0]
    scene.wake()
    shown = panel_of(scene, record)
    if case.how == "stop":
        time.sleep(1)  # whatever a woken process still does, it does at once
    found = wrongs(case.kind, before, tenant.in_xero(record))
    if task["outcome"] != case.kind.outcome:
        found.append(f"told as {task['outcome']} {task['reasons']}")
    if (writes := written(tenant, began)) != case.kind.writes:
        found.append(f"{writes} writes with an effect")
    found += told_wrong(case.kind, tenant, record, shown)
    steps = scene.steps()
    return {
        "name": case.name,
        "at": case.at,
        "how": case.how,
        "died": scene.came_to_it(),
        "step": steps[case.at - 1] if case.at <= len(steps) else None,
        "wrong": found,
        "steps": steps if case.at == FAR else len(steps),
    }


def written(tenant: Tenant, since: dt.datetime) -> int:
    """Writes of invoices that Xero took: a second one under the same key has an effect only when Xero has forgotten."""
    counted: dict[str, dt.datetime] = {}
    count = 0
    for call in calls(tenant, "xero", path="/Invoices"):
        at = dt.datetime.fromisoformat(call["at"])
        if call["method"] == "GET" or call["status"] != 200 or at < since:
            continue
        if call["key"] not in counted or (at - counted[call["key"]]).total_seconds() > KEYS_KEPT_S:
            counted[call["key"]] = at
            count += 1
    return count


def told_wrong(kind: Kind, tenant: Tenant, record: str, shown: dict[str, Any]) -> list[str]:
    """What the panel or CRM's own fields say wrongly when all is over."""
    living = next(doc for doc in tenant.in_xero(record) if not kind.sent_again or doc["Status"] != "VOIDED")
    link, last = shown["link"], shown["last"]
    found = [] if shown["run"] is None else [f"work is open: {shown['run']}"]
    if (link["number"], link["status"]) != (living["InvoiceNumber"], living["Status"]):
        found.append(f"the panel shows {link['number']} {link['status']}")
    if link["kept"] is not (kind.choice == "keep_xero") or link["crm_changed"] is not (kind.outcome == "conflict"):
        found.append(f"the panel says kept {link['kept']}, changed {link['crm_changed']}")
    if last["outcome"] != kind.outcome:
        found.append(f"the panel's last result is {last['outcome']}")
    if not says_the_same(shown, tenant.record(record)):
        found.append("CRM's fields are not what the panel shows")
    return found
