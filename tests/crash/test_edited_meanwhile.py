"""Does the bookkeeper's edit survive a worker that stood still between its look at Xero and its write?"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator.stack.whole import Stack
from tests.crash.kinds import change_crm, content
from tests.crash.ordered import FAR, FROM_CRM, LEASE_S, LEFT_TO_XERO, SCALE, Scene, panel_of, scene
from tests.flow.changes import draft, held, reprice
from tests.flow.scenes import codes, eventually, start
from tests.tenants import Doc

pytestmark = pytest.mark.crash

STANDING = {"until its leases are over": LEASE_S, "for half a minute": 30 * SCALE}


@pytest.mark.parametrize("standing", STANDING)
def test_an_edit_beside_a_worker_that_stood_still_is_a_conflict(stack: Stack, standing: str) -> None:
    """Stopped after its fresh read and before its write, woken when the bookkeeper has been there: what CRM changed is
    not sent over that, it is shown beside it."""
    first = scene(stack, FROM_CRM)
    steps = push_beside_an_edit(first, FAR, 0)["steps"]
    places = between_read_and_write(steps, first.never)
    assert len(places) >= 3, steps
    with ThreadPoolExecutor(len(places)) as pool:
        scenes = list(pool.map(lambda at: scene(stack, LEFT_TO_XERO if at % 2 else FROM_CRM), places))
        done = list(pool.map(push_beside_an_edit, scenes, places, [STANDING[standing]] * len(places)))
    assert all(each["stopped"] for each in done), done
    failures = [each for each in done if each["wrong"]]
    assert not failures, json.dumps(failures, indent=1)


def between_read_and_write(steps: list[str], never: list[str]) -> list[int]:
    """From the answer of the last read to the last step before the write leaves. (Between a process's last look at its
    watch and its bytes on the wire nothing can be promised: Xero has no way to say "if it is still so".)"""
    write = steps.index("send POST")
    read = max(at for at, name in enumerate(steps[:write]) if name == "answer GET")
    return [at + 1 for at in range(read, write) if steps[at] not in never]


def push_beside_an_edit(scene: Scene, at: int, standing_s: float) -> dict[str, Any]:
    """Push a change; where the worker stops, the bookkeeper corrects the same line, and the worker is woken later."""
    tenant = scene.tenant
    record = draft(tenant)
    change_crm(tenant, record)
    time.sleep(2.1)
    scene.order(at, "stop", "interactive")
    run = start(tenant, "push", record)
    if at == FAR:
        tenant.ended(run, patience=60)
        panel_of(scene, record)
        return {"steps": scene.steps()}
    stopped = eventually(scene.has_stopped)
    reprice(tenant, record, 90)
    theirs = content(held(tenant, record))
    time.sleep(standing_s)
    scene.wake()
    task = tenant.ended(run, patience=90)["tasks"][0]
    time.sleep(1)  # whatever the woken process still does, it does at once
    return {
        "at": at,
        "stopped": stopped,
        "steps": scene.steps()[:at],
        "wrong": wrongs_beside(task, theirs, content(held(tenant, record))),
    }


def wrongs_beside(task: Doc, theirs: Doc, present: Doc) -> list[str]:
    found = [] if task["outcome"] == "conflict" else [f"told as {task['outcome']} {codes(task)}"]
    return [*found, *([f"written over: {present} and not {theirs}"] if present != theirs else [])]
