"""Where are an organisation's contacts, and who holds a name or a number?"""

from __future__ import annotations

from typing import Any

from simulator.state import State
from simulator.xero import changes
from simulator.xero.wire import is_guid

Doc = dict[str, Any]


class Directory:
    """Contacts of one organisation, with indexes by name (active ones only) and by ContactNumber."""

    def __init__(self, state: State, org: str) -> None:
        self._state = state
        self._kind = f"xero_contact:{org}"
        self._org = org
        self._names = f"xero_contact_name:{org}"
        self._numbers = f"xero_contact_number:{org}"

    def all(self) -> list[Doc]:
        """Every contact, oldest first, for reading only."""
        return self._state.view(self._kind)

    def get(self, contact: str | None) -> Doc | None:
        """A contact by id, for reading only."""
        return self._state.peek(self._kind, contact) if contact else None

    def by_name(self, name: str) -> Doc | None:
        """The active contact of that name, whatever its letter case (X7)."""
        return self._indexed(self._names, name.casefold())

    def by_number(self, number: str) -> Doc | None:
        """The contact with that ContactNumber, archived or not (X7)."""
        return self._indexed(self._numbers, number.casefold())

    def by_id_or_number(self, text: str) -> Doc | None:
        """What the path of a single GET names (X7)."""
        return self.get(text.lower()) if is_guid(text) else self.by_number(text)

    def _indexed(self, kind: str, key: str) -> Doc | None:
        entry = self._state.peek(kind, key)
        return self.get(entry["id"]) if entry else None

    def save(self, doc: Doc) -> None:
        """Store a contact and keep both indexes right."""
        with self._state.together():
            old = self.get(doc["ContactID"])
            if old:
                self._state.delete(self._names, old["Name"].casefold()) if _active(old) else None
                self._state.delete(self._numbers, (old.get("ContactNumber") or "").casefold())
            self._state.put(self._kind, doc["ContactID"], doc)
            entry = {"id": doc["ContactID"]}
            if _active(doc):
                self._state.put(self._names, doc["Name"].casefold(), entry)
            if doc.get("ContactNumber"):
                self._state.put(self._numbers, doc["ContactNumber"].casefold(), entry)
            changes.contact(self._state, self._org, old, doc)


def _active(doc: Doc) -> bool:
    return bool(doc["ContactStatus"] == "ACTIVE")
