"""Which contacts are shown to a person who must choose, in which order, and what speaks for each? Nothing is tied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from server.domain.customer_facts import Known, agreements, clean_name, contradictions, same_name
from server.domain.fields import rows, text

LEAST_ALIKE = 60  # of a hundred
MOST_SHOWN = 20
# What a firm's name ends with in one system and not in the other.
FORMS = frozenset(
    "ag bv co company corp corporation gbr gmbh holdings inc incorporated kg limited llc llp lp ltd mbh nv oy plc "
    "proprietary pte pty sa sarl se srl the ug".split()
)
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " and "})
Doc = Mapping[str, object]


@dataclass(frozen=True)
class Candidate:
    """agrees: what both sides know alike, "name" first; differs: what they know differently; alike: 0 to 100."""

    contact_id: str
    name: str
    active: bool
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    alike: int
    account_number: str | None
    email: str | None
    city: str | None
    country: str | None


def search_words(name: str) -> str:
    """What to look for in Xero: the name without the legal form behind it, as Xero finds it anywhere in a name."""
    words = clean_name(name).split()
    kept = list(words)
    while kept and (_plain(kept[-1]) in FORMS or not _plain(kept[-1])):
        kept.pop()
    return " ".join(kept or words)


def longest_word(name: str) -> str:
    """For a second look, where the whole name finds nothing."""
    return max(search_words(name).split(), key=len, default="")


def shown(known: Known, docs: Iterable[Doc], *, sought: bool = False) -> list[Candidate]:
    """Those that may be meant, the likeliest first. `sought`: a person searched for these, so none is left out."""
    found = [_candidate(known, doc) for doc in docs if text(doc.get("ContactID"))]
    likely = [each for each in found if sought or each.agrees or each.alike >= LEAST_ALIKE]
    return sorted(likely, key=_order)[:MOST_SHOWN]


def _order(one: Candidate) -> tuple[object, ...]:
    return (not one.active, -len(one.agrees) + len(one.differs), -one.alike, one.name, one.contact_id)


def _candidate(known: Known, doc: Doc) -> Candidate:
    name = text(doc.get("Name")) or ""
    agreed = list(agreements(known, doc))
    if doc.get("ContactNumber") == f"Z{known.record_id}":
        agreed.insert(0, "number")
    if same_name(name, known.name):
        agreed.insert(0, "name")
    if agreed == ["country"]:  # half the world's
        agreed = []
    address = _address(doc)
    return Candidate(
        text(doc.get("ContactID")) or "",
        name,
        doc.get("ContactStatus", "ACTIVE") == "ACTIVE",
        tuple(agreed),
        tuple(contradictions(known, doc)),
        alike(known.name, name),
        text(doc.get("AccountNumber")),
        text(doc.get("EmailAddress")),
        text(address.get("City")),
        text(address.get("Country")),
    )


def _address(doc: Doc) -> Mapping[str, object]:
    found = [each for each in rows(doc.get("Addresses")) if text(each.get("City")) or text(each.get("Country"))]
    return found[0] if found else {}


def alike(one: str, other: str) -> int:
    """How alike two names look to a person: without legal forms, umlauts spelt out, the words in any order."""
    ours, theirs = _words(one), _words(other)
    same = SequenceMatcher(None, " ".join(sorted(ours)), " ".join(sorted(theirs)), autojunk=False).ratio()
    return round(100 * same)


def _words(name: str) -> list[str]:
    plain = "".join(sign if sign.isalnum() else " " for sign in clean_name(name).lower().translate(_SPELT_OUT))
    words = plain.split()
    return [word for word in words if word not in FORMS] or words


def _plain(word: str) -> str:
    return "".join(sign for sign in word.lower() if sign.isalnum())
