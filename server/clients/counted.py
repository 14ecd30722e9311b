"""What has been counted of our calls, and what is left of the budgets? Kept in Redis, for all processes together.

Emptying Redis starts the counts again, which whoever reads counters is used to. Names and addresses never stand here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from redis import Redis

from server.clients.errors import Service

CALLS = "figures:calls"
NO_ANSWER = "none"
# A place in the log of a window that is over is not cleared away until the next call: it no longer counts.
WINDOW_MS = 61_000


@dataclass(frozen=True)
class Budget:
    """What one organisation has used and has left. `day` is what its last answer told, None when that is long ago."""

    in_window: int
    in_flight: int
    day: int | None
    paused_s: float


def name_of(service: Service, status: int) -> str:
    """One counter: `xero 200`; a call that was not answered has the status `none`."""
    return f"{service} {status or NO_ANSWER}"


def calls_made(redis: Redis) -> dict[tuple[str, str], int]:
    """How many calls each service has answered with each status, since Redis was last emptied."""
    held: Any = redis.hgetall(CALLS)
    words = {name.decode().partition(" "): int(count) for name, count in held.items()}
    return {(service, status): count for (service, _, status), count in words.items()}


def budgets(redis: Redis, keys: Iterable[str]) -> dict[str, Budget]:
    """What is left to those of these organisations (by the key of their pace) that have called within a day."""
    wanted = list(keys)
    present = _now_ms(redis)
    line = redis.pipeline(transaction=False)
    for key in wanted:
        line.hgetall(f"pace:{key}")
        line.zcount(f"pace:{key}:log", present - WINDOW_MS, "+inf")
        line.zcount(f"pace:{key}:flight", present, "+inf")
    told = line.execute()
    found = zip(wanted, told[0::3], told[1::3], told[2::3], strict=True)
    return {key: _budget(known, used, flying, present) for key, known, used, flying in found if known}


def _budget(known: Mapping[bytes, bytes], in_window: int, in_flight: int, present: int) -> Budget:
    numbers = {name.decode(): _number(value) for name, value in known.items()}
    fresh = numbers.get("day_until", 0) > present
    paused = max(0, numbers.get("blocked_until", 0) - present)
    return Budget(in_window, in_flight, numbers.get("day") if fresh else None, paused / 1000)


def _number(value: bytes) -> int:
    """Lua writes large numbers as 1.7e+12."""
    return int(Decimal(value.decode()))


def _now_ms(redis: Redis) -> int:
    told: Any = redis.time()
    seconds, micros = told
    return int(seconds * 1000 + micros // 1000)
