"""What happens when an invoice is created or changed?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NoReturn

from simulator.xero import contact_rules, currencies, invoice_rules, lines, rights
from simulator.xero.books import themes_of, today_of
from simulator.xero.invoice_input import Sent, wrong_texts
from simulator.xero.money import ZERO, Rounding, add_up
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.wire import new_id, not_found
from simulator.xero.writer import Writer

Doc = dict[str, Any]
NO_SUCH_INVOICE = "An existing invoice with the specified ID could not be found"
# X6.1: fields of the other kind of invoice count as not sent.
_NOT_OF = {"ACCREC": ("PlannedPaymentDate",), "ACCPAY": ("ExpectedPaymentDate", "Reference")}
_NO_LINES = "One or more line items must be specified"


def create(writer: Writer, sent: Sent) -> Doc:
    """PUT: creates only (X6.7); InvoiceID cannot be chosen by the client."""
    if sent.invoice:
        unknown_invoice(writer)
    if "Type" not in sent.fields:
        raise ElementRefusalError("Type must be ACCREC or ACCPAY.")
    base = _blank(writer, sent.fields["Type"])
    doc, messages = _composed(writer, None, base, sent)
    if messages == [invoice_rules.NUMBER_TAKEN] and doc["Status"] == "AUTHORISED":
        _maybe_saved_as_submitted(writer, doc)
    if messages:
        raise ElementRefusalError(*messages)
    return _kept_new(writer, doc, sent)


def update(writer: Writer, old: Doc, sent: Sent) -> Doc:
    """POST: change one invoice by the rules of X6.2, X6.3 and X6.6."""
    base = {**old, "Lines": [dict(line) for line in old["Lines"]]}
    if old["Status"] in ("VOIDED", "DELETED"):
        raise ElementRefusalError(invoice_rules.NOT_CHANGEABLE)
    doc, messages = _composed(writer, old, base, sent)
    if messages:
        raise ElementRefusalError(*messages)
    _with_contact(writer, doc, sent)
    _approved(writer, doc, old)
    if _moves_stamp(writer, old, doc):
        return writer.save(doc)
    writer.ledger.save(doc)
    return doc


def create_or_update(writer: Writer, sent: Sent) -> Doc:
    """POST: by InvoiceID, else by a number in use (which overwrites, X6.7), else creates."""
    if sent.invoice:
        found = writer.ledger.get(sent.invoice)
        return update(writer, found, sent) if found else unknown_invoice(writer)
    number = sent.fields.get("InvoiceNumber")
    holder = writer.ledger.by_id_or_number(number) if number and sent.fields.get("Type") != "ACCPAY" else None
    return update(writer, holder, sent) if holder else create(writer, sent)


def unknown_invoice(writer: Writer) -> NoReturn:
    """X5.5: an unknown id in a body is either a 404 or an element's error (unverified)."""
    if writer.switches["unknown_id_in_body"] == "404":
        raise WholeRefusalError(not_found())
    raise ElementRefusalError(NO_SUCH_INVOICE)


def _blank(writer: Writer, kind: str) -> Doc:
    return {
        "InvoiceID": new_id(),
        "Type": kind,
        "InvoiceNumber": None,
        "Status": "DRAFT",
        "LineAmountTypes": "Exclusive",
        "Date": today_of(writer.org),
        "CurrencyCode": writer.org["BaseCurrency"],
        "CurrencyRate": "1",
        "BrandingThemeID": writer.org["Theme"],
        "SentToContact": False,
        "ContactID": None,
        "Lines": [],
        "Payments": [],
        "AmountPaid": "0",
        "AmountCredited": "0",
        "App": writer.client,
    }


