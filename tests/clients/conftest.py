"""What do the tests of the clients stand on? Pretend services over real sockets, a real Redis, a real database."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis

from server.clients.transport import CallTimes, Transport
from simulator.stack import redis_server
from tests.clients.house import House
from tests.clients.pretend import Pretend

TIMES = CallTimes(write_s=1.0, read_s=0.8, token_s=0.6, pause_s=0.3)


@pytest.fixture
def pretend() -> Iterator[Pretend]:
    """A service that answers as the test says."""
    server = Pretend()
    yield server
    server.close()


@pytest.fixture
def transport() -> Transport:
    return Transport(TIMES)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Redis-compatible server of our own."""
    folder, port = tmp_path_factory.mktemp("redis"), _free_port()
    program = redis_server.program(folder, port)
    server = subprocess.Popen(program.argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while not redis_server.answers(redis_server.url(port)):
        assert time.monotonic() < until, "the Redis server does not answer"
        time.sleep(0.02)
    yield redis_server.url(port)
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(5)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """That server, empty."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


@pytest.fixture
def house(pretend: Pretend, redis: Redis, tmp_path: Path) -> Iterator[House]:
    """Both clients, a vault in SQLite and a pace in Redis, before one pretend service."""
    made = House(pretend, redis, sqlite_in(tmp_path), TIMES)
    yield made
    made.close()


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder}/vault.db"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
