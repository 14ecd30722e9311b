"""Which exchange rate goes along? Xero's own, or CRM's once its direction is proved by CRM's own totals (Z5.9)."""

from __future__ import annotations

from decimal import Decimal, localcontext

from server.domain.crm_invoice import CrmInvoice
from server.domain.fields import number
from server.domain.money import CENT, NOTHING, WIDE, rounded
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Books, Settings

STEP = Decimal("0.000001")  # X6.1: [18].[6]
# CRM's total in its home currency is rounded to a cent, and so may the rate be to a few digits.
CLOSE = Decimal("0.005")


def rate_of(crm: CrmInvoice, currency: str, settings: Settings, books: Books) -> tuple[Decimal | None, list[Reason]]:
    """Units of the invoice's currency for one of the books'; None leaves it to Xero."""
    rule = settings.rate
    if rule.source != "crm" or currency == books.base_currency:
        return None, []
    given, home = number(crm.record.get(rule.field)), number(crm.record.get(rule.home_total or ""))
    if given is None or given <= 0:
        return None, [reason(Code.RATE_MISSING, that_field=rule.field)]
    total = crm.grand_total or NOTHING
    if not total or not home or settings.home_currency != books.base_currency:
        return None, [reason(Code.RATE_UNPROVED, that_field=rule.home_total or rule.field)]
    with localcontext(WIDE):
        (off, inverse), (other, _) = sorted([(abs(total / given - home), False), (abs(total * given - home), True)])
        if off > max(abs(home) * CLOSE, CENT) or (given != 1 and other - off <= CENT):  # or both would do
            return None, [reason(Code.RATE_UNPROVED, that_field=rule.home_total or rule.field)]
        found = rounded(1 / given if inverse else given, STEP)
    return (found, []) if found > 0 else (None, [reason(Code.RATE_MISSING, that_field=rule.field)])
