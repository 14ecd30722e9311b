"""What is the next step of an open dispatch, by all that is stored about it? Asked again under its lease."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.dispatching import Attempt, Look, Resend, Step, Void, Wait, look_or_wait, next_step
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
    tried = [_attempt(each) for each in noted]
    if is_older_than_a_scan(c, found):
        return look_or_wait(tried, present, s.times)
    if found.kind == "changes" and not noted and present > found.created_at + timedelta(seconds=s.times.change_fresh):
        return Void()  # read too long ago to be sent: the bookkeeper may have been there (promise 3)
    step = next_step(tried, lease_over=True, now=present, times=s.times)
    # A change may be looked up as soon as no attempt can be under way any more: to look writes over nobody.
    if found.kind == "changes" and isinstance(step, Resend):
        looked = look_or_wait(tried, present, s.times)
        return looked if isinstance(looked, Look) else step
    return step


def look_step(s: Services, c: Connection, dispatch_id: str) -> Look | Wait:
    """Whether a look proves something yet, and else when."""
    return look_or_wait([_attempt(each) for each in dispatches.attempts(c, dispatch_id)], now(c), s.times)


def _attempt(noted: Row[Any]) -> Attempt:
    """A sending that Xero refused as a whole is over: it was answered."""
    answered = noted.http_status is not None and 400 <= noted.http_status < 500
    return Attempt(noted.n, noted.started_at, noted.ended_at, noted.result, noted.look_first, answered)


def is_older_than_a_scan(c: Connection, found: Row[Any]) -> bool:
    """After a long stop or a restored backup it may have been sent without our knowing (4a.17), also when another
    class of work has done the scan since."""
    home = organisations.by_id(c, found.organisation_id)
    if home is None:
        return False
    return home.scan_since is not None or (home.scanned_at is not None and found.created_at < home.scanned_at)
