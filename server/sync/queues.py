"""How does a turn's job get to a worker? After the commit, by id only; the clock names lost ones again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from server.store.turns import BULK, CRM, INTERACTIVE, Job

JOB = "server.worker.work"
QUEUE_OF = {INTERACTIVE: INTERACTIVE, CRM: INTERACTIVE, BULK: BULK}
FAILURES_KEPT_S = 3600

log = structlog.get_logger(__name__)


def queue(redis: Redis, name: str) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer)


def enqueue(redis: Redis, jobs: Iterable[Job], timeout_s: float) -> None:
    """Put jobs at the end of their lines. Redis being away is no failure: the clock finds the turn due."""
    for job in jobs:
        try:
            queue(redis, QUEUE_OF[job.work_class]).enqueue_call(
                JOB,
                args=(job.tenant_id, job.work_class, job.job_id),
                timeout=max(1, round(timeout_s)),
                result_ttl=0,
                failure_ttl=FAILURES_KEPT_S,
                job_id=job.job_id,
            )
        except RedisError:
            log.warning("job not enqueued, the clock will do it", job=job.job_id)


def lost_of(redis: Redis, jobs: Sequence[Job]) -> list[Job]:
    """Those that are neither in their queue's list nor started (stack facts, RQ's crashes). Each list is read once,
    however many jobs wait in it: a clock that takes long over a long line would be late for all."""
    names = {QUEUE_OF[job.work_class] for job in jobs}
    listed = {name: set(queue(redis, name).get_job_ids()) for name in names}
    return [job for job in jobs if job.job_id not in listed[QUEUE_OF[job.work_class]] and not _has_started(redis, job)]


def _has_started(redis: Redis, job: Job) -> bool:
    try:
        status = RqJob.fetch(job.job_id, connection=redis, serializer=JSONSerializer).get_status()
    except (NoSuchJobError, InvalidJobOperation):  # gone, before the first question or between the two
        return False
    return bool(status.value == "started")
