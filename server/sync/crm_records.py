"""Does the CRM record itself tell something new? Fields that are not its own, a record that is gone or back again.

Our fields are display, never a source (design 5): clones copy them, people edit them. What the record shows is compared
with its link as soon as it is read, and the crm turn writes what is true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.crm_invoice import CrmInvoice
from server.store import links
from server.store.turns import CRM, wake
from server.sync.claims import Claim
from server.sync.footing import Footing
from server.sync.queues import enqueue
from server.sync.reading import Reading
from server.sync.services import Services

FRESHLY: Mapping[str, Any] = {"crm_status_written": {}}  # every field is written anew, which is no news to anybody


def keep_true(s: Services, ground: Footing, mine: Claim, reading: Reading) -> None:
    """One transaction, where there is anything to keep; wakes the crm turn."""
    if ground.organisation is None:
        return
    news = list(_news(ground, mine, reading))
    if not news:
        return
    with s.store.begin() as c:
        for module, record_id, values in news:
            _keep(c, ground, module, record_id, reading.links.get(record_id), values)
        jobs = wake(c, ground.tenant.id, CRM)
    enqueue(s.redis, jobs, s.times.job_limit)


def _news(ground: Footing, mine: Claim, reading: Reading) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(module, record id, what to change of its link)."""
    shown_in = ground.tenant.crm_fields.get("xero_invoice_id")
    for task in mine.tasks:
        if task.record_id not in reading.crm:
            continue
        crm, link = reading.crm[task.record_id], reading.links.get(task.record_id)
        values = about(crm, link, shown_in)
        if values is not None:
            yield task.module, task.record_id, values


def about(crm: CrmInvoice | None, link: Row[Any] | None, shown_in: str | None) -> Mapping[str, Any] | None:
    """None where all is as it should be."""
    if crm is None:
        return {"gone_from_crm": True} if link is not None and not link.gone_from_crm else None
    if link is not None and link.gone_from_crm:
        return {"gone_from_crm": False, **FRESHLY}
    shown = crm.value_of(shown_in) if shown_in else None
    if link is None:
        return FRESHLY if shown else None
    clean = link.version <= link.crm_version
    return FRESHLY if clean and shown_in and shown != link.xero_id else None


def _keep(
    c: Connection, ground: Footing, module: str, record_id: str, link: Row[Any] | None, values: Mapping[str, Any]
) -> None:
    """A record that shows another's invoice gets a tie to none, so that its fields are cleared."""
    assert ground.organisation is not None
    found = link or links.untied(c, ground.tenant.id, ground.organisation.id, module, record_id)
    links.change(c, found.id, values, dirty=not values.get("gone_from_crm"))
