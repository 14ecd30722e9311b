"""What are the totals of a CRM invoice? (Z6, "Arithmetic")"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NONE = Decimal(0)
_WAYS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}


@dataclass(frozen=True)
class Row:
    """One line of goods as entered."""

    quantity: Decimal
    price: Decimal
    discount: Decimal
    percentages: tuple[Decimal, ...]


@dataclass(frozen=True)
class RowTotals:
    """What the CRM computes for a line: Total, each tax's value, Tax, Net_Total."""

    total: Decimal
    tax_values: tuple[Decimal, ...]
    tax: Decimal
    net_total: Decimal


@dataclass(frozen=True)
class InvoiceTotals:
    """What the CRM computes for the invoice: Sub_Total, Tax (header taxes only), Grand_Total."""

    sub_total: Decimal
    tax_values: tuple[Decimal, ...]
    tax: Decimal
    grand_total: Decimal


def rounded(value: Decimal, way: str = "half_up", unit: Decimal = CENT) -> Decimal:
    """Rounded to the currency's smallest unit; the way is unverified and a switch."""
    return value.quantize(unit, _WAYS[way])


def row_totals(row: Row, way: str = "half_up", unit: Decimal = CENT) -> RowTotals:
    """Total = price x quantity; each tax on what is left after the discount; Net_Total holds the taxes."""
    total = rounded(row.quantity * row.price, way, unit)
    left = total - row.discount
    taxes = tuple(rounded(left * p / 100, way, unit) for p in row.percentages)
    tax = sum(taxes, NONE)
    return RowTotals(total, taxes, tax, left + tax)


def invoice_totals(
    nets: Iterable[Decimal],
    discount: Decimal,
    percentages: Iterable[Decimal],
    adjustment: Decimal,
    way: str = "half_up",
    unit: Decimal = CENT,
) -> InvoiceTotals:
    """Grand_Total = Sub_Total - Discount + Tax + Adjustment; header taxes on Sub_Total - Discount."""
    sub_total = sum(nets, NONE)
    taxes = tuple(rounded((sub_total - discount) * p / 100, way, unit) for p in percentages)
    tax = sum(taxes, NONE)
    return InvoiceTotals(sub_total, taxes, tax, sub_total - discount + tax + adjustment)
