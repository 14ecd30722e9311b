"""Which concrete things does a process work with? The one place that names them."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from server.clients.grants import Grants
from server.clients.pace import Pace
from server.clients.transport import CallTimes, Transport
from server.clients.xero import Xero
from server.clients.zoho import Zoho
from server.config import Config, HalfSet, read_config, refuse
from server.domain.times import Times
from server.store.engine import Store, make_engine
from server.store.grants import Vault
from server.store.secrets import Secrets
from server.sync.services import Services

# A worker blocks on its queue for half of RQ's 30 s; anything longer than this means that Redis is gone.
REDIS_ANSWERS_WITHIN_S = 20
PACE_ANSWERS_WITHIN_S = 2

_made: dict[int, Services] = {}


def load_config() -> Config:
    """The environment, or one readable line and exit code 2."""
    try:
        return read_config()
    except HalfSet as problem:
        refuse(problem)


def services() -> Services:
    """Those of this process, made when first asked for: after a fork each child makes its own."""
    pid = os.getpid()
    if pid not in _made:
        _made.clear()
        _made[pid] = make_services(load_config())
    return _made[pid]


def make_services(config: Config) -> Services:
    """Everything for one configuration. Nothing is opened or called yet."""
    times = Times().scaled(config.time_scale)
    store = Store(make_engine(config.database_url, config.time_scale))
    redis = make_redis(config.redis_url)
    vault = Vault(store, Secrets(config.secret_keys))
    transport = Transport(_call_times(times))
    grants = Grants(
        vault,
        transport,
        zoho=config.zoho,
        xero=config.xero,
        zoho_client=config.zoho_client,
        xero_client=config.xero_client,
        times=transport.times,
    )
    # Its own client with a short patience: pace is kept for others' sake and must not hold up an answer that came.
    pace = Pace(make_redis(config.redis_url, answers_within_s=PACE_ANSWERS_WITHIN_S), transport.times)
    return Services(
        config=config,
        times=times,
        store=store,
        redis=redis,
        vault=vault,
        grants=grants,
        transport=transport,
        pace=pace,
        xero=Xero(transport, grants, pace, config.xero),
        zoho=Zoho(transport, grants, pace, config.zoho),
        keyed_hash=_hasher(config.hash_key),
    )


def make_redis(url: str, answers_within_s: float = REDIS_ANSWERS_WITHIN_S) -> Redis:
    """A client that gives up soon: work that Redis loses is found again by the clock."""
    return Redis.from_url(
        url,
        socket_connect_timeout=3,
        socket_timeout=answers_within_s,
        retry=Retry(ConstantBackoff(0.1), 1),
        health_check_interval=30,
    )


def _call_times(times: Times) -> CallTimes:
    return CallTimes(write_s=times.call, read_s=times.read_call, token_s=times.token_call, pause_s=15 * times.scale)


def _hasher(key: str) -> Callable[[str], str]:
    """HMAC-SHA256 under HASH_KEY. Half a surrogate pair in a header must not be an exception."""
    secret = key.encode("utf-8")

    def keyed_hash(text: str) -> str:
        return hmac.digest(secret, text.encode("utf-8", "surrogatepass"), "sha256").hex()

    return keyed_hash
