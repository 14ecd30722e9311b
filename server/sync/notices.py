"""What holds up many invoices at once? Each cause once, with how many wait for it, and where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.domain.causes import Cause, causes_of
from server.store import connections, held_up
from server.sync.services import Services
from server.sync.troubles import told_of

CONNECTIONS = "connections"


@dataclass(frozen=True)
class Notice:
    """`count`: records whose last push or preview met this cause; of a connection, pushes that wait for it. `setting`
    names the section of the settings page that mends it; null: Xero or CRM does."""

    code: str
    subject: str
    sentence: str
    next_step: str
    setting: str | None
    count: int
    since: datetime | None


def notices_of(s: Services, tenant_id: str) -> list[Notice]:
    """What stops the most first."""
    with s.store.read() as c:
        ties = {service: connections.of_tenant(c, tenant_id, service) for service in ("zoho", "xero")}
        down = held_up.waiting_for(c, tenant_id, "disconnected")
        rows = held_up.last_decided(c, tenant_id)
    found: dict[tuple[str, str], tuple[Cause, int, datetime]] = {}
    for row in rows:
        for cause in causes_of(row.reasons):
            _, count, since = found.get(cause.key, (cause, 0, row.created_at))
            found[cause.key] = (cause, count + 1, since)
    several = [
        Notice(each.code, each.subject, each.sentence, each.next_step, each.setting, count, since)
        for each, count, since in found.values()
    ]
    for service, tie in ties.items():
        if tie is not None and tie.trouble and (told := told_of(tie.trouble, service)):
            sentence, _, next_step = told.partition(". ")
            waiting = down if tie.state != "ok" else 0
            several.append(Notice(tie.trouble, service, f"{sentence}.", next_step, CONNECTIONS, waiting, None))
    return sorted(several, key=lambda each: (-each.count, each.code, each.subject))
