"""Can these settings be used? Each part is held against Xero and CRM as they are now, and every problem is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.xero import BooksRef, XeroConnection
from server.clients.zoho import CrmRef
from server.domain.values import Account, Books, TaxRate
from server.store import connections, links, organisations, tenants
from server.store.engine import without_deadlock
from server.store.turns import CRM, Job, wake
from server.sync.books import books_of, today_of
from server.sync.change_organisation import ask_first, leave_others, settings_for
from server.sync.connect_xero import refuse_taken, tie_to
from server.sync.look_again import look_after_save
from server.sync.mapping_choices import (
    BOOKS_PARTS,
    books_needs,
    books_problems,
    field_problems,
    modules_of,
    written_problems,
)
from server.sync.queues import enqueue
from server.sync.reconnected import go_on
from server.sync.services import Services
from server.sync.set_up import missing

Problems = dict[str, str]
# What a number can be made of; a date or a person can't.
_NUMBER_TYPES = {"text", "autonumber", "integer", "bigint", "formula"}


@dataclass(frozen=True)
class Standing:
    """A tenant and its two connections, as they are at the beginning of a save."""

    tenant: Row[Any]
    zoho: Row[Any] | None
    xero: Row[Any] | None
    organisation: Row[Any] | None


class CannotBeUsed(Exception):
    """Some parts of the settings do not fit; nothing is kept. Field -> what is wrong."""

    def __init__(self, fields: Problems) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class Stale(Exception):
    """Somebody else saved since these settings were read."""


class GatesOpen(Exception):
    """What must be set before the tenant can go live."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def standing(c: Connection, tenant_id: str) -> Standing:
    """Read where a tenant stands."""
    xero = connections.of_tenant(c, tenant_id, "xero")
    chosen = organisations.by_id(c, xero.organisation_id) if xero is not None and xero.organisation_id else None
    return Standing(tenants.by_id(c, tenant_id), connections.of_tenant(c, tenant_id, "zoho"), xero, chosen)


def reachable(s: Services, at: Standing) -> list[XeroConnection]:
    """The organisations that this tenant's Xero consent reaches. Raises the ladder of clients/errors.py."""
    if at.xero is None:
        return []
    return [each for each in s.xero.connections(at.xero.grant_id) if each.kind == "ORGANISATION"]


def usable_accounts(books: Books) -> list[Account]:
    """Accounts that an invoice line may name (X8.2)."""
    return [each for each in books.accounts if each.usable]


def usable_tax_rates(books: Books) -> list[TaxRate]:
    """Tax rates that may stand on a sale (X8.3)."""
    return [each for each in books.tax_rates if each.status == "ACTIVE" and each.revenue]


def _about_start(at: Standing, wanted: Mapping[str, Any]) -> dict[str, str]:
    """Without a start date six years of invoices would be let through."""
    empties = "start_date" in wanted and wanted["start_date"] is None and at.organisation is not None
    return {"start_date": "can't be empty once an organisation is chosen"} if empties else {}


def _written_to(settings: Mapping[str, Any]) -> str | None:
    """The CRM field that shows Xero's own number, where one does."""
    field: str | None = (settings.get("number") or {}).get("write_to")
    return field


def save(s: Services, tenant_id: str, wanted: Mapping[str, Any], seen_version: int, user_id: str) -> None:
    """Keep the given parts, all or none.

    Raises CannotBeUsed, Stale, TurnedAway (the organisation is another tenant's), MustConfirm, AtWork, and the ladder.
    """
    wanted, confirmed = dict(wanted), wanted.get("organisation_confirmed") is True
    wanted.pop("organisation_confirmed", None)
    with s.store.read() as c:
        at = standing(c, tenant_id)
        if at.tenant.settings_version != seen_version:
            raise Stale
    one = _organisation(s, at, wanted)
    if one is not None and at.xero is not None and not confirmed and not _is_there(at, one):
        ask_first(s, at.tenant, at.xero.grant_id, one)
    problems = dict(_about_books(s, at, one, wanted)) | dict(_about_number(s, at, wanted))
    problems |= _about_fields(s, at, wanted) | _about_start(at, wanted)
    problems |= dict(written_problems(at.tenant.settings, wanted))
    if problems:
        raise CannotBeUsed(problems)
    jobs = without_deadlock(lambda: _keep(s, at, one, wanted, seen_version, user_id))
    enqueue(s.redis, jobs, s.times.job_limit)
    if one is None:  # after a change of organisation what was asked for is another's
        look_after_save(s, tenant_id)


def _keep(
    s: Services, at: Standing, one: XeroConnection | None, wanted: Mapping[str, Any], seen_version: int, user_id: str
) -> list[Job]:
    """One transaction; the jobs that it makes necessary."""
    tenant_id, jobs = at.tenant.id, list[Job]()
    with s.store.begin() as c:
        before = at.tenant.settings if one is None else settings_for(at.tenant.settings, one, _today(c, one))
        if not tenants.save_settings(c, tenant_id, {**before, **wanted}, seen_version, user_id):
            raise Stale
        if _written_to(wanted) not in (None, _written_to(at.tenant.settings)):
            links.write_all(c, tenant_id)
            jobs = wake(c, tenant_id, CRM)
        if one is not None and at.xero is not None:
            refuse_taken(c, at.tenant, one)
            jobs += leave_others(c, at.tenant, one, user_id)
            tie_to(c, at.tenant, at.xero.id, one)
            if connections.mend(c, tenant_id, "xero"):  # the former organisation is gone, this one was just reached
                jobs += go_on(c, [tenant_id])
    return jobs


