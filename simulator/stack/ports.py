"""Which ports may we use? The usual ones where they are free, else others, and the busy one is named."""

from __future__ import annotations

import contextlib
import errno
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, fields

_TRIES = 200
_QUIET = range(18_000, 32_000)  # below what Linux and macOS hand out by themselves


@dataclass(frozen=True)
class Ports:
    """One port for each server; the numbers here are the usual ones."""

    web: int = 8080
    xero: int = 8090
    zoho: int = 8091
    zoho_eu: int = 8092
    redis: int = 8093


USUAL = Ports()


def choose(wanted: Ports = USUAL, say: Callable[[str], None] = print) -> Ports:
    """The wanted ports; instead of a busy one the next free one, which is said."""
    chosen: dict[str, int] = {}
    for field in fields(wanted):
        port = getattr(wanted, field.name)
        others = {getattr(wanted, f.name) for f in fields(wanted)} - {port}
        chosen[field.name] = _next_free(port, others | set(chosen.values()))
        if chosen[field.name] != port:
            say(f"Port {port} is busy, so {_spoken(field.name)} takes {chosen[field.name]}.")
    return Ports(**chosen)


def any_free() -> Ports:
    """Ports that nothing uses at this moment, five that differ; for tests.

    Not those that the system hands out: it would give them to some outgoing call while a killed server is
    about to start again.
    """
    free = (port for port in random.sample(_QUIET, len(_QUIET)) if is_free(port))
    return Ports(*(next(free) for _ in fields(Ports)))


def is_free(port: int) -> bool:
    """Whether nobody listens there, on IPv4 or IPv6: browsers try both for "localhost"."""
    return not _answers(port) and _can_bind(port)


def _next_free(port: int, reserved: set[int]) -> int:
    for candidate in range(port, port + _TRIES):
        if candidate not in reserved and is_free(candidate):
            return candidate
    raise OSError(errno.EADDRINUSE, f"no free port from {port} to {port + _TRIES}")


def _answers(port: int) -> bool:
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((host, port)) == 0:
                return True
    return False


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        # A port whose last connection ended a moment ago is free for a server, as it is for gunicorn.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _spoken(name: str) -> str:
    return {
        "web": "InvoiceBridge",
        "xero": "the pretend Xero",
        "zoho": "the pretend CRM",
        "zoho_eu": "the pretend CRM's second data centre",
        "redis": "Redis",
    }[name]
