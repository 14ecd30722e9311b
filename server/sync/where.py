"""Which records does a CRM view show, or which changed since an instant? Asked with the token of whoever wants them.

So CRM's own sharing decides what is among them, and each is one that this person may send.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from server.clients.errors import NotFound, Refused, TryLater
from server.clients.zoho import RECORDS_A_PAGE, CrmRef, Page, instant
from server.sync.services import Services
from server.sync.start import Asker, own_crm, remember_seen

MOST = 2000  # as far as pages by number reach (Z5.5)
IN_ALL_S = 15.0  # for all pages together: the page that waits for the answer gives up after 20
SECOND = timedelta(seconds=1)


class NoSuchView(Exception):
    """CRM shows this person no view of that id."""


class TooMany(Exception):
    """More than MOST records."""


@dataclass(frozen=True)
class Where:
    """One of the two."""

    view: str | None = None
    changed_since: datetime | None = None


def ids_where(s: Services, asker: Asker, crm: CrmRef, module: str, where: Where) -> list[str]:
    """Their ids, the oldest record first. Raises NoSuchView, TooMany and the clients' ladder."""
    found = _listed(s, own_crm(asker, crm), module, where)
    remember_seen(s, asker, module, found)
    return found


def _listed(s: Services, own: CrmRef, module: str, where: Where) -> list[str]:
    """What leaves a view between two pages may hide another record from us: it is in nobody's preview then."""
    ends_at = monotonic() + IN_ALL_S
    found: dict[str, None] = {}
    for number in range(1, MOST // RECORDS_A_PAGE + 1):
        page = _page(s, own, module, where, number, ends_at - monotonic())
        found |= {str(row.get("id")): None for row in page.rows if _wanted(row, where.changed_since)}
        if not page.more:
            return list(found)
    raise TooMany


def _page(s: Services, own: CrmRef, module: str, where: Where, number: int, within_s: float) -> Page:
    if within_s <= 0:
        raise TryLater("zoho", "service", s.transport.times.pause_s, f"page {number} did not come in time")
    # Stamps have whole seconds, and the header asks for what is later than it: one second back, then looked at here.
    since = where.changed_since and where.changed_since - SECOND
    fields = ["id", "Modified_Time"]
    try:
        return s.zoho.page(own, module, fields, number, view=where.view, since=since, within_s=within_s)
    except Refused as no:
        if where.view is not None and (isinstance(no, NotFound) or no.code == "INVALID_DATA"):
            raise NoSuchView from None
        raise


def _wanted(row: dict[str, Any], since: datetime | None) -> bool:
    """A record whose stamp this person's profile hides is one that CRM found."""
    stamp = instant(row.get("Modified_Time"))
    return since is None or stamp is None or stamp >= since.replace(microsecond=0)
