"""How long is the least that a click could take: an RQ job that does nothing, an HTTP call that asks nothing?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import requests
from redis import Redis
from rq import Queue

from bench.asked import Asked, Doc
from simulator.stack.environment import own_path
from simulator.stack.supervise import Program
from simulator.stack.whole import Stack

TIMES = 40
NAME = "bare"
LOOK_S = 0.002
PATIENCE_S = 30


def nothing() -> None:
    """The work of the job."""


def measure(asked: Asked) -> Doc:
    with asked.stack("bare") as stack, Redis.from_url(stack.redis_url) as redis, requests.Session() as session:
        session.trust_env = False
        _start_worker(stack)
        jobs = _medians(lambda: _one_job(Queue(NAME, connection=redis)))
        calls = _medians(lambda: session.get(f"{stack.public_base}/health/live", timeout=10).raise_for_status())
        return {"bare_job_ms": jobs, "bare_call_ms": calls}


def _medians(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.monotonic()
        work()
        took.append((time.monotonic() - began) * 1000)
    return round(statistics.median(took), 1)


def _one_job(queue: Queue) -> None:
    job = queue.enqueue_call(nothing)
    until = time.monotonic() + PATIENCE_S
    while job.get_status().value != "finished":
        assert time.monotonic() < until, job.get_status()
        time.sleep(LOOK_S)


def _start_worker(stack: Stack) -> None:
    """RQ's own, beside ours; ends with the stack."""
    argv = ("rq", "worker", "--quiet", "--url", stack.redis_url, NAME)
    stack.supervisor.start(Program("bare-worker", argv, {"PATH": own_path()}))
