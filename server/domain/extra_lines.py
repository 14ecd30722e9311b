"""Which lines does an invoice get besides those of its rows? Its discount and its adjustment."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice
from server.domain.discounts import discount_line, discount_lines, shares_of
from server.domain.mapping import tracking_of
from server.domain.money import Line, totals
from server.domain.our_lines import adjustment_line
from server.domain.reasons import Code, Reason, reason
from server.domain.row_lines import RowLines
from server.domain.taxes import INCLUSIVE, NO_TAX, ROW_TAXES, about_line, zero_rule
from server.domain.values import Books, Settings, TaxRule


def extra_lines(
    crm: CrmInvoice, goods: RowLines, way: str, settings: Settings, books: Books
) -> tuple[list[Line], list[Reason]]:
    """For an invoice whose rows all have their lines. They bear what tracking the whole invoice has."""
    adjusted, problems = _adjustment(crm, way, settings)
    without = totals([*goods.lines, *adjusted]).total
    tracking, unknown = tracking_of(crm, None, settings, books)
    lines = [*_discount(crm, goods, way, settings, books, without), *adjusted]
    problems += [each for line in lines for each in about_line(line, books)]
    return [replace(line, tracking=tracking) for line in lines], [*problems, *(unknown if lines else [])]


def _discount(
    crm: CrmInvoice, goods: RowLines, way: str, settings: Settings, books: Books, without: Decimal
) -> tuple[Line, ...]:
    """`without`: what Xero's total would be without it."""
    account = settings.accounts.discount or settings.account or ""
    if not crm.discount:
        return ()
    if way == ROW_TAXES:
        nets = {line.position: each.net for line, each in zip(goods.lines, goods.sums, strict=False)}
        names = {rate.tax_type: rate.name for rate in books.tax_rates}
        wanted = (crm.grand_total or without) - without
        return discount_lines(crm.discount, list(shares_of(goods.lines, nets, names)), account, wanted)
    first = goods.lines[0]
    usual = TaxRule(first.tax_rate, first.tax_type)
    rule = (zero_rule(settings) or usual) if way == NO_TAX else usual
    return discount_line(crm.discount, rule, account, inclusive=way == INCLUSIVE)


def _adjustment(crm: CrmInvoice, way: str, settings: Settings) -> tuple[tuple[Line, ...], list[Reason]]:
    if not crm.adjustment:
        return (), []
    zero = zero_rule(settings)
    if zero is None:
        return (), [reason(Code.ZERO_RATE_UNMAPPED, what="the adjustment")]
    account = settings.accounts.adjustment or settings.account or ""
    return adjustment_line(crm.adjustment, zero, account, inclusive=way == INCLUSIVE), []
