"""What happens when a credit is applied to an invoice, or taken off again?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import rights
from simulator.xero.books import lock_messages, today_of
from simulator.xero.payments import settle
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.wire import new_id, now_stamp
from simulator.xero.writer import Writer

Doc = dict[str, Any]
# No source has Xero's words for these; they are ours.
CREDIT_NOT_APPROVED = "Only approved credits can be allocated."
INVOICE_NOT_APPROVED = "Credits can only be allocated to Authorised documents."
OTHER_CONTACT = "A credit can only be allocated to an invoice of the same contact and currency."
ABOVE_CREDIT = "The amount allocated exceeds the remaining credit."
ABOVE_DUE = "The amount allocated exceeds the amount outstanding on this document."


def allocate(writer: Writer, credit: Doc, invoice: Doc, amount: Decimal | None, day: str | None) -> Doc:
    """Apply a credit: it lowers AmountDue through AmountCredited, with no payment record (X8.7)."""
    day = day or today_of(writer.org)
    messages = _messages(writer, credit, invoice, amount) + _closed(writer, day)
    if messages or amount is None:
        raise ElementRefusalError(*messages)
    allocation = {
        "AllocationID": new_id(),
        "InvoiceID": invoice["InvoiceID"],
        "Amount": str(writer.rounding.round(amount)),
        "Date": day,
    }
    with writer.state.together():
        _save(writer, {**credit, "Allocations": [*credit["Allocations"], allocation]})
        kept = {name: credit[name] for name in ("Kind", "ID", "Number", "Type", "Total")}
        _credited(writer, invoice, [*invoice.get("Credits", []), {**kept, **allocation}])
    return allocation


def _messages(writer: Writer, credit: Doc, invoice: Doc, amount: Decimal | None) -> list[str]:
    messages = []
    if credit["Status"] != "AUTHORISED":
        messages.append(CREDIT_NOT_APPROVED)
    if invoice["Status"] != "AUTHORISED":
        messages.append(INVOICE_NOT_APPROVED)
    sale = credit["Type"] in ("ACCRECCREDIT", "RECEIVE-OVERPAYMENT")
    same = all(credit[name] == invoice[name] for name in ("ContactID", "CurrencyCode"))
    if not same or sale != (invoice["Type"] == "ACCREC"):
        messages.append(OTHER_CONTACT)
    if amount is None or amount <= 0:
        messages.append("The amount allocated must be greater than zero.")
    elif amount > Decimal(credit["RemainingCredit"]):
        messages.append(ABOVE_CREDIT)
    elif amount > Decimal(invoice["AmountDue"]):
        messages.append(ABOVE_DUE)
    return messages


def _closed(writer: Writer, day: str) -> list[str]:
    """Lock dates block allocations too (X6.4), and so do missing rights (X10)."""
    right = [] if rights.may_approve(writer.role, writer.switches) else [rights.NO_RIGHT]
    return right + lock_messages(writer.org, day, writer.role)


def take_off(writer: Writer, credit: Doc, allocation: str) -> Doc:
    """Delete an allocation: a PAID invoice goes back to AUTHORISED, and the credit is open again (X6.2)."""
    gone: Doc | None = next((one for one in credit["Allocations"] if one["AllocationID"] == allocation), None)
    if gone is None:
        raise ElementRefusalError("There is no such allocation.")
    messages = _closed(writer, gone["Date"])
    if messages:
        raise ElementRefusalError(*messages)
    invoice = writer.ledger.get(gone["InvoiceID"])
    assert invoice is not None
    with writer.state.together():
        _save(writer, {**credit, "Allocations": [one for one in credit["Allocations"] if one is not gone]})
        left = [one for one in invoice.get("Credits", []) if one["AllocationID"] != allocation]
        _credited(writer, invoice, left)
    return gone


def _save(writer: Writer, credit: Doc) -> None:
    """Applied and remaining from the allocations; a credit that is used up is PAID."""
    used = sum((Decimal(one["Amount"]) for one in credit["Allocations"]), Decimal(0))
    left = Decimal(credit["Total"]) - used
    last = max((one["Date"] for one in credit["Allocations"]), default=None)
    credit.update(RemainingCredit=str(left), AmountCredited=str(used), Status="AUTHORISED" if left else "PAID")
    credit.update(FullyPaidOnDate=None if left else last, Updated=now_stamp())
    writer.credits.save(credit)


def _credited(writer: Writer, invoice: Doc, applied: list[Doc]) -> None:
    """AmountCredited sums credit notes and overpayments (X6.5)."""
    total = sum((Decimal(one["Amount"]) for one in applied), Decimal(0))
    settle(writer, {**invoice, "Credits": applied, "AmountCredited": str(total)})
