"""What may a person do here? By the profile that CRM gave them; administrators may all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.domain.decide import KEEP_XERO, LINK, REMOVE, SEND_AS_NEW, SEND_CRM, Create, Decision, Update
from server.domain.reasons import Code, Reason, reason

PREVIEW, PUSH, APPROVE, OVERWRITE, CHOOSE, TAKE_OUT = "preview", "push", "approve", "overwrite", "choose", "remove"
RIGHTS = (PREVIEW, PUSH, APPROVE, OVERWRITE, CHOOSE, TAKE_OUT)
EVERYBODYS = frozenset({PREVIEW, PUSH})  # until an administrator says otherwise
# What a choice needs besides the right to push.
CHOICE_NEEDS = {KEEP_XERO: OVERWRITE, SEND_CRM: OVERWRITE, REMOVE: TAKE_OUT, SEND_AS_NEW: TAKE_OUT, LINK: PUSH}
Rules = Mapping[str, Sequence[str] | None]


def rights_of(rules: Rules, profile_id: str | None, *, administrator: bool) -> frozenset[str]:
    """Whoever has no profile has what everybody has; a rule that is not there is as usual."""
    if administrator:
        return frozenset(RIGHTS)
    return frozenset(name for name in RIGHTS if _has(name, rules.get(name), profile_id))


def _has(name: str, profiles: Sequence[str] | None, profile_id: str | None) -> bool:
    return name in EVERYBODYS if profiles is None else profile_id in profiles


def forbidden(decision: Decision, rights: frozenset[str]) -> Reason | None:
    """Why this may not be sent by whoever asked: what arrives approved is locked at once, and binds the company."""
    if APPROVE in rights or not approves(decision):
        return None
    return reason(Code.MAY_NOT_APPROVE)


def approves(decision: Decision) -> bool:
    """Whether it would stand in Xero as approved that was not before."""
    match decision:
        case Create(draft=draft):
            return draft.status == "AUTHORISED"
        case Update(both=both, seen=seen):
            return both.draft.status == "AUTHORISED" and seen.differs_in("status")
    return False
