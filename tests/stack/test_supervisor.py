"""Does the supervisor keep its processes alive, and leave none behind?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.stack import leftovers
from simulator.stack.procfile import ROOT
from simulator.stack.supervise import NotReadyError, Program, Supervisor

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
# Starts a child in a session of its own, as an RQ worker does for a job, and waits.
PARENT = (
    "import subprocess, sys, time;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True);"
    "print('child', p.pid, flush=True); time.sleep(600)"
)


def program(name: str, code: str, **more: bool) -> Program:
    return Program(name, (sys.executable, "-c", code), **more)


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "logs", said.append, patience=2.0) as one:
        yield one


def up(supervisor: Supervisor, name: str, word: str = "up") -> bool:
    return until(lambda: word in supervisor.tail(name))


def test_a_killed_process_is_started_again_and_it_is_told_with_its_last_lines(
    supervisor: Supervisor, said: list[str]
) -> None:
    """SIGKILL is how a crash looks; the new process has another id."""
    supervisor.start(program("web", SLEEPER))
    assert up(supervisor, "web")
    old = supervisor.kill("web")
    assert until(lambda: supervisor.pid("web") != old and supervisor.alive("web"))
    assert "web was ended by SIGKILL" in said[0]
    assert "web | up" in said[0]


def test_one_that_keeps_ending_is_started_ever_more_slowly(supervisor: Supervisor, said: list[str]) -> None:
    """No busy loop of starts."""
    supervisor.start(program("clock", "raise SystemExit(3)"))
    assert until(lambda: len(said) >= 3)
    assert ["ended with exit code 3" in line for line in said[:3]] == [True] * 3
    assert [line.split("again in ")[1][:3] for line in said[:3]] == ["0.2", "0.4", "0.8"]


def test_one_that_does_not_come_up_is_an_error_with_its_last_words(supervisor: Supervisor) -> None:
    """Whoever starts the stack sees why, at once and not after a time-out."""
    supervisor.start(program("web", "raise SystemExit('PUBLIC_BASE is missing')"))
    with pytest.raises(NotReadyError, match=r"web \| PUBLIC_BASE is missing"):
        supervisor.wait_until("web", lambda: False)


def test_a_release_step_that_fails_is_an_error(supervisor: Supervisor) -> None:
    """Nothing is started on a database that could not be migrated."""
    supervisor.run(program("release", "pass"))
    with pytest.raises(NotReadyError, match="no such table"):
        supervisor.run(program("release", "raise SystemExit('no such table')"))


def test_one_that_was_stopped_on_purpose_stays_down_until_restart(supervisor: Supervisor) -> None:
    """Tests take a process away for a while."""
    supervisor.start(program("worker", SLEEPER))
    assert up(supervisor, "worker")
    old = supervisor.pid("worker")
    supervisor.stop("worker")
    assert not until(lambda: supervisor.alive("worker"), 0.6)
    supervisor.restart("worker")
    assert supervisor.alive("worker")
    assert supervisor.pid("worker") != old


def test_closing_ends_a_process_that_will_not_listen_and_its_far_children(tmp_path: Path) -> None:
    """Warm first, then hard; a child in a session of its own is ended as well."""
    with Supervisor(tmp_path, patience=0.5) as supervisor:
        supervisor.start(program("stubborn", STUBBORN))
        supervisor.start(program("parent", PARENT))
        assert up(supervisor, "stubborn")
        assert up(supervisor, "parent", "child")
        mark = supervisor.mark
        assert len(leftovers.living(mark)) == 3
    assert leftovers.living(mark) == set()


def test_the_foundation_is_ended_last(tmp_path: Path) -> None:
    """A worker that finishes its job still needs Redis."""
    record = tmp_path / "order"
    ending = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(0.3 if {name!r} == 'worker' else 0)\n"
        "    open({record!r}, 'a').write({name!r} + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(600)"
    )
    with Supervisor(tmp_path / "logs") as supervisor:
        supervisor.start(program("redis", ending.format(name="redis", record=str(record)), foundation=True))
        supervisor.start(program("worker", ending.format(name="worker", record=str(record))))
        assert up(supervisor, "redis")
        assert up(supervisor, "worker")
    assert record.read_text().split() == ["worker", "redis"]


# A supervisor in a process of its own, as `make demo` has it, with a child that does not listen to SIGTERM.
ALONE = f"""
import sys, time
from pathlib import Path
from simulator.stack.supervise import Program, Supervisor
with Supervisor(Path(sys.argv[1]), patience=1.0) as s:
    s.start(Program("one", (sys.executable, "-c", {STUBBORN!r})))
    s.start(Program("two", (sys.executable, "-c", {PARENT!r})))
    while "up" not in s.tail("one") or "child" not in s.tail("two"):
        time.sleep(0.02)
    print(s.mark, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_when_the_supervisor_itself_ends_no_process_stays(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, and also SIGKILL, of which no process can take notice itself."""
    argv = [sys.executable, "-c", ALONE, str(tmp_path)]
    alone = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
    assert alone.stdout is not None
    mark = alone.stdout.readline().decode().strip()
    assert len(leftovers.living(mark)) == 3
    os.kill(alone.pid, number)
    alone.wait()
    alone.stdout.close()
    assert until(lambda: not leftovers.living(mark))
