"""What keeps the processes alive, and ends them all? Starts, restarts, stops, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from simulator.stack import leftovers
from simulator.stack.procfile import ROOT
from simulator.stack.reaper import Reaper

_LOOK = 0.1  # seconds between two looks at the processes
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_STEADY = 10.0  # who lived this long is started again at once
_TAIL = 15


class NotReadyError(Exception):
    """A process did not come up; the text holds its last lines."""


@dataclass(frozen=True)
class Program:
    """A process to keep alive. `foundation`: others need it, so it is ended after them."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    foundation: bool = False


@dataclass
class _Kept:
    program: Program
    process: subprocess.Popen[bytes]
    began: float
    failures: int = 0
    next_start: float | None = None  # set while it is down and will be started again
    stopped: bool = False  # ended on purpose


class Supervisor:
    """Keeps programs alive until it is closed; their output goes to one log file each.

    Works from any thread. When its own process dies, however suddenly, everything it started ends.
    """

    def __init__(self, logs: Path, say: Callable[[str], None] = print, patience: float = 8.0) -> None:
        self.mark = secrets.token_hex(8)
        self.hurry = threading.Event()  # set it to end everything the hard way, now
        self._logs, self._say, self._patience = logs, say, patience
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._keep_last_logs()
        self._reaper = Reaper(self.mark)
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._watcher.start()

    def __enter__(self) -> Supervisor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- what a caller may ask for ---

    def run(self, program: Program, timeout: float = 60.0) -> None:
        """Run a program to its end; NotReadyError when it fails or takes too long."""
        process = self._spawn(program)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        self._reaper.ended(process.pid)
        if code != 0:
            raise NotReadyError(f"{program.name} {_how(code)}:\n{self.tail(program.name)}")

    def start(self, program: Program) -> None:
        """Start a program and keep it alive from now on."""
        with self._lock:
            self._kept[program.name] = _Kept(program, self._spawn(program), time.monotonic())

    def wait_until(self, name: str, ready: Callable[[], bool], timeout: float = 30.0) -> None:
        """Return once `ready` says so; NotReadyError when the program keeps ending or the time is over."""
        until = time.monotonic() + timeout
        while not ready():
            if self._kept[name].failures >= 3 or time.monotonic() > until:
                raise NotReadyError(f"{name} did not come up:\n{self.tail(name)}")
            time.sleep(_LOOK / 2)

    def pid(self, name: str) -> int:
        """Process id of a program; it changes with every start."""
        with self._lock:
            return self._kept[name].process.pid

    def alive(self, name: str) -> bool:
        with self._lock:
            return self._kept[name].process.poll() is None

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        """Send a signal to a program's process alone, and let it be started again. Returns its process id."""
        with self._lock:
            process = self._kept[name].process
            process.send_signal(number)  # does nothing to one that has ended
            return process.pid

    def stop(self, name: str) -> None:
        """End a program on purpose: warm, then hard. It stays down until `restart`."""
        with self._lock:
            kept = self._kept[name]
            kept.stopped = True
        self._end([kept])

    def restart(self, name: str) -> None:
        """End a program, if it runs, and start it afresh."""
        self.stop(name)
        self.start(self._kept[name].program)

    def tail(self, name: str, lines: int = _TAIL) -> str:
        """The last lines of a program's log, each with its name in front."""
        with contextlib.suppress(OSError):
            text = self.log(name).read_bytes()[-20_000:].decode(errors="replace")
            return "\n".join(f"{name} | {line}" for line in text.splitlines()[-lines:])
        return f"{name} | (no output)"

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def close(self) -> None:
        """End everything: first what stands on others, then the foundation, then whatever is left."""
        self._closing.set()
        self._watcher.join()
        for wave in (False, True):
            with self._lock:
                self._end([kept for kept in self._kept.values() if kept.program.foundation is wave])
        leftovers.force(self.mark)
        self._reaper.close()

    # --- how it is done ---

    def _keep_last_logs(self) -> None:
        """One generation back stays: enough to see how the last time ended, and never more than that."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for log in self._logs.glob("*.log"):
            log.replace(log.with_suffix(".log.old"))

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        env = {**os.environ, **program.env, leftovers.MARK: self.mark, "PYTHONUNBUFFERED": "1"}
        with self.log(program.name).open("ab") as log:
            process = subprocess.Popen(
                program.argv,
                env=env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor only
            )
        self._reaper.began(process.pid)
        return process

    def _watch(self) -> None:
        while not self._closing.wait(_LOOK):
            with self._lock:
                for kept in self._fallen():
                    self._look_after(kept)

    def _fallen(self) -> Iterator[_Kept]:
        for kept in self._kept.values():
            if not kept.stopped and kept.process.poll() is not None:
                yield kept

    def _look_after(self, kept: _Kept) -> None:
        now = time.monotonic()
        if kept.next_start is None:
            kept.failures = 0 if now - kept.began > _STEADY else kept.failures + 1
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** max(0, kept.failures - 1))
            kept.next_start = now + pause
            self._reaper.ended(kept.process.pid)
            self._report(kept, pause)
        elif now >= kept.next_start:
            kept.process, kept.began, kept.next_start = self._spawn(kept.program), now, None

    def _report(self, kept: _Kept, pause: float) -> None:
        name = kept.program.name
        how = _how(kept.process.returncode)
        with contextlib.suppress(OSError):  # the terminal may be gone; keeping processes alive goes on
            self._say(f"{name} {how}; it starts again in {pause:.1f} s. Its last lines:\n{self.tail(name)}")

    def _end(self, wave: list[_Kept]) -> None:
        """SIGTERM to each process, which ends its own children; SIGKILL to its group after a while."""
        running = [kept.process for kept in wave if kept.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + self._patience
        while any(process.poll() is None for process in running):
            if self.hurry.is_set() or time.monotonic() > until:
                break
            time.sleep(_LOOK / 4)
        for process in running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._reaper.ended(process.pid)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
