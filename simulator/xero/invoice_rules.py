"""Which changes of status, number and content does Xero allow?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.facts import Switches
from simulator.xero.books import lock_messages
from simulator.xero.ledger import Ledger

Doc = dict[str, Any]
NEW = ("DRAFT", "SUBMITTED", "AUTHORISED")
NOT_CREATABLE = "Invoice not of valid status for creation"
NOT_CHANGEABLE = "Invoice not of valid status for modification"
NUMBER_TAKEN = "Invoice # must be unique."
HAS_PAYMENT = "This document cannot be edited as it has a payment or credit note allocated to it."
DATE_FIXED = "Date cannot be changed on an invoice that has payment or credit notes allocated to it."
PLAN_FULL = "You have reached the limit of invoices you can approve"
_EARLY_PLAN = {"ACCREC": 20, "ACCPAY": 5}
# X6.2; PAID is left by deleting payments only.
_LEGAL = {
    "DRAFT": ("DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"),
    "SUBMITTED": ("SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"),
    "AUTHORISED": ("AUTHORISED", "VOIDED"),
    "PAID": ("PAID",),
}
# X6.3: the only things that may change on a part or fully paid sales invoice.
_FREE_WHEN_PAID = frozenset(
    {
        "Reference",
        "DueDate",
        "InvoiceNumber",
        "BrandingThemeID",
        "Url",
        "Status",
        "SentToContact",
    }
)
_MONEY = frozenset(
    {"Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate", "DiscountAmount"}
    | {"CurrencyRate", "Total", "TotalTax"}
)
_FREE_ON_LINES = frozenset({"Description", "AccountCode", "AccountID", "Tracking"})
_CONTENT = (
    *("Type", "ContactID", "Date", "DueDate", "LineAmountTypes", "InvoiceNumber", "Reference", "Url"),
    *("BrandingThemeID", "CurrencyCode", "CurrencyRate", "SentToContact", "Total", "TotalTax"),
    *("ExpectedPaymentDate", "PlannedPaymentDate"),
)


def settled(doc: Doc) -> bool:
    """Something was paid or credited."""
    return Decimal(doc["AmountPaid"]) + Decimal(doc["AmountCredited"]) > 0


def status_messages(old: Doc | None, wanted: str) -> list[str]:
    """Legal changes of X6.2."""
    if old is None:
        return [] if wanted in NEW else [NOT_CREATABLE]
    if old["Status"] not in _LEGAL:
        return [NOT_CHANGEABLE]
    if wanted != old["Status"] and settled(old):
        return [
            f"The status {wanted} cannot be applied to the invoice because it has payments or credit notes "
            "allocated to it."
        ]
    return [] if wanted in _LEGAL[old["Status"]] else [NOT_CHANGEABLE]


def paid_messages(old: Doc | None, new: Doc, switches: Switches) -> list[str]:
    """What may not change once something was paid (X6.3)."""
    if old is None or not settled(old):
        return []
    # The two sentences often come together; on a document that is PAID by default.
    refusal = [HAS_PAYMENT]
    if old["Status"] == "PAID" and switches["paid_edit_adds_status"]:
        refusal.append(NOT_CHANGEABLE)
    changed = {name for name in _CONTENT if _plain(name, old.get(name)) != _plain(name, new.get(name))}
    if "Date" in changed:
        return [DATE_FIXED]
    bill = old["Type"] != "ACCREC"
    lines_free = not bill or switches["paid_bills_editable"]
    if changed - _free_when_paid(old, switches) or _lines_changed(old["Lines"], new["Lines"], free=lines_free):
        return refusal
    return []


def _free_when_paid(old: Doc, switches: Switches) -> frozenset[str]:
    """X6.3: the contact not when a credit note paid; bills like sales invoices since March 2026."""
    bill = old["Type"] != "ACCREC"
    if bill and not switches["paid_bills_editable"]:
        return frozenset({"Status"})
    contact = {"ContactID"} if Decimal(old["AmountCredited"]) == 0 else set()
    return _FREE_WHEN_PAID | contact | ({"PlannedPaymentDate"} if bill else set())


def _lines_changed(old: list[Doc], new: list[Doc], *, free: bool) -> bool:
    free_names = _FREE_ON_LINES if free else frozenset()

    def fixed(line: Doc) -> Doc:
        return {name: _plain(name, value) for name, value in line.items() if name not in free_names}

    return [fixed(line) for line in old] != [fixed(line) for line in new]


def _plain(name: str, value: Any) -> Any:
    """Money by its value: 10.50 and 10.5000 are the same."""
    return Decimal(value) if name in _MONEY and value is not None else value


def period_messages(org: Doc, role: str, old: Doc | None, new: Doc, switches: Switches) -> list[str]:
    """Approving, editing or voiding inside a closed period (X6.4); drafts there are accepted."""
    posted = ("AUTHORISED", "PAID", "VOIDED")
    counts = new["Status"] in posted or (old is not None and old["Status"] in posted)
    if not counts and switches["drafts_in_locked_period"]:
        return []
    days = {new["Date"]} | ({old["Date"]} if old else set())
    return lock_messages(org, min(days), role)


def number_messages(ledger: Ledger, old: Doc | None, new: Doc, switches: Switches) -> list[str]:
    """A sales number in use is refused (X6.7); that of a voided or deleted one by the switches."""
    number = new.get("InvoiceNumber")
    if not number or new["Type"] != "ACCREC" or not switches["invoice_number_unique"]:
        return []
    if old is not None and old["InvoiceNumber"] == number:
        return []
    free = {
        status
        for status, name in (("VOIDED", "voided_number_free"), ("DELETED", "deleted_number_free"))
        if switches[name]
    }
    holders = [
        doc
        for doc in ledger.by_number(number)
        if doc["InvoiceID"] != new["InvoiceID"] and doc["Type"] == "ACCREC" and doc["Status"] not in free
    ]
    return [NUMBER_TAKEN] if holders else []


def plan_messages(ledger: Ledger, old: Doc | None, new: Doc, month: str, switches: Switches) -> list[str]:
    """The Early plan: 20 approved sales invoices and 5 bills a month (X6.2)."""
    approves = new["Status"] == "AUTHORISED" and (old is None or old["Status"] in ("DRAFT", "SUBMITTED"))
    if not approves or not switches["early_plan"]:
        return []
    done = sum(1 for doc in ledger.all() if doc["Type"] == new["Type"] and doc.get("Approved", "")[:7] == month)
    return [PLAN_FULL] if done >= _EARLY_PLAN[new["Type"]] else []


def total_messages(new: Doc) -> list[str]:
    """An invoice total below zero is refused (X6.5; the words are ours)."""
    return ["The invoice total cannot be less than zero."] if Decimal(new["Total"]) < 0 else []
