"""What becomes of a demo company after its days are over?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero.books import Books, today_of
from simulator.xero.tokens import Tokens

Doc = dict[str, Any]
_KINDS = (
    *("invoice", "number", "payment", "contact", "contact_name", "contact_number"),
    *("creditnote", "overpayment", "item", "tracking", "mail", "history"),
)


def over_on(org: Doc, switches: Switches) -> str:
    """The day a demo company is reset: 28 days after it began (X1)."""
    return (date.fromisoformat(org["Demo"]) + timedelta(days=int(switches["demo_days"]))).isoformat()


def reset_if_over(state: State, books: Books, tokens: Tokens, switches: Switches) -> None:
    """Reset those whose day has come."""
    for org in books.organisations():
        if org.get("Demo") and today_of(org) >= over_on(org, switches):
            reset(state, books, tokens, org)


def reset(state: State, books: Books, tokens: Tokens, org: Doc) -> None:
    """It loses all its data and must be reconnected (X1); its id stays, about which no source says anything."""
    with state.together():
        for kind in _KINDS:
            for key, _ in state.pairs(f"xero_{kind}:{org['id']}"):
                state.delete(f"xero_{kind}:{org['id']}", key)
        books.change(org["id"], Demo=today_of(org), PeriodLockDate=None, EndOfYearLockDate=None)
        books.change(org["id"], TaxRates=[], PaymentTerms={}, Currencies=[org["BaseCurrency"]])
        tokens.disconnect_organisation(org["id"])
