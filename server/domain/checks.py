"""What of the record and the settings stands against sending it? Every problem at once; each check answers for one
matter. Lines, tax and totals are asked in files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice
from server.domain.currencies import decimals
from server.domain.mapping import about_account
from server.domain.money import CENT, LARGEST, is_whole
from server.domain.reasons import Code, Reason, reason
from server.domain.values import CONTACT, Books, Settings
from server.domain.wording import day_text, money_text

MOST_LINES = 200  # CRM's own bound
LONGEST_NUMBER = 255
SENDABLE = ("DRAFT", "SUBMITTED", "AUTHORISED")
REMOVED = "REMOVED"  # in the status map: this status takes the invoice out of Xero
IN_REVIEW = ("review_process", "zia_vision", "merge")
STATE_WORDS = {"approval_process_pending": "pending", "approval_process_rejected": "rejected"}
LABELS = {"Tax": "The tax"}


STOCK_NUMBER = "Invoice_Number"


def invoice_number(crm: CrmInvoice, settings: Settings) -> str | None:
    """The number CRM gives it; None where Xero numbers."""
    rule = settings.number
    return crm.value_of(rule.field) if rule is not None and rule.source == "field" and rule.field else None


def earlier_number(crm: CrmInvoice, settings: Settings) -> str | None:
    """Under which number an invoice from before the start may stand in Xero though Xero numbers now: the one in the
    field for Xero's numbers, else CRM's own."""
    rule = settings.number
    if rule is None or rule.source == "field" or not any(about_start(crm, settings)):
        return None
    return (rule.write_to and crm.value_of(rule.write_to)) or crm.value_of(STOCK_NUMBER)


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


def smallest_unit(currency: str) -> Decimal:
    """What CRM rounds its amounts to: 0.01, of yen 1, of Kuwaiti dinars 0.001."""
    return Decimal(1).scaleb(-decimals(currency))


def about_record(crm: CrmInvoice, due: date | None, settings: Settings, books: Books) -> Iterator[Reason]:
    yield from _status(crm, settings)
    yield from _approval(crm)
    yield from _number(crm, settings)
    yield from _dates(crm, due, settings, books)
    yield from _currency(crm, settings, books)
    yield from _header(crm, settings)
    yield from _large(crm)
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


def _dates(crm: CrmInvoice, due: date | None, settings: Settings, books: Books) -> Iterator[Reason]:
    approved = arrival_status(crm, settings) == "AUTHORISED"
    by_crm = settings.due.source == "crm"
    if crm.date is None and "Invoice_Date" not in crm.misread:
        yield reason(Code.DATE_MISSING)
    if due is None and approved and by_crm and "Due_Date" not in crm.misread:
        yield reason(Code.DUE_MISSING)
    if due is None and approved and not by_crm and crm.date is not None:
        yield reason(Code.TERMS_MISSING)
    if by_crm and crm.date and due and due < crm.date:  # Xero takes it (X6.1); terms may well lead there
        yield reason(Code.DUE_BEFORE_DATE, due=day_text(due), date=day_text(crm.date))
    closed = books.closed_up_to()
    if approved and crm.date and closed and books.is_closed(crm.date):
        dated = day_text(crm.date)
        yield reason(Code.PERIOD_CLOSED, closed=day_text(closed), dated=f"; this invoice is dated {dated}", date=dated)


def about_start(crm: CrmInvoice, settings: Settings) -> Iterator[Reason]:
    """What was billed before the start is in the books by other ways; sent again it would stand there twice."""
    start = settings.start_date
    if start is not None and crm.date is not None and crm.date < start:
        yield reason(Code.BEFORE_START_DATE, start=day_text(start), date=day_text(crm.date))


def _header(crm: CrmInvoice, settings: Settings) -> Iterator[Reason]:
    if crm.account_id is None:
        yield reason(Code.PERSON_MISSING if settings.customers.source == CONTACT else Code.CUSTOMER_MISSING)
    for name in crm.misread:
        yield reason(Code.FIELD_MISREAD, that_field=name, label=name.replace("_", " "))
    for name in crm.unreadable:
        yield reason(Code.AMOUNT_UNREADABLE, that_field=name, label=LABELS.get(name, name.replace("_", " ")))
    if not crm.rows:
        yield reason(Code.NO_LINES)
    if len(crm.rows) > MOST_LINES or crm.more_rows:
        yield reason(Code.TOO_MANY_LINES, count=len(crm.rows), more=" or more" if crm.more_rows else "")


def _large(crm: CrmInvoice) -> Iterator[Reason]:
    """What becomes lines of ours must be an amount that a line can have (X6.1)."""
    amounts = {"Discount": crm.discount, "Adjustment": crm.adjustment, "Tax": crm.tax}
    for name, amount in amounts.items():
        if abs(amount) > LARGEST:
            yield reason(Code.AMOUNT_LARGE, that_field=name, label=LABELS.get(name, f"The {name.lower()}"))


def _currency(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    """X10: an organisation takes its own currency, and those that it subscribed to."""
    currency = currency_of(crm, settings, books)
    if crm.currency is None and settings.home_currency is None and "Currency" not in crm.misread:
        yield reason(Code.CURRENCY_UNKNOWN)
    elif not books.keeps(currency):
        yield reason(Code.CURRENCY_NOT_IN_XERO, currency=currency, organisation=books.name)


def _grand_total(crm: CrmInvoice, currency: str) -> Iterator[Reason]:
    """What stands against CRM's total by itself; whether Xero's would be the same is asked when all lines are known."""
    total = crm.grand_total
    if total is None:
        if "Grand_Total" not in crm.unreadable:
            yield reason(Code.TOTAL_MISSING)
        return
    if total < 0:
        yield reason(Code.TOTAL_NEGATIVE, total=money_text(total, currency))
    elif total == 0:
        yield reason(Code.TOTAL_ZERO)
    places = min(decimals(currency), 2)
    if not is_whole(total, smallest_unit(currency)) or not is_whole(total, CENT):
        words = f"{places} decimals" if places else "no decimals"
        yield reason(Code.CURRENCY_PRECISION, total=money_text(total, currency), currency=currency, most=words)


def about_settings(crm: CrmInvoice, settings: Settings, books: Books) -> Iterator[Reason]:
    """Accounts for discounts and adjustments matter where there are such."""
    if not settings.complete:
        yield reason(Code.NOT_SET_UP)
    discount = settings.accounts.discount if crm.discount else None
    adjustment = settings.accounts.adjustment if crm.adjustment else None
    yield from about_account(settings.account, books, Code.ACCOUNT_UNUSABLE)
    for code in dict.fromkeys((discount, adjustment)):
        if code != settings.account:
            yield from about_account(code, books, Code.OWN_ACCOUNT_UNUSABLE)
