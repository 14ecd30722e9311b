"""Who deletes what is old? The clock, once an hour, a little at a time."""

from __future__ import annotations

from redis.exceptions import RedisError

from server.store.forget import forget_some
from server.sync.services import Services

EVERY_S = 3600
_MOST_GOES = 50


def forget(s: Services) -> None:
    """Where the hour is over; what is left after many goes has to wait for the next. Two clocks do no harm."""
    try:
        if not s.redis.set("ib:forget", 1, nx=True, ex=EVERY_S):
            return
    except RedisError:
        return
    for _ in range(_MOST_GOES):
        with s.store.begin() as c:
            if not forget_some(c):
                return
