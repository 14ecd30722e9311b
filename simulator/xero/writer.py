"""Who writes into which organisation, and by which rules?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero.contact_rules import ContactRules
from simulator.xero.contact_store import Directory
from simulator.xero.credit_store import Credits
from simulator.xero.ledger import Ledger
from simulator.xero.money import Rounding
from simulator.xero.wire import now_stamp

Doc = dict[str, Any]


@dataclass(frozen=True)
class Writer:
    """Who writes, into which organisation, with how many decimals in unit prices."""

    state: State
    org: Doc
    switches: Switches
    role: str
    client: str | None = None
    places: int = 2
    ledger: Ledger = field(init=False)
    directory: Directory = field(init=False)
    credits: Credits = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ledger", Ledger(self.state, self.org))
        object.__setattr__(self, "directory", Directory(self.state, self.org["id"]))
        object.__setattr__(self, "credits", Credits(self.state, self.org["id"]))

    @property
    def rounding(self) -> Rounding:
        """The two unverified choices of X6.5."""
        return Rounding(self.switches["negative_half"], self.switches["discount_rounding"])

    @property
    def contacts(self) -> ContactRules:
        """The contact rules of the same organisation."""
        return ContactRules(self.directory, self.switches)

    def save(self, doc: Doc) -> Doc:
        """Store an invoice with a fresh stamp."""
        doc["Updated"] = now_stamp()
        self.ledger.save(doc)
        return doc
