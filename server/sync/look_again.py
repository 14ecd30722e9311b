"""Who sees that a cause was mended? Whoever saved the settings; where it was mended outside, an idle turn of a tenant
of whom something waits, which the clock lets look twice an hour."""

from __future__ import annotations

from redis.exceptions import RedisError

from server.clients.errors import CallFailed
from server.store import held_up
from server.store.turns import BULK, wake
from server.sync.books import books_for
from server.sync.footing import footing
from server.sync.mended import go_on_where_mended
from server.sync.queues import enqueue
from server.sync.services import Services

EVERY_S = 1800


def let_them_look(s: Services) -> None:
    """Wake the tenants of whom something was refused, all of them once in a while. Two clocks do no harm."""
    if not _first(s, "ib:look-again"):
        return
    with s.store.read() as c:
        several = held_up.tenants(c)
    for tenant_id in several:
        s.redis.set(_key(tenant_id), 1, ex=EVERY_S)
        with s.store.begin() as c:
            jobs = wake(c, tenant_id, BULK)
        enqueue(s.redis, jobs, s.times.job_limit)


def look_again(s: Services, tenant_id: str) -> None:
    """Where the clock asked for it: the books are read, and what has been mended goes on. A service that is away is
    asked again next time."""
    try:
        if not s.redis.getdel(_key(tenant_id)):
            return
    except RedisError:
        return
    ground = footing(s, tenant_id, click=False)
    if not ground.ready:
        return
    try:
        books = books_for(s, ground, max_age_s=0)
    except CallFailed:
        return
    with s.store.begin() as c:
        jobs = go_on_where_mended(c, ground.tenant, ground.settings, books)
    enqueue(s.redis, jobs, s.times.job_limit)


def look_after_save(s: Services, tenant_id: str) -> None:
    """The settings were saved: what they mended goes on. A service that is away is asked again by the clock."""
    ground = footing(s, tenant_id, click=True)
    if not ground.ready:
        return
    try:
        books = books_for(s, ground)
    except CallFailed:
        return
    with s.store.begin() as c:
        jobs = go_on_where_mended(c, ground.tenant, ground.settings, books, saved=True)
    enqueue(s.redis, jobs, s.times.job_limit)


def _first(s: Services, key: str) -> bool:
    try:
        return bool(s.redis.set(key, 1, nx=True, ex=EVERY_S))
    except RedisError:
        return False


def _key(tenant_id: str) -> str:
    return f"ib:look-again:{tenant_id}"
