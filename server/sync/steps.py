"""What is the next step of an open dispatch, by all that is stored about it? Asked again under its lease."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.dispatching import Attempt, Look, Resend, Step, Void, Wait, next_step
from server.store import dispatches, organisations
from server.store.engine import now
from server.sync.services import Services


def step_of(s: Services, c: Connection, dispatch_id: str, holder: str | None = None) -> Step | None:
    """None once it is closed. `holder` is the token of whoever asks under the dispatch's lease.

    A process that was stopped between asking and doing would act on what is long over, so it asks under the lease.
    """
    present, found = now(c), dispatches.get(c, dispatch_id)
    noted = dispatches.attempts(c, dispatch_id)
    if found.state != "open":
        return None
    if found.lease_until is not None and found.lease_until > present and found.lease != holder:
        return Wait(found.lease_until)
    if is_older_than_a_scan(c, found):
        return _look(noted, present, s)
    if found.kind == "changes" and not noted and present > found.created_at + timedelta(seconds=s.times.change_fresh):
        return Void()  # read too long ago to be sent: the bookkeeper may have been there (promise 3)
    tried = [Attempt(each.n, each.started_at, each.ended_at, each.result, each.look_first) for each in noted]
    step = next_step(tried, lease_over=True, now=present, times=s.times)
    # A change may be looked up as soon as no attempt can be under way any more: to look writes over nobody.
    return _look(noted, present, s) if found.kind == "changes" and _is_late_resend(step, noted, present, s) else step


def _is_late_resend(step: Step, noted: Sequence[Row[Any]], present: datetime, s: Services) -> bool:
    return isinstance(step, Resend) and isinstance(_look(noted, present, s), Look)


def is_older_than_a_scan(c: Connection, found: Row[Any]) -> bool:
    """After a long stop or a restored backup it may have been sent without our knowing (4a.17), also when another
    class of work has done the scan since."""
    home = organisations.by_id(c, found.organisation_id)
    if home is None:
        return False
    return home.scan_since is not None or (home.scanned_at is not None and found.created_at < home.scanned_at)


def _look(noted: Sequence[Row[Any]], present: datetime, s: Services) -> Look | Wait:
    """Never while an attempt that we do know of may still be under way at Xero (4a.9)."""
    at = noted[-1].started_at + timedelta(seconds=s.times.look_after) if noted else present
    return Look() if at <= present else Wait(at)
