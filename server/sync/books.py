"""What do an organisation's books allow today? Its reference data, read from Xero and kept for five minutes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from server.clients.errors import Disconnected, TryLater
from server.clients.xero import BooksRef
from server.domain.fields import day, number
from server.domain.terms import Terms, sales_terms
from server.domain.values import Account, Books, TaxRate
from server.store import connections, organisations
from server.store.engine import now
from server.sync.footing import Footing
from server.sync.reference_data import CURRENCIES, PRODUCTS, THEMES, TRACKING, needs_of, read_more
from server.sync.services import Services
from server.sync.zones import day_in

MAX_AGE_S = 300
# For what is only shown, or kept beside a proved answer: no call is worth it.
ANY_AGE = float("inf")
# While Xero is disturbed, what was read within the hour will do: Xero checks every write against its own books.
MAX_AGE_IN_TROUBLE_S = 3600
MAKES_PRODUCTS = "accounting.settings"  # the scope that lets us write products (X2.4)
_PASSES = "ApproveTransactionsBeforePeriodLockDate"
_ORGANISATION_KEYS = (
    "Name",
    "BaseCurrency",
    "CountryCode",
    "Timezone",
    "ShortCode",
    "PeriodLockDate",
    "EndOfYearLockDate",
)
_ACCOUNT_KEYS = ("Code", "Name", "Status", "Type", "Class", "SystemAccount")
_TAX_KEYS = ("TaxType", "Name", "EffectiveRate", "Status", "CanApplyToRevenue", "CanApplyToExpenses")


def books_for(s: Services, ground: Footing, *, needs: Collection[str] = (), max_age_s: float | None = None) -> Books:
    """The books of a tenant's organisation, with what its settings need of it and what is asked for besides.

    Raises the ladder of clients/errors.py.
    """
    if ground.books is None:
        raise Disconnected("xero", "not_connected")
    all_needs = needs_of(ground.settings) | set(needs)
    books = books_of(s, ground.books, tenant_id=ground.tenant.id, needs=all_needs, max_age_s=max_age_s)
    return replace(books, makes_products=MAKES_PRODUCTS in ground.books_scopes)


def books_of(
    s: Services, ref: BooksRef, *, tenant_id: str, needs: Collection[str] = (), max_age_s: float | None = None
) -> Books:
    """The same for an organisation that is only being chosen. What is kept is used while it is young enough."""
    kept, age_s, present = _kept(s, ref.organisation_id)
    if kept is None or age_s > (MAX_AGE_S if max_age_s is None else max_age_s):
        try:
            others = set((kept or {}).get("more") or {})  # what another setting or screen needed a while ago
            kept = {**_read(s, ref), "more": read_more(s, ref, {*needs, *others})}
        except TryLater:
            if kept is None or age_s > MAX_AGE_IN_TROUBLE_S:
                raise
        else:
            with s.store.begin() as c:
                organisations.save_books(c, ref.organisation_id, kept)
                connections.mark_good(c, tenant_id, "xero")
    return books_from(kept if max_age_s == ANY_AGE else _with_more(s, ref, kept, needs), present)


def _with_more(s: Services, ref: BooksRef, kept: Mapping[str, Any], needs: Collection[str]) -> Mapping[str, Any]:
    """Read what nobody needed so far."""
    there = kept.get("more") or {}
    lacking = set(needs) - set(there)
    if not lacking:
        return kept
    found = read_more(s, ref, lacking)
    with s.store.begin() as c:
        row = organisations.by_id(c, ref.organisation_id)
        if row is not None and row.books is not None:  # others may have read it anew meanwhile
            more = {**(row.books.get("more") or {}), **found}
            organisations.save_more(c, row.id, {**row.books, "more": more})
    return {**kept, "more": {**there, **found}}


def kept_books(row: Row[Any] | None) -> Books | None:
    """What an organisation's row holds, whatever its age; None when nothing was read so far."""
    return books_from(row.books, datetime.now(UTC)) if row is not None and row.books else None


def today_of(row: Row[Any] | None) -> date:
    """The organisation's own day; without one the UTC day."""
    told = row.books["organisation"] if row is not None and row.books else {}
    return day_in(told.get("Timezone"), told.get("CountryCode"), datetime.now(UTC))


def books_from(kept: Mapping[str, Any], present: datetime) -> Books:
    """Kept reference data as a value, on this day of the organisation's."""
    told, more = kept["organisation"], kept.get("more") or {}
    terms = kept.get("terms")
    return Books(
        name=str(told.get("Name") or ""),
        base_currency=str(told.get("BaseCurrency") or ""),
        accounts=tuple(_account(each) for each in kept["accounts"]),
        tax_rates=tuple(_tax_rate(each) for each in kept["tax_rates"]),
        today=day_in(told.get("Timezone"), told.get("CountryCode"), present),
        period_lock=day(told.get("PeriodLockDate")),
        year_lock=day(told.get("EndOfYearLockDate")),
        passes_period_lock=kept["passes_period_lock"] is True,
        currencies=frozenset(more.get(CURRENCIES, ())),
        product_codes=frozenset(more.get(PRODUCTS, ())),
        tracking={name: tuple(options) for name, options in more.get(TRACKING, ())},
        themes=dict(more.get(THEMES, ())),
        terms=Terms(terms["day"], terms["kind"]) if terms else None,
    )


def _kept(s: Services, organisation_id: str) -> tuple[Mapping[str, Any] | None, float, datetime]:
    with s.store.read() as c:
        row = organisations.by_id(c, organisation_id)
        present = now(c)
    if row is None or row.books is None or row.books_at is None:
        return None, 0.0, present
    return row.books, (present - row.books_at).total_seconds(), present


def _read(s: Services, ref: BooksRef) -> dict[str, Any]:
    """Four calls. Only what a decision needs is kept, and no names of people."""
    told = s.xero.organisation(ref)
    terms = sales_terms(told)
    allowed = {row.get("Name") for row in s.xero.actions(ref) if row.get("Status") == "ALLOWED"}
    return {
        "organisation": _only(told, _ORGANISATION_KEYS),
        "terms": {"day": terms.day, "kind": terms.kind} if terms else None,
        "accounts": [_only(row, _ACCOUNT_KEYS) for row in _coded(s.xero.accounts(ref))],
        "tax_rates": [_only(row, _TAX_KEYS) for row in s.xero.tax_rates(ref)],
        "passes_period_lock": _PASSES in allowed,
    }


def _coded(accounts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Bank accounts may have no code; a line can't name them."""
    return [row for row in accounts if row.get("Code")]


def _only(row: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: _plain(row[key]) for key in keys if row.get(key) is not None}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _account(row: Mapping[str, Any]) -> Account:
    names = ("Code", "Name", "Status", "Type", "SystemAccount", "Class")
    return Account(*(str(row.get(name) or "") for name in names))


def _tax_rate(row: Mapping[str, Any]) -> TaxRate:
    return TaxRate(
        tax_type=str(row.get("TaxType") or ""),
        name=str(row.get("Name") or ""),
        rate=number(row.get("EffectiveRate")) or Decimal(0),
        status=str(row.get("Status") or ""),
        revenue=row.get("CanApplyToRevenue") is not False,
        expense=row.get("CanApplyToExpenses") is not False,
    )
