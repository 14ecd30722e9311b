"""What stands against sending this invoice? Every problem at once; each check answers for one matter."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice, CrmRow
from server.domain.currencies import decimals
from server.domain.money import CENT, PRICE_STEP, Line, cents, product, rounded, trimmed
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Books, Settings, TaxRule
from server.domain.wording import day_text, money_text

MOST_LINES = 200  # CRM's own bound
LONGEST_TEXT = 4000
LONGEST_NUMBER = 255
SENDABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")
REMOVED = "REMOVED"  # in the status map: this status takes the invoice out of Xero
LARGEST = Decimal("9999999999.99")  # LineAmount (X6.1)
LONGEST_QUANTITY = 13  # characters (X6.1)
IN_REVIEW = ("review_process", "zia_vision", "merge")
ROW_WORDS = {
    "Quantity": "the quantity is not a number",
    "List_Price": "the price is not a number",
    "Discount": "the discount is not a number",
    "Total": "the total is not a number",
    "Line_Tax": "the tax can't be read",
}
STATE_WORDS = {"approval_process_pending": "pending", "approval_process_rejected": "rejected"}


def invoice_number(crm: CrmInvoice, settings: Settings) -> str | None:
    """The number CRM gives it; None where Xero numbers."""
    rule = settings.number
    return crm.value_of(rule.field) if rule is not None and rule.source == "field" and rule.field else None


def arrival_status(crm: CrmInvoice, settings: Settings) -> str | None:
    """DRAFT, SUBMITTED or AUTHORISED by the tenant's map, else None."""
    wanted = settings.statuses.get(crm.status or "")
    return wanted if wanted in SENDABLE else None


def wants_removal(crm: CrmInvoice, settings: Settings) -> bool:
    """Whether CRM's status says that the invoice is to be taken out of Xero."""
    return settings.statuses.get(crm.status or "") == REMOVED


def currency_of(crm: CrmInvoice, settings: Settings, books: Books) -> str:
    """The record's own currency, else the CRM org's one; the books' one only to show amounts when neither is known."""
    return crm.currency or settings.home_currency or books.base_currency


