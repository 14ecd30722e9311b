"""What does a bookkeeper's page show?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request

from simulator.calls import Call, Calls, Note
from simulator.faults import Faults
from simulator.state import State
from simulator.xero.bookkeeper_words import label, money
from simulator.xero.books import today_of
from simulator.xero.contact_store import Directory
from simulator.xero.ledger import Ledger

Doc = dict[str, Any]
_SHOWN, _HAPPENED = 100, 12
STATUS_WORDS = {
    "DRAFT": "Draft",
    "SUBMITTED": "Awaiting Approval",
    "AUTHORISED": "Awaiting Payment",
    "PAID": "Paid",
    "VOIDED": "Voided",
    "DELETED": "Deleted",
}
TROUBLES: dict[str, tuple[str, Doc]] = {
    "429": ("Too many calls (429)", {"kind": "429", "seconds": 20, "path": "/api.xro/"}),
    "slow": ("Answer slowly", {"kind": "slow", "seconds": 8, "path": "/api.xro/"}),
    "lost_reply": ("Lose the reply to the next invoice", {"kind": "lost_reply", "method": "PUT", "path": "/Invoices"}),
    "500": ("Server error (500)", {"kind": "500", "path": "/api.xro/"}),
}
_VERBS = {"GET": "read", "PUT": "created", "POST": "sent", "DELETE": "removed"}


def books_view(state: State, org: Doc, invoice: Doc | None) -> Doc:
    """The invoices of an organisation, the last changed first, and one of them opened."""
    directory = Directory(state, org["id"])
    wanted = (request.args.get("q") or "").strip()
    rows = sorted(Ledger(state, org).all(), key=lambda doc: doc["Updated"], reverse=True)
    rows = [_row(doc, directory) for doc in rows]
    if wanted:
        rows = [r for r in rows if wanted.casefold() in f"{r['number']} {r['customer']}".casefold()]
    return {
        "org": org,
        "rows": rows[:_SHOWN],
        "total": len(rows),
        "q": wanted,
        "today": today_of(org),
        "invoice": _open(invoice, directory) if invoice else None,
    }


def _row(doc: Doc, directory: Directory) -> Doc:
    contact = directory.get(doc["ContactID"])
    ended = doc["Status"] in ("VOIDED", "DELETED")
    return {
        "id": doc["InvoiceID"],
        "number": label(doc),
        "customer": contact["Name"] if contact else "",
        "status": STATUS_WORDS[doc["Status"]],
        "due": "" if ended else money(doc["AmountDue"], doc["CurrencyCode"]),
    }


def _open(doc: Doc, directory: Directory) -> Doc:
    """One invoice with what may be pressed on it (X6.2, X8.6)."""
    status, paid = doc["Status"], Decimal(doc["AmountPaid"]) > 0
    return {
        **_row(doc, directory),
        "doc": doc,
        "lines": [_line(line, doc["CurrencyCode"]) for line in doc["Lines"]],
        "total": money(doc["Total"], doc["CurrencyCode"]),
        "tax": money(doc["TotalTax"], doc["CurrencyCode"]),
        "payments": [{**p, "shown": money(p["Amount"], doc["CurrencyCode"])} for p in doc["Payments"]],
        "can_submit": status == "DRAFT",
        "can_approve": status in ("DRAFT", "SUBMITTED"),
        "can_pay": status == "AUTHORISED",
        "can_void": status == "AUTHORISED" and not paid,
        "can_delete": status in ("DRAFT", "SUBMITTED"),
        "has_payments": paid,
    }


def _line(line: Doc, currency: str) -> Doc:
    shown = {name: line.get(name) or "" for name in ("Description", "AccountCode", "TaxType")}
    quantity = f"{Decimal(line['Quantity']).normalize():f}" if line.get("Quantity") else ""
    return {**shown, "Quantity": quantity, "Amount": money(line["LineAmount"], currency)}


def trouble_view(faults: Faults, calls: Calls, org: Doc) -> Doc:
    """Which troubles wait, and the last calls and clicks of this organisation."""
    waiting = [TROUBLES[kind][0] if kind in TROUBLES else kind for kind in faults.waiting()]
    happened = [
        {"at": _clock(entry.at), "text": _sentence(entry)}
        for entry in calls.recent(200)
        if isinstance(entry, Note) or entry.org in (None, org["id"])
    ]
    return {"troubles": TROUBLES, "waiting": waiting, "happened": happened[:_HAPPENED]}


def _sentence(entry: Call | Note) -> str:
    if isinstance(entry, Note):
        return entry.text
    what = entry.group.strip("/").replace("/{id}", "").replace("connect/token", "tokens")
    answered = f"answered {entry.status}" if entry.status else "the answer was lost"
    return f"InvoiceBridge {_VERBS.get(entry.method, entry.method)} {what}, {answered}"


def _clock(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone().strftime("%H:%M:%S")
