"""What must happen though nobody asks? One tick a second: the pulse, due turns, lost jobs. Two clocks do no harm."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from server.store import organisations, turns
from server.store.engine import is_away
from server.sync.forgetting import forget
from server.sync.look_again import let_them_look
from server.sync.queues import enqueue, lost_of
from server.sync.services import Services

TICK_S = 1.0
SCAN_BACK = timedelta(minutes=10)

log = structlog.get_logger(__name__)


def run(s: Services, stop: threading.Event | None = None) -> None:
    """Tick until told to stop, then end the tick that runs. Our stores being away is waited out."""
    stop = stop or threading.Event()
    pulse = Pulse()
    while not stop.is_set():
        started = time.monotonic()
        try:
            tick(s, pulse)
        except (DBAPIError, RedisError) as gone:
            if isinstance(gone, DBAPIError) and not is_away(gone):
                raise
            log.warning("the clock waits for the store", error=type(gone).__name__)
        stop.wait(max(0.05, TICK_S - (time.monotonic() - started)))
    log.info("the clock ends")


@dataclass
class Pulse:
    """What a clock remembers by itself: its last beat that the database took."""

    last: datetime | None = None


def tick(s: Services, pulse: Pulse) -> None:
    keep_alive(s, pulse)
    with s.store.begin() as c:
        jobs = turns.due_without_job(c)
    enqueue(s.redis, jobs, s.times.job_limit)
    let_them_look(s)
    forget(s)
    with s.store.read() as c:
        unsure = turns.waiting_jobs(c)
    lost = lost_of(s.redis, unsure)
    if lost:
        with s.store.begin() as c:
            jobs = [fresh for job in lost for fresh in turns.rename_job(c, job)]
        enqueue(s.redis, jobs, s.times.job_limit)


def keep_alive(s: Services, pulse: Pulse) -> None:
    """The pulse; after a long stop every organisation is scanned before anything is created there (4a.17), and also
    where the database does not know this clock's last beat: it is a copy of the time before it."""
    with s.store.begin() as c:
        stood_since = turns.beat(c, timedelta(seconds=s.times.clock_alive), pulse.last)
        if stood_since is not None:
            organisations.scan_all_since(c, stood_since - SCAN_BACK)
        beaten = turns.beaten(c)
    pulse.last = beaten
