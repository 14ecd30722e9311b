"""Who asks for work on which records, and may they? A run is opened only for records that this person's CRM shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError

from server.clients.zoho import CrmRef
from server.domain.rights import EVERYBODYS
from server.store import runs
from server.store.requested import Request
from server.store.turns import BULK, INTERACTIVE, wake
from server.sync.footing import Footing
from server.sync.queues import enqueue
from server.sync.services import Services

INTERACTIVE_MOST = 5  # runs of up to so many records are a click's work (design 4b)
VISIBLE_FOR_S = 300


@dataclass(frozen=True)
class Asker:
    """A signed-in CRM user; `grant_id` is their own token, with which CRM says what they may see."""

    tenant_id: str
    user_id: str
    grant_id: str
    rights: frozenset[str] = EVERYBODYS


def start(
    s: Services,
    asker: Asker,
    kind: str,
    module: str,
    record_ids: Sequence[str],
    previewed: Mapping[str, str],
    choices: Mapping[str, str],
) -> str:
    """Open a run (or join the open one that does the same) and wake its turn. Returns the run's id."""
    ids = tuple(dict.fromkeys(record_ids))
    work_class = INTERACTIVE if len(ids) <= INTERACTIVE_MOST else BULK
    trigger = "click" if len(ids) == 1 else "mass_action"
    told = (asker.user_id, work_class, previewed, choices, tuple(asker.rights))
    with s.store.begin() as c:
        run_id, _ = runs.start(c, asker.tenant_id, Request(kind, trigger, module, ids, *told))
        jobs = wake(c, asker.tenant_id, work_class)
    enqueue(s.redis, jobs, s.times.job_limit)
    return run_id


def hidden(s: Services, ground: Footing, asker: Asker, module: str, record_ids: Sequence[str]) -> list[str]:
    """Those of these ids that CRM does not show this person: foreign, deleted, hidden or made up.

    Asked with the person's own token, a hundred a call, kept five minutes (design 6). Raises the clients' ladder.
    """
    unknown = [each for each in dict.fromkeys(record_ids) if not _known(s, asker, module, each)]
    if not unknown or ground.crm is None:
        return unknown
    own = CrmRef(asker.tenant_id, asker.grant_id, ground.crm.api_domain, True)
    shown: set[str] = set()
    for first in range(0, len(unknown), 100):
        rows = s.zoho.listed(own, module, unknown[first : first + 100], ["id"])
        shown |= {str(row["id"]) for row in rows}
    _remember(s, asker, module, shown)
    return [each for each in unknown if each not in shown]


def _key(asker: Asker, module: str, record_id: str) -> str:
    return f"ib:visible:{asker.tenant_id}:{asker.user_id}:{module}:{record_id}"


def _known(s: Services, asker: Asker, module: str, record_id: str) -> bool:
    try:
        return bool(s.redis.exists(_key(asker, module, record_id)))
    except RedisError:
        return False  # then CRM is asked again


def _remember(s: Services, asker: Asker, module: str, shown: set[str]) -> None:
    try:
        for record_id in shown:
            s.redis.set(_key(asker, module, record_id), 1, ex=VISIBLE_FOR_S)
    except RedisError:
        return
