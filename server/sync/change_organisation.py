"""What happens when a tenant chooses its organisation, or another one than before? Asked first, then all at once.

Links to the former organisation are put aside, not deleted: whoever comes back finds them again after a scan. What was
chosen from its books (accounts, taxes and the like) is emptied, because the same code means another account in others.
The crm turn empties our fields of the invoices that were linked, a hundred a call (sync/write_back.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.tokens import TokenSet
from server.clients.xero import BooksRef, XeroConnection
from server.domain.crm_fields import CORE_FIELDS
from server.domain.reasons import Code, reason
from server.store import connections, left_organisation, tenants
from server.store.left_organisation import Tied
from server.store.turns import CRM, Job, wake
from server.sync.services import Services
from server.sync.set_up import with_organisation
from server.sync.told import reasons_json

# What was chosen from the books, or holds in them only.
OF_THE_BOOKS = (
    "account",
    "taxes",
    "accounts",
    "amounts",
    "rounding_limit",
    "due",
    "rate",
    "products",
    "tracking",
    "theme",
)
PRODUCTION = "production"
MOVED = "moved"  # among the settings that are kept


class MustConfirm(Exception):
    """Somebody has to say that this is meant. `counts`: what would be put aside and emptied."""

    def __init__(self, sentence: str, counts: Mapping[str, int]) -> None:
        super().__init__("confirm_organisation")
        self.sentence = sentence
        self.counts = dict(counts)


class AtWork(Exception):
    """Not now: something is under way to the organisation that would be left. Its name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def ask_first(s: Services, home: Row[Any], grant_id: str, one: XeroConnection) -> None:
    """Raises MustConfirm where this choice is more than a first one between like and like; and the ladder."""
    with s.store.read() as c:
        tied = left_organisation.tied_elsewhere(c, home.id, one.xero_id)
    told = [*([_about_links(home, tied)] if tied else []), *_about_kind(home, one, is_demo(s, grant_id, one))]
    if told:
        raise MustConfirm(" ".join(told), _counts(home, tied))


def is_demo(s: Services, grant: str | TokenSet, one: XeroConnection) -> bool:
    """Whether Xero says that it is a demo company (X8.5). Raises the ladder."""
    return s.xero.organisation(BooksRef("", one.xero_id, grant, click=True)).get("IsDemoCompany") is True


def are_alike(home: Row[Any], *, demo: bool) -> bool:
    """A CRM for tests with a demo company, or the company's CRM with its books."""
    return (home.environment == PRODUCTION) is not demo


def _about_kind(home: Row[Any], one: XeroConnection, demo: bool) -> list[str]:
    if are_alike(home, demo=demo):
        return []
    if demo:
        return [f"{one.name} is Xero's demo company, which loses its data after 28 days."]
    return [f"{home.name} is a test CRM, but {one.name} is a live organisation in Xero."]


def _about_links(home: Row[Any], tied: Sequence[Tied]) -> str:
    names = " and ".join(each.name for each in tied)
    counts = _counts(home, tied)
    invoices, customers = _many(counts["invoices"], "invoice"), _many(counts["customers"], "customer")
    return (
        f"{invoices} and {customers} are tied to {names}. They are put aside, {_many(counts['fields'], 'CRM field')} "
        "of each invoice are emptied, and accounts and taxes must be chosen again."
    )


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _counts(home: Row[Any], tied: Sequence[Tied]) -> dict[str, int]:
    fields = sum(field.name in (home.crm_fields or {}) for field in CORE_FIELDS)
    invoices, customers = sum(each.invoices for each in tied), sum(each.customers for each in tied)
    return {"invoices": invoices, "customers": customers, "fields": fields if tied else 0}


def settings_for(kept: Mapping[str, Any], one: XeroConnection, today: date) -> dict[str, Any]:
    """The settings with this organisation; without what came from another one's books, and with a note that there was
    another one: from then on nothing is suggested unasked."""
    before = kept.get("organisation")
    if before is not None and before != one.xero_id:
        kept = {name: value for name, value in kept.items() if name not in OF_THE_BOOKS} | {MOVED: True}
    return with_organisation(kept, one.xero_id, today)


def leave_others(c: Connection, home: Row[Any], one: XeroConnection, user_id: str) -> list[Job]:
    """Put everything of other organisations aside, in the transaction that saves the choice. Returns jobs to enqueue.

    Nobody may be at work with the former one: from the commit on no call carries its id. Raises AtWork.
    """
    held = connections.held_organisation(c, home.id)  # nothing is stored for it before the commit
    under_way = left_organisation.open_elsewhere(c, home.id, one.xero_id)
    if under_way is not None:
        raise AtWork(under_way)
    before = home.settings.get("organisation")
    tied = left_organisation.tied_elsewhere(c, home.id, one.xero_id)
    if before in (None, one.xero_id) and not tied:
        return []
    if held is not None and left_organisation.at_work(c, home.id):
        raise AtWork(tied[0].name if tied else "the former organisation")
    left_organisation.put_aside(c, home.id, one.xero_id)
    left_organisation.end_open_tasks(c, home.id, reasons_json([reason(Code.NOT_SET_UP)]))
    row = tenants.by_id(c, home.id)
    tenants.set_live(c, home.id, row.settings_version, user_id, live=False)
    return wake(c, home.id, CRM)
