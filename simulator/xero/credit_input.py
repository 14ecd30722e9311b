"""What did a write say about a credit note, field by field?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.xero import contact_rules, inputs, lines
from simulator.xero.invoice_input import STATUSES, TAX_KINDS
from simulator.xero.refusals import WholeRefusalError
from simulator.xero.wire import not_imitated

Doc = dict[str, Any]
TYPES = ("ACCRECCREDIT", "ACCPAYCREDIT")
_REFUSED = ("Attachments", "InvoiceAddresses")


@dataclass(frozen=True)
class SentCredit:
    """One element of a write: as it came, and read. `lines` is None when LineItems was not sent."""

    raw: Doc
    fields: Doc
    credit: str | None
    contact: Doc | None
    lines: list[Doc] | None


def parse(raw: Doc) -> SentCredit:
    """Type-check one element; a wrong type refuses the whole request before anything is saved (X5.5)."""
    for name in _REFUSED:
        if raw.get(name):
            raise WholeRefusalError(not_imitated(f"{name} on credit notes"))
    fields: Doc = {n: inputs.text(raw, n) for n in ("Reference", "CurrencyCode") if raw.get(n) is not None}
    if raw.get("CreditNoteNumber") is not None:
        fields["Number"] = inputs.text(raw, "CreditNoteNumber")
    fields |= {name: inputs.day(raw, name) for name in ("Date", "DueDate") if raw.get(name)}
    for name, allowed, kind in (
        ("Type", TYPES, "CreditNoteType"),
        ("Status", STATUSES, "CreditNoteStatus"),
        ("LineAmountTypes", TAX_KINDS, "LineAmountType"),
    ):
        value = inputs.choice(raw, name, allowed, kind)
        if value:
            fields[name] = value
    if raw.get("SentToContact") is not None:
        fields["SentToContact"] = inputs.boolean(raw, "SentToContact")
    if raw.get("CurrencyRate") is not None:
        fields["CurrencyRate"] = str(inputs.number(raw, "CurrencyRate"))
    return SentCredit(raw, fields, inputs.guid(raw, "CreditNoteID"), _contact(raw), _lines(raw))


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
