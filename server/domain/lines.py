"""Which line does a row of CRM's become? Its quantity, price and discount where Xero's sum is CRM's, else one of its
total, with what it was worked out from in its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from server.domain.crm_invoice import CrmRow
from server.domain.crm_total import RowSum
from server.domain.mapping import Place
from server.domain.money import (
    CENT,
    LARGEST,
    NOTHING,
    PRICE_STEP,
    Line,
    added,
    cents,
    is_half_cent,
    is_whole,
    product,
    trimmed,
)
from server.domain.reasons import Code, Reason, reason
from server.domain.taxes import is_readable
from server.domain.values import TaxRule

LONGEST_TEXT = 4000
LONGEST_QUANTITY = 13  # characters (X6.1)
ONE = Decimal(1)
SPLITS = tuple(CENT * count for count in range(1, 10))
ROW_WORDS = {
    "Quantity": "the quantity is not a number",
    "List_Price": "the price is not a number",
    "Discount": "the discount is not a number",
    "Total": "the total is not a number",
    "Line_Tax": "the tax can't be read",
}


def about_row(row: CrmRow) -> Iterator[Reason]:
    """What of a row can't be read, or not be written; none means that `lines_of` can make its line."""
    needed = (("the quantity", "Quantity", row.quantity), ("the price", "List_Price", row.price))
    for what, name, value in needed:
        if value is None and name not in row.unreadable:
            yield _at(Code.LINE_UNREADABLE, row, what=f"{what} is missing")
    for name in row.unreadable:
        yield _at(Code.LINE_UNREADABLE, row, what=ROW_WORDS[name])
    if not is_readable(row.taxes):
        yield _at(Code.LINE_UNREADABLE, row, what=ROW_WORDS["Line_Tax"])
    words = label(row)
    if words is None:
        yield _at(Code.LINE_UNREADABLE, row, what="a text is missing")
    elif _length(words) + _length(_worked_out(row)) > LONGEST_TEXT:
        yield _at(Code.LINE_TEXT_LONG, row)
    amounts = (product(row.quantity or NOTHING, row.price or NOTHING), row.total or NOTHING, row.discount)
    if any(abs(amount) > LARGEST for amount in amounts):
        yield _at(Code.LINE_LARGE, row)


def lines_of(row: CrmRow, sums: RowSum, rule: TaxRule, place: Place, *, inclusive: bool) -> tuple[Line, ...]:
    """The line of a row without problems, and a second one of some cents where only two have a tax that is certain."""
    words = label(row)
    assert words is not None and row.quantity is not None and row.price is not None
    line = Line(
        position=row.position,
        row_id=row.row_id,
        text=words,
        code=row.code,
        account=place.account.code,
        quantity=row.quantity,
        price=row.price,
        discount=row.discount,
        tax_type=rule.tax_type,
        tax_rate=rule.rate,
        crm_tax=sums.tax,
        product_code=place.product_code,
        tracking=place.tracking,
        inclusive=inclusive,
    )
    if _goes_whole(row):
        price, discount = _whole(row, sums)
        line = replace(line, text=words + _worked_out(row), quantity=ONE, price=price, discount=discount)
    told = words + _worked_out(row, split=True)
    return certain(line, told if _length(told) <= LONGEST_TEXT else line.text)


def certain(line: Line, text: str | None = None) -> tuple[Line, ...]:
    """A line below zero whose tax is exactly half a cent goes as two, so that nobody has to know how Xero rounds it
    (X6.5, unverified); as two whose taxes are CRM's, where some are."""
    amount = line.amount
    if line.inclusive or amount >= 0 or not is_half_cent(amount, line.tax_rate):
        return (line,)
    plain = replace(line, text=text or line.text, quantity=ONE, discount=NOTHING)
    found = [_split(plain, amount, part) for part in SPLITS]
    fit = [pair for pair in found if not any(is_half_cent(each.amount, each.tax_rate) for each in pair)]
    exact = (pair for pair in fit if added(each.tax for each in pair) == line.crm_tax)
    return next(exact, fit[0] if fit else (line,))


def _split(line: Line, amount: Decimal, part: Decimal) -> tuple[Line, ...]:
    rest = replace(line, row_id=f"{line.row_id or line.position}/rest", price=-part, crm_tax=NOTHING)
    return replace(line, price=amount + part), rest


def _whole(row: CrmRow, sums: RowSum) -> tuple[Decimal, Decimal]:
    """Its price as a whole, and its discount; that stays apart where Xero can take it off."""
    if _comes_off(row, sums.total):
        return cents(sums.total), row.discount
    return cents(sums.after), NOTHING


def _goes_whole(row: CrmRow) -> bool:
    """Whether Xero would make another amount of its quantity, price and discount than CRM has (X6.1, X6.5)."""
    if row.quantity is None or row.price is None:
        return False
    gross = product(row.quantity, row.price)
    fine = not is_whole(row.quantity, PRICE_STEP) or not is_whole(row.price, PRICE_STEP)
    long = len(f"{trimmed(row.quantity):f}") > LONGEST_QUANTITY
    odd = row.total is not None and cents(gross) != cents(row.total)
    return fine or long or odd or not _comes_off(row, gross) or (gross < 0 and not is_whole(gross, CENT))


def _comes_off(row: CrmRow, gross: Decimal) -> bool:
    """Whether its discount can be one of Xero's: whole cents, and no more than there is."""
    return row.discount == 0 or (0 < row.discount <= gross and is_whole(row.discount, CENT))


def label(row: CrmRow) -> str | None:
    """What stands on the line: the product, and CRM's own text for it."""
    parts = [part for part in (row.product, row.text) if part]
    return "\n".join(dict.fromkeys(parts)) or None


def _worked_out(row: CrmRow, *, split: bool = False) -> str:
    """What the text of a line says besides, where its quantity, price or discount are not what Xero is sent."""
    if row.quantity is None or row.price is None or not (split or _goes_whole(row)):
        return ""
    gross = product(row.quantity, row.price) if row.total is None else row.total
    apart = not split and _comes_off(row, gross)
    less = "" if apart or not row.discount else f" − {trimmed(row.discount):f}"
    return f"\n{trimmed(row.quantity):f} × {trimmed(row.price):f}{less}"


def _length(words: str) -> int:
    """As Xero is likely to count: signs beyond the basic plane, like most emoji, are two."""
    return len(words.encode("utf-16-le", "replace")) // 2


def _at(code: Code, row: CrmRow, **values: str | int) -> Reason:
    return reason(code, line=row.position, product=row.product or "", **values)
