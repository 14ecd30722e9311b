"""How many token calls are made when sixteen processes find one token at its end in the same moment?"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bench.asked import Asked, Doc, forget
from bench.both_sides import control
from bench.company import make
from simulator.stack.whole import Stack

PROCESSES = 16


def measure(asked: Asked) -> Doc:
    with asked.stack("refreshes") as stack:
        make(stack)
        asked.slow_down(stack)
        grant_id = _ended(stack)
        forget(stack)
        got = _ask(stack.env, grant_id)
        assert len(got) == PROCESSES and len(set(got)) == 1, got
        calls = control("GET", f"{stack.xero}/_control/calls")
        assert calls is not None
        return {"refresh_calls_16_processes": sum(n for name, n in calls["by"].items() if "connect/token" in name)}


def _ended(stack: Stack) -> str:
    """The grant of the only Xero connection, its access token made to have ended."""
    engine = sa.create_engine(stack.database_url)
    with engine.begin() as c:
        [grant_id] = c.execute(sa.text("SELECT grant_id FROM connection WHERE service = 'xero'")).scalars().all()
        c.execute(sa.text('UPDATE "grant" SET access_until = 0 WHERE id = :id'), {"id": grant_id})
    engine.dispose()
    return str(grant_id)


def _ask(env: Mapping[str, str], grant_id: str) -> list[str]:
    """Each process has everything ready before any of them asks."""
    spawn = multiprocessing.get_context("spawn")
    gate, answers = spawn.Barrier(PROCESSES), spawn.Queue()
    several = [spawn.Process(target=_child, args=(dict(env), grant_id, gate, answers)) for _ in range(PROCESSES)]
    for each in several:
        each.start()
    got = [str(answers.get(timeout=120)) for _ in several]
    for each in several:
        each.join()
    return got


def _child(env: dict[str, str], grant_id: str, gate: Any, answers: Any) -> None:
    os.environ.update(env)
    from server.wiring import services

    grants = services().grants
    gate.wait(timeout=120)
    time.sleep(0.01)
    answers.put(grants.access(grant_id).token)
