"""What goes on by itself when a connection works again? Everything that waited for it is due at once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from server.store import dispatches, links, runs, turns
from server.store.turns import Job


def go_on(c: Connection, tenant_ids: Iterable[str]) -> list[Job]:
    """Make the waiting work of these tenants due; returns the jobs to enqueue after the commit.

    Open dispatches are looked at before anything else is sent (4a.15).
    """
    jobs: list[Job] = []
    for tenant_id in sorted(set(tenant_ids)):
        dispatches.unpark(c, tenant_id)
        runs.unpark(c, tenant_id)
        links.unpark(c, tenant_id)
        jobs += turns.wake_all(c, tenant_id)
    return jobs
