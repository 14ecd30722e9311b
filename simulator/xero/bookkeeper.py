"""What can a bookkeeper do inside the pretend Xero?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from simulator.calls import Calls
from simulator.facts import Switches
from simulator.state import State
from simulator.xero import (
    bookkeeper_contacts,
    bookkeeper_credits,
    bookkeeper_edits,
    bookkeeper_setup,
    demo_company,
    invoice_writes,
    payments,
)
from simulator.xero.bookkeeper_words import amount, day, label, money
from simulator.xero.books import ADVISER, Books
from simulator.xero.invoice_input import parse
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.tokens import Tokens
from simulator.xero.writer import Writer

Doc = dict[str, Any]
BANK = "090"
_STATUS_OF = {
    "approve": ("AUTHORISED", "approved"),
    "submit": ("SUBMITTED", "submitted for approval"),
    "revert": ("DRAFT", "is a draft again"),
    "void": ("VOIDED", "voided"),
    "delete": ("DELETED", "deleted"),
}


class Bookkeeper:
    """An adviser at the screen: the same rules as the API (X6.2 to X6.4), another door."""

    def __init__(self, state: State, switches: Switches, tokens: Tokens, calls: Calls) -> None:
        self._state, self._switches, self._tokens, self._calls = state, switches, tokens, calls
        self._books = Books(state)
        self._on_invoices: dict[str, Callable[[Writer, Doc, Doc], str]] = {
            **dict.fromkeys(_STATUS_OF, _change_status),
            "edit": _edit,
            "renumber": _renumber,
            "pay": _pay,
            "pay_half": _pay_half,
            "unpay": _unpay,
            "reconcile": _reconcile,
            "credit": bookkeeper_credits.credit,
            "apply_credit": bookkeeper_credits.apply,
            "uncredit": bookkeeper_credits.take_off,
        }
        self._on_books: dict[str, Callable[[Writer, Doc], str]] = {
            "void_credit": bookkeeper_credits.void,
            "overpay": bookkeeper_credits.overpay,
            "archive_contact": bookkeeper_contacts.archive,
            "restore_contact": bookkeeper_contacts.restore,
            "merge_contacts": bookkeeper_contacts.merge,
            "rename_contact": bookkeeper_contacts.rename,
            "set_terms": bookkeeper_setup.set_terms,
            "set_own_terms": bookkeeper_setup.set_own_terms,
            "add_tax_rate": bookkeeper_setup.add_tax_rate,
            "archive_tax_rate": bookkeeper_setup.archive_tax_rate,
            "delete_tax_rate": bookkeeper_setup.delete_tax_rate,
            "archive_account": bookkeeper_setup.archive_account,
            "restore_account": bookkeeper_setup.restore_account,
            "close": self._close,
            "close_year": self._close_year,
            "disconnect": self._disconnect,
            "revoke": self._revoke,
            "reset_demo": self._reset_demo,
        }

    def do(self, org: Doc, wish: Doc) -> str:
        """Play one action and say what happened; ElementRefusalError when Xero would refuse it.

        `wish` holds "action" and what that action needs: docs are beside each of them.
        """
        action = str(wish.get("action"))
        writer = Writer(self._state, org, self._switches, ADVISER)
        with self._state.together():
            if action in self._on_books:
                said = self._on_books[action](writer, wish)
            elif action in self._on_invoices:
                said = self._on_invoices[action](writer, _invoice(writer, wish), wish)
            else:
                raise ElementRefusalError(f"Nobody knows how to {action}.")
        self._calls.note(said)
        return said

    def _disconnect(self, writer: Writer, _wish: Doc) -> str:
        """Disconnect the app inside Xero (X2.6)."""
        count = self._tokens.disconnect_organisation(writer.org["id"])
        return f"{writer.org['Name']} disconnected the app" if count else "No app was connected"

    def _revoke(self, writer: Writer, _wish: Doc) -> str:
        """End the token sets of everybody who connected this organisation (X2.3, X2.5)."""
        count = self._tokens.end_token_sets(writer.org["id"])
        return f"{writer.org['Name']} ended the app's token" if count else "No app was connected"

    def _close(self, writer: Writer, wish: Doc) -> str:
        """{date}: close the books up to a day for all but advisers, or open them (X6.4)."""
        closed = day(wish.get("date"))
        self._books.change(writer.org["id"], PeriodLockDate=closed)
        return f"Books closed up to {closed}" if closed else "Books opened"

    def _close_year(self, writer: Writer, wish: Doc) -> str:
        """{date}: close the books up to a day for everybody, or open them (X6.4)."""
        closed = day(wish.get("date"))
        self._books.change(writer.org["id"], EndOfYearLockDate=closed)
        return f"Year closed up to {closed}" if closed else "Year opened"

    def _reset_demo(self, writer: Writer, _wish: Doc) -> str:
        """What happens to a demo company after 28 days (X1), now."""
        if not writer.org.get("Demo"):
            raise ElementRefusalError("Only a demo company can be reset.")
        demo_company.reset(self._state, self._books, self._tokens, writer.org)
        return f"{writer.org['Name']} was reset"


def _invoice(writer: Writer, wish: Doc) -> Doc:
    found = writer.ledger.get(str(wish.get("invoice", "")).lower())
    if found is None:
        raise ElementRefusalError("There is no such invoice.")
    return found


def _posted(writer: Writer, invoice: Doc, raw: Doc) -> Doc:
    """As if it were posted; what a program could not send at all is a refusal here."""
    try:
        return invoice_writes.update(writer, invoice, parse(raw))
    except WholeRefusalError as error:
        raise ElementRefusalError(str((error.response.json or {}).get("Message") or "Not found.")) from error


def _change_status(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """approve, submit, revert, void, delete: the legal changes of X6.2."""
    status, said = _STATUS_OF[wish["action"]]
    _posted(writer, invoice, {"InvoiceID": invoice["InvoiceID"], "Status": status})
    return f"{label(invoice)} {said}"


def _edit(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """{lines, date, due_date, reference, contact}: what X6.3 lets change; prices with four decimals."""
    writer = replace(writer, places=4)
    _posted(writer, invoice, bookkeeper_edits.change_of(writer, invoice, wish))
    return f"{label(invoice)} edited"


def _renumber(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """{number}: another number, if it is free (X6.7)."""
    number = str(wish.get("number") or "").strip()
    if not number:
        raise ElementRefusalError("A number is needed.")
    _posted(writer, invoice, {"InvoiceID": invoice["InvoiceID"], "InvoiceNumber": number})
    return f"{label(invoice)} renumbered to {number}"


def _pay(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """{amount, date}: nothing said is all that is due (X8.6)."""
    paid = amount(wish.get("amount"), invoice["AmountDue"])
    payments.pay(writer, invoice, {"amount": paid, "day": day(wish.get("date")), "code": BANK})
    return f"Payment of {money(paid, invoice['CurrencyCode'])} recorded on {label(invoice)}"


def _pay_half(writer: Writer, invoice: Doc, wish: Doc) -> str:
    half = writer.rounding.round(Decimal(invoice["AmountDue"]) / 2)
    return _pay(writer, invoice, {**wish, "amount": str(half)})


def _unpay(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """{payment}: delete a payment; PAID goes back to AUTHORISED (X6.2). Nothing said is the last one."""
    payment = _payment(writer, invoice, wish)
    payments.take_back(writer, payment)
    return f"Payment of {money(payment['Amount'], invoice['CurrencyCode'])} deleted on {label(invoice)}"


def _reconcile(writer: Writer, invoice: Doc, wish: Doc) -> str:
    """{payment}: matched with the bank's statement; such a payment cannot be deleted (X8.6)."""
    payment = _payment(writer, invoice, wish)
    writer.ledger.save_payment({**payment, "Reconciled": True})
    return f"Payment of {money(payment['Amount'], invoice['CurrencyCode'])} reconciled on {label(invoice)}"


def _payment(writer: Writer, invoice: Doc, wish: Doc) -> Doc:
    wanted = str(wish.get("payment") or "").lower() or next((p["PaymentID"] for p in invoice["Payments"][-1:]), "")
    payment = writer.ledger.payment(wanted)
    if payment is None or payment["InvoiceID"] != invoice["InvoiceID"]:
        raise ElementRefusalError("There is no such payment.")
    return payment
