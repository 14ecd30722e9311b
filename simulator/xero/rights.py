"""What may the person who connected the organisation do?"""

from __future__ import annotations

from typing import Any

from simulator.facts import Switches
from simulator.xero.books import ADVISER
from simulator.xero.refusals import ElementRefusalError

Doc = dict[str, Any]
NO_RIGHT = "The User specified does not have the correct permissions to perform this action"
_READERS = ("READONLY", "REMOVED")


def may_write(role: str) -> bool:
    """READONLY people change nothing (X8.4)."""
    return role not in _READERS


def may_approve(role: str, switches: Switches) -> bool:
    """Whether a role reaches past SUBMITTED; for INVOICEONLY no source says (a switch)."""
    return may_write(role) and (role != "INVOICEONLY" or bool(switches["invoice_only_approves"]))


def write_messages(role: str) -> list[str]:
    """X10: rights of the connecting user."""
    return [] if may_write(role) else [NO_RIGHT]


def check_write(role: str) -> None:
    """Refuse an element when its person may not write (X10)."""
    messages = write_messages(role)
    if messages:
        raise ElementRefusalError(*messages)


def invoice_messages(role: str, old: Doc | None, new: Doc, switches: Switches) -> list[str]:
    """X10, on an invoice: who may not approve may not touch approved ones either."""
    posted = ("AUTHORISED", "PAID", "VOIDED")
    counts = new["Status"] in posted or (old is not None and old["Status"] in posted)
    return [] if may_write(role) and (not counts or may_approve(role, switches)) else [NO_RIGHT]


def actions(org: Doc, role: str, switches: Switches) -> dict[str, bool]:
    """GET Organisation/Actions: the period lock stops all but advisers (X6.4, X8.5)."""
    writes, approves = may_write(role), may_approve(role, switches)
    return {
        "CreateApprovedInvoice": approves,
        "CreateDraftInvoice": writes,
        "CreateApprovedBill": approves,
        "CreateDraftBill": writes,
        "CreateInvoicePayment": approves,
        "AttachFilesIntoInvoice": writes,
        "CreateRepeatingInvoice": approves,
        "CreateDraftQuote": writes,
        "UseMulticurrency": len(org["Currencies"]) > 1,
        "ApproveTransactionsBeforePeriodLockDate": role == ADVISER,
    }
