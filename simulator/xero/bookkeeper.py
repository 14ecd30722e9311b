"""What can a bookkeeper do inside the pretend Xero?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.calls import Calls
from simulator.facts import Switches
from simulator.state import State
from simulator.xero import invoice_writes, payments
from simulator.xero.books import ADVISER, Books
from simulator.xero.invoice_input import parse
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.tokens import Tokens
from simulator.xero.writer import Writer

Doc = dict[str, Any]
BANK = "090"
SYMBOLS = {"AUD": "$", "NZD": "$", "GBP": "£"}
_STATUS_OF = {"approve": "AUTHORISED", "submit": "SUBMITTED", "void": "VOIDED", "delete": "DELETED"}
_SAID = {"approve": "approved", "submit": "submitted for approval", "void": "voided", "delete": "deleted"}


class Bookkeeper:
    """An adviser at the screen: the same rules as the API (X6.2 to X6.4), another door."""

    def __init__(self, state: State, switches: Switches, tokens: Tokens, calls: Calls) -> None:
        self._state, self._switches, self._tokens, self._calls = state, switches, tokens, calls
        self._books = Books(state)
        self._invoice_actions: dict[str, Callable[[Writer, Doc, Doc], str]] = {
            **dict.fromkeys(_STATUS_OF, self._change_status),
            "pay": self._pay,
            "pay_half": self._pay_half,
            "unpay": self._unpay,
        }

    def writer(self, org: Doc) -> Writer:
        """A writer with an adviser's rights."""
        return Writer(self._state, org, self._switches, ADVISER)

    def do(self, org: Doc, wish: Doc) -> str:
        """Play one action and say what happened; ElementRefusalError when Xero would refuse it.

        `wish` holds "action" and, as it needs them, "invoice", "amount", "date", "payment".
        """
        action = str(wish.get("action"))
        with self._state.together():
            if action == "disconnect":
                said = self._disconnect(org)
            elif action == "close":
                said = self._close(org, wish)
            elif action in self._invoice_actions:
                said = self._on_invoice(org, wish)
            else:
                raise ElementRefusalError(f"Nobody knows how to {action}.")
        self._calls.note(said)
        return said

    def _on_invoice(self, org: Doc, wish: Doc) -> str:
        writer = self.writer(org)
        invoice = writer.ledger.get(str(wish.get("invoice", "")).lower())
        if invoice is None:
            raise ElementRefusalError("There is no such invoice.")
        return self._invoice_actions[wish["action"]](writer, invoice, wish)

    def _change_status(self, writer: Writer, invoice: Doc, wish: Doc) -> str:
        status = _STATUS_OF[wish["action"]]
        invoice_writes.update(writer, invoice, parse({"InvoiceID": invoice["InvoiceID"], "Status": status}))
        return f"{label(invoice)} {_SAID[wish['action']]}"

    def _pay(self, writer: Writer, invoice: Doc, wish: Doc) -> str:
        amount = _amount(wish.get("amount"), invoice)
        payments.pay(writer, invoice, {"amount": amount, "day": _day(wish.get("date")), "code": BANK})
        return f"Payment of {money(amount, invoice['CurrencyCode'])} recorded on {label(invoice)}"

    def _pay_half(self, writer: Writer, invoice: Doc, wish: Doc) -> str:
        half = writer.rounding.round(Decimal(invoice["AmountDue"]) / 2)
        return self._pay(writer, invoice, {**wish, "amount": str(half)})

    def _unpay(self, writer: Writer, invoice: Doc, wish: Doc) -> str:
        payment = writer.ledger.payment(str(wish.get("payment", "")).lower())
        if payment is None or payment["InvoiceID"] != invoice["InvoiceID"]:
            raise ElementRefusalError("There is no such payment.")
        payments.take_back(writer, payment)
        return f"Payment of {money(payment['Amount'], invoice['CurrencyCode'])} deleted on {label(invoice)}"

    def _disconnect(self, org: Doc) -> str:
        count = self._tokens.disconnect_organisation(org["id"])
        return f"{org['Name']} disconnected the app" if count else "No app was connected"

    def _close(self, org: Doc, wish: Doc) -> str:
        """Close the books up to a day for all but advisers, or open them (X6.4)."""
        day = _day(wish.get("date"))
        self._books.change(org["id"], PeriodLockDate=day)
        return f"Books closed up to {day}" if day else "Books opened"


def label(invoice: Doc) -> str:
    """What to call an invoice; bills may have no number."""
    return str(invoice["InvoiceNumber"] or "the document")


def money(amount: Decimal | str, currency: str) -> str:
    """An amount as the pages show it."""
    return f"{SYMBOLS.get(currency, currency + ' ')}{Decimal(amount):,.2f}"


def _amount(text: object, invoice: Doc) -> Decimal:
    if text in (None, ""):
        return Decimal(invoice["AmountDue"])
    try:
        found = Decimal(str(text).replace(",", "").lstrip("$£ "))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ElementRefusalError("The amount is not a number.")
    return found


def _day(text: object) -> str | None:
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError as error:
        raise ElementRefusalError("The date must look like 2026-11-20.") from error
