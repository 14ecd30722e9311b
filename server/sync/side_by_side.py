"""How are calls made that do not wait for each other? A few threads a process, made when first needed after a fork."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
MOST = 4  # Zoho lets five calls of an org be in flight, and one is kept for clicks (Z5.13)

_pools: dict[int, ThreadPoolExecutor] = {}


def side_by_side(work: Callable[[T], R], several: Sequence[T]) -> Iterator[R]:
    """The results in order. What one raises is raised in its place, once all of them are over."""
    if len(several) < 2:
        yield from map(work, several)
        return
    futures = [_pool().submit(copy_context().run, work, each) for each in several]
    wait(futures)
    for future in futures:
        yield future.result()


def _pool() -> ThreadPoolExecutor:
    """Threads do not survive a fork: each process has its own."""
    if os.getpid() not in _pools:
        _pools.clear()
        _pools[os.getpid()] = ThreadPoolExecutor(MOST, thread_name_prefix="side")
    return _pools[os.getpid()]
