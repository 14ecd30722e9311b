"""Which ports and processes does the stack use?"""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from simulator.stack import environment, ports, procfile, redis_server
from simulator.stack.supervise import Supervisor


def test_a_busy_port_is_named_and_another_one_taken() -> None:
    """Somebody's other server on 8080 must not stop the demo."""
    free = ports.any_free()
    said: list[str] = []
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", free.web))
        busy.listen()
        chosen = ports.choose(free, said.append)
    assert chosen.web != free.web
    assert (chosen.xero, chosen.zoho, chosen.redis) == (free.xero, free.zoho, free.redis)
    assert said == [f"Port {free.web} is busy, so InvoiceBridge takes {chosen.web}."]


def test_beside_another_demo_every_server_gets_a_port_of_its_own() -> None:
    """All the usual ports are busy then, and the first free one is free only once."""
    free = ports.any_free()
    near = ports.Ports(free.web, *range(free.xero, free.xero + 4))
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        for busy, port in ((one, near.xero), (two, near.zoho), (three, near.redis)):
            busy.bind(("127.0.0.1", port))
            busy.listen()
        chosen = ports.choose(near, lambda _said: None)
    assert len({chosen.web, chosen.xero, chosen.zoho, chosen.zoho_eu, chosen.redis}) == 5


def test_a_server_on_ipv6_alone_makes_a_port_busy_too() -> None:
    """Browsers may try ::1 first for "localhost" and would end up with that other server."""
    free = ports.any_free()
    with socket.socket(socket.AF_INET6) as busy:
        busy.bind(("::1", free.web))
        busy.listen()
        assert not ports.is_free(free.web)
    assert ports.is_free(free.web)


def test_free_ports_differ_from_each_other() -> None:
    """All five servers start at once."""
    free = ports.any_free()
    assert len({free.web, free.xero, free.zoho, free.zoho_eu, free.redis}) == 5


def test_a_procfile_is_read_as_commands_without_a_shell(tmp_path: Path) -> None:
    """Quotes group words, comments and blank lines are passed over."""
    file = tmp_path / "Procfile"
    file.write_text('# processes\n\nweb: gunicorn "server.app:create_app()"\nclock: python -m x\n')
    assert procfile.read(file) == {
        "web": ("gunicorn", "server.app:create_app()"),
        "clock": ("python", "-m", "x"),
    }


def test_a_line_that_is_no_process_is_refused(tmp_path: Path) -> None:
    """A typing mistake must not drop a process unseen."""
    file = tmp_path / "Procfile"
    file.write_text("web gunicorn\n")
    with pytest.raises(procfile.BadProcfileError, match="web gunicorn"):
        procfile.read(file)


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    """A second start must be able to read what the first one encrypted."""
    file = tmp_path / "deep" / "keys.json"
    first = environment.kept_keys(file)
    assert environment.kept_keys(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(first["HASH_KEY"]) >= 32


def test_a_redis_url_that_is_set_is_used() -> None:
    """The way out, should the wheel ever fail."""
    assert redis_server.given({"REDIS_URL": "redis://elsewhere:1/0"}) == "redis://elsewhere:1/0"
    assert redis_server.given({}) is None


def test_our_redis_keeps_its_data_over_a_kill(tmp_path: Path) -> None:
    """Append-only file on, whatever server it is."""
    import redis

    port = ports.any_free().redis
    address = redis_server.url(port)
    with Supervisor(tmp_path / "logs", lambda _: None) as supervisor:
        supervisor.start(redis_server.program(tmp_path / "data", port))
        supervisor.wait_until("redis", lambda: redis_server.answers(address))
        with redis.Redis.from_url(address) as client:
            client.set("left", "here")
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
        supervisor.restart("redis")
        supervisor.wait_until("redis", lambda: redis_server.answers(address))
        with redis.Redis.from_url(address) as client:
            assert client.get("left") == b"here"
