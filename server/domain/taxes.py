"""Which of Xero's tax types does a set of CRM's taxes become? By the tenant's rules; what they don't cover is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from server.domain.crm_invoice import NO_RATE, CrmInvoice, CrmTax
from server.domain.money import NOTHING, Line, trimmed
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Account, Books, Settings, TaxRule

# How CRM counts the tax of an invoice (Z6).
NO_TAX, ROW_TAXES, HEADER_TAX, INCLUSIVE = "no_tax", "row_taxes", "header_tax", "inclusive"
YES = ("true", "yes", "1", "inclusive", "tax inclusive")
NO = ("false", "no", "0", "exclusive", "tax exclusive")


@dataclass(frozen=True)
class TaxSet:
    """The taxes that lie on a line or on the whole invoice, by name, and what they add up to in percent.

    A tax of 0 % beside others is one that was taken off (Z7.2); alone it is a set of its own.
    """

    names: tuple[str, ...]
    rate: Decimal

    @property
    def words(self) -> str:
        return " + ".join(self.names)


def tax_set(taxes: Iterable[CrmTax]) -> TaxSet:
    several = list(taxes)
    those = [tax for tax in several if tax.rate != 0] or several
    names = tuple(dict.fromkeys(tax.name for tax in those))
    return TaxSet(names, sum((tax.rate for tax in those), NOTHING))


def rule_for(taxes: TaxSet, settings: Settings) -> TaxRule | None:
    """The rule of exactly this set, else the one for its rate; with the rate that the taxes have today, which Xero's
    must be, too."""
    found = _kept_rule(taxes, settings)
    return None if found is None else replace(found, rate=taxes.rate)


def _kept_rule(taxes: TaxSet, settings: Settings) -> TaxRule | None:
    named = frozenset(taxes.names)
    exact = next((rule for rule in settings.taxes if rule.taxes == named), None)
    by_rate = (rule for rule in settings.taxes if rule.taxes is None and rule.rate == taxes.rate)
    return exact or next(by_rate, None)


def zero_rule(settings: Settings) -> TaxRule | None:
    """The type for what bears no tax: lines without one, adjustments, rounding."""
    found = _kept_rule(TaxSet((), NOTHING), settings)
    return found if found is not None and found.rate == 0 else None


def way_of(crm: CrmInvoice, settings: Settings) -> tuple[str | None, list[Reason]]:
    """How its tax is counted; None, with the reason, where that cannot be told or is done twice."""
    on_rows = any(tax.rate != 0 for row in crm.rows for tax in row.taxes)
    on_header = crm.tax != 0 or any(tax.rate != 0 for tax in crm.taxes)
    inclusive, unclear = _inclusive(crm, settings)
    problems = [*unclear]
    if on_rows and on_header:
        problems.append(reason(Code.TAX_ON_TAX))
    if inclusive and (on_rows or on_header):
        problems.append(reason(Code.TAX_BOTH_WAYS))
    if problems:
        return None, problems
    if inclusive:
        return INCLUSIVE, []
    return (ROW_TAXES if on_rows else HEADER_TAX if on_header else NO_TAX), []


def _inclusive(crm: CrmInvoice, settings: Settings) -> tuple[bool, list[Reason]]:
    """What the invoice says of itself, where the tenant has a field for it, else what the tenant says of all."""
    rule = settings.amounts
    value = crm.record.get(rule.field) if rule.field else None
    said = str(value).casefold() if isinstance(value, bool) else (crm.value_of(rule.field or "") or "").casefold()
    if said in YES or said in NO:
        return said in YES, []
    if said:
        return False, [reason(Code.AMOUNTS_UNCLEAR, that_field=rule.field or "", value=said)]
    return rule.inclusive, []


def header_rule(crm: CrmInvoice, way: str, settings: Settings, books: Books) -> tuple[TaxRule | None, list[Reason]]:
    """The one rule for every line, where the whole invoice has one: its total tax, or the one its prices hold."""
    if way == INCLUSIVE:
        return _inclusive_rule(settings, books)
    if way != HEADER_TAX or not is_readable(crm.taxes):
        return None, []
    taxes = tax_set(crm.taxes)
    rule = rule_for(taxes, settings)
    if rule is None:
        return None, [reason(Code.HEADER_TAX_UNMAPPED, tax=taxes.words)] if settings.taxes else []
    problems = [*about_rate(rule, taxes.rate, books)]
    return (None if problems else rule), problems


def _inclusive_rule(settings: Settings, books: Books) -> tuple[TaxRule | None, list[Reason]]:
    found = books.tax_rate(settings.amounts.tax_type) if settings.amounts.tax_type else None
    if found is None or found.status != "ACTIVE" or not found.revenue:
        name = (found.name if found else "") or settings.amounts.tax_type or ""
        return None, [reason(Code.INCLUSIVE_UNMAPPED, tax_type=name)]
    return TaxRule(found.rate, found.tax_type), []


def about_rate(rule: TaxRule, rate: Decimal, books: Books) -> Iterator[Reason]:
    """The matched type must still exist, and its EffectiveRate be what CRM's taxes add up to."""
    found, percent = books.tax_rate(rule.tax_type), f"{trimmed(rate):f}"
    if found is None or found.status != "ACTIVE" or not found.revenue:
        yield reason(Code.TAX_TYPE_GONE, tax_type=(found.name if found else "") or rule.tax_type, rate=percent)
    elif found.rate != rate:
        yield reason(Code.TAX_RATE_MOVED, tax_type=found.name, actual=f"{trimmed(found.rate):f}", rate=percent)


def about_pair(rule: TaxRule, account: Account, books: Books) -> Iterator[Reason]:
    """Xero refuses some types on some accounts (X8.3, X10)."""
    found = books.tax_rate(rule.tax_type)
    if found is not None and found.revenue and not found.goes_with(account):
        yield reason(Code.TAX_ACCOUNT_PAIR, tax_type=found.name, account=f"{account.code} {account.name}")


def about_line(line: Line, books: Books) -> Iterator[Reason]:
    """The same of a line that is ours: its type is the tenant's choice, too, and may have gone since."""
    rule, account = TaxRule(line.tax_rate, line.tax_type), books.account(line.account)
    yield from about_rate(rule, rule.rate, books)
    if account is not None:
        yield from about_pair(rule, account, books)


def is_readable(taxes: Iterable[CrmTax]) -> bool:
    return all(tax.rate != NO_RATE for tax in taxes)
