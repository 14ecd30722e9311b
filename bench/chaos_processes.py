"""Which processes does a running stack consist of, and how is one killed, or all of ours at once? By their own ids."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import defaultdict
from pathlib import Path

from simulator.stack import leftovers, redis_server
from simulator.stack.whole import SIMULATOR, Stack, says_ok

OURS = ("clock", "worker", "web")
UP_S = 90.0


def horses(stack: Stack) -> list[tuple[int, int]]:
    """Each worker that does a job now, and the child that does it for the worker."""
    tree = _children()
    return [(worker, horse) for worker in tree[stack.supervisor.pid("worker")] for horse in tree[worker]]


def workers(stack: Stack) -> list[int]:
    return _children()[stack.supervisor.pid("worker")]


def kill(pid: int) -> bool:
    """False where it has ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def kill_program(stack: Stack, name: str) -> bool:
    """SIGKILL to the first process of a program alone; the supervisor starts it again."""
    alive = stack.supervisor.alive(name)
    if alive:
        stack.kill(name)
    return alive


def stand_still(stack: Stack) -> None:
    """End all of ours without a warning, also what killed parents left behind; pretend services and Redis go on."""
    stack.supervisor.hurry.set()
    for name in OURS:
        stack.supervisor.stop(name)
    stack.supervisor.hurry.clear()
    going_on = {stack.supervisor.pid(name) for name in (SIMULATOR, redis_server.NAME)}
    while left := [pid for pid in leftovers.living(stack.supervisor.mark) if _session(pid) not in {*going_on, None}]:
        for pid in left:
            kill(pid)
        time.sleep(0.05)


def go_on(stack: Stack) -> None:
    """Start all of ours again; returns when people are served."""
    for name in OURS:
        stack.supervisor.restart(name)
    wait_served(stack)


def wait_served(stack: Stack) -> None:
    until = time.monotonic() + UP_S
    while not says_ok(f"{stack.public_base}/health/ready"):
        if time.monotonic() > until:
            raise TimeoutError(f"not up after {UP_S:.0f} s:\n{stack.supervisor.tail('web')}")
        time.sleep(0.1)


def _session(pid: int) -> int | None:
    """Every program of a stack leads a session of its own, which its children stay in."""
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(pid)
    return None


def _children() -> dict[int, list[int]]:
    """Whose child is who; those that ended and only wait for their parent left out."""
    found: dict[int, list[int]] = defaultdict(list)
    for pid, parent, state in _proc() if Path("/proc/self/stat").exists() else _ps():
        if state[:1] != "Z":
            found[parent].append(pid)
    return found


def _proc() -> list[tuple[int, int, str]]:
    rows = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            pid = int(folder.name)
            state, parent = (folder / "stat").read_text(errors="replace").rsplit(") ", 1)[1].split()[:2]
            rows.append((pid, int(parent), state))
    return rows


def _ps() -> list[tuple[int, int, str]]:
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return [(int(pid), int(parent), state) for pid, parent, state in rows]
