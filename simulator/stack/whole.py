"""What is the whole running product? Redis, simulator, migrated database, web, worker and clock."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

import requests

from simulator.stack import environment, procfile, redis_server
from simulator.stack.ports import Ports
from simulator.stack.supervise import Program, Supervisor

SIMULATOR = "simulator"
RELEASE = "release"
_UP = 60.0  # seconds a process may take to come up on a slow machine


class Stack:
    """The product and the pretend world around it, in one folder and on the given ports.

    Used as a context: everything is up inside it, and nothing is left after it.
    """

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        *,
        database_url: str | None = None,
        extra: Mapping[str, str] | None = None,
        instead: Mapping[str, tuple[str, ...]] | None = None,
        simulator: Mapping[str, str] | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        self.folder, self.ports = folder.resolve(), ports
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # the database holds tokens
        self.public_base = environment.public_base(ports)
        self.xero = environment.xero_base(ports)
        self.zoho = environment.zoho_base(ports)
        self.zoho_eu = environment.zoho_eu_base(ports)
        self.database_url = database_url or f"sqlite:///{self.folder / 'invoicebridge.db'}"
        self.redis_url = redis_server.given(os.environ) or redis_server.url(ports.redis)
        keys = environment.kept_keys(self.folder / "keys.json")
        self.env = environment.of_server(ports, keys, self.database_url, self.redis_url) | dict(extra or {})
        self.instead = dict(instead or {})  # other commands for processes of the Procfile
        self._around = {"PATH": environment.own_path()} | dict(simulator or {})  # what the simulator finds
        self.supervisor = Supervisor(self.folder / "logs", say)
        # Whoever wants to know which processes belong to this folder finds them by this mark.
        (self.folder / "mark").write_text(self.supervisor.mark)

    def __enter__(self) -> Stack:
        try:
            self._bring_up()
        except BaseException:
            self.supervisor.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.supervisor.close()

    def kill(self, name: str) -> int:
        """SIGKILL to one process, which then starts again by itself. Returns the process id it had."""
        return self.supervisor.kill(name)

    def restart(self, name: str) -> None:
        """End one process, warm, and return when it is up again."""
        self.supervisor.restart(name)
        self._wait(name)

    def wait_ready(self, timeout: float = _UP) -> None:
        """Return once the web process says that it and all it needs is there."""
        self.supervisor.wait_until("web", lambda: says_ok(f"{self.public_base}/health/ready"), timeout)

    def _bring_up(self) -> None:
        processes = procfile.read()
        if not redis_server.given(os.environ):
            self._start(redis_server.program(self.folder / "redis", self.ports.redis))
        self._start(self._simulator())
        self.supervisor.run(Program(RELEASE, processes.pop(RELEASE), self.env), _UP)
        for name, argv in processes.items():
            self.supervisor.start(Program(name, self.instead.get(name, argv), self.env))
        self.wait_ready()

    def _start(self, program: Program) -> None:
        self.supervisor.start(program)
        self._wait(program.name)

    def _wait(self, name: str) -> None:
        checks: dict[str, Callable[[], bool]] = {
            redis_server.NAME: lambda: redis_server.answers(self.redis_url),
            SIMULATOR: self._simulator_answers,
            "web": lambda: says_ok(f"{self.public_base}/health/ready"),
        }
        self.supervisor.wait_until(name, checks.get(name, lambda: self.supervisor.alive(name)), _UP)

    def _simulator(self) -> Program:
        options = {
            "--state": str(self.folder / "simulator"),
            "--xero-port": str(self.ports.xero),
            "--zoho-port": str(self.ports.zoho),
            "--zoho-eu-port": str(self.ports.zoho_eu),
            "--public-base": self.public_base,
        }
        argv = ("python", "-m", "simulator", *(part for pair in options.items() for part in pair))
        return Program(SIMULATOR, argv, self._around, foundation=True)

    def _simulator_answers(self) -> bool:
        return all(says_ok(f"{base}/_control/switches") for base in (self.xero, self.zoho, self.zoho_eu))


def says_ok(address: str) -> bool:
    """Whether a GET there is answered with 200."""
    with contextlib.suppress(requests.RequestException), requests.Session() as direct:
        direct.trust_env = False  # nothing here goes through a proxy
        return direct.get(address, timeout=5).status_code == 200
    return False
