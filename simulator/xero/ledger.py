"""Where are an organisation's invoices and payments, and which numbers are used?"""

from __future__ import annotations

import re
from typing import Any

from simulator.state import State
from simulator.xero import changes
from simulator.xero.wire import is_guid

Doc = dict[str, Any]


class Ledger:
    """Invoices and payments of one organisation, with an index by number."""

    def __init__(self, state: State, org: Doc) -> None:
        self._state, self._org = state, org
        self._kind = f"xero_invoice:{org['id']}"
        self._numbers = f"xero_number:{org['id']}"
        self._payments = f"xero_payment:{org['id']}"

    def all(self) -> list[Doc]:
        """Every invoice, oldest first, for reading only."""
        return self._state.view(self._kind)

    def get(self, invoice: str) -> Doc | None:
        """An invoice by id, for reading only."""
        return self._state.peek(self._kind, invoice)

    def by_number(self, number: str) -> list[Doc]:
        """Invoices that hold a number, letter case aside; more than one when the uniqueness switch is off."""
        entry = self._state.peek(self._numbers, number.casefold())
        found = [self.get(one) for one in entry["ids"]] if entry else []
        return [doc for doc in found if doc]

    def by_id_or_number(self, text: str) -> Doc | None:
        """What the path of a single GET or POST names (X6.7)."""
        if is_guid(text):
            return self.get(text.lower())
        found = [doc for doc in self.by_number(text) if doc["Type"] == "ACCREC"]
        # Where a number was free again, the one that still lives is meant.
        found.sort(key=lambda doc: doc["Status"] in ("VOIDED", "DELETED"))
        return found[0] if found else None

    def save(self, doc: Doc) -> None:
        """Store an invoice and keep the index right."""
        with self._state.together():
            old = self.get(doc["InvoiceID"])
            if old and old["InvoiceNumber"] != doc["InvoiceNumber"]:
                self._index(old["InvoiceNumber"], old["InvoiceID"], add=False)
            self._index(doc["InvoiceNumber"], doc["InvoiceID"], add=True)
            self._state.put(self._kind, doc["InvoiceID"], doc)
            changes.invoice(self._state, self._org["id"], old, doc)

    def _index(self, number: str | None, invoice: str, *, add: bool) -> None:
        if not number:
            return
        key = number.casefold()
        entry = self._state.peek(self._numbers, key)
        ids = [one for one in (entry["ids"] if entry else []) if one != invoice]
        if add:
            ids.append(invoice)
        self._state.put(self._numbers, key, {"ids": ids})

    def next_number(self, *, skip_taken: bool) -> str:
        """The next automatic number of the organisation's series (X6.1, X6.7)."""
        while True:
            count = self._state.next(self._counter, self._org["NumberFirst"])
            number = f"{self._org['NumberPrefix']}{count:04d}"
            if not skip_taken or not self.by_number(number):
                return number

    @property
    def _counter(self) -> str:
        return f"xero_number:{self._org['id']}"

    def advance_past(self, number: str) -> None:
        """Move the series past a number sent in its pattern (X6.7, unverified)."""
        found = re.fullmatch(re.escape(self._org["NumberPrefix"]) + r"(\d+)", number)
        last = self._state.peek("_counters", self._counter)
        if found and int(found[1]) > (last["value"] if last else 0):
            self._state.put("_counters", self._counter, {"value": int(found[1])})

    def payments(self) -> list[Doc]:
        """Every payment, oldest first, for reading only."""
        return self._state.view(self._payments)

    def payment(self, payment: str) -> Doc | None:
        """A payment by id, for reading only."""
        return self._state.peek(self._payments, payment)

    def save_payment(self, doc: Doc) -> None:
        """Store a payment."""
        self._state.put(self._payments, doc["PaymentID"], doc)
