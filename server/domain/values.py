"""What may a decision depend on besides the records? The tenant's settings and what Xero's books allow, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from server.domain.terms import Terms

MOST_TRACKING = 2  # categories on a line (X6.1)
ACCOUNT, CONTACT = "account", "contact"


@dataclass(frozen=True)
class TaxRule:
    """A set of CRM's taxes, by name, that adds up to `rate` percent goes to this tax type of Xero's.

    Without names the rule is for every set of that rate that has no rule of its own; an empty set is no tax.
    """

    rate: Decimal
    tax_type: str
    taxes: frozenset[str] | None = None


@dataclass(frozen=True)
class NumberRule:
    """Whose number an invoice bears: that of a CRM field ("field"), or the next of Xero's series ("xero"), which then
    is written to the CRM field `write_to`, where there is one."""

    source: str
    field: str | None = None
    write_to: str | None = None


@dataclass(frozen=True)
class AmountsRule:
    """Whether CRM's prices hold the tax already, and which one. An invoice's own `field` overrules `inclusive`."""

    inclusive: bool = False
    tax_type: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class AccountRule:
    """Where a line is booked besides the tenant's account: by the product's field, else by its category; discounts and
    adjustments may have accounts of their own."""

    product_field: str | None = None
    by_category: Mapping[str, str] = field(default_factory=dict)
    discount: str | None = None
    adjustment: str | None = None


@dataclass(frozen=True)
class DueRule:
    """Whose due date: CRM's ("crm"), by the contact's terms in Xero ("terms"), or so many days on ("days")."""

    source: str = "crm"
    days: int = 0


@dataclass(frozen=True)
class RateRule:
    """Whose exchange rate: Xero's of the day ("xero"), or that of CRM's `field` ("crm"), once `home_total`, a field
    that holds the total in the home currency, has shown which way it is meant (Z5.9)."""

    source: str = "xero"
    field: str = "Exchange_Rate"
    home_total: str | None = None


@dataclass(frozen=True)
class TrackingRule:
    """Which option of a category a line bears: that of a field of the "invoice", the "line" or its "product", or a
    "fixed" one."""

    category: str
    source: str
    field: str | None = None
    option: str | None = None


@dataclass(frozen=True)
class ThemeRule:
    """Under which branding theme it is printed: by name in CRM's field, else the one that is named here."""

    field: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class CustomerRule:
    """Whom an invoice goes to: its account or its contact in CRM; and what a new contact in Xero is told of it."""

    source: str = ACCOUNT
    address: bool = True
    phone: bool = True
    tax_number_field: str | None = None

    @property
    def module(self) -> str:
        return "Contacts" if self.source == CONTACT else "Accounts"

    @property
    def by_email(self) -> bool:
        """A person has an address of their own; a firm's is often shared."""
        return self.source == CONTACT


@dataclass(frozen=True)
class Settings:
    """What an administrator chose. Statuses: CRM value -> DRAFT, SUBMITTED, AUTHORISED or REMOVED; others are not sent.

    home_currency is the CRM org's own: records have no Currency field while the org keeps one currency (Z6).
    rounding_limit: the largest rounding line, in units of the currency; 0 means never.
    products: what becomes of their codes: "off" (not sent), and for those that Xero lacks "without", "block", "create".
    start_date: invoices dated before it are never sent as new ones; None where nobody set one.
    """

    account: str | None = None
    taxes: tuple[TaxRule, ...] = ()
    statuses: Mapping[str, str] = field(default_factory=dict)
    number: NumberRule | None = None
    home_currency: str | None = None
    amounts: AmountsRule = AmountsRule()
    accounts: AccountRule = AccountRule()
    rounding_limit: Decimal = Decimal("0.05")
    due: DueRule = DueRule()
    rate: RateRule = RateRule()
    products: str = "off"
    tracking: tuple[TrackingRule, ...] = ()
    theme: ThemeRule | None = None
    reference_field: str | None = None
    start_date: date | None = None
    rights: Mapping[str, Sequence[str] | None] = field(default_factory=dict)
    customers: CustomerRule = CustomerRule()

    @property
    def complete(self) -> bool:
        return bool(self.account and self.taxes and self.statuses and self.number)

    @property
    def product_fields(self) -> frozenset[str]:
        """The fields of CRM's products that a decision needs; none where products need not be read."""
        names = {rule.field for rule in self.tracking if rule.source == "product"}
        names |= {self.accounts.product_field, "Product_Category" if self.accounts.by_category else None}
        return frozenset(name for name in names if name)


@dataclass(frozen=True)
class Account:
    code: str
    name: str
    status: str
    type: str
    system: str  # "" for an ordinary account
    kind: str = "REVENUE"  # Xero's Class

    @property
    def usable(self) -> bool:
        """Whether an invoice line may name it (X8.2)."""
        return self.status == "ACTIVE" and self.type != "BANK" and not self.system


@dataclass(frozen=True)
class TaxRate:
    tax_type: str
    name: str
    rate: Decimal  # percent; Xero's EffectiveRate
    status: str
    revenue: bool  # may stand on a revenue account
    expense: bool = False  # may stand on an expense account

    def goes_with(self, account: Account) -> bool:
        """Whether Xero takes the pair (X8.3); of the other classes of accounts nothing is known."""
        return {"REVENUE": self.revenue, "EXPENSE": self.expense}.get(account.kind, True)


@dataclass(frozen=True)
class Books:
    """The organisation as the connecting person sees it (X6.4): today is its own day.

    Sets that were not read, because no setting asks for them, are empty. tracking: category -> its options;
    themes: name -> id; terms: the organisation's own, for contacts that have none. makes_products: whether the
    consent lets us make products.
    """

    name: str
    base_currency: str
    accounts: tuple[Account, ...]
    tax_rates: tuple[TaxRate, ...]
    today: date
    period_lock: date | None = None
    year_lock: date | None = None
    passes_period_lock: bool = False
    currencies: frozenset[str] = frozenset()
    product_codes: frozenset[str] = frozenset()
    tracking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    terms: Terms | None = None
    makes_products: bool = True

    def product_code(self, code: str) -> str | None:
        """The code as Xero spells it, which takes one in any case for the same; None where it has no such product."""
        return code if code in self.product_codes else self._folded_codes.get(code.casefold())

    @cached_property
    def _folded_codes(self) -> Mapping[str, str]:
        return {each.casefold(): each for each in sorted(self.product_codes)}

    def account(self, code: str | None) -> Account | None:
        return next((each for each in self.accounts if each.code == code), None)

    def tax_rate(self, tax_type: str) -> TaxRate | None:
        """The rate in use; one that is not used any more only where there is no other (X8.3)."""
        found = [each for each in self.tax_rates if each.tax_type == tax_type]
        return next((each for each in found if each.status == "ACTIVE"), found[0] if found else None)

    @property
    def rounding_account(self) -> str | None:
        """The account that Xero itself rounds to; its code is each organisation's own (X6.5)."""
        found = (each.code for each in self.accounts if each.system == "ROUNDING" and each.status == "ACTIVE")
        return next(found, None)

    def keeps(self, currency: str) -> bool:
        """Whether invoices can be written in it."""
        return currency == self.base_currency or currency in self.currencies

    def closed_up_to(self) -> date | None:
        """The last day of the closed period, for the person who connected; None where nothing is closed."""
        period = None if self.passes_period_lock else self.period_lock
        return max((day for day in (period, self.year_lock) if day), default=None)

    def is_closed(self, day: date | None) -> bool:
        closed = self.closed_up_to()
        return closed is not None and day is not None and day <= closed
