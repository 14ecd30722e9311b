"""How does CRM's own total come about? It is recomputed from the rows before anything is derived from it (Z6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from server.domain.crm_invoice import CrmInvoice, CrmRow
from server.domain.money import WIDE, added, product, rounded
from server.domain.reasons import Code, Reason, reason
from server.domain.taxes import HEADER_TAX
from server.domain.wording import money_text


@dataclass(frozen=True)
class RowSum:
    """A row as CRM counts it: its Total without and with the discount, its taxes, its Net_Total."""

    total: Decimal
    after: Decimal
    tax: Decimal

    @property
    def net(self) -> Decimal:
        return self.after + self.tax


def row_sum(row: CrmRow, unit: Decimal) -> RowSum:
    """Total is CRM's own where it has one; each tax is counted, and rounded, by itself on what is left after the
    discount. For rows whose figures can be read."""
    with localcontext(WIDE):
        gross = product(row.quantity or Decimal(0), row.price or Decimal(0))
        total = rounded(gross, unit) if row.total is None else row.total
        after = total - row.discount
        return RowSum(total, after, added(_tax(after, tax.rate, unit) for tax in row.taxes))


def _tax(base: Decimal, rate: Decimal, unit: Decimal) -> Decimal:
    with localcontext(WIDE):
        return rounded(base * rate / 100, unit)


def unexplained(crm: CrmInvoice, sums: tuple[RowSum, ...], way: str, unit: Decimal, currency: str) -> list[Reason]:
    """Why CRM's grand total does not follow from its rows; a smallest unit a row, or a tax, is rounding."""
    if crm.grand_total is None:
        return []
    with localcontext(WIDE):
        left = added(each.net for each in sums) - crm.discount
        expected = left + crm.tax + crm.adjustment
        taxes = added(_tax(left, tax.rate, unit) for tax in crm.taxes if tax.rate != 0)
        tax_is_off = way == HEADER_TAX and abs(crm.tax - taxes) > unit * max(len(crm.taxes), len(sums), 1)
        total_is_off = abs(expected - crm.grand_total) > unit * max(len(sums), 1)
    if tax_is_off:
        return [_odd("Tax", "Tax", crm.tax, taxes, currency)]
    return [_odd("Grand_Total", "Grand Total", crm.grand_total, expected, currency)] if total_is_off else []


def unnamed_tax(crm: CrmInvoice, currency: str) -> Reason:
    """A tax on the whole invoice that is none of its taxes: nobody knows which one it is."""
    return _odd("Tax", "Tax", crm.tax, Decimal(0), currency)


def _odd(field: str, label: str, said: Decimal, expected: Decimal, currency: str) -> Reason:
    return reason(
        Code.CRM_TOTAL_UNEXPLAINED,
        that_field=field,
        label=label,
        crm=money_text(said, currency),
        expected=money_text(expected, currency),
    )
