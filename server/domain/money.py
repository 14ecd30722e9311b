"""What will Xero make of these lines? Its own rounding, predicted line by line (X6.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, localcontext

LARGEST = Decimal("9999999999.99")  # LineAmount (X6.1)
CENT = Decimal("0.01")  # Xero's totals and line amounts, whatever the currency (X6.5)
PRICE_STEP = Decimal("0.0001")  # unitdp=4
NOTHING = Decimal(0)
# Enough for any amount that CRM can hold; a result that does not fit is refused by the checks, not rounded.
WIDE = Context(prec=200)
ROW, DISCOUNT, ADJUSTMENT, ROUNDING = "row", "discount", "adjustment", "rounding"


@dataclass(frozen=True)
class Line:
    """One line as it goes to Xero. tax_rate in percent; row_id ties it to its CRM row, or names what we added.

    part: what of CRM's invoice it stands for. product_code: the one that Xero is told. tracking: (category, option)
    pairs, None where CRM has no say in them. inclusive: the amount holds its tax.
    """

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
    part: str = ROW
    product_code: str | None = None
    tracking: tuple[tuple[str, str], ...] | None = None
    inclusive: bool = False

    @property
    def amount(self) -> Decimal:
        """LineAmount = round2(quantity x price - discount), halves up (X6.5)."""
        with localcontext(WIDE):
            return cents(self.quantity * self.price - self.discount)

    @property
    def tax(self) -> Decimal:
        """Exclusive: round2(LineAmount x rate). Inclusive: LineAmount - round2(LineAmount / (1 + rate)) (X6.5)."""
        if self.inclusive:
            return self.amount - net_of(self.amount, self.tax_rate)
        return tax_on(self.amount, self.tax_rate)

    @property
    def net(self) -> Decimal:
        return self.amount - self.tax if self.inclusive else self.amount


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


def rounded_up(amount: Decimal, step: Decimal) -> Decimal:
    """To the next step that is not less."""
    with localcontext(WIDE):
        return amount.quantize(step, rounding=ROUND_CEILING)


def cents(amount: Decimal) -> Decimal:
    return rounded(amount, CENT)


def is_whole(amount: Decimal, step: Decimal) -> bool:
    """Whether it is counted in that step without a rest."""
    return amount == rounded(amount, step)


def tax_on(net: Decimal, rate: Decimal) -> Decimal:
    """The tax on a net amount at a rate in percent, in cents."""
    with localcontext(WIDE):
        return cents(net * rate / 100)


def net_of(gross: Decimal, rate: Decimal) -> Decimal:
    """What is left of a gross amount without its tax, in cents."""
    with localcontext(WIDE):
        return cents(gross * 100 / (100 + rate))


def is_half_cent(net: Decimal, rate: Decimal) -> bool:
    """Whether the tax lies exactly between two cents. Below zero nobody knows which of them Xero takes (X6.5)."""
    with localcontext(WIDE):
        return abs(net * rate) % 1 == Decimal("0.5")


def trimmed(amount: Decimal) -> Decimal:
    """The same amount in its shortest writing, so that 2, 2.0 and 2.00 give the same bytes."""
    with localcontext(WIDE):
        return amount.normalize()


def product(quantity: Decimal, price: Decimal) -> Decimal:
    """Exact, whatever their lengths."""
    with localcontext(WIDE):
        return quantity * price


def added(amounts: Iterable[Decimal]) -> Decimal:
    """Their exact sum, in cents at the least."""
    with localcontext(WIDE):
        return sum(amounts, Decimal("0.00"))


def totals(lines: Iterable[Line]) -> Totals:
    """Tax is rounded on each line, then summed: 3.76 + 3.84 + 3.84 = 11.44, not 11.45 (X6.5)."""
    several = list(lines)
    return Totals(added(line.net for line in several), added(line.tax for line in several))
