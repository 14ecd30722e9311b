"""What happens when an invoice is paid, or a payment is taken back?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import rights
from simulator.xero.books import account_of, lock_messages, today_of
from simulator.xero.invoice_writes import unknown_invoice
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.wire import new_id, now_stamp
from simulator.xero.writer import Writer

Doc = dict[str, Any]
TOO_MUCH = "Payment amount exceeds the amount outstanding on this document"
NOT_APPROVED = "Payments can only be made against Authorised documents"
NO_ACCOUNT = "Account could not be found."


def pay(writer: Writer, invoice: Doc | None, wish: Doc) -> Doc:
    """Record a payment: {amount, day?, code?, account_id?, reference?}; the last one makes it PAID (X8.6)."""
    if invoice is None:
        unknown_invoice(writer)
    account = account_of(writer.org, code=wish.get("code"), account_id=wish.get("account_id"))
    day = wish.get("day") or today_of(writer.org)
    messages = _messages(writer, invoice, account, wish["amount"], day)
    if messages or account is None:
        raise ElementRefusalError(*messages)
    payment = {
        "PaymentID": new_id(),
        "InvoiceID": invoice["InvoiceID"],
        "AccountID": account["AccountID"],
        "Date": day,
        "Amount": str(writer.rounding.round(wish["amount"])),
        "CurrencyRate": invoice["CurrencyRate"],
        "Reference": wish.get("reference"),
        "Reconciled": bool(wish.get("reconciled")),
        "Status": "AUTHORISED",
        "PaymentType": "ACCRECPAYMENT" if invoice["Type"] == "ACCREC" else "ACCPAYPAYMENT",
        "Updated": now_stamp(),
    }
    with writer.state.together():
        writer.ledger.save_payment(payment)
        settle(writer, {**invoice, "Payments": [*invoice["Payments"], payment]})
    return payment


def _messages(writer: Writer, invoice: Doc, account: Doc | None, amount: Decimal | None, day: str) -> list[str]:
    messages = []
    if invoice["Status"] != "AUTHORISED":
        messages.append(NOT_APPROVED)
    # X8.6: on a PAID invoice both sentences come together.
    due = Decimal(invoice["AmountDue"]) if invoice["Status"] in ("AUTHORISED", "PAID") else None
    if amount is None or amount <= 0:
        messages.append("The payment amount must be greater than zero.")
    elif due is not None and amount > due:
        messages.append(TOO_MUCH)
    # X8.2: payments go to a bank account, or to one that allows them.
    if account is None or not (account["Type"] == "BANK" or account["EnablePaymentsToAccount"]):
        messages.append(NO_ACCOUNT)
    return messages + _approver(writer) + lock_messages(writer.org, day, writer.role)


def _approver(writer: Writer) -> list[str]:
    """Who may not approve may not pay either (X8.4, X10)."""
    return [] if rights.may_approve(writer.role, writer.switches) else [rights.NO_RIGHT]


def take_back(writer: Writer, payment: Doc) -> Doc:
    """Delete a payment: a PAID invoice goes back to AUTHORISED (X6.2, X11.20)."""
    invoice = writer.ledger.get(payment["InvoiceID"])
    assert invoice is not None
    if payment["Status"] == "DELETED":
        raise ElementRefusalError("This payment has already been deleted.")
    if payment.get("Reconciled"):
        # X8.6: refused; the text is unverified.
        raise ElementRefusalError(str(writer.switches["reconciled_delete_text"]))
    messages = _approver(writer) + lock_messages(writer.org, payment["Date"], writer.role)
    if messages:
        raise ElementRefusalError(*messages)
    gone = {**payment, "Status": "DELETED", "Updated": now_stamp()}
    with writer.state.together():
        writer.ledger.save_payment(gone)
        left = [one for one in invoice["Payments"] if one["PaymentID"] != payment["PaymentID"]]
        settle(writer, {**invoice, "Payments": left})
    return gone


def settle(writer: Writer, invoice: Doc) -> None:
    """Paid, due and status from payments and credits; FullyPaidOnDate is the last one's day (X6.5, X8.6)."""
    paid = sum((Decimal(payment["Amount"]) for payment in invoice["Payments"]), Decimal(0))
    due = Decimal(invoice["Total"]) - paid - Decimal(invoice["AmountCredited"])
    done = due == 0
    invoice.update(AmountPaid=str(paid), AmountDue=str(due), Status="PAID" if done else "AUTHORISED")
    days = [one["Date"] for one in (*invoice["Payments"], *invoice.get("Credits", []))]
    last = max(days, default=None)
    invoice["FullyPaidOnDate"] = last if done else None
    writer.save(invoice)
