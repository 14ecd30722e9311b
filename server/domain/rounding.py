"""What if the two totals are cents apart? A visible line where rounding explains it and the tenant allows it, or a
reason that says which part of the invoice differs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from server.domain.crm_invoice import CrmInvoice
from server.domain.crm_total import RowSum
from server.domain.money import ADJUSTMENT, CENT, DISCOUNT, ROW, WIDE, Line, added, is_whole, rounded_up, totals
from server.domain.our_lines import rounding_line
from server.domain.reasons import Code, Reason, reason
from server.domain.taxes import HEADER_TAX, INCLUSIVE, ROW_TAXES, about_line, zero_rule
from server.domain.values import Books, Settings
from server.domain.wording import apart_text, money_text

LARGEST_LIMIT = Decimal("0.50")
PART_WORDS = {
    "rows": "the lines",
    "discount": "the discount",
    "tax": "the tax",
    "adjustment": "the adjustment",
}


@dataclass(frozen=True)
class Counted:
    """An invoice whose lines are all known, and how CRM counts it."""

    crm: CrmInvoice
    lines: tuple[Line, ...]
    sums: tuple[RowSum, ...]
    way: str
    unit: Decimal
    currency: str


def closed_gap(it: Counted, settings: Settings, books: Books) -> tuple[Line | None, list[Reason]]:
    """The line that makes both totals the same, or why there is none; neither where they are the same already."""
    predicted, wanted = totals(it.lines).total, it.crm.grand_total
    if wanted is None or wanted == predicted or not is_whole(wanted, CENT):
        return None, []  # a total that is finer than a cent is refused for that
    gap = wanted - predicted
    if abs(gap) > explainable(it) or not is_whole(gap, CENT):
        return None, [apart(it, predicted, wanted)]
    limit = min(settings.rounding_limit, LARGEST_LIMIT)
    if abs(gap) > limit:
        return None, [_beyond(it, predicted, wanted, limit)]
    zero, account = zero_rule(settings), books.rounding_account
    if zero is None:
        return None, [reason(Code.ZERO_RATE_UNMAPPED, what="the rounding")]
    if account is None:
        return None, [reason(Code.ROUNDING_ACCOUNT_MISSING, apart=apart_text(abs(gap), it.currency))]
    line = rounding_line(gap, zero, account, inclusive=it.way == INCLUSIVE)
    problems = list(about_line(line, books))
    return (None if problems else line), problems


def explainable(it: Counted) -> Decimal:
    """Half of CRM's smallest unit for each taxed line and for its own total, rounded up to that unit."""
    taxed = sum(1 for line in it.lines if line.tax_rate)
    with localcontext(WIDE):
        return rounded_up(it.unit / 2 * (taxed + 1), it.unit)


def _beyond(it: Counted, predicted: Decimal, wanted: Decimal, limit: Decimal) -> Reason:
    gap = abs(wanted - predicted)
    more = gap > LARGEST_LIMIT
    return reason(
        Code.ROUNDING_TOO_LARGE if more else Code.ROUNDING_BEYOND_LIMIT,
        apart=apart_text(gap, it.currency),
        crm=money_text(wanted, it.currency),
        xero=money_text(predicted, it.currency),
        allow=money_text(gap, it.currency),
        limit=money_text(limit, it.currency) if limit > 0 else "nothing",
    )


def apart(it: Counted, predicted: Decimal, wanted: Decimal) -> Reason:
    """Both totals, and the part of the invoice in which they differ most."""
    gaps = _gaps(it)
    worst = max(gaps, key=lambda part: abs(gaps[part]))
    return totals_apart(it.currency, wanted, predicted, PART_WORDS[worst])


def totals_apart(currency: str, crm: Decimal, xero: Decimal, part: str = PART_WORDS["rows"]) -> Reason:
    return reason(
        Code.TOTALS_DIFFER,
        apart=apart_text(abs(crm - xero), currency),
        crm=money_text(crm, currency),
        xero=money_text(xero, currency),
        part=part,
    )


def _gaps(it: Counted) -> dict[str, Decimal]:
    """CRM's figure less Xero's, for each part."""
    rows = [line for line in it.lines if line.part == ROW]
    off = [line for line in it.lines if line.part == DISCOUNT]
    more = [line for line in it.lines if line.part == ADJUSTMENT]
    gross_off = it.way in (ROW_TAXES, INCLUSIVE)
    row_tax = added(line.tax for line in rows)
    off_tax = added(line.tax for line in off)
    with localcontext(WIDE):
        crm_tax = it.crm.tax if it.way == HEADER_TAX else added(each.tax for each in it.sums)
        xero_tax = row_tax + (off_tax if it.way == HEADER_TAX else 0)
        return {
            "rows": added(each.after for each in it.sums) - added(line.amount for line in rows),
            "discount": -it.crm.discount
            - added(line.amount + (line.tax if gross_off and not line.inclusive else 0) for line in off),
            "tax": crm_tax - (Decimal(0) if it.way == INCLUSIVE else xero_tax),
            "adjustment": it.crm.adjustment - added(line.amount for line in more),
        }
