"""Does a half-set environment stop the process with one readable line, before anything is opened?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from server.config import HalfSet, read_config
from server.store.secrets import new_key

GOOD = {
    "PUBLIC_BASE": "https://bridge.example.com",
    "DATABASE_URL": "postgresql+psycopg://localhost/x",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEYS": new_key(),
    "HASH_KEY": "k" * 32,
    "ZOHO_CLIENT_ID": "z",
    "ZOHO_CLIENT_SECRET": "zs",
    "XERO_CLIENT_ID": "x",
    "XERO_CLIENT_SECRET": "xs",
}
LOCAL = '{"sdk": "http://127.0.0.1:1/s.js"}'


def read(monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, str | None]) -> object:
    for name in (*GOOD, "ZOHO_PLACES", "XERO_PLACES", "TIME_SCALE", "PORT", "HOST", "WORKERS_BULK", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**GOOD, **changes}.items():
        if value is not None:
            monkeypatch.setenv(name, value)
    return read_config()


def test_a_whole_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Defaults for what has one; no secret in the repr."""
    config = read(monkeypatch, {})
    assert config.port == 8080  # type: ignore[attr-defined]
    assert config.secure  # type: ignore[attr-defined]
    assert GOOD["HASH_KEY"] not in repr(config)
    assert GOOD["SECRET_KEYS"] not in repr(config)
    assert "zs" not in repr(config)


def test_hosts_addresses_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many hosts hand out postgres://."""
    config = read(monkeypatch, {"DATABASE_URL": "postgres://h/x", "PUBLIC_BASE": "https://Bridge.example.com/"})
    assert config.database_url == "postgresql+psycopg://h/x"  # type: ignore[attr-defined]
    assert config.public_base == "https://bridge.example.com"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"PUBLIC_BASE": None}, "PUBLIC_BASE is not set"),
        ({"XERO_CLIENT_SECRET": ""}, "XERO_CLIENT_SECRET is empty"),
        ({"PUBLIC_BASE": "http://bridge.example.com"}, "must be https"),
        ({"PUBLIC_BASE": "http://localhost.example.com"}, "must be https"),
        ({"PUBLIC_BASE": "https://to-xero.example.com"}, "xero"),
        ({"PUBLIC_BASE": "https://bridge.example.com/app"}, "without a path"),
        ({"PUBLIC_BASE": "https://user@bridge.example.com"}, "must be an address"),
        ({"PUBLIC_BASE": "https://bridge.example.com:x"}, "PUBLIC_BASE"),
        ({"PUBLIC_BASE": "bridge.example.com"}, "must be an address"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"REDIS_URL": "127.0.0.1"}, "REDIS_URL"),
        ({"SECRET_KEYS": "abc"}, "SECRET_KEYS"),
        ({"SECRET_KEYS": " , "}, "SECRET_KEYS"),
        ({"HASH_KEY": "short"}, "at least 32"),
        ({"TIME_SCALE": "0"}, "TIME_SCALE"),
        ({"TIME_SCALE": "nan"}, "TIME_SCALE"),
        ({"PORT": "x"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"WORKERS_BULK": "0"}, "WORKERS_BULK"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"ZOHO_PLACES": "{"}, "ZOHO_PLACES"),
        ({"ZOHO_PLACES": LOCAL}, "https"),
        ({"ZOHO_PLACES": LOCAL, "PUBLIC_BASE": "https://localhost.example.com"}, "https"),
        ({"XERO_PLACES": '{"api": "http://evil.example"}', "PUBLIC_BASE": "http://localhost:1"}, "https"),
        ({"HASH_KEY": "short", "PUBLIC_BASE": None, "XERO_CLIENT_ID": None}, "XERO_CLIENT_ID is not set"),
    ],
)
def test_a_half_set_environment_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str | None], word: str
) -> None:
    """One line, without the value of any secret."""
    with pytest.raises(HalfSet) as refused:
        read(monkeypatch, changes)
    assert word in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "short" not in str(refused.value)


def test_the_simulator_comes_in_by_loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain http is for this machine, when PUBLIC_BASE is on it too."""
    for base in ("http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"):
        config = read(monkeypatch, {"ZOHO_PLACES": LOCAL, "PUBLIC_BASE": base})
        assert not config.secure  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "argv",
    [
        [sys.executable, "-m", "server.cli", "migrate"],
        [sys.executable, "-m", "gunicorn", "--config", "server/gunicorn.py", "server.app:create_app()"],
    ],
)
def test_processes_do_not_start_half_set(argv: list[str]) -> None:
    """Exit code 2 and the one line, for a command and for the web process."""
    env = {"PATH": os.environ["PATH"], **GOOD, "HASH_KEY": "short"}
    ended = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    lines = [line for line in ended.stderr.splitlines() if line.strip()]
    assert lines == ["InvoiceBridge does not start: HASH_KEY must have at least 32 characters"]


def test_fresh_keys_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """`keys` prints lines for the environment."""
    argv = [sys.executable, "-m", "server.cli", "keys"]
    printed = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True).stdout
    made = dict(line.split("=", 1) for line in printed.splitlines())
    assert set(made) == {"SECRET_KEYS", "HASH_KEY"}
    assert read(monkeypatch, made)
