"""What happens when a credit note or an overpayment is made or changed?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import contact_rules, currencies, invoice_rules, lines, rights
from simulator.xero.books import today_of
from simulator.xero.credit_input import SentCredit
from simulator.xero.credit_store import CREDIT_NOTE, OVERPAYMENT
from simulator.xero.money import add_up
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.wire import new_id, not_found, now_stamp
from simulator.xero.writer import Writer

Doc = dict[str, Any]
NO_SUCH_CREDIT = "The document with the supplied id was not found for this endpoint."
# X8.7: the number of a credit note to a customer is unique; the words are ours.
NUMBER_TAKEN = "Credit note # must be unique."
_CONTENT = ("Type", "ContactID", "Date", "LineAmountTypes", "CurrencyCode", "Total", "TotalTax")


def create(writer: Writer, sent: SentCredit) -> Doc:
    """PUT: creates only (X5.4)."""
    if sent.credit:
        _unknown(writer)
    if "Type" not in sent.fields:
        raise ElementRefusalError("Type must be ACCRECCREDIT or ACCPAYCREDIT.")
    return _kept(writer, None, _blank(writer, CREDIT_NOTE, sent.fields["Type"]), sent)


def update(writer: Writer, old: Doc, sent: SentCredit) -> Doc:
    """POST: the status rules of invoices (X8.7, X6.2)."""
    return _kept(writer, old, {**old, "Lines": [dict(line) for line in old["Lines"]]}, sent)


def create_or_update(writer: Writer, sent: SentCredit) -> Doc:
    """POST: by CreditNoteID, else by a number in use (as X6.7 has it of invoices), else creates."""
    if sent.credit:
        found = writer.credits.get(CREDIT_NOTE, sent.credit)
        return update(writer, found, sent) if found else _unknown(writer)
    number = sent.fields.get("Number")
    holder = writer.credits.by_number(number) if number and sent.fields.get("Type") != "ACCPAYCREDIT" else None
    return update(writer, holder, sent) if holder else create(writer, sent)


def overpay(writer: Writer, contact: Doc, currency: str, amount: Decimal, day: str | None) -> Doc:
    """Money received beyond what was due: an overpayment to allocate later (X8.7); a person makes it in Xero."""
    doc = _blank(writer, OVERPAYMENT, "RECEIVE-OVERPAYMENT")
    total = str(writer.rounding.round(amount))
    doc.update(Status="AUTHORISED", LineAmountTypes="NoTax", ContactID=contact["ContactID"], CurrencyCode=currency)
    doc.update(Date=day or doc["Date"], SubTotal=total, TotalTax="0", Total=total, RemainingCredit=total)
    messages = invoice_rules.period_messages(writer.org, writer.role, None, doc, writer.switches)
    if Decimal(total) <= 0:
        messages.append("The payment amount must be greater than zero.")
    if contact["ContactStatus"] != "ACTIVE":
        messages.append(contact_rules.ARCHIVED_INVOICE)
    if messages:
        raise ElementRefusalError(*messages)
    return _saved(writer, doc)


def _unknown(writer: Writer) -> Doc:
    """X5.5: an unknown id in a body is either a 404 or an element's error (unverified)."""
    if writer.switches["unknown_id_in_body"] == "404":
        raise WholeRefusalError(not_found())
    raise ElementRefusalError(NO_SUCH_CREDIT)


def _blank(writer: Writer, kind: str, type_: str) -> Doc:
    return {
        "Kind": kind,
        "ID": new_id(),
        "Number": None,
        "Type": type_,
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "Date": today_of(writer.org),
        "CurrencyCode": writer.org["BaseCurrency"],
        "CurrencyRate": "1",
        "BrandingThemeID": writer.org["Theme"],
        "SentToContact": False,
        "ContactID": None,
        "Lines": [],
        "Allocations": [],
        "AmountPaid": "0",
        "AmountCredited": "0",
    }


