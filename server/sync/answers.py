"""What does Xero's answer to a write prove about each row? Pure reading of rows, protocol 4a steps 5 and 6.

A saved row must stand at its position with its marker; a refused row needs only its position, because it carries no
number (X6.2). One row that fits neither makes the whole answer no proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

NO_ID = "00000000-0000-0000-0000-000000000000"
ID_OF = {"contacts": "ContactID", "creates": "InvoiceID", "changes": "InvoiceID"}


@dataclass(frozen=True)
class Saved:
    xero_id: str
    doc: Mapping[str, Any]


@dataclass(frozen=True)
class RowRefused:
    """Xero kept nothing of this row, and says why."""

    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Doubtful:
    """Only a look tells: a clash of number or name (4a.10), or errors beside a real id (4a.6)."""

    sentences: tuple[str, ...]


RowVerdict = Saved | RowRefused | Doubtful


def judge(kind: str, markers: Sequence[str], rows: Sequence[Mapping[str, Any]] | None) -> list[RowVerdict] | None:
    """One verdict a row, or None where the answer is no proof of anything."""
    if rows is None or len(rows) != len(markers):
        return None
    verdicts = [_judge_row(kind, marker, row) for marker, row in zip(markers, rows, strict=True)]
    return None if any(each is None for each in verdicts) else [each for each in verdicts if each is not None]


def _judge_row(kind: str, marker: str, row: Mapping[str, Any]) -> RowVerdict | None:
    sentences = sentences_of(row)
    xero_id = str(row.get(ID_OF[kind]) or NO_ID)
    failed = bool(sentences) or row.get("StatusAttributeString") == "ERROR" or row.get("HasErrors") is True
    if failed:
        clash = any(is_clash(each) for each in sentences)
        return Doubtful(sentences) if clash or (xero_id != NO_ID and kind != "changes") else RowRefused(sentences)
    if xero_id == NO_ID or not same_marker(kind, marker, row):
        return None
    return Saved(xero_id, row)


def same_marker(kind: str, marker: str, row: Mapping[str, Any]) -> bool:
    """Whether a document of Xero's is tied to the record with this marker; an invoice's Url is compared by its path."""
    if kind == "contacts":
        return row.get("ContactNumber") == marker
    if kind == "changes":
        return row.get("InvoiceID") == marker
    return path_of(row.get("Url")) == path_of(marker)


def path_of(address: object) -> str | None:
    """The path of a marker, or None for what is no address; hosts may change, paths do not (design 4a)."""
    if not isinstance(address, str) or not address:
        return None
    try:
        return urlsplit(address).path.rstrip("/") or None
    except ValueError:
        return None


def is_clash(sentence: str) -> bool:
    """Whether a sentence of Xero's says that a number or a name is taken (X10; matched loosely)."""
    low = sentence.lower()
    return "must be unique" in low or "already assigned to another contact" in low or "has this contact number" in low


def sentences_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Every validation sentence of a document, those of its lines and contact included (X5.5, X11.7)."""
    nested = [*_dicts(row.get("LineItems")), *([row["Contact"]] if isinstance(row.get("Contact"), Mapping) else [])]
    found = [_messages(doc) for doc in (row, *nested)]
    return tuple(dict.fromkeys(sentence for each in found for sentence in each))


def _messages(doc: Mapping[str, Any]) -> list[str]:
    return [str(each["Message"]) for each in _dicts(doc.get("ValidationErrors")) if each.get("Message")]


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
