"""How does a bookkeeper credit an invoice, receive too much, and undo both?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import allocations, contact_lives, credit_writes
from simulator.xero.bookkeeper_words import amount, credit_label, day, label, money
from simulator.xero.credit_input import parse
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.writer import Writer

Doc = dict[str, Any]


def credit(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """An approved credit note over that amount, applied to the invoice at once (X8.7)."""
    off = amount(wish.get("amount"), invoice["AmountDue"])
    if invoice["Status"] != "AUTHORISED":
        raise ElementRefusalError(allocations.INVOICE_NOT_APPROVED)
    if not 0 < off <= Decimal(invoice["AmountDue"]):
        raise ElementRefusalError(allocations.ABOVE_DUE)
    note = credit_writes.create(writer, parse(_note(invoice, off, wish)))
    return _applied(writer, note, invoice, off, wish)


def _note(invoice: Doc, off: Decimal, wish: Doc) -> Doc:
    """One line with the first priced line's account and tax; inclusive, so that it comes to the amount."""
    like: Doc = next((line for line in invoice["Lines"] if line.get("AccountCode")), {})
    line = {"Description": f"Credit for {label(invoice)}", "Quantity": 1, "UnitAmount": str(off)}
    line |= {name: like[name] for name in ("AccountCode", "TaxType") if like.get(name)}
    no_tax = invoice["LineAmountTypes"] == "NoTax"
    return {
        "Type": "ACCRECCREDIT" if invoice["Type"] == "ACCREC" else "ACCPAYCREDIT",
        "Contact": {"ContactID": invoice["ContactID"]},
        "Status": "AUTHORISED",
        "Date": day(wish.get("date")),
        "LineAmountTypes": "NoTax" if no_tax else "Inclusive",
        "CurrencyCode": invoice["CurrencyCode"],
        "LineItems": [{k: v for k, v in line.items() if not (no_tax and k == "TaxType")}],
    }


def apply(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """An open credit note or overpayment, applied (X8.7): what is left of it, or what is due."""
    found = writer.credits.find(str(wish.get("credit") or ""))
    if found is None:
        raise ElementRefusalError("There is no such credit.")
    most = min(Decimal(found["RemainingCredit"]), Decimal(invoice["AmountDue"]))
    return _applied(writer, found, invoice, amount(wish.get("amount"), most), wish)


def _applied(writer: Writer, found: Doc, invoice: Doc, off: Decimal, wish: Doc) -> str:
    allocations.allocate(writer, found, invoice, off, day(wish.get("date")))
    return f"Credit of {money(off, invoice['CurrencyCode'])} applied to {label(invoice)} from {credit_label(found)}"


def take_off(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """The named credit (or allocation), or the last one, comes off the invoice again (X6.2)."""
    wanted, applied = str(wish.get("credit") or ""), invoice.get("Credits", [])
    if wanted:
        applied = [one for one in applied if wanted in (one["AllocationID"], one["ID"], one["Number"])]
    if not applied:
        raise ElementRefusalError("There is no such credit on this invoice.")
    found = writer.credits.get(applied[-1]["Kind"], applied[-1]["ID"])
    assert found is not None
    gone = allocations.take_off(writer, found, applied[-1]["AllocationID"])
    return f"Credit of {money(gone['Amount'], invoice['CurrencyCode'])} taken off {label(invoice)}"


def void(writer: Writer, wish: Doc) -> str:
    """An approved credit note that is applied nowhere may be voided (X6.2, X8.7)."""
    found = writer.credits.find(str(wish.get("credit") or ""))
    if found is None or found["Kind"] != "CreditNote":
        raise ElementRefusalError("There is no such credit note.")
    credit_writes.update(writer, found, parse({"CreditNoteID": found["ID"], "Status": "VOIDED"}))
    return f"{credit_label(found)} voided"


def overpay(writer: Writer, wish: Doc) -> str:
    """Money from a customer that no invoice asked for: an overpayment (X8.7)."""
    contact = contact_lives.named(writer, wish.get("contact"))
    received = amount(wish.get("amount"), "0")
    currency = str(wish.get("currency") or writer.org["BaseCurrency"])
    credit_writes.overpay(writer, contact, currency, received, day(wish.get("date")))
    return f"Overpayment of {money(received, currency)} received from {contact['Name']}"
