"""May this person have this done? 403 with what they lack, 409 before the company goes live."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn
from server.domain.rights import PREVIEW
from server.store import tenants
from server.sync.footing import footing
from server.sync.rights import MayNot, NotLive, demand, rights_in
from server.sync.whom_to_ask import administrators_of

WORDS = {
    "preview": "look at what would be sent",
    "push": "send invoices to Xero",
    "approve": "approve invoices",
    "overwrite": "choose between CRM's version and Xero's",
    "choose": "choose customers",
    "remove": "take invoices out of Xero",
}


def rights_of(who: SignedIn) -> frozenset[str]:
    """What this person may do, by what the settings say today."""
    with services().store.read() as c:
        home = tenants.by_id(c, who.tenant_id)
    return rights_in(home, who.profile_id, administrator=who.administrator)


def may_see_previews(who: SignedIn, asked_by: str | None) -> bool:
    """Of a run of one's own, and of others' where one may preview oneself."""
    return asked_by == who.user_id or PREVIEW in rights_of(who)


def rights_or_refusal(
    who: SignedIn, kind: str, record_ids: Collection[str] | None, choices: Iterable[str]
) -> frozenset[str]:
    """The rights with which the work is done; without ids CRM is to find the records. Raises Problem."""
    s = services()
    with s.store.read() as c:
        home = tenants.by_id(c, who.tenant_id)
    rights = rights_in(home, who.profile_id, administrator=who.administrator)
    count = None if record_ids is None else len(record_ids)
    try:
        demand(home, rights, kind, count, choices, administrator=who.administrator)
    except MayNot as refused:
        raise may_not(refused.lacking) from None
    except NotLive:
        ground = footing(s, who.tenant_id, click=True)
        names = " or ".join(administrators_of(s, ground)) or "a CRM administrator"
        raise Problem(409, "not_live", f"InvoiceBridge is not set up yet. Ask {names}.") from None
    return rights


def may_not(lacking: Iterable[str]) -> Problem:
    told = {name: f"You may not {WORDS[name]}." for name in sorted(lacking)}
    return Problem(403, "may_not", " ".join(told.values()) + " Ask an admin.", told)
