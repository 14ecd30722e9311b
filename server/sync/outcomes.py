"""How does a task end by the decision on its record, and what of it was a person asked first?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from server.domain.decide import (
    KEEP_XERO,
    LINK,
    REMOVE,
    SEND_AS_NEW,
    SEND_CRM,
    Blocked,
    Conflict,
    Create,
    Decision,
    Keep,
    Locked,
    Remove,
    Unchanged,
    Update,
)
from server.domain.linking import Link
from server.domain.reasons import Code, Reason, reason

Sending = Create | Update | Remove


def is_allowed(task: Row[Any], decision: Sending | Keep | Link) -> bool:
    """Whether this is what the person was shown and what they chose; a push without a choice chooses nothing that has
    to be asked (promise 3, design 5)."""
    return not is_stale(task, decision) and fits(task.choice, decision)


def is_stale(task: Row[Any], decision: Sending | Keep | Link) -> bool:
    """Whether a person was shown something else than what would be sent now."""
    return task.previewed is not None and task.previewed != decision.shown


def fits(choice: str | None, decision: Sending | Keep | Link) -> bool:
    match decision:
        case Link():
            return choice == LINK
        case Keep():
            return choice == KEEP_XERO
        case Remove():
            return choice == REMOVE
        case Create(replaces=old):
            return choice == (SEND_AS_NEW if old else None)
    return choice in (None, SEND_CRM)


def crm_is_ahead(decision: Decision) -> bool | None:
    """Whether something in CRM is not in Xero; None where it could not be told."""
    match decision:
        case Unchanged():
            return False
        case Locked(differences=several):
            return bool(several)
        case Update() | Conflict() | Remove():
            return True
    return None


def outcome_of(task: Row[Any], decision: Decision, crm_status: str | None) -> tuple[str | None, Sequence[Reason]]:
    """How a task ends that writes nothing to Xero; None for one that goes on to be sent."""
    if task.kind == "preview":
        return "previewed", reasons_of(decision)
    match decision:
        case Blocked():
            return "blocked", reasons_of(decision)
        case Locked():
            return "locked", reasons_of(decision)
        case Unchanged():
            return "unchanged", ()
        case Conflict():
            return "conflict", ()
        case Remove() if task.choice != REMOVE:
            return "blocked", [reason(Code.CONFIRM_REMOVAL, status=crm_status or "")]
        case Keep() if is_allowed(task, decision):
            return "unchanged", ()
        case Create() | Update() | Remove() | Link() if is_allowed(task, decision):
            return None, ()
    return "blocked", [reason(Code.CHANGED_SINCE_PREVIEW)]


def reasons_of(decision: Decision) -> Sequence[Reason]:
    """What stands against sending it; of an invoice that is gone for good, against sending it as a new one."""
    match decision:
        case Blocked(reasons=found) | Locked(unlink=Blocked(reasons=found)):
            return found
    return ()
