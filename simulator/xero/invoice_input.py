"""What did a write say about an invoice, field by field?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.xero import contact_rules, inputs, lines
from simulator.xero.refusals import WholeRefusalError
from simulator.xero.wire import not_imitated

Doc = dict[str, Any]
STATUSES = ("DRAFT", "SUBMITTED", "AUTHORISED", "PAID", "VOIDED", "DELETED")
TAX_KINDS = ("Exclusive", "Inclusive", "NoTax")
_TEXTS = ("InvoiceNumber", "Reference", "Url", "CurrencyCode")
_DAYS = ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate")
_REFUSED = ("RoundingAmount", "EnteredTotal", "RepeatingInvoiceID", "Attachments")


@dataclass(frozen=True)
class Sent:
    """One element of a write: as it came, and read. `lines` is None when LineItems was not sent."""

    raw: Doc
    fields: Doc
    invoice: str | None
    contact: Doc | None
    lines: list[Doc] | None


def parse(raw: Doc) -> Sent:
    """Type-check one element; a wrong type refuses the whole request before anything is saved (X5.5)."""
    for name in _REFUSED:
        if raw.get(name):
            raise WholeRefusalError(not_imitated(f"{name} on invoices"))
    fields: Doc = {name: inputs.text(raw, name) for name in _TEXTS if raw.get(name) is not None}
    if not fields.get("InvoiceNumber"):
        # X6.1: a number is given to those without one.
        fields.pop("InvoiceNumber", None)
    fields |= {name: inputs.day(raw, name) for name in _DAYS if raw.get(name)}
    for name, allowed, kind in (
        ("Type", ("ACCREC", "ACCPAY"), "InvoiceType"),
        ("Status", STATUSES, "InvoiceStatus"),
        ("LineAmountTypes", TAX_KINDS, "LineAmountType"),
    ):
        value = inputs.choice(raw, name, allowed, kind)
        if value:
            fields[name] = value
    if raw.get("SentToContact") is not None:
        fields["SentToContact"] = inputs.boolean(raw, "SentToContact")
    if raw.get("CurrencyRate") is not None:
        fields["CurrencyRate"] = str(inputs.number(raw, "CurrencyRate"))
    if raw.get("BrandingThemeID"):
        fields["BrandingThemeID"] = inputs.guid(raw, "BrandingThemeID")
    return Sent(raw, fields, inputs.guid(raw, "InvoiceID"), _contact(raw), _lines(raw))


def _contact(raw: Doc) -> Doc | None:
    sent = raw.get("Contact")
    if sent is None:
        return None
    if not isinstance(sent, dict):
        inputs.bad_data("Contact must be an object")
    return contact_rules.parse(sent)


def _lines(raw: Doc) -> list[Doc] | None:
    sent = raw.get("LineItems")
    if sent is None:
        return None
    if not isinstance(sent, list) or not all(isinstance(line, dict) for line in sent):
        inputs.bad_data("LineItems must be a list of objects")
    return [lines.parse(line) for line in sent]


def wrong_texts(doc: Doc) -> list[str]:
    """Broken field rules of X6.1; where no source has Xero's words, ours are used."""
    messages = []
    number, url = doc.get("InvoiceNumber") or "", doc.get("Url")
    if len(number) > 255 or not all(32 <= ord(letter) < 127 for letter in number):
        messages.append("The invoice number must be at most 255 printable ASCII characters.")
    if len(doc.get("Reference") or "") > 255:
        messages.append("The reference must be at most 255 characters.")
    if url and not _absolute(url):
        messages.append("Url must be a valid absolute url")
    if url and "xero" in url.lower():
        messages.append('Url cannot contain "xero"')
    return messages


def _absolute(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)