def _composed(writer: Writer, old: Doc | None, base: Doc, sent: Sent) -> tuple[Doc, list[str]]:
    """The invoice as it would be, and everything against it."""
    not_its = _NOT_OF[str(sent.fields.get("Type") or base["Type"])]
    fields = {k: v for k, v in sent.fields.items() if k not in ("SentToContact", *not_its)}
    doc = {**base, **fields}
    messages = invoice_rules.status_messages(old, doc["Status"])
    if sent.fields.get("SentToContact") is not None and doc["Status"] in ("AUTHORISED", "PAID"):
        # X6.1: only settable on approved invoices.
        doc["SentToContact"] = sent.fields["SentToContact"]
    messages += wrong_texts(fields) + _contact_messages(writer, doc, sent) + _money_messages(writer, doc, base, sent)
    messages += _line_messages(writer, doc, base, sent)
    _total(doc)
    if doc["Status"] == "AUTHORISED" and not doc.get("DueDate") and writer.switches["due_date_needed"]:
        messages.append("The due date must be specified.")
    messages += invoice_rules.total_messages(doc) + invoice_rules.paid_messages(old, doc, writer.switches)
    messages += invoice_rules.period_messages(writer.org, writer.role, old, doc, writer.switches)
    messages += invoice_rules.number_messages(writer.ledger, old, doc, writer.switches)
    month = today_of(writer.org)[:7]
    messages += invoice_rules.plan_messages(writer.ledger, old, doc, month, writer.switches)
    messages += rights.invoice_messages(writer.role, old, doc, writer.switches)
    return doc, messages


def _contact_messages(writer: Writer, doc: Doc, sent: Sent) -> list[str]:
    """Find the contact; a new Name stays None here and is made once all else is right (X6.1)."""
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


def _money_messages(writer: Writer, doc: Doc, base: Doc, sent: Sent) -> list[str]:
    messages = currencies.apply(writer.org, base, doc, sent.fields.get("CurrencyRate"))
    theme = sent.fields.get("BrandingThemeID")
    known = [row["BrandingThemeID"] for row in themes_of(writer.org)]
    return messages if theme is None or theme in known else [*messages, "The branding theme could not be found."]


def _line_messages(writer: Writer, doc: Doc, base: Doc, sent: Sent) -> list[str]:
    """Lines by X6.6: with a LineItemID updated, without it new, left out deleted, not sent kept."""
    parsed, old = sent.lines, base["Lines"]
    if not parsed and old and writer.switches["empty_lines_on_update"] == "ignored":
        parsed = None
    if parsed is None and old:
        return _kept_lines(writer, doc, base, sent)
    if not parsed:
        return [_NO_LINES]
    doc["Lines"], messages = _built(writer, doc, base, parsed)
    return messages


def _kept_lines(writer: Writer, doc: Doc, base: Doc, sent: Sent) -> list[str]:
    """Lines that were not sent stay; approval checks them, another LineAmountTypes works them out anew."""
    if doc["Status"] not in ("SUBMITTED", "AUTHORISED") and "LineAmountTypes" not in sent.fields:
        return []
    same = [{"LineItemID": line["LineItemID"]} for line in base["Lines"]]
    built, messages = _built(writer, doc, base, same)
    if "LineAmountTypes" in sent.fields:
        doc["Lines"] = built
    return messages


def _built(writer: Writer, doc: Doc, base: Doc, parsed: list[Doc]) -> tuple[list[Doc], list[str]]:
    # A LineItemID that is sent twice names its line once.
    known = {line["LineItemID"]: line for line in base["Lines"]}
    rules = lines.rules_of(writer, doc, base["LineAmountTypes"])
    pairs = [lines.build(rules, known.pop(one.get("LineItemID", ""), None), one) for one in parsed]
    # One message is not repeated for every line it is true of.
    return [line for line, _ in pairs], list(dict.fromkeys(m for _, more in pairs for m in more))


def _total(doc: Doc) -> None:
    """Totals from the lines; sent ones are ignored (X6.5)."""
    pairs = [(Decimal(line["LineAmount"]), Decimal(line["TaxAmount"])) for line in doc["Lines"]]
    totals = add_up(doc["LineAmountTypes"], pairs)
    off = sum((_taken_off(line) for line in doc["Lines"]), ZERO)
    due = totals.total - Decimal(doc["AmountPaid"]) - Decimal(doc["AmountCredited"])
    doc.update(SubTotal=str(totals.net), TotalTax=str(totals.tax), Total=str(totals.total))
    doc.update(AmountDue=str(due), TotalDiscount=str(off) if off else None)


