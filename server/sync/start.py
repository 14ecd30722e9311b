"""Who asks for work on which records, and may they? A run is opened only for records that this person's CRM shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy import Connection

from server.clients.zoho import CrmRef
from server.domain.rights import EVERYBODYS
from server.store import run_rows, runs
from server.store.requested import Request
from server.store.turns import BULK, INTERACTIVE, wake
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


def open_push_with_check(c: Connection, tenant_id: str, user_id: str, module: str) -> tuple[str | None, str | None]:
    """The newest open push of many that this person began, and the preview from which they began it."""
    found = run_rows.open_mass_push(c, tenant_id, user_id, module)
    return (None, None) if found is None else (found.id, run_rows.check_of(c, found))


def open_push_of(
    c: Connection, tenant_id: str, user_id: str, module: str, record_ids: Sequence[str], rights: frozenset[str]
) -> tuple[str | None, str | None]:
    """The open push among these records that this person began, and the preview of them all that they saw before."""
    ids = tuple(dict.fromkeys(record_ids))
    found = run_rows.open_push(c, tenant_id, user_id, module, ids)
    if found is None:
        return None, None
    seen = Request("preview", "mass_action", module, ids, user_id, BULK, {}, {}, tuple(rights))
    return found.id, run_rows.check_before(c, tenant_id, user_id, seen.fingerprint, found.created_at)


def hidden(s: Services, crm: CrmRef, asker: Asker, module: str, record_ids: Sequence[str]) -> list[str]:
    """Those of these ids that CRM does not show this person: foreign, deleted, hidden or made up.

    Asked with the person's own token, a hundred a call, kept five minutes (design 6). Raises the clients' ladder.
    """
    unknown = _not_known(s, asker, module, list(dict.fromkeys(record_ids)))
    if not unknown:
        return []
    own = own_crm(asker, crm)
    shown: set[str] = set()
    for first in range(0, len(unknown), 100):
        rows = s.zoho.listed(own, module, unknown[first : first + 100], ["id"])
        shown |= {str(row["id"]) for row in rows}
    remember_seen(s, asker, module, shown)
    return [each for each in unknown if each not in shown]


def own_crm(asker: Asker, crm: CrmRef) -> CrmRef:
    """The tenant's CRM as this person sees it."""
    return CrmRef(asker.tenant_id, asker.grant_id, crm.api_domain, True)


def _key(asker: Asker, module: str, record_id: str) -> str:
    return f"ib:visible:{asker.tenant_id}:{asker.user_id}:{module}:{record_id}"


def _not_known(s: Services, asker: Asker, module: str, record_ids: list[str]) -> list[str]:
    """In one question: a colleague who follows a run of 2,000 asks it each time."""
    if not record_ids:
        return []
    try:
        held = s.redis.mget([_key(asker, module, each) for each in record_ids])
    except RedisError:
        return record_ids  # then CRM is asked again
    return [each for each, known in zip(record_ids, held, strict=True) if known is None]


def remember_seen(s: Services, asker: Asker, module: str, shown: Iterable[str]) -> None:
    """CRM has just shown these to this person: for five minutes it is not asked again."""
    try:
        with s.redis.pipeline(transaction=False) as several:
            for record_id in shown:
                several.set(_key(asker, module, record_id), 1, ex=VISIBLE_FOR_S)
            several.execute()
    except RedisError:
        return
