"""How does a line look that is ours, not a row's? One of an amount, named after what it stands for."""

from __future__ import annotations

from decimal import Decimal

from server.domain.money import ADJUSTMENT, NOTHING, ROUNDING, Line, cents
from server.domain.values import TaxRule

ADJUSTMENT_TEXT, ROUNDING_TEXT = "Adjustment", "Rounding"


def plain_line(amount: Decimal, rule: TaxRule, account: str, part: str, text: str, *, inclusive: bool = False) -> Line:
    """One of ours: 1 x amount. Its position is given when all lines are known."""
    return Line(
        position=0,
        row_id=part,
        text=text,
        code=None,
        account=account,
        quantity=Decimal(1),
        price=amount,
        discount=NOTHING,
        tax_type=rule.tax_type,
        tax_rate=rule.rate,
        crm_tax=NOTHING,
        part=part,
        inclusive=inclusive,
    )


def adjustment_line(amount: Decimal, zero: TaxRule, account: str, *, inclusive: bool) -> tuple[Line, ...]:
    line = plain_line(cents(amount), zero, account, ADJUSTMENT, ADJUSTMENT_TEXT, inclusive=inclusive)
    return (line,) if line.amount else ()


def rounding_line(amount: Decimal, zero: TaxRule, account: str, *, inclusive: bool) -> Line:
    return plain_line(amount, zero, account, ROUNDING, ROUNDING_TEXT, inclusive=inclusive)
