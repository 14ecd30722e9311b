"""How does Xero round, and what do a line and its tax come to?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Rounding:
    """The two unverified choices of X6.5."""

    negative_half: str = "away"
    discounted: str = "half_up"

    def round(self, value: Decimal, places: int = 2) -> Decimal:
        """Halves go up (2.165 to 2.17); negative halves by the switch (X6.5)."""
        up = value >= 0 or self.negative_half == "away"
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP if up else ROUND_HALF_DOWN)

    def discounted_line(self, value: Decimal) -> Decimal:
        """A line with a discount rate may come out a cent lower (X6.5, unverified)."""
        return value.quantize(CENT, ROUND_DOWN) if self.discounted == "down" else self.round(value)


def line_amount(
    rounding: Rounding, quantity: Decimal, unit: Decimal, rate: Decimal | None, off: Decimal | None
) -> Decimal:
    """round2(quantity x unit, less discount): rate in percent, amount per line (X6.1, X6.5)."""
    gross = quantity * unit
    if rate:
        return rounding.discounted_line(gross * (HUNDRED - rate) / HUNDRED)
    return rounding.round(gross - (off or ZERO))


def line_tax(rounding: Rounding, kind: str, amount: Decimal, percent: Decimal) -> Decimal:
    """Tax of one line, rounded before anything is summed (X6.5)."""
    if kind == "NoTax":
        return ZERO
    if kind == "Inclusive":
        return amount - rounding.round(amount / (1 + percent / HUNDRED))
    return rounding.round(amount * percent / HUNDRED)


@dataclass(frozen=True)
class Totals:
    """What the lines of a document come to."""

    net: Decimal
    tax: Decimal
    total: Decimal


def add_up(kind: str, lines: list[tuple[Decimal, Decimal]]) -> Totals:
    """Sum (line amount, tax) pairs; inclusive line amounts hold their tax (X6.5)."""
    amounts = sum((amount for amount, _ in lines), ZERO)
    tax = sum((tax for _, tax in lines), ZERO)
    net = amounts - tax if kind == "Inclusive" else amounts
    return Totals(net, tax, net + tax)
