"""How does each side come to its total? CRM's parts beside Xero's, so that each column adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.domain.checks import smallest_unit
from server.domain.crm_invoice import CrmInvoice, CrmRow
from server.domain.crm_total import RowSum, row_sum
from server.domain.draft import Draft
from server.domain.money import ADJUSTMENT, DISCOUNT, NOTHING, ROUNDING, ROW, Line, added
from server.domain.preview_values import Json, money, plain
from server.domain.taxes import HEADER_TAX, INCLUSIVE, is_readable
from server.domain.values import Books


@dataclass(frozen=True)
class CrmSide:
    """CRM's own figures, as far as they can be read. rows: without their taxes, unless prices hold them; tax is None
    there, because CRM counts none."""

    rows: Decimal | None
    discount: Decimal
    tax: Decimal | None
    adjustment: Decimal
    total: Decimal | None


def totals_json(draft: Draft, crm: CrmInvoice, books: Books) -> Json:
    """Xero's side is null while a line or a part of the total could not be worked out: half a sum would mislead."""
    side = crm_side(crm, draft)
    xero = draft.totals if draft.complete else None
    return {
        "crm": {
            "subtotal": money(side.rows),
            "discount": money(side.discount),
            "tax": money(side.tax),
            "adjustment": money(side.adjustment),
            "total": money(side.total),
        },
        "xero": {
            "subtotal": money(xero.subtotal) if xero else None,
            "tax": money(xero.tax) if xero else None,
            "total": money(xero.total) if xero else None,
        },
        "parts": _parts(side, draft),
        "taxes": _taxes(side, draft, books),
    }


def crm_side(crm: CrmInvoice, draft: Draft) -> CrmSide:
    sums = _row_sums(crm, draft.currency)
    tax = None if sums is None else added(each.tax for each in sums) + crm.tax
    return CrmSide(
        rows=None if sums is None else added(each.after for each in sums),
        discount=crm.discount,
        tax=None if draft.way == INCLUSIVE else tax,
        adjustment=crm.adjustment,
        total=crm.grand_total,
    )


def _row_sums(crm: CrmInvoice, currency: str) -> list[RowSum] | None:
    """None where a row can't be read, or CRM has more rows than it shows."""
    if crm.more_rows or not all(map(_is_readable, crm.rows)):
        return None
    unit = smallest_unit(currency)
    return [row_sum(row, unit) for row in crm.rows]


def _is_readable(row: CrmRow) -> bool:
    counted = row.total is not None or (row.quantity is not None and row.price is not None)
    return counted and not row.unreadable and is_readable(row.taxes)


def _parts(side: CrmSide, draft: Draft) -> list[Json]:
    """What each side adds up before the tax; parts that neither side has are left out. Where prices hold the tax,
    so do these."""
    crm: dict[str, Decimal | None] = {ROW: side.rows, DISCOUNT: -side.discount, ADJUSTMENT: side.adjustment}
    found: list[Json] = []
    for part in (ROW, DISCOUNT, ADJUSTMENT, ROUNDING):
        lines = [line for line in draft.lines if line.part == part]
        if part == ROW or lines or crm.get(part):
            amount = added(line.amount for line in lines) if draft.complete else None
            found.append({"part": part, "crm": money(crm.get(part)), "xero": money(amount)})
    return found


def _taxes(side: CrmSide, draft: Draft, books: Books) -> list[Json]:
    """Per tax type, in the order of the lines."""
    by_type: dict[str, list[Line]] = {}
    for line in draft.lines:
        by_type.setdefault(line.tax_type, []).append(line)
    return [_tax(tax_type, lines, side, draft, books) for tax_type, lines in by_type.items()]


def _tax(tax_type: str, lines: Sequence[Line], side: CrmSide, draft: Draft, books: Books) -> Json:
    """`ours`: whether no row bears it, only what we added."""
    rate = books.tax_rate(tax_type)
    return {
        "name": rate.name if rate else tax_type,
        "rate": plain(lines[0].tax_rate),
        "net": money(added(line.net for line in lines)),
        "crm": money(_crm_tax(tax_type, lines, side, draft)),
        "xero": money(added(line.tax for line in lines)),
        "ours": all(line.part != ROW for line in lines),
    }


def _crm_tax(tax_type: str, lines: Sequence[Line], side: CrmSide, draft: Draft) -> Decimal | None:
    """A tax on the whole belongs to the one type of the rows; lines know nothing of it."""
    if draft.way == INCLUSIVE:
        return None
    if draft.way == HEADER_TAX:
        return side.tax if tax_type == draft.lines[0].tax_type else NOTHING
    return added(line.crm_tax for line in lines)
