"""What may this person do in this tenant now, and what keeps them from it? Asked before work is opened, and again by
whoever does it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from server.domain.decide import Blocked, Decision
from server.domain.preview import draft_in, held_in
from server.domain.rights import CHOICE_NEEDS, EVERYBODYS, PREVIEW, PUSH, forbidden, rights_of


class NotLive(Exception):
    """Until the tenant goes live only administrators push, one invoice at a time."""


class MayNot(Exception):
    """The rights that whoever asks lacks."""

    def __init__(self, lacking: set[str]) -> None:
        super().__init__(", ".join(sorted(lacking)))
        self.lacking = lacking


def rights_in(tenant: Row[Any], profile_id: str | None, *, administrator: bool) -> frozenset[str]:
    return rights_of(tenant.settings.get("rights") or {}, profile_id, administrator=administrator)


def demand(
    tenant: Row[Any],
    rights: frozenset[str],
    kind: str,
    count: int | None,
    choices: Iterable[str],
    *,
    administrator: bool,
) -> None:
    """Raises NotLive, MayNot. To look at what is there (a pull) needs no right but to see the record.

    `count` is None where CRM finds the records: however many those are, that is nothing for the days before going live.
    """
    needed = {"preview": {PREVIEW}, "push": {PUSH, *(CHOICE_NEEDS[each] for each in choices)}}.get(kind, set())
    if lacking := needed - rights:
        raise MayNot(lacking)
    alone = count is not None and (kind != "push" or (administrator and count == 1))
    if tenant.live_at is None and not alone:
        raise NotLive


def as_allowed(task: Row[Any], decision: Decision) -> Decision:
    """The decision, or that whoever asked may not have it. What nobody asked for (our follow-ups) approves nothing:
    who edits an invoice to Approved in the moment of a push may be somebody who may not."""
    given = task.rights  # those of the moment in which it was asked for
    reason = forbidden(decision, EVERYBODYS if given is None else frozenset(given))
    return decision if reason is None else Blocked((reason,), draft_in(decision), held_in(decision))
