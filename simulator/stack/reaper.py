"""Who ends the stack when its supervisor is killed without a word? This one process, waiting on a pipe.

Its standard input is the reading end of a pipe whose writing end only the supervisor holds: the kernel
closes it whatever way the supervisor ends, SIGKILL included. Lines "+1234" and "-1234" say which group
leaders there are.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from simulator.stack import leftovers


class Reaper:
    """The supervisor's end of the pipe."""

    def __init__(self, mark: str) -> None:
        env = {key: value for key, value in os.environ.items() if key != leftovers.MARK}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "simulator.stack.reaper", mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=env,
            cwd=Path(__file__).resolve().parents[2],
            start_new_session=True,
        )

    def began(self, pid: int) -> None:
        self._tell(f"+{pid}\n")

    def ended(self, pid: int) -> None:
        self._tell(f"-{pid}\n")

    def close(self) -> None:
        """Let it go: it looks once more for what is left, ends that, and then itself."""
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._process.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _tell(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._pipe.write(line.encode())
            self._pipe.flush()


def main() -> None:
    """Read until the pipe closes, then end whatever is left of the stack with this mark."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    leaders: set[int] = set()
    for line in sys.stdin:
        (leaders.add if line[0] == "+" else leaders.discard)(int(line[1:]))
    leftovers.end(sys.argv[1], leaders)


if __name__ == "__main__":
    main()
