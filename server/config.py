"""What must this installation be told, and does it hold together?

Everything comes from environment variables (the README has the table). A half-set environment is refused with
one readable line before anything starts; no value of a secret ever stands in that line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from environs import Env, EnvValidationError, ValidationError

from server.clients.places import XeroPlaces, ZohoPlaces, is_loopback, xero_places, zoho_places
from server.clients.tokens import Client

MIN_HASH_KEY = 32
MIN_METRICS_TOKEN = 24
EXIT_HALF_SET = 2
_HOST = re.compile(r"^[a-z0-9.\-]+$|^\[[0-9a-f:]+\]$")
T = TypeVar("T")
_OLD_POSTGRES = re.compile(r"^postgres(ql)?://")


class HalfSet(Exception):
    """The environment cannot be used; the text is one line for the person who set it."""


@dataclass(frozen=True)
class Config:
    """The whole environment, checked. Secrets do not show in its repr."""

    public_base: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_keys: tuple[str, ...] = field(repr=False)
    hash_key: str = field(repr=False)
    zoho_client: Client
    xero_client: Client
    zoho: ZohoPlaces
    xero: XeroPlaces
    time_scale: float
    workers_interactive: int
    workers_bulk: int
    host: str
    port: int
    log_level: str
    metrics_token: str = field(repr=False)

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https (else it is loopback: nothing else starts)."""
        return self.public_base.startswith("https://")


def read_config(env: Env | None = None) -> Config:
    """The configuration of the process environment. Raises HalfSet."""
    env = env or Env(eager=False)
    values = _simple_values(env)
    try:
        env.seal()
    except EnvValidationError as error:
        raise HalfSet(_one_line(error.error_messages)) from None
    try:
        places = _places(values["public_base"])
    except ValueError as error:
        raise HalfSet(str(error)) from None
    return Config(**values, **places)


def refuse(problem: HalfSet) -> NoReturn:
    """Say the one line and end the process."""
    sys.stderr.write(f"InvoiceBridge does not start: {problem}\n")
    sys.stderr.flush()
    raise SystemExit(EXIT_HALF_SET)


def _simple_values(env: Env) -> dict[str, Any]:
    return {
        "public_base": _checked(env, "PUBLIC_BASE", _public_base),
        "database_url": _checked(env, "DATABASE_URL", _database_url),
        "redis_url": _checked(env, "REDIS_URL", _redis_url),
        "secret_keys": _checked(env, "SECRET_KEYS", _secret_keys),
        "hash_key": _checked(env, "HASH_KEY", _hash_key),
        "zoho_client": _client(env, "ZOHO"),
        "xero_client": _client(env, "XERO"),
        "time_scale": env.float("TIME_SCALE", 1.0, validate=_above_zero),
        "workers_interactive": env.int("WORKERS_INTERACTIVE", 2, validate=_at_least_one),
        "workers_bulk": env.int("WORKERS_BULK", 2, validate=_at_least_one),
        "host": env.str("HOST", "0.0.0.0"),
        "port": env.int("PORT", 8080, validate=_port),
        "log_level": env.str("LOG_LEVEL", "INFO", validate=_log_level),
        "metrics_token": env.str("METRICS_TOKEN", "", validate=_metrics_token),
    }


def _checked(env: Env, name: str, read: Callable[[str], T]) -> T | None:
    """One variable, turned into what `read` makes of it; the error is kept until all were looked at."""
    seen: list[T] = []

    def look(text: str) -> None:
        try:
            seen.append(read(text.strip()))
        except ValueError as error:
            raise ValidationError(str(error)) from None

    env.str(name, validate=look)
    return seen[0] if seen else None


def _client(env: Env, service: str) -> Client:
    given_id = _checked(env, f"{service}_CLIENT_ID", _not_empty)
    secret = _checked(env, f"{service}_CLIENT_SECRET", _not_empty)
    return Client(given_id or "", secret or "")


def _places(base: str) -> dict[str, Any]:
    fresh = Env()
    return {
        "zoho": zoho_places(fresh.str("ZOHO_PLACES", None), base),
        "xero": xero_places(fresh.str("XERO_PLACES", None), base),
    }


def _public_base(text: str) -> str:
    parts = urlsplit(text.lower().rstrip("/"))
    if parts.scheme not in ("https", "http") or not _HOST.match(_host_of(parts.netloc)) or parts.username:
        raise ValueError("must be an address like https://invoices.example.com")
    if parts.path or parts.query or parts.fragment:
        raise ValueError("must be scheme, host and port only, without a path")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must be https; plain http is only for this machine itself (localhost)")
    if "xero" in parts.netloc:
        raise ValueError('must not contain "xero": Xero refuses such addresses on invoices (X6.1)')
    _ = parts.port  # raises ValueError when it is not a port
    return f"{parts.scheme}://{parts.netloc}"


def _host_of(netloc: str) -> str:
    return re.sub(r":\d+$", "", netloc)


def _database_url(text: str) -> str:
    """Hosts hand out postgres://…; the driver we bring is psycopg."""
    url = _OLD_POSTGRES.sub("postgresql+psycopg://", text)
    if not url.startswith(("postgresql+psycopg://", "sqlite:///")):
        raise ValueError("must start with postgresql+psycopg:// or sqlite:///")
    return url


def _redis_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis:// or rediss://")
    return text


def _secret_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if not keys or not all(map(_is_fernet_key, keys)):
        raise ValueError("must be one or more keys as `python -m server.cli keys` prints them, split by commas")
    return keys


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _hash_key(text: str) -> str:
    if len(text) < MIN_HASH_KEY:
        raise ValueError(f"must have at least {MIN_HASH_KEY} characters")
    return text


def _not_empty(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    return text


def _above_zero(value: float) -> None:
    if not 0 < value < float("inf"):
        raise ValidationError("must be a number above 0")


def _at_least_one(value: int) -> None:
    if value < 1:
        raise ValidationError("must be at least 1")


def _port(value: int) -> None:
    if not 0 < value < 65536:
        raise ValidationError("must be a port number")


def _log_level(value: str) -> None:
    if value not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValidationError("must be DEBUG, INFO, WARNING or ERROR")


def _metrics_token(value: str) -> None:
    if value and (len(value) < MIN_METRICS_TOKEN or not value.isascii() or any(map(str.isspace, value))):
        raise ValidationError(f"must have at least {MIN_METRICS_TOKEN} characters, plain ones without spaces")


def _one_line(messages: Any) -> str:
    """`HASH_KEY must have …; PUBLIC_BASE is not set`: every problem at once."""
    return "; ".join(f"{name} {_said(texts)}" for name, texts in sorted(messages.items()))


def _said(texts: list[str]) -> str:
    if any("not set" in text for text in texts):
        return "is not set"
    return ", ".join(text[:1].lower() + text[1:].rstrip(".") for text in texts)
