"""Which run is meant, and may this person see it?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from server.api.errors import Problem
from server.api.identity import SignedIn
from server.api.visible import visible_or_404
from server.store import shown


def run_or_404(c: Connection, who: SignedIn, run_id: str) -> Row[Any]:
    """A run of this person's tenant. Whether they may see its records is the caller's to ask."""
    found = shown.get_run(c, who.tenant_id, run_id)
    if found is None:
        raise no_such_run()
    return found


def demand_sight(who: SignedIn, run: Row[Any], record_ids: list[str]) -> None:
    """Whoever asked for a run sees it; others where CRM shows them the records in question. Raises 404, 401."""
    if run.asked_by == who.user_id:
        return
    if not record_ids:  # a page without records proves no right to see the run
        raise no_such_run()
    visible_or_404(who, run.module, record_ids)


def no_such_run() -> Problem:
    return Problem(404, "run_not_found", "There is no such run.")
