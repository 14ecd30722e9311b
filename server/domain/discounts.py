"""Which lines does a discount on the whole invoice become? (Z6)"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal, localcontext
from itertools import product as every_choice

from server.domain.lines import certain
from server.domain.money import CENT, DISCOUNT, NOTHING, WIDE, Line, added, cents, is_half_cent, net_of, tax_on
from server.domain.our_lines import plain_line
from server.domain.values import TaxRule

DISCOUNT_TEXT = "Discount"
MOVES = (NOTHING, -CENT, CENT)
MOST_MOVED = 5  # tax types whose discount is tried a cent up and down; an invoice hardly has more


@dataclass(frozen=True)
class Share:
    """What falls on one tax type: CRM's Net_Total of its rows."""

    rule: TaxRule
    name: str
    net_total: Decimal


def discount_line(discount: Decimal, rule: TaxRule, account: str, *, inclusive: bool) -> tuple[Line, ...]:
    """One negative line: the whole invoice has one type, and the discount lowers its tax as it does in CRM."""
    line = plain_line(-cents(discount), rule, account, DISCOUNT, DISCOUNT_TEXT, inclusive=inclusive)
    return certain(line) if line.amount else ()


def discount_lines(discount: Decimal, shares: Sequence[Share], account: str, wanted: Decimal) -> tuple[Line, ...]:
    """One negative line a tax type. CRM takes this discount off amounts that hold their taxes, and does not lower the
    tax: so each share is a gross amount, and its line the net of it.

    `wanted`: what all of them must come to, tax included, for the total to be exact. Nets move by a cent where that
    makes it so, and away from a tax of exactly half a cent.
    """
    parts = [(share, gross) for share, gross in zip(shares, _spread(cents(discount), shares), strict=True) if gross]
    chosen = _nets(parts, wanted)
    several = len(parts) > 1
    found = [(share, net) for (share, _), net in zip(parts, chosen, strict=True) if net]
    return tuple(_of_share(share, net, account, several=several) for share, net in found)


def _of_share(share: Share, net: Decimal, account: str, *, several: bool) -> Line:
    text = f"{DISCOUNT_TEXT}, {share.name}" if several else DISCOUNT_TEXT
    line = plain_line(-net, share.rule, account, DISCOUNT, text)
    return replace(line, row_id=f"{DISCOUNT}/{share.rule.tax_type}")


def _spread(amount: Decimal, shares: Sequence[Share]) -> list[Decimal]:
    """In cents, by largest remainder over what is above zero; the sum is the amount."""
    sign, left = (-1 if amount < 0 else 1), abs(amount)
    weights = [max(share.net_total, NOTHING) for share in shares]
    with localcontext(WIDE):
        whole = sum(weights, NOTHING)
        if not whole:
            weights, whole = [Decimal(1)] * len(shares), Decimal(len(shares))
        exact = [left * weight / whole for weight in weights]
        floors = [each.quantize(CENT, rounding=ROUND_FLOOR) for each in exact]
        missing = int((left - sum(floors, NOTHING)) / CENT)
    order = sorted(range(len(shares)), key=lambda at: (floors[at] - exact[at], at))
    extra = set(order[:missing])
    return [sign * (floor + CENT if at in extra else floor) for at, floor in enumerate(floors)]


def _nets(parts: Sequence[tuple[Share, Decimal]], wanted: Decimal) -> tuple[Decimal, ...]:
    """The choice that comes to `wanted`, with the fewest moves; else the nearest to each share."""
    options = [_options(share, gross, moves=at < MOST_MOVED) for at, (share, gross) in enumerate(parts)]
    usual = tuple(each[0] for each in options)
    exact = [choice for choice in every_choice(*options) if _comes_to(parts, choice) == -wanted]
    return min(exact, key=lambda choice: sum(a != b for a, b in zip(choice, usual, strict=True)), default=usual)


def _options(share: Share, gross: Decimal, *, moves: bool) -> list[Decimal]:
    """Nets whose tax is certain, the nearest to the gross share first."""
    rate = share.rule.rate
    near = net_of(gross, rate)
    found = [net for net in (near + move for move in MOVES) if not is_half_cent(net, rate)] or [near]
    found.sort(key=lambda net: (abs(net + tax_on(net, rate) - gross), abs(net - near), net))
    return found if moves else found[:1]


def _comes_to(parts: Sequence[tuple[Share, Decimal]], nets: Sequence[Decimal]) -> Decimal:
    return added(net + tax_on(net, share.rule.rate) for (share, _), net in zip(parts, nets, strict=True))


def shares_of(lines: Sequence[Line], nets: Mapping[int, Decimal], names: Mapping[str, str]) -> Iterator[Share]:
    """Per tax type of the rows' lines, in their order. nets: Net_Total by position."""
    sums: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    with localcontext(WIDE):
        for line in lines:
            sums[line.tax_type, line.tax_rate] += nets.get(line.position, NOTHING)
    for (tax_type, rate), net_total in sums.items():
        yield Share(TaxRule(rate, tax_type), names.get(tax_type, tax_type), net_total)
