"""Which processes of a stack are still there, and how are they ended for good?

Every process of a stack carries a mark in its environment, which its children inherit, whatever session or
parent they end up with. A server that writes over its own environment (Redis does, for its title) is known
by its process group instead.
"""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

MARK = "INVOICEBRIDGE_STACK"
_STEP = 0.05
_HAS_PROC = platform.system() == "Linux"


def living(mark: str, leaders: Iterable[int] = ()) -> set[int]:
    """Process ids that carry the mark or lead a group of theirs, apart from this process."""
    return ({pid for pid in leaders if _alive(pid)} | _marked(mark)) - {os.getpid()}


def end(mark: str, leaders: Iterable[int] = (), patience: float = 3.0) -> set[int]:
    """Ask everything that is left to end, then force it. Returns what had to be forced."""
    leaders = set(leaders)
    for pid in living(mark, leaders):
        _send(pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while living(mark, leaders) and time.monotonic() < until:
        time.sleep(_STEP)
    return force(mark, leaders)


def force(mark: str, leaders: Iterable[int] = ()) -> set[int]:
    """SIGKILL to all that is left, again until nothing is: a process may fork while we look."""
    forced: set[int] = set()
    for _ in range(20):
        left = living(mark, leaders)
        if not left:
            break
        forced |= left
        for pid in left:
            _send(pid, signal.SIGKILL)
        time.sleep(_STEP)
    return forced


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _alive(pid: int) -> bool:
    """Alive and not merely waiting for its parent to take notice."""
    if _HAS_PROC:
        try:
            status = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        return status.rsplit(")", 1)[-1].split()[0] not in "ZX"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _marked(mark: str) -> set[int]:
    text = f"{MARK}={mark}"
    if _HAS_PROC:
        return {int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _carries(p, text)}
    listing = subprocess.run(["ps", "-axEww", "-o", "pid=,command="], capture_output=True, text=True).stdout
    return {int(line.split(None, 1)[0]) for line in listing.splitlines() if f" {text}" in line}


def _carries(process: Path, text: str) -> bool:
    try:
        return text.encode() in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