def set_live(s: Services, tenant_id: str, seen_version: int, user_id: str, *, live: bool) -> None:
    """Let everybody push, or nobody but administrators. Raises GatesOpen, Stale."""
    with s.store.begin() as c:
        at = standing(c, tenant_id)
        open_gates = missing(at.tenant, at.zoho, at.xero)
        if live and open_gates:
            raise GatesOpen(open_gates)
        if not tenants.set_live(c, tenant_id, seen_version, user_id, live=live):
            raise Stale


def _today(c: Connection, one: XeroConnection) -> date:
    return today_of(organisations.by_xero_id(c, one.xero_id))


def _is_there(at: Standing, one: XeroConnection) -> bool:
    return at.organisation is not None and at.organisation.xero_id == one.xero_id


def _organisation(s: Services, at: Standing, wanted: Mapping[str, Any]) -> XeroConnection | None:
    """The organisation that is being chosen, if one is. Raises CannotBeUsed, TurnedAway."""
    if "organisation" not in wanted:
        return None
    chosen = wanted["organisation"]
    if chosen is None:
        if at.organisation is None:
            return None
        raise CannotBeUsed({"organisation": "can't be empty once one is chosen; disconnect Xero instead"})
    if at.xero is None:
        raise CannotBeUsed({"organisation": "connect Xero first"})
    one = next((each for each in reachable(s, at) if each.xero_id == chosen), None)
    if one is None:
        raise CannotBeUsed({"organisation": "is not one that the connected Xero user allowed"})
    with s.store.read() as c:
        refuse_taken(c, at.tenant, one)
    return one


def _about_books(s: Services, at: Standing, one: XeroConnection | None, wanted: Mapping[str, Any]) -> Problems:
    """What is wrong with account and taxes. What was added in Xero a minute ago is seen by a second, fresh look."""
    given = [part for part in ("account", "taxes", *BOOKS_PARTS) if wanted.get(part)]
    if not given:
        return {}
    ref = _ref(s, at, one)
    if ref is None:
        return dict.fromkeys(given, "choose the organisation first")
    needs = books_needs(wanted)
    for max_age_s in (None, 0):
        books = books_of(s, ref, tenant_id=at.tenant.id, needs=needs, max_age_s=max_age_s)
        problems = dict(_account_problem(books, wanted)) | dict(_tax_problems(books, wanted))
        problems |= dict(books_problems(books, wanted))
        if not problems:
            break
    return problems


def _ref(s: Services, at: Standing, one: XeroConnection | None) -> BooksRef | None:
    """Whose books to look into: those of the organisation that is being chosen, or was before."""
    row = at.organisation
    if one is not None and (row is None or row.xero_id != one.xero_id):
        with s.store.begin() as c:
            row = organisations.upsert(c, one.xero_id, one.name)
    if row is None or at.xero is None:
        return None
    return BooksRef(row.id, row.xero_id, at.xero.grant_id, click=True)


def _account_problem(books: Books, wanted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    code = wanted.get("account")
    if code and code not in {each.code for each in usable_accounts(books)}:
        yield "account", f"{code} is no account of {books.name} that invoices can use"


def _tax_problems(books: Books, wanted: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    usable = {each.tax_type: each for each in usable_tax_rates(books)}
    for position, rule in enumerate(wanted.get("taxes") or ()):
        found = usable.get(rule["tax_type"])
        if found is None:
            yield f"taxes.{position}.tax_type", f"{books.name} has no such tax rate for sales"
        elif found.rate != Decimal(rule["rate"]):
            yield f"taxes.{position}.rate", f"{found.name} is {found.rate.normalize():f} %"


def _about_fields(s: Services, at: Standing, wanted: Mapping[str, Any]) -> Problems:
    """What is wrong with the CRM fields that the mapping names."""
    modules = modules_of(wanted)
    if not modules:
        return {}
    if at.zoho is None:
        return dict.fromkeys((place for place, _ in field_problems({}, wanted)), "connect Zoho CRM first")
    crm = CrmRef(at.tenant.id, at.zoho.grant_id, at.zoho.api_domain, click=True)
    fields = {
        module: {str(each.get("api_name")): each for each in s.zoho.fields(crm, module)} for module in sorted(modules)
    }
    return dict(field_problems(fields, wanted, at.tenant.crm_fields.values()))


def _about_number(s: Services, at: Standing, wanted: Mapping[str, Any]) -> Problems:
    number = wanted.get("number")
    part, types = ("field", _NUMBER_TYPES) if (number or {}).get("from") == "field" else ("write_to", {"text"})
    if not number or not number.get(part):
        return {}
    where = f"number.{part}"
    if at.zoho is None:
        return {where: "connect Zoho CRM first"}
    crm = CrmRef(at.tenant.id, at.zoho.grant_id, at.zoho.api_domain, click=True)
    found = next((each for each in s.zoho.fields(crm, "Invoices") if each.get("api_name") == number[part]), None)
    if found is None:
        return {where: "CRM's invoices have no such field"}
    if found.get("data_type") not in types or number[part] in at.tenant.crm_fields.values():
        return {where: "can't hold a number"}
    return {}