def _taken_off(line: Doc) -> Decimal:
    if not line.get("DiscountRate") and not line.get("DiscountAmount"):
        return ZERO
    whole = Rounding().round(Decimal(line["Quantity"]) * Decimal(line["UnitAmount"]))
    return whole - Decimal(line["LineAmount"])


def _kept_new(writer: Writer, doc: Doc, sent: Sent) -> Doc:
    _with_contact(writer, doc, sent)
    if doc["Type"] == "ACCREC" and not doc["InvoiceNumber"]:
        number = writer.ledger.next_number(skip_taken=writer.switches["auto_number_skips_taken"])
        doc["InvoiceNumber"] = number
        if invoice_rules.number_messages(writer.ledger, None, doc, writer.switches):
            raise ElementRefusalError(invoice_rules.NUMBER_TAKEN)
    elif doc["InvoiceNumber"] and writer.switches["supplied_number_advances"]:
        writer.ledger.advance_past(doc["InvoiceNumber"])
    _approved(writer, doc, None)
    return writer.save(doc)


def _with_contact(writer: Writer, doc: Doc, sent: Sent) -> None:
    """Make a new contact by Name (X6.1); details sent inside an invoice rewrite a known one (X7)."""
    contact = sent.contact
    if contact is None:
        return
    if doc["ContactID"] is None:
        doc["ContactID"] = writer.contacts.create(contact)["ContactID"]
        return
    stored = writer.directory.get(doc["ContactID"])
    assert stored is not None
    by_name = not contact.get("ContactID") and stored.get("ContactNumber") != contact.get("ContactNumber", "")
    keys = ("ContactID", "ContactStatus", *(("Name",) if by_name else ()))
    details = {k: v for k, v in contact.items() if k not in keys}
    if any(stored.get(name) != value for name, value in details.items()):
        # X7: contact persons left out are deleted when details are sent.
        writer.contacts.update(stored, {"ContactPersons": [], **details})


def _approved(writer: Writer, doc: Doc, old: Doc | None) -> None:
    """First approval: the contact is a customer (or supplier) from now on (X7); nothing due means PAID."""
    if doc["Status"] != "AUTHORISED" or (old is not None and old["Status"] == "AUTHORISED"):
        return
    doc["Approved"] = today_of(writer.org)
    contact = writer.directory.get(doc["ContactID"])
    mark = "IsCustomer" if doc["Type"] == "ACCREC" else "IsSupplier"
    if contact and not contact[mark]:
        # X5.3: derived contact fields do not move UpdatedDateUTC.
        writer.directory.save({**contact, mark: True})
    if Decimal(doc["Total"]) == 0 and writer.switches["zero_total_paid"]:
        doc.update(Status="PAID", FullyPaidOnDate=doc["Date"])


def _moves_stamp(writer: Writer, old: Doc, new: Doc) -> bool:
    """X5.3: DueDate and SentToContact on part-paid documents may not move UpdatedDateUTC."""
    if not invoice_rules.settled(old) or writer.switches["due_date_moves_updated"]:
        return True
    quiet = ("DueDate", "SentToContact", "Lines")
    same = all(old.get(name) == value for name, value in new.items() if name not in quiet)
    return not same or old["Lines"] != new["Lines"]


def _maybe_saved_as_submitted(writer: Writer, doc: Doc) -> None:
    """A clashing AUTHORISED create came back as SUBMITTED with its error (X6.7, unverified)."""
    if not writer.switches["clash_saves_submitted"] or doc["ContactID"] is None:
        return
    doc.update(Status="SUBMITTED", InvoiceNumber=writer.ledger.next_number(skip_taken=True))
    writer.save(doc)
    raise SavedDespiteError(doc)


class SavedDespiteError(ElementRefusalError):
    """The element is refused, and yet it was saved."""

    def __init__(self, doc: Doc) -> None:
        super().__init__(invoice_rules.NUMBER_TAKEN)
        self.doc = doc
