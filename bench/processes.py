"""How much processor and memory did our processes take? From /proc; simulator and Redis are counted apart."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from simulator.stack.whole import Stack

OURS = ("web", "worker", "clock")
_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
_LOOK_S = 0.3  # a look costs some milliseconds of the same processors
# Fields of /proc/<pid>/stat behind the name: parent, own time, and that of children that ended and were waited for.
_PARENT, _TIMES = 1, slice(11, 15)


def leaders(stack: Stack) -> list[int]:
    return [stack.supervisor.pid(name) for name in OURS]


def cpu_s(roots: Iterable[int]) -> float:
    """Seconds of these processes, of all below them, and of those below them that have ended."""
    return sum(_ticks(pid) for pid in tree(roots)) / _TICK


def tree(roots: Iterable[int]) -> set[int]:
    """The processes and whatever they started, as far as it lives."""
    below: dict[int, list[int]] = defaultdict(list)
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (parts := _stat(int(entry.name))):
            below[int(parts[_PARENT])].append(int(entry.name))
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        waiting += below[pid]
    return found


def _stat(pid: int) -> list[str]:
    with contextlib.suppress(OSError):
        return (_PROC / str(pid) / "stat").read_text().rsplit(") ", 1)[1].split()
    return []


def _ticks(pid: int) -> int:
    parts = _stat(pid)
    return sum(map(int, parts[_TIMES])) if parts else 0


class Peak:
    """The most memory that one process held while it was looked at; a job's process lives for seconds only."""

    def __init__(self) -> None:
        self.kb = 0

    @property
    def mb(self) -> float:
        return round(self.kb / 1024, 1)

    def look(self, root: int) -> None:
        for pid in tree([root]):
            with contextlib.suppress(OSError, IndexError, ValueError):
                status = (_PROC / str(pid) / "status").read_text()
                self.kb = max(self.kb, int(status.split("VmHWM:", 1)[1].split()[0]))


@contextlib.contextmanager
def watched_memory(root: int) -> Iterator[Peak]:
    """Look again and again at a process and all below it."""
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_S):
            peak.look(root)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
        peak.look(root)
