"""What does every use-case need at hand? One value, built in `server.wiring`, one per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis import Redis

from server.clients.grants import Grants
from server.clients.pace import Pace
from server.clients.transport import Transport
from server.clients.xero import Xero
from server.clients.zoho import Zoho
from server.domain.times import Times
from server.store.engine import Store

if TYPE_CHECKING:
    from server.config import Config
    from server.store.grants import Vault


@dataclass(frozen=True)
class Services:
    """Everything concrete. `keyed_hash` is HMAC-SHA256 in hex under HASH_KEY: stable over restarts."""

    config: Config
    times: Times
    store: Store
    redis: Redis
    vault: Vault
    grants: Grants
    transport: Transport
    pace: Pace
    xero: Xero
    zoho: Zoho
    keyed_hash: Callable[[str], str]