def _kept(writer: Writer, old: Doc | None, base: Doc, sent: SentCredit) -> Doc:
    doc = {**base, **sent.fields}
    messages = _status_messages(old, doc["Status"]) + _contact_messages(writer, doc, sent)
    messages += currencies.apply(writer.org, base, doc, sent.fields.get("CurrencyRate"))
    messages += _line_messages(writer, base, doc, sent)
    _total(doc)
    messages += _number_messages(writer, old, doc) + _applied_messages(old, doc)
    messages += invoice_rules.period_messages(writer.org, writer.role, old, doc, writer.switches)
    messages += rights.invoice_messages(writer.role, old, doc, writer.switches)
    if messages:
        raise ElementRefusalError(*messages)
    if doc["ContactID"] is None:
        assert sent.contact is not None
        doc["ContactID"] = writer.contacts.create(sent.contact)["ContactID"]
    if doc["Type"] == "ACCRECCREDIT" and not doc["Number"]:
        doc["Number"] = writer.credits.next_number()
    return _saved(writer, doc)


def _saved(writer: Writer, doc: Doc) -> Doc:
    doc["Updated"] = now_stamp()
    writer.credits.save(doc)
    return doc


def _status_messages(old: Doc | None, wanted: str) -> list[str]:
    """The legal changes of X6.2, told of a credit note."""
    return [m.replace("Invoice", "Credit note", 1) for m in invoice_rules.status_messages(old, wanted)]


def _contact_messages(writer: Writer, doc: Doc, sent: SentCredit) -> list[str]:
    """Find the contact; a new Name is made once all else is right, as on invoices (X6.1)."""
    contact = sent.contact
    if contact is None:
        return [] if doc["ContactID"] else ["A Contact must be specified for this type of transaction"]
    if not any(contact.get(name) for name in ("ContactID", "ContactNumber", "Name")):
        return [contact_rules.NO_KEYS]
    try:
        found = writer.contacts.match(contact)
    except ElementRefusalError as error:
        return error.messages
    if found and found["ContactStatus"] != "ACTIVE":
        return [contact_rules.ARCHIVED_INVOICE]
    if found is None and not contact.get("Name"):
        return [contact_rules.NO_SUCH_CONTACT]
    doc["ContactID"] = found["ContactID"] if found else None
    return []


def _line_messages(writer: Writer, base: Doc, doc: Doc, sent: SentCredit) -> list[str]:
    """Line rules like those of invoices (X8.7): with a LineItemID updated, without it new (X6.6)."""
    parsed = sent.lines
    if parsed is None:
        parsed = [{"LineItemID": line["LineItemID"]} for line in base["Lines"]]
    if not parsed:
        return ["One or more line items must be specified"]
    known = {line["LineItemID"]: line for line in base["Lines"]}
    rules = lines.rules_of(writer, doc, base["LineAmountTypes"])
    pairs = [lines.build(rules, known.pop(one.get("LineItemID", ""), None), one) for one in parsed]
    doc["Lines"] = [line for line, _ in pairs]
    return list(dict.fromkeys(message for _, more in pairs for message in more))


def _total(doc: Doc) -> None:
    """Totals from the lines (X6.5)."""
    pairs = [(Decimal(line["LineAmount"]), Decimal(line["TaxAmount"])) for line in doc["Lines"]]
    totals = add_up(doc["LineAmountTypes"], pairs)
    doc.update(SubTotal=str(totals.net), TotalTax=str(totals.tax), Total=str(totals.total))
    doc["RemainingCredit"] = str(totals.total - Decimal(doc["AmountCredited"]))


def _number_messages(writer: Writer, old: Doc | None, doc: Doc) -> list[str]:
    number = doc["Number"]
    if not number or doc["Type"] != "ACCRECCREDIT" or (old is not None and old["Number"] == number):
        return []
    holder = writer.credits.by_number(number)
    return [NUMBER_TAKEN] if holder and holder["ID"] != doc["ID"] else []


def _applied_messages(old: Doc | None, new: Doc) -> list[str]:
    """What is applied to an invoice changes no more, as X6.3 has it of invoices."""
    if old is None or not invoice_rules.settled(old):
        return []
    changed = any(_plain(old[name]) != _plain(new[name]) for name in _CONTENT)
    return [invoice_rules.HAS_PAYMENT] if changed else []


def _plain(value: Any) -> Any:
    """Money by its value: 10.50 and 10.5000 are the same."""
    try:
        return Decimal(value)
    except (ArithmeticError, TypeError):
        return value
