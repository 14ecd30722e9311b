"""Which calls read and write payments?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, inputs, listing, payments
from simulator.xero.batches import Outcome
from simulator.xero.books import account_of
from simulator.xero.contact_store import Directory
from simulator.xero.guard import caller
from simulator.xero.invoice_shapes import row_of as invoice_row
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.where import Getter
from simulator.xero.wire import (
    ZERO_ID,
    day_ms,
    envelope,
    instant_ms,
    instant_text,
    not_found,
    not_imitated,
    without_nulls,
)
from simulator.xero.writer import Writer

Doc = dict[str, Any]
FIELDS: dict[str, Getter] = {
    "PaymentID": lambda row: row["PaymentID"],
    "Status": lambda row: row["Status"],
    "PaymentType": lambda row: row["PaymentType"],
    "Date": lambda row: row["Date"],
    "Amount": lambda row: Decimal(row["Amount"]),
    "Reference": lambda row: row["Reference"],
    "UpdatedDateUTC": lambda row: row["Updated"],
    "Invoice.InvoiceID": lambda row: row["InvoiceID"],
}
_OTHER_DOCUMENTS = ("CreditNote", "Prepayment", "Overpayment", "BatchPayment", "CreditNoteNumber")


def add_routes(routes: Blueprint, state: State) -> None:
    """GET, PUT and POST Payments (X8.6)."""

    def writer() -> Writer:
        return Writer(state, caller().org, switches_of(), caller().role, caller().client)

    @routes.get("/Payments")
    def list_payments() -> Response:
        return _list(writer())

    @routes.get("/Payments/<payment>")
    def one_payment(payment: str) -> Response:
        found = writer().ledger.payment(payment.lower())
        return envelope("Payments", [_row(writer(), found, full=True)]) if found else not_found()

    @routes.put("/Payments")
    @routes.post("/Payments")
    def create_payments() -> Response:
        pairs = [(raw, _parse(raw)) for raw in inputs.elements("Payments")]
        return _write(writer(), pairs)

    @routes.post("/Payments/<payment>")
    def delete_payment(payment: str) -> Response:
        found = writer().ledger.payment(payment.lower())
        return _delete(writer(), found) if found else not_found()


def _list(writer: Writer) -> Response:
    tests = [] if switches_of()["deleted_payments_listed"] else [lambda row: row["Status"] != "DELETED"]
    rows = listing.filtered(writer.ledger.payments(), [*tests], FIELDS)
    page = listing.paged(listing.ordered(rows, FIELDS, "UpdatedDateUTC", "PaymentID"))
    return envelope("Payments", [_row(writer, row, full=False) for row in page.rows], page.pagination)


def _parse(raw: Doc) -> Doc:
    if any(raw.get(name) for name in _OTHER_DOCUMENTS):
        raise WholeRefusalError(not_imitated("payments of anything but invoices"))
    rate = inputs.number(raw, "CurrencyRate")
    if rate not in (None, 1):
        raise WholeRefusalError(not_imitated("payments at another currency rate"))
    invoice, account = raw.get("Invoice") or {}, raw.get("Account") or {}
    if not isinstance(invoice, dict) or not isinstance(account, dict):
        inputs.bad_data("Invoice and Account must be objects")
    return {
        "invoice_id": inputs.guid(invoice, "InvoiceID"),
        "number": inputs.text(invoice, "InvoiceNumber") or inputs.text(raw, "InvoiceNumber"),
        "code": inputs.text(account, "Code") or inputs.text(raw, "Code"),
        "account_id": inputs.guid(account, "AccountID"),
        "day": inputs.day(raw, "Date"),
        "amount": inputs.number(raw, "Amount"),
        "reference": inputs.text(raw, "Reference"),
        "reconciled": inputs.boolean(raw, "IsReconciled") is True,
    }


def _write(writer: Writer, pairs: list[tuple[Doc, Doc]]) -> Response:
    def single(pair: tuple[Doc, Doc]) -> Outcome:
        raw, wish = pair
        named = wish["invoice_id"] or wish["number"]
        invoice = writer.ledger.by_id_or_number(named) if named else None
        try:
            return Outcome(_row(writer, payments.pay(writer, invoice, wish), full=True))
        except ElementRefusalError as error:
            day = {"Date": day_ms(wish["day"])} if wish["day"] else {}
            failed = {"HasValidationErrors": True, "ValidationErrors": batches.errors(error.messages)}
            return Outcome({"PaymentID": ZERO_ID, **without_nulls(raw), **day, **failed}, failed=True)

    with writer.state.together():
        return batches.answer("Payments", pairs, single)


def _delete(writer: Writer, found: Doc) -> Response:
    raw = inputs.elements("Payments")[0]
    pairs = [raw]

    def single(sent: Doc) -> Outcome:
        try:
            if set(sent) - {"PaymentID", "Status"} or sent.get("Status") != "DELETED":
                raise ElementRefusalError("Only Status accepted for updates.")
            return Outcome(_row(writer, payments.take_back(writer, found), full=True))
        except ElementRefusalError as error:
            failed = {"HasValidationErrors": True, "ValidationErrors": batches.errors(error.messages)}
            return Outcome({**_row(writer, found, full=False), **failed}, failed=True)

    return batches.answer("Payments", pairs, single)


def _row(writer: Writer, doc: Doc, *, full: bool) -> Doc:
    invoice = writer.ledger.get(doc["InvoiceID"])
    assert invoice is not None
    contact = Directory(writer.state, writer.org["id"]).get(invoice["ContactID"])
    account = account_of(writer.org, account_id=doc["AccountID"]) or {}
    short = invoice_row(invoice, contact, "write" if full else "list")
    kept = ("Type", "InvoiceID", "InvoiceNumber", "Prepayments", "Overpayments", "CurrencyCode", "Contact")
    return without_nulls(
        {
            "PaymentID": doc["PaymentID"],
            "Date": day_ms(doc["Date"]),
            "BankAmount": Decimal(doc["Amount"]),
            "Amount": Decimal(doc["Amount"]),
            "Reference": doc.get("Reference") or "",
            "CurrencyRate": Decimal(doc.get("CurrencyRate", 1)),
            "PaymentType": doc["PaymentType"],
            "Status": doc["Status"],
            "UpdatedDateUTC": instant_ms(doc["Updated"]),
            "UpdatedDateUTCString": instant_text(doc["Updated"]),
            "HasAccount": True,
            "IsReconciled": bool(doc.get("Reconciled")),
            "Account": {name: account.get(name) for name in ("AccountID", "Code", "Name")},
            "Invoice": short if full else {name: short[name] for name in kept if name in short},
            "HasValidationErrors": False,
        }
    )
