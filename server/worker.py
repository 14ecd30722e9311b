"""How do RQ jobs get processes? One pool: every worker on exactly one queue, the dead replaced, no scheduler.

On two queues RQ takes jobs with BLPOP and can lose one between taking and noting it (stack facts); on one it cannot.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from typing import Any

from rq import Queue, Worker
from rq.serializers import JSONSerializer
from rq.worker_pool import ForkProcess, WorkerPool

from server import logs
from server.store.turns import BULK, INTERACTIVE
from server.sync.jobs import take_turn
from server.sync.services import Services
from server.wiring import load_config, services

# Short, so that abandoned jobs are noticed soon (stack facts, RQ's crashes).
WORKER_TTL_S = 30
MAINTENANCE_S = 15
MONITORING_S = 5


def work(tenant_id: str, work_class: str, job_id: str) -> None:
    """RQ's way in: one go of one tenant's turn. May run twice; the turn's lease lets only one work."""
    take_turn(services(), tenant_id, work_class, job_id)


class Pool(WorkerPool):
    """A pool whose workers differ by queue: whichever queue is furthest below its number gets the next worker."""

    def __init__(self, wanted: dict[str, int], connection: Any) -> None:
        super().__init__(
            [*wanted],
            connection=connection,
            num_workers=sum(wanted.values()),
            serializer=JSONSerializer,
        )
        self.wanted = wanted
        self.queue_of: dict[str, str] = {}

    def get_worker_process(self, name: str, burst: bool, _sleep: float = 0, logging_level: str = "INFO") -> BaseProcess:
        alive = [self.queue_of[worker] for worker in self.worker_dict if worker in self.queue_of]
        queue_name = max(self.wanted, key=lambda each: self.wanted[each] - alive.count(each))
        self.queue_of[name] = queue_name
        return ForkProcess(
            target=_serve, args=(name, queue_name, os.getpid(), burst, logging_level), name=f"{queue_name} {name}"
        )


def _serve(name: str, queue_name: str, pool_pid: int, burst: bool, logging_level: str) -> None:
    """In the worker's process: connections are made here, after the fork."""
    redis = services().redis
    _stop_with(pool_pid)
    worker = Worker(
        [Queue(queue_name, connection=redis, serializer=JSONSerializer)],
        name=name,
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        job_monitoring_interval=MONITORING_S,
    )
    worker.work(burst=burst, with_scheduler=False, logging_level=logging_level)


def _stop_with(pool_pid: int) -> None:
    """Stop warmly when the pool has gone: an orphan would go on taking jobs unseen."""

    def watch() -> None:
        while os.getppid() == pool_pid:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def run() -> None:
    """Serve both queues until told to stop."""
    config = load_config()
    logs.set_up(config.log_level)
    s: Services = services()
    wanted = {INTERACTIVE: config.workers_interactive, BULK: config.workers_bulk}
    Pool({name: count for name, count in wanted.items() if count}, s.redis).start(logging_level=config.log_level)
