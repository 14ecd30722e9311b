"""How are calls made that do not wait for each other? A few threads a process, made when first needed after a fork."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from contextvars import copy_context
from typing import TypeVar

from server.domain.crm_limits import MOST, UNKNOWN

L = TypeVar("L")
T = TypeVar("T")
R = TypeVar("R")
LANES = UNKNOWN - 1  # one of the calls in flight is kept for clicks

_pools: dict[int, ThreadPoolExecutor] = {}


def side_by_side(
    lane: Callable[[], AbstractContextManager[L]],
    work: Callable[[L, T], R],
    several: Sequence[T],
    go_on: Callable[[], bool],
    lanes: int = LANES,
) -> list[tuple[T, R]]:
    """Each beside its result, in the order in which they came. A few lanes take one after the other; each lane does one
    at the least, and more while `go_on` says so. What one raises is raised here, once all lanes have stopped."""
    waiting, done = deque(several), list[tuple[T, R]]()
    stopped = False

    def run() -> None:
        nonlocal stopped
        with lane() as mine:
            first = True
            while waiting and not stopped and (first or go_on()):
                first = False
                try:
                    each = waiting.popleft()
                except IndexError:  # another lane was quicker
                    return
                try:
                    done.append((each, work(mine, each)))
                except BaseException:
                    stopped = True
                    raise

    if len(several) < 2:
        run()
        return done
    running = [_pool().submit(copy_context().run, run) for _ in range(min(lanes, len(several)))]
    wait(running)
    for each in running:
        each.result()
    return done


def _pool() -> ThreadPoolExecutor:
    """Threads do not survive a fork: each process has its own."""
    if os.getpid() not in _pools:
        _pools.clear()
        _pools[os.getpid()] = ThreadPoolExecutor(MOST, thread_name_prefix="side")
    return _pools[os.getpid()]
