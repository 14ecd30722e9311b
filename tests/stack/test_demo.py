"""Does `make demo` keep its promises: one address, data that stay, no process left, busy ports no trouble?"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from simulator.stack import environment, leftovers
from simulator.stack.ports import Ports
from simulator.stack.procfile import ROOT

UP = 90
ARGV = [sys.executable, "-m", "simulator.demo"]


@dataclass
class Demo:
    """A running demo, as somebody sees it who typed the command."""

    process: subprocess.Popen[str]
    said: str
    folder: Path

    @property
    def page(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+/crm/\S+", self.said)
        assert found, self.said
        return found[0]

    @property
    def fresh(self) -> str:
        """The settings page of the company that nobody has set up: address and org."""
        found = re.search(r"set up yet:\s+(http://127\.0\.0\.1:\d+/crm/(\S+)/tab/InvoiceBridge)", self.said)
        assert found, self.said
        assert requests.get(found[1], timeout=10).status_code == 200
        return found[2]

    @property
    def ports(self) -> Ports:
        return Ports(**json.loads((self.folder / "ports.json").read_text()))

    @property
    def mark(self) -> str:
        return (self.folder / "mark").read_text()


def environment_for(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    return {**kept, "DEMO_STATE": str(folder)}


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    env = environment_for(folder)
    process = subprocess.Popen(
        ARGV, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    assert process.stdout is not None
    too_long = threading.Timer(UP, process.kill)
    too_long.start()
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C stops" in line:
            break
    too_long.cancel()
    try:
        assert "Ready after" in said, said
        yield Demo(process, said, folder)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_for_nobody(mark: str) -> bool:
    """Whether all processes of a stack end within a few seconds, with nobody left to ask them to."""
    until = time.monotonic() + 10
    while leftovers.living(mark) and time.monotonic() < until:
        time.sleep(0.05)
    return not leftovers.living(mark)


def test_a_demo_can_be_stopped_and_goes_on_later_even_on_another_port(tmp_path: Path) -> None:
    """First start: ready to push. Ctrl-C: nothing left. Second start, its CRM port busy: the same data, connected."""
    with demo(tmp_path) as first:
        page = requests.get(first.page, timeout=10)
        assert "INV-2041" in page.text
        assert requests.get(f"{environment.public_base(first.ports)}/health/ready", timeout=10).status_code == 200
        port, fresh = first.ports.zoho, first.fresh
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(20) == 0
        assert leftovers.living(first.mark) == set()
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", port))
        busy.listen()
        with demo(tmp_path) as second:
            assert re.search(r"Port \d+ is busy, so the pretend CRM takes", second.said), second.said
            assert second.ports.zoho != port
            assert requests.get(second.page, timeout=10).status_code == 200
            assert second.fresh == fresh
            second.process.kill()
            second.process.wait()
            assert wait_for_nobody(second.mark)


def test_a_second_demo_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    """Two would write over each other's data."""
    with demo(tmp_path) as first:
        env = environment_for(tmp_path)
        done = subprocess.run(ARGV, cwd=ROOT, env=env, capture_output=True, text=True, timeout=30)
        assert done.returncode == 1
        assert "A demo runs here already" in done.stderr
        assert first.process.poll() is None