def about_record(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    yield from _status(crm, settings)
    yield from _approval(crm)
    yield from _number(crm, settings)
    yield from _dates(crm, settings, books)
    yield from _currency(crm, settings, books)
    yield from _header(crm, settings, books)
    yield from _grand_total(crm, currency_of(crm, settings, books))


def _status(crm: CrmInvoice, settings: Settings) -> Iterator[Reason]:
    if crm.status is None:
        yield reason(Code.STATUS_BLANK)
    elif crm.status.casefold() in ("cancelled", "canceled") or wants_removal(crm, settings):
        yield reason(Code.CANCELLED, status=crm.status)
    elif arrival_status(crm, settings) is None:
        yield reason(Code.STATUS_UNMAPPED, status=crm.status)


def _approval(crm: CrmInvoice) -> Iterator[Reason]:
    """CRM's own approval is respected; a lock (Locked__s) is not asked for, because only our own fields are written."""
    state = crm.approval_state or "approved"
    in_review = state.startswith(IN_REVIEW)
    if in_review or crm.under_review:
        yield reason(Code.IN_REVIEW)
    if state != "approved" and not in_review:
        yield reason(Code.NOT_APPROVED_IN_CRM, state=STATE_WORDS.get(state, state.replace("_", " ")))


def _number(crm: CrmInvoice, settings: Settings) -> Iterator[Reason]:
    rule = settings.number
    if rule is None or rule.source != "field":
        return
    number, where = invoice_number(crm, settings), rule.field or "Invoice_Number"
    if number is None:
        yield reason(Code.NUMBER_MISSING, number_field=where)
    elif len(number) > LONGEST_NUMBER or not all(" " <= char <= "~" for char in number):
        yield reason(Code.NUMBER_UNFIT, number=number, number_field=where)


def _dates(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    approved = arrival_status(crm, settings) == "AUTHORISED"
    if crm.date is None and "Invoice_Date" not in crm.misread:
        yield reason(Code.DATE_MISSING)
    if crm.due_date is None and approved and "Due_Date" not in crm.misread:
        yield reason(Code.DUE_MISSING)
    if crm.date and crm.due_date and crm.due_date < crm.date:
        yield reason(Code.DUE_BEFORE_DATE, due=day_text(crm.due_date), date=day_text(crm.date))
    closed = books.closed_up_to()
    if approved and crm.date and closed and books.is_closed(crm.date):
        dated = day_text(crm.date)
        yield reason(Code.PERIOD_CLOSED, closed=day_text(closed), dated=f"; this invoice is dated {dated}", date=dated)


def _header(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    currency = currency_of(crm, settings, books)
    if crm.account_id is None:
        yield reason(Code.CUSTOMER_MISSING)
    for name in crm.misread:
        yield reason(Code.FIELD_MISREAD, that_field=name, label=name.replace("_", " "))
    for name in crm.unreadable:
        yield reason(Code.AMOUNT_UNREADABLE, that_field=name, label=name.replace("_", " "))
    if crm.discount:
        yield reason(Code.HEADER_DISCOUNT, amount=money_text(crm.discount, currency))
    if crm.tax:
        yield reason(Code.HEADER_TAX)
    if crm.adjustment:
        yield reason(Code.ADJUSTMENT, amount=money_text(crm.adjustment, currency))
    if not crm.rows:
        yield reason(Code.NO_LINES)
    if len(crm.rows) > MOST_LINES or crm.more_rows:
        yield reason(Code.TOO_MANY_LINES, count=len(crm.rows), more=" or more" if crm.more_rows else "")


def _currency(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    """Only the books' own currency so far, and only in cents."""
    currency = currency_of(crm, settings, books)
    if crm.currency is None and settings.home_currency is None and "Currency" not in crm.misread:
        yield reason(Code.CURRENCY_UNKNOWN)
    elif currency != books.base_currency:
        yield reason(Code.CURRENCY_OTHER, currency=currency, base=books.base_currency)
    elif decimals(currency) != 2:
        yield reason(Code.CURRENCY_PRECISION, currency=currency)


def _grand_total(crm: CrmInvoice, currency: str) -> Iterator[Reason]:
    """What stands against CRM's total by itself; whether Xero's would be the same is asked when all lines are known."""
    if crm.grand_total is None:
        if "Grand_Total" not in crm.unreadable:
            yield reason(Code.TOTAL_MISSING)
    elif crm.grand_total < 0:
        yield reason(Code.TOTAL_NEGATIVE, total=money_text(crm.grand_total, currency))
    elif crm.grand_total == 0:
        yield reason(Code.TOTAL_ZERO)


def about_settings(settings: Settings, books: Books) -> Iterator[Reason]:
    if not settings.complete:
        yield reason(Code.NOT_SET_UP)
    account = books.account(settings.account)
    unusable = account is None or account.status != "ACTIVE" or account.system or account.type == "BANK"
    if settings.account and unusable:
        yield reason(Code.ACCOUNT_UNUSABLE, account=settings.account)


def about_row(row: CrmRow, settings: Settings, books: Books) -> Iterator[Reason]:
    """The problems of one line; none means that `line_of` can make it."""
    needed = (("the quantity", "Quantity", row.quantity), ("the price", "List_Price", row.price))
    for what, name, value in needed:
        if value is None and name not in row.unreadable:
            yield _at(Code.LINE_UNREADABLE, row, what=f"{what} is missing")
    for name in row.unreadable:
        yield _at(Code.LINE_UNREADABLE, row, what=ROW_WORDS[name])
    words = label(row)
    if words is None:
        yield _at(Code.LINE_UNREADABLE, row, what="a text is missing")
    elif _length(words) > LONGEST_TEXT:
        yield _at(Code.LINE_TEXT_LONG, row)
    yield from _row_tax(row, settings, books)
    if row.quantity is not None and row.price is not None and not row.unreadable:
        yield from _row_money(row, row.quantity, row.price)


def _length(words: str) -> int:
    """As Xero is likely to count: signs beyond the basic plane, like most emoji, are two."""
    return len(words.encode("utf-16-le", "replace")) // 2


def _row_money(row: CrmRow, quantity: Decimal, price: Decimal) -> Iterator[Reason]:
    gross = product(quantity, price)
    if quantity < 0 or price < 0 or row.discount < 0 or gross - row.discount < 0:
        yield _at(Code.LINE_NEGATIVE, row)
        return
    if gross > LARGEST or len(f"{trimmed(rounded(quantity, PRICE_STEP)):f}") > LONGEST_QUANTITY:
        yield _at(Code.LINE_LARGE, row)
        return
    yield from _decimals(row, quantity, price)
    if row.total is not None and cents(gross) != cents(row.total):
        yield _at(
            Code.LINE_TOTAL_ODD,
            row,
            quantity=f"{trimmed(quantity):f}",
            price=f"{price:f}",
            expected=f"{cents(gross):,.2f}",
            total=f"{row.total:,f}",
        )


def _decimals(row: CrmRow, quantity: Decimal, price: Decimal) -> Iterator[Reason]:
    """Xero keeps four decimals of a price and of a quantity (X6.1). A discount in whole cents leaves only one way to
    round its line."""
    fine = ((quantity, "quantity", PRICE_STEP, "four"), (price, "price", PRICE_STEP, "four"))
    for value, words, step, most in (*fine, (row.discount, "discount", CENT, "two")):
        if value != rounded(value, step):
            yield _at(Code.LINE_PRECISION, row, what=words, most=most, value=f"{trimmed(value):f}")


def _row_tax(row: CrmRow, settings: Settings, books: Books) -> Iterator[Reason]:
    taxes = [tax for tax in row.taxes if tax.rate != 0] or list(row.taxes[:1])
    if len(taxes) > 1:
        yield _at(Code.LINE_TAXES_SEVERAL, row, count=len(taxes))
        return
    if not settings.taxes:
        return
    rule = rule_for(row, settings)
    if rule is None:
        code = Code.TAX_UNMAPPED if taxes else Code.TAX_NONE_UNMAPPED
        yield _at(code, row, tax=taxes[0].name if taxes else "")
        return
    yield from _rate(rule, books)


def _rate(rule: TaxRule, books: Books) -> Iterator[Reason]:
    """The matched rate must still exist and still have its percentage."""
    rate, percent = books.tax_rate(rule.tax_type), f"{trimmed(rule.rate):f}"
    if rate is None or rate.status != "ACTIVE" or not rate.revenue:
        yield reason(Code.TAX_TYPE_GONE, tax_type=(rate.name if rate else "") or rule.tax_type, rate=percent)
    elif rate.rate != rule.rate:
        yield reason(Code.TAX_RATE_MOVED, tax_type=rate.name, actual=f"{trimmed(rate.rate):f}", rate=percent)


def _at(code: Code, row: CrmRow, **values: str | int) -> Reason:
    return reason(code, line=row.position, product=row.product or "", **values)


def rule_for(row: CrmRow, settings: Settings) -> TaxRule | None:
    """The tenant's match for the row's rate; a row without tax has 0 %."""
    rates = [tax.rate for tax in row.taxes if tax.rate != 0]
    wanted = rates[0] if rates else Decimal(0)
    return next((rule for rule in settings.taxes if rule.rate == wanted), None)


def label(row: CrmRow) -> str | None:
    """What stands on the line: the product, and CRM's own text for it."""
    parts = [part for part in (row.product, row.text) if part]
    return "\n".join(dict.fromkeys(parts)) or None


def line_of(row: CrmRow, settings: Settings) -> Line:
    """The line of a row without problems."""
    rule, text = rule_for(row, settings), label(row)
    assert rule is not None and text is not None and row.quantity is not None and row.price is not None
    return Line(
        position=row.position,
        row_id=row.row_id,
        text=text,
        code=row.code,
        account=settings.account or "",
        quantity=row.quantity,
        price=row.price,
        discount=row.discount,
        tax_type=rule.tax_type,
        tax_rate=rule.rate,
        crm_tax=row.tax,
    )
