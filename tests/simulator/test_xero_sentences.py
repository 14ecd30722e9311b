"""Can every sentence of X10 be had from the pretend Xero, word for word?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.xero_stage import Xero, invoice, line, messages

Doc = dict[str, Any]
Trigger = Callable[[Xero], list[str]]
UNKNOWN = "11111111-2222-4333-8444-555555555555"


def new(**more: Any) -> Trigger:
    """A new invoice with something wrong."""
    return lambda xero: xero.refusal(**more)


def wrong_line(**more: Any) -> Trigger:
    """A new invoice with a wrong line."""
    return new(LineItems=[line(**more)])


def contact(*raws: Doc, method: str = "PUT") -> Trigger:
    """Contacts one after another; what is wrong with the last."""
    return lambda xero: messages([xero.write([raw], method, name="Contacts")[0] for raw in raws][-1])


def item(*raws: Doc) -> Trigger:
    return lambda xero: messages([xero.write([raw], name="Items")[0] for raw in raws][-1])


def changed(start: Doc, **change: Any) -> Trigger:
    """A change of an invoice."""
    return lambda xero: messages(xero.change(xero.make(**start)["InvoiceID"], **change))


def after_payment(amount: str, **change: Any) -> Trigger:
    """A change of an invoice that was paid in part or whole."""

    def play(xero: Xero) -> list[str]:
        row = xero.make()
        assert xero.bookkeeper("pay", row["InvoiceID"], amount=amount).status_code == 200
        return messages(xero.change(row["InvoiceID"], **change))

    return play


def pay(start: Doc, amount: str) -> Trigger:
    """A payment through the API."""

    def play(xero: Xero) -> list[str]:
        raw = {"Invoice": {"InvoiceID": xero.make(**start)["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": amount}
        return messages(xero.write([raw], name="Payments")[0])

    return play


def payment_edit(xero: Xero) -> list[str]:
    row = xero.make()
    raw = {"Invoice": {"InvoiceID": row["InvoiceID"]}, "Account": {"Code": "090"}, "Amount": 5}
    made = xero.write([raw], name="Payments")[0]
    answer = xero.call("POST", f"Payments/{made['PaymentID']}?summarizeErrors=false", {"Amount": 6})
    return messages(answer.json["Payments"][0])


def join(xero: Xero, role: str) -> None:
    other = xero.new_organisation(role, "AU", role=role)
    xero.org, xero.tokens = other["organisation"], xero.sign_in(other["person"], [other["organisation"]])


def period_lock(xero: Xero) -> list[str]:
    join(xero, "STANDARD")
    xero.bookkeeper("close", date="2018-11-30")
    return xero.refusal(Date="2018-11-30")


def year_lock(xero: Xero) -> list[str]:
    stored = xero.state.get("xero_org", xero.org)
    assert stored is not None
    xero.state.put("xero_org", xero.org, {**stored, "EndOfYearLockDate": "2018-11-30"})
    return xero.refusal(Date="2018-11-30")


def taken_number(xero: Xero) -> list[str]:
    xero.make(InvoiceNumber="A")
    return xero.refusal(InvoiceNumber="A")


def archived(method: str) -> Trigger:
    """An archived contact is edited, or invoiced."""

    def play(xero: Xero) -> list[str]:
        made = xero.write([{"Name": "Acme"}], name="Contacts")[0]
        gone = {"ContactID": made["ContactID"], "ContactStatus": "ARCHIVED"}
        xero.write([gone], "POST", name="Contacts")
        if method == "edit":
            return messages(xero.write([gone], "POST", name="Contacts")[0])
        return xero.refusal(Contact={"ContactID": made["ContactID"]})

    return play


def plan_cap(xero: Xero) -> list[str]:
    xero.switch(early_plan=True)
    return messages(xero.write([invoice() for _ in range(21)])[-1])


def no_rights(xero: Xero) -> list[str]:
    join(xero, "READONLY")
    return xero.refusal()


def unknown_note(xero: Xero) -> list[str]:
    body = {"HistoryRecords": [{"Details": "Hello"}]}
    answer = xero.call("PUT", f"Invoices/{UNKNOWN}/History?summarizeErrors=false", body)
    return messages(answer.json["HistoryRecords"][0])


ROWS: list[tuple[str, Trigger, str]] = [
    ("no lines", new(LineItems=[]), "One or more line items must be specified"),
    ("no contact", new(Contact=None), "A Contact must be specified for this type of transaction"),
    (
        "contact without keys",
        new(Contact={"EmailAddress": "a@b.example"}),
        "The Contact must contain at least 1 of the following elements to identify the contact: "
        "Name, ContactID, ContactNumber",
    ),
    ("created as paid", new(Status="PAID"), "Invoice not of valid status for creation"),
    ("illegal change", changed({}, Status="DELETED"), "Invoice not of valid status for modification"),
    (
        "edit with payment",
        after_payment("5", LineItems=[line(UnitAmount=5)]),
        "This document cannot be edited as it has a payment or credit note allocated to it.",
    ),
    (
        "status with payment",
        after_payment("110", Status="VOIDED"),
        "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it.",
    ),
    ("number taken", taken_number, "Invoice # must be unique."),
    (
        "period lock",
        period_lock,
        "The document date cannot be before the period lock date, currently set at 30-Nov-2018",
    ),
    (
        "year lock",
        year_lock,
        "The document date cannot be before the end of year lock date, currently set at 30-Nov-2018",
    ),
    (
        "system account",
        wrong_line(AccountCode="610"),
        "Account code '610' is not a valid code for this document.",
    ),
    ("unknown account", wrong_line(AccountCode="120"), "Account code '120' is not a valid code for this document."),
    (
        "archived account",
        wrong_line(AccountCode="250"),
        "Account code '250' has been archived, or has been deleted. Each line item must reference a valid account.",
    ),
    (
        "account missing on approval",
        changed({"Status": "DRAFT", "LineItems": [line(AccountCode=None)]}, Status="AUTHORISED"),
        "The account code or ID must be specified",
    ),
    (
        "tax and account",
        wrong_line(TaxType="INPUT"),
        "The TaxType code 'INPUT' cannot be used with account code '200'.",
    ),
    ("too many decimals", wrong_line(UnitAmount="1.23456"), "Account must be valid."),
    ("too many decimals, tax", wrong_line(UnitAmount="1.23456"), "Tax rate must be valid."),
    (
        "line sum",
        wrong_line(Quantity="3.7", UnitAmount="405.39", LineAmount="1500.00"),
        "The line total 1500.00 does not match the expected line total 1499.94",
    ),
    ("item code", wrong_line(ItemCode="X"), "Item code 'X' is not valid"),
    ("item exists", item({"Code": "abc"}, {"Code": "abc"}), "Price List Item with Code 'abc' already exists"),
    (
        "contact name",
        contact({"Name": "X"}, {"Name": "X"}),
        "The contact name X is already assigned to another contact. "
        "The contact name must be unique across all active contacts.",
    ),
    (
        "contact number",
        contact({"Name": "X", "ContactNumber": "1"}, {"Name": "Y", "ContactNumber": "1"}),
        "Another contact has this contact number. Please enter a different contact number.",
    ),
    (
        "archived contact, edit",
        archived("edit"),
        "The specified contact details matched an archived contact. "
        "Archived contacts cannot currently be edited via the API.",
    ),
    (
        "archived contact, invoice",
        archived("invoice"),
        "The contact with the specified contact details has been archived. "
        "The contact must be un-archived before creating new invoices or credit notes.",
    ),
    ("email", contact({"Name": "X", "EmailAddress": "müller@x.example"}), "Email address must be valid."),
    ("url", new(Url="/go/1"), "Url must be a valid absolute url"),
    ("overpay", pay({}, "110.01"), "Payment amount exceeds the amount outstanding on this document"),
    ("pay a draft", pay({"Status": "DRAFT"}, "5"), "Payments can only be made against Authorised documents"),
    ("payment edit", payment_edit, "Only Status accepted for updates."),
    ("plan cap", plan_cap, "You have reached the limit of invoices you can approve"),
    ("currency", new(CurrencyCode="EUR"), "Organisation is not subscribed to currency EUR"),
    ("wrong id", new(InvoiceID=UNKNOWN), "An existing invoice with the specified ID could not be found"),
    ("wrong id in a path", unknown_note, "The document with the supplied id was not found for this endpoint."),
    (
        "rights",
        no_rights,
        "The User specified does not have the correct permissions to perform this action",
    ),
]


@pytest.mark.parametrize(("trigger", "sentence"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_sentence(tmp_path: Path, trigger: Trigger, sentence: str) -> None:
    """X10."""
    assert sentence in trigger(Xero(tmp_path))
