"""What will Xero make of these lines? Its own rounding, predicted line by line (X6.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

CENT = Decimal("0.01")
PRICE_STEP = Decimal("0.0001")  # unitdp=4
# Enough for any amount that CRM can hold; a result that does not fit is refused by the checks, not rounded.
WIDE = Context(prec=90)


@dataclass(frozen=True)
class Line:
    """One line as it goes to Xero. tax_rate in percent; row_id ties it to its CRM row."""

    position: int
    row_id: str | None
    text: str
    code: str | None
    account: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    tax_type: str
    tax_rate: Decimal
    crm_tax: Decimal

    @property
    def amount(self) -> Decimal:
        """LineAmount = round2(quantity x price - discount), halves up (X6.5)."""
        with localcontext(WIDE):
            return cents(self.quantity * self.price - self.discount)

    @property
    def tax(self) -> Decimal:
        """Tax of an exclusive line: round2(LineAmount x rate) (X6.5)."""
        with localcontext(WIDE):
            return cents(self.amount * self.tax_rate / 100)


@dataclass(frozen=True)
class Totals:
    subtotal: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax


def rounded(amount: Decimal, step: Decimal) -> Decimal:
    """To a step like 0.01, halves away from zero; also for amounts beyond the usual precision."""
    with localcontext(WIDE):
        return amount.quantize(step, rounding=ROUND_HALF_UP)


def cents(amount: Decimal) -> Decimal:
    return rounded(amount, CENT)


def trimmed(amount: Decimal) -> Decimal:
    """The same amount in its shortest writing, so that 2, 2.0 and 2.00 give the same bytes."""
    with localcontext(WIDE):
        return amount.normalize()


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """Exact, whatever their lengths."""
    with localcontext(WIDE):
        return quantity * price


def totals(lines: Iterable[Line]) -> Totals:
    """Tax is rounded on each line, then summed: 3.76 + 3.84 + 3.84 = 11.44, not 11.45 (X6.5)."""
    several = list(lines)
    nothing = Decimal("0.00")
    return Totals(sum((line.amount for line in several), nothing), sum((line.tax for line in several), nothing))
