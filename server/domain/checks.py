"""What stands against sending this invoice? Every problem at once; each check answers for one matter."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice, CrmRow
from server.domain.money import PRICE_STEP, Line, cents, product, rounded
from server.domain.reasons import Code, Reason, reason
from server.domain.values import Books, Settings, TaxRule

MOST_LINES = 200  # CRM's own bound
LONGEST_TEXT = 4000
LONGEST_NUMBER = 255
SENDABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")
LARGEST = Decimal("9999999999.99")  # LineAmount (X6.1)


def invoice_number(crm: CrmInvoice, settings: Settings) -> str | None:
    """The number CRM gives it; None where Xero numbers."""
    rule = settings.number
    return crm.value_of(rule.field) if rule is not None and rule.source == "field" and rule.field else None


def arrival_status(crm: CrmInvoice, settings: Settings) -> str | None:
    """DRAFT, SUBMITTED or AUTHORISED by the tenant's map, else None."""
    wanted = settings.statuses.get(crm.status or "")
    return wanted if wanted in SENDABLE else None


def about_record(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    yield from _status(crm, settings)
    yield from _approval(crm)
    yield from _number(crm, settings)
    yield from _dates(crm, settings, books)
    yield from _header(crm, books)


def _status(crm: CrmInvoice, settings: Settings) -> Iterator[Reason]:
    if crm.status is None:
        yield reason(Code.STATUS_BLANK)
    elif arrival_status(crm, settings) is None:
        code = Code.CANCELLED if crm.status.casefold() in ("cancelled", "canceled") else Code.STATUS_UNMAPPED
        yield reason(code, status=crm.status)


def _approval(crm: CrmInvoice) -> Iterator[Reason]:
    """CRM's own approval is respected; what knows no approval has no state or says approved."""
    if crm.approval_state not in (None, "approved"):
        yield reason(Code.NOT_APPROVED_IN_CRM, state=crm.approval_state)
    if crm.under_review:
        yield reason(Code.IN_REVIEW)


def _number(crm: CrmInvoice, settings: Settings) -> Iterator[Reason]:
    rule = settings.number
    if rule is None or rule.source != "field":
        return
    number, where = invoice_number(crm, settings), rule.field or "Invoice_Number"
    if number is None:
        yield reason(Code.NUMBER_MISSING, number_field=where)
    elif len(number) > LONGEST_NUMBER or not all(" " <= char <= "~" for char in number):
        yield reason(Code.NUMBER_UNFIT, number=number[:60], number_field=where)


def _dates(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    approved = arrival_status(crm, settings) == "AUTHORISED"
    if crm.date is None:
        yield reason(Code.DATE_MISSING)
    if crm.due_date is None and approved:
        yield reason(Code.DUE_MISSING)
    if crm.date and crm.due_date and crm.due_date < crm.date:
        yield reason(Code.DUE_BEFORE_DATE, due=_shown(crm.due_date), date=_shown(crm.date))
    if approved and crm.date and books.is_closed(crm.date):
        yield reason(Code.PERIOD_CLOSED, date=_shown(crm.date), closed=_shown(books.closed_up_to()))


def _shown(day: object) -> str:
    """A day for people: 3 Nov 2026."""
    return f"{day:%d %b %Y}".lstrip("0")


def _header(crm: CrmInvoice, books: Books) -> Iterator[Reason]:
    if crm.account_id is None:
        yield reason(Code.CUSTOMER_MISSING)
    if crm.currency is not None and crm.currency != books.base_currency:
        yield reason(Code.CURRENCY_OTHER, currency=crm.currency, base=books.base_currency)
    if crm.discount:
        yield reason(Code.HEADER_DISCOUNT, amount=f"{crm.discount:f}")
    if crm.tax:
        yield reason(Code.HEADER_TAX)
    if crm.adjustment:
        yield reason(Code.ADJUSTMENT, amount=f"{crm.adjustment:f}")
    if not crm.rows:
        yield reason(Code.NO_LINES)
    if len(crm.rows) > MOST_LINES:
        yield reason(Code.TOO_MANY_LINES, count=len(crm.rows))


def about_settings(settings: Settings, books: Books) -> Iterator[Reason]:
    account = books.account(settings.account)
    if account is None or account.status != "ACTIVE" or account.system or account.type == "BANK":
        yield reason(Code.ACCOUNT_UNUSABLE, account=settings.account or "")


def about_row(row: CrmRow, settings: Settings, books: Books) -> Iterator[Reason]:
    """The problems of one line; none means that `line_of` can make it."""
    missing = [
        word
        for word, value in (("the quantity", row.quantity), ("the price", row.price), ("a text", label(row)))
        if value is None
    ]
    for what in missing:
        yield _at(Code.LINE_UNREADABLE, row, what=what)
    if len(label(row) or "") > LONGEST_TEXT:
        yield _at(Code.LINE_TEXT_LONG, row)
    yield from _row_tax(row, settings, books)
    if not missing:
        yield from _row_money(row)


def _row_money(row: CrmRow) -> Iterator[Reason]:
    assert row.quantity is not None and row.price is not None
    gross = product(row.quantity, row.price)
    if row.quantity < 0 or row.price < 0 or row.discount < 0 or gross - row.discount < 0 or gross > LARGEST:
        yield _at(Code.LINE_NEGATIVE, row)
        return
    if row.price != rounded(row.price, PRICE_STEP) or row.quantity != rounded(row.quantity, PRICE_STEP):
        yield _at(Code.LINE_PRECISION, row, price=f"{row.price:f}")
    if row.total is not None and cents(gross) != cents(row.total):
        yield _at(
            Code.LINE_TOTAL_ODD,
            row,
            quantity=f"{row.quantity:f}",
            price=f"{row.price:f}",
            expected=f"{cents(gross):f}",
            total=f"{row.total:f}",
        )


def _row_tax(row: CrmRow, settings: Settings, books: Books) -> Iterator[Reason]:
    taxes = [tax for tax in row.taxes if tax.rate != 0] or list(row.taxes[:1])
    if len(taxes) > 1:
        yield _at(Code.LINE_TAXES_SEVERAL, row, count=len(taxes))
        return
    rule = rule_for(row, settings)
    if rule is None:
        code = Code.TAX_UNMAPPED if taxes else Code.TAX_NONE_UNMAPPED
        yield _at(code, row, tax=taxes[0].name if taxes else "")
        return
    yield from _rate(rule, books)


def _rate(rule: TaxRule, books: Books) -> Iterator[Reason]:
    """The matched rate must still exist and still have its percentage."""
    rate, percent = books.tax_rate(rule.tax_type), f"{rule.rate.normalize():f}"
    if rate is None or rate.status != "ACTIVE" or not rate.revenue:
        yield reason(Code.TAX_TYPE_GONE, tax_type=rate.name if rate else rule.tax_type, rate=percent)
    elif rate.rate != rule.rate:
        yield reason(Code.TAX_RATE_MOVED, tax_type=rate.name, actual=f"{rate.rate.normalize():f}", rate=percent)


def _at(code: Code, row: CrmRow, **values: str | int) -> Reason:
    return reason(code, line=row.position, product=(row.product or "")[:80], **values)


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
