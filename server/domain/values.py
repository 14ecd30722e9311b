"""What may a decision depend on besides the records? The tenant's settings and what Xero's books allow, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class TaxRule:
    """CRM's rate in percent goes to this tax type of Xero's."""

    rate: Decimal
    tax_type: str


@dataclass(frozen=True)
class NumberRule:
    """Whose number an invoice bears: that of a CRM field ("field"), or the next of Xero's series ("xero")."""

    source: str
    field: str | None = None


@dataclass(frozen=True)
class Settings:
    """What an administrator chose. Statuses: CRM value -> DRAFT, SUBMITTED or AUTHORISED; others are not sent.

    home_currency is the CRM org's own: records have no Currency field while the org keeps one currency (Z6).
    """

    account: str | None = None
    taxes: tuple[TaxRule, ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)
    number: NumberRule | None = None
    home_currency: str | None = None

    @property
    def complete(self) -> bool:
        return bool(self.account and self.taxes and self.statuses and self.number)


@dataclass(frozen=True)
class Account:
    code: str
    name: str
    status: str
    type: str
    system: str  # "" for an ordinary account


@dataclass(frozen=True)
class TaxRate:
    tax_type: str
    name: str
    rate: Decimal  # percent; Xero's EffectiveRate
    status: str
    revenue: bool  # may stand on a revenue account


@dataclass(frozen=True)
class Books:
    """The organisation as the connecting person sees it (X6.4): today is its own day."""

    name: str
    base_currency: str
    accounts: tuple[Account, ...]
    tax_rates: tuple[TaxRate, ...]
    today: date
    period_lock: date | None = None
    year_lock: date | None = None
    passes_period_lock: bool = False

    def account(self, code: str | None) -> Account | None:
        return next((each for each in self.accounts if each.code == code), None)

    def tax_rate(self, tax_type: str) -> TaxRate | None:
        """The rate in use; one that is not used any more only where there is no other (X8.3)."""
        found = [each for each in self.tax_rates if each.tax_type == tax_type]
        return next((each for each in found if each.status == "ACTIVE"), found[0] if found else None)

    def closed_up_to(self) -> date | None:
        """The last day of the closed period, for the person who connected; None where nothing is closed."""
        period = None if self.passes_period_lock else self.period_lock
        return max((day for day in (period, self.year_lock) if day), default=None)

    def is_closed(self, day: date | None) -> bool:
        closed = self.closed_up_to()
        return closed is not None and day is not None and day <= closed
