"""Which changes are told to those who listen by webhook?"""

from __future__ import annotations

from typing import Any

from simulator.state import State
from simulator.xero.wire import now_stamp

Doc = dict[str, Any]
CONFIG, PENDING = "xero_webhooks", "xero_event"
CATEGORIES = ("INVOICE", "CONTACT", "CREDITNOTE", "OVERPAYMENT")
# Only the accounting host of X1 stands in a payload (X9); no call is ever made to it.
_BASE = "https://api.xero.com/api.xro/2.0"
_RESOURCES = {
    "INVOICE": "Invoices",
    "CONTACT": "Contacts",
    "CREDITNOTE": "CreditNotes",
    "OVERPAYMENT": "Overpayments",
}


def invoice(state: State, org: str, old: Doc | None, new: Doc) -> None:
    """A saved invoice or bill; the event carries neither type nor status (X9)."""
    settled = ("Payments", "AmountCredited")
    by_payment = old is not None and any(old[name] != new[name] for name in settled)
    _tell(state, org, "INVOICE", new["InvoiceID"], old, new, by_payment=by_payment)


def contact(state: State, org: str, old: Doc | None, new: Doc) -> None:
    """A saved contact; an update covers archiving (X9)."""
    _tell(state, org, "CONTACT", new["ContactID"], old, new)


def credit(state: State, org: str, old: Doc | None, new: Doc) -> None:
    """A saved credit note or overpayment; credit-note events say Type and Status (X9)."""
    category = new["Kind"].upper()
    data = {"Type": new["Type"], "Status": new["Status"]} if category == "CREDITNOTE" else None
    _tell(state, org, category, new["ID"], old, new, data=data)


def _tell(
    state: State,
    org: str,
    category: str,
    resource: str,
    old: Doc | None,
    new: Doc,
    *,
    by_payment: bool = False,
    data: Doc | None = None,
) -> None:
    """Keep an event until it is delivered; what moves no stamp is no event (X5.3, X9).

    Every save of a credit is one: a credit note made and applied at once may have the same stamp twice."""
    config = state.peek(CONFIG, "config")
    # An address that was never accepted gets nothing; for a disabled one events are kept (X9).
    if config is None or config["status"] == "intent failed" or category not in config["categories"]:
        return
    if not _connected(state, org):
        return
    if category in ("INVOICE", "CONTACT") and old is not None and old.get("Updated") == new.get("Updated"):
        return
    number = state.next(PENDING)
    event = {
        "resourceUrl": f"{_BASE}/{_RESOURCES[category]}/{resource}",
        "resourceId": resource,
        "tenantId": org,
        "tenantType": "ORGANISATION",
        "eventCategory": category,
        "eventType": "CREATE" if old is None else "UPDATE",
        "eventDateUtc": now_stamp().removesuffix("Z"),
        **({"data": data} if data else {}),
    }
    state.put(PENDING, str(number), {"number": number, "by_payment": by_payment, "event": event})


def _connected(state: State, org: str) -> bool:
    """Only organisations that are connected to the app cause events (X9)."""
    return any(one["active"] and one["org"] == org for one in state.view("xero_connection"))
