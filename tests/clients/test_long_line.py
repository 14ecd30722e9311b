"""Does the clock find lost jobs in a long line, without reading the line once for each of them?"""

from __future__ import annotations

from redis import Redis

from server.store.turns import BULK, CRM, INTERACTIVE, Job
from server.sync.queues import enqueue, lost_of, queue

COUNT = 300


def jobs(work_class: str, count: int = COUNT) -> list[Job]:
    return [Job(f"{work_class}-{n}", f"tenant-{n}", work_class) for n in range(count)]


def reads(redis: Redis) -> int:
    """How often a list has been read."""
    told = redis.info("commandstats")
    return int(told.get("cmdstat_lrange", {}).get("calls", 0))


def test_nobody_is_lost_who_stands_in_line(redis: Redis) -> None:
    """Two reads for two queues, however many wait."""
    waiting = [*jobs(BULK), *jobs(INTERACTIVE, 5), *jobs(CRM, 5)]
    enqueue(redis, waiting, 75)
    before = reads(redis)
    assert lost_of(redis, waiting) == []
    assert reads(redis) == before + 2


def test_the_lost_ones_are_found_among_them(redis: Redis) -> None:
    """One never arrived, one fell out of its list without having started, one has started."""
    waiting = jobs(BULK, 5)
    enqueue(redis, waiting[1:], 75)
    line = queue(redis, BULK)
    for each in waiting[2:4]:
        redis.lrem(line.key, 0, each.job_id)
    started = line.fetch_job(waiting[3].job_id)
    assert started is not None
    started.set_status("started")
    assert lost_of(redis, waiting) == [waiting[0], waiting[2]]


def test_without_unsure_jobs_nothing_is_asked(redis: Redis) -> None:
    before = reads(redis)
    assert lost_of(redis, []) == []
    assert reads(redis) == before
