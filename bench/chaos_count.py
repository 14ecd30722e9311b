"""How often is each invoice in Xero? Counted by marker on the documents that both pretend services store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

Doc = Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """What lies in one company's CRM and Xero. `asked`: records that people pushed, as CRM holds them."""

    zgid: str
    asked: tuple[Doc, ...]
    invoices: tuple[Doc, ...]
    contacts: tuple[Doc, ...]


@dataclass
class Count:
    """Record ids of what is wrong. `in_xero` counts documents: what is there twice counts twice."""

    invoices: int = 0
    in_xero: int = 0
    twice: list[str] = field(default_factory=list)  # an invoice, or the customer whom it is for
    missing: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)  # CRM does not show yet what Xero holds
    unasked: list[str] = field(default_factory=list)  # in Xero, though nobody pushed it
    unequal: list[str] = field(default_factory=list)  # another total than CRM's


def count(companies: Iterable[Kept]) -> Count:
    """The figures of all companies."""
    found = Count()
    for kept in companies:
        by_record = _by_record(kept)
        asked = {str(record["id"]): record for record in kept.asked}
        found.invoices += len(asked)
        found.in_xero += sum(len(docs) for docs in by_record.values())
        found.unasked += sorted(by_record.keys() - asked.keys())
        found.twice += _customers_twice(kept)
        for record_id, record in asked.items():
            _judge(found, record_id, record, by_record.get(record_id, []))
    return found


def _judge(found: Count, record_id: str, record: Doc, docs: list[Doc]) -> None:
    if len(docs) != 1:
        (found.twice if docs else found.missing).append(record_id)
        return
    [doc] = docs
    if record.get("Xero_Invoice_Number") != doc["InvoiceNumber"] or not record.get("Payment_Status"):
        found.open.append(record_id)
    if Decimal(str(doc["Total"])) != Decimal(str(record["Grand_Total"])):
        found.unequal.append(record_id)


def _by_record(kept: Kept) -> dict[str, list[Doc]]:
    """Xero's documents by the record that their marker names, whatever their status. Where the marker names another
    CRM org, by the whole of its path: nobody here asked for that."""
    home = f"/go/au/production/{kept.zgid}/"
    found: dict[str, list[Doc]] = defaultdict(list)
    for doc in kept.invoices:
        found[urlsplit(doc.get("Url") or "").path.removeprefix(home)].append(doc)
    return found


def _customers_twice(kept: Kept) -> list[str]:
    """Contacts that carry one CRM account's number twice, or its name."""
    numbers = [str(doc["ContactNumber"]) for doc in kept.contacts if doc.get("ContactNumber")]
    names = [str(doc["Name"]) for doc in kept.contacts]
    return sorted({each for several in (numbers, names) for each in several if several.count(each) > 1})
