"""How does a turn's job get to a worker? After the commit, by id only; the clock names lost ones again."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import NoSuchJobError
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


def is_on_its_way(redis: Redis, job: Job) -> bool:
    """Whether a job is in its queue's list or has been started; lost ones are neither (stack facts, RQ's crashes)."""
    line = queue(redis, QUEUE_OF[job.work_class])
    if job.job_id in line.get_job_ids():
        return True
    try:
        status = RqJob.fetch(job.job_id, connection=redis, serializer=JSONSerializer).get_status()
    except NoSuchJobError:
        return False
    return bool(status.value == "started")
