"""What do the tests of the HTTP edge stand on? The simulator, a real Redis-compatible server, a fresh database each."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from server.config import Config, read_config
from server.store.engine import make_engine
from server.store.schema import migrate
from server.store.secrets import new_key
from server.store.tables import metadata
from server.wiring import make_services
from simulator.stack import environment, redis_server
from simulator.stack.ports import Ports, any_free
from tests.api.walk import Edge, control
from tests.databases import database, databases

KEYS = {"SECRET_KEYS": new_key(), "HASH_KEY": "of-the-tests-" * 4}


class World:
    """The outside: ports of the simulator and the Redis-compatible server, both running."""

    def __init__(self, ports: Ports, processes: list[subprocess.Popen[bytes]]) -> None:
        self.ports, self.processes = ports, processes
        self.zoho, self.zoho_eu = environment.zoho_base(ports), environment.zoho_eu_base(ports)
        self.xero = environment.xero_base(ports)
        self.redis = redis_server.url(ports.redis)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both servers, ended by their process ids."""
    folder, ports = tmp_path_factory.mktemp("world"), any_free()
    programs = [redis_server.program(folder / "redis", ports.redis).argv, _simulator(folder, ports)]
    processes = [
        subprocess.Popen(list(argv), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path.cwd())
        for argv in programs
    ]
    try:
        made = World(ports, processes)
        _wait(lambda: redis_server.answers(made.redis))
        for base in (made.zoho, made.zoho_eu, made.xero):
            _wait(lambda base=base: control("GET", base, "switches") is not None)  # type: ignore[misc]
        yield made
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(10)


@pytest.fixture(scope="session", params=databases())
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A migrated database of each kind."""
    with database(request.param) as url:
        made = make_engine(url or f"sqlite:///{tmp_path_factory.mktemp('database')}/tests.db")
        migrate(made)
        yield made
        made.dispose()


@pytest.fixture
def config(world: World, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The configuration a real process would read."""
    _empty(engine)
    env = environment.of_server(world.ports, KEYS, engine.url.render_as_string(hide_password=False), world.redis)
    for name, value in {**env, "TIME_SCALE": "0.2"}.items():
        monkeypatch.setenv(name, value)
    return read_config()


@pytest.fixture
def edge(world: World, config: Config) -> Iterator[Edge]:
    """Our application with the outside around it, without troubles and with nobody known to us."""
    for base in (world.zoho, world.zoho_eu, world.xero):
        control("DELETE", base, "faults")
        control("DELETE", base, "calls")
    services = make_services(config)
    yield Edge(services, world.zoho, world.zoho_eu, world.xero)
    services.store.engine.dispose()
    services.redis.close()


def _simulator(folder: Path, ports: Ports) -> tuple[str, ...]:
    options = {
        "--state": str(folder / "simulator"),
        "--xero-port": str(ports.xero),
        "--zoho-port": str(ports.zoho),
        "--zoho-eu-port": str(ports.zoho_eu),
        "--public-base": environment.public_base(ports),
    }
    return (sys.executable, "-m", "simulator", *(part for pair in options.items() for part in pair))


def _wait(there: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not _quietly(there):
        if time.monotonic() > until:
            raise TimeoutError("a server of the tests did not come up")
        time.sleep(0.05)


def _quietly(there: Callable[[], bool]) -> bool:
    try:
        return there()
    except OSError:
        return False


def _empty(engine: Engine) -> None:
    with engine.begin() as c:
        for table in reversed(metadata.sorted_tables):
            c.execute(text(f'DELETE FROM "{table.name}"'))
