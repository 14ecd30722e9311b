"""Which lines do the rows of an invoice become, all of them together? With every problem of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.domain.checks import currency_of, smallest_unit
from server.domain.crm_invoice import CrmInvoice, CrmRow
from server.domain.crm_total import RowSum, row_sum
from server.domain.lines import about_row, lines_of
from server.domain.mapping import place_of
from server.domain.money import Line
from server.domain.reasons import Code, Reason, reason
from server.domain.taxes import (
    HEADER_TAX,
    INCLUSIVE,
    about_pair,
    about_rate,
    is_readable,
    rule_for,
    tax_set,
)
from server.domain.values import Books, Settings, TaxRule


@dataclass(frozen=True)
class RowLines:
    """Lines of the rows without problems, and CRM's sums of the rows that could be read. `complete`: every row has both
    of them. Lines that were split off have no place yet."""

    lines: tuple[Line, ...]
    sums: tuple[RowSum, ...]
    complete: bool
    problems: tuple[Reason, ...]


def row_lines(
    crm: CrmInvoice, rows: Sequence[CrmRow], way: str | None, header: TaxRule | None, settings: Settings, books: Books
) -> RowLines:
    """`header`: the one rule for all of them, where the way of tax has one."""
    unit = smallest_unit(currency_of(crm, settings, books))
    lines: list[Line] = []
    rest: list[Line] = []
    sums: list[RowSum] = []
    problems: list[Reason] = []
    for row in rows:
        unfit = list(about_row(row))
        problems += unfit
        rule, more = _rule(row, way, header, settings, books)
        place, elsewhere = place_of(crm, row, settings, books)
        pair = list(about_pair(rule, place.account, books)) if rule and place else []
        problems += [*more, *elsewhere, *pair]
        if unfit:
            continue
        sums.append(row_sum(row, unit))
        if rule is not None and place is not None and not pair:
            first, *split = lines_of(row, sums[-1], rule, place, inclusive=way == INCLUSIVE)
            lines.append(first)
            rest += [replace(each, position=0) for each in split]
    return RowLines((*lines, *rest), tuple(sums), len(lines) == len(rows) > 0, tuple(problems))


def _rule(
    row: CrmRow, way: str | None, header: TaxRule | None, settings: Settings, books: Books
) -> tuple[TaxRule | None, list[Reason]]:
    """The row's own tax type, or that of the whole invoice."""
    if way in (HEADER_TAX, INCLUSIVE):
        return header, []
    if not settings.taxes or not is_readable(row.taxes):
        return None, []
    taxes = tax_set(row.taxes)
    rule = rule_for(taxes, settings)
    if rule is None:
        code = Code.TAX_UNMAPPED if taxes.names else Code.TAX_NONE_UNMAPPED
        return None, [reason(code, line=row.position, product=row.product or "", tax=taxes.words)]
    problems = list(about_rate(rule, taxes.rate, books))
    return (None if problems else rule), problems
