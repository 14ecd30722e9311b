"""Where are an organisation's credit notes and overpayments?"""

from __future__ import annotations

from typing import Any

from simulator.state import State
from simulator.xero import changes
from simulator.xero.wire import is_guid

Doc = dict[str, Any]
CREDIT_NOTE, OVERPAYMENT = "CreditNote", "Overpayment"
KINDS = (CREDIT_NOTE, OVERPAYMENT)


class Credits:
    """Credits of one organisation; a document's `Kind` and `ID` say which it is (X8.7)."""

    def __init__(self, state: State, org: str) -> None:
        self._state, self._org = state, org

    def _kind(self, kind: str) -> str:
        return f"xero_{kind.lower()}:{self._org}"

    def all(self, kind: str) -> list[Doc]:
        """Every credit of a kind, oldest first, for reading only."""
        return self._state.view(self._kind(kind))

    def everything(self) -> list[Doc]:
        """Credits of both kinds, for reading only."""
        return [doc for kind in KINDS for doc in self.all(kind)]

    def get(self, kind: str, credit: str) -> Doc | None:
        """A credit by id, for reading only."""
        return self._state.peek(self._kind(kind), credit.lower())

    def by_number(self, number: str) -> Doc | None:
        """The credit note to a customer with that number; of several the one that still lives."""
        folded = number.casefold()
        found = [
            doc
            for doc in self.all(CREDIT_NOTE)
            if doc["Type"] == "ACCRECCREDIT" and (doc["Number"] or "").casefold() == folded
        ]
        found.sort(key=lambda doc: doc["Status"] in ("VOIDED", "DELETED"))
        return found[0] if found else None

    def find(self, text: str) -> Doc | None:
        """A credit note by id or number, or an overpayment by id."""
        if not is_guid(text):
            return self.by_number(text)
        return next((doc for doc in (self.get(kind, text) for kind in KINDS) if doc), None)

    def holding(self, allocation: str) -> Doc | None:
        """The credit that has this allocation."""
        for kind in KINDS:
            for doc in self.all(kind):
                if any(one["AllocationID"] == allocation for one in doc["Allocations"]):
                    return doc
        return None

    def next_number(self) -> str:
        """The next number of the automatic series."""
        while True:
            number = f"CN-{self._state.next(f'xero_creditnote:{self._org}'):04d}"
            if self.by_number(number) is None:
                return number

    def save(self, doc: Doc) -> None:
        """Store a credit and tell those who listen."""
        with self._state.together():
            old = self.get(doc["Kind"], doc["ID"])
            self._state.put(self._kind(doc["Kind"]), doc["ID"], doc)
            changes.credit(self._state, self._org, old, doc)
