"""What is a new contact in Xero told besides its name? Address, phone and tax number, cleaned to what it takes (X7).

A number that does not fit is left out: half of one would be a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from server.domain.fields import text

LINES, LONGEST_LINE = 4, 500
LONGEST_PLACE, LONGEST_SHORT = 255, 50
# Invoices print this one; STREET is for whoever visits (X7).
PRINTED = "POBOX"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f<>]")


def details_of(told: Mapping[str, str]) -> dict[str, object]:
    """The fields of Xero's contact; of what CRM does not tell nothing is sent."""
    found: dict[str, object] = {}
    if address := _address(told):
        found["Addresses"] = [{"AddressType": PRINTED, **address}]
    if phone := _whole(told.get("phone"), LONGEST_SHORT):
        found["Phones"] = [{"PhoneType": "DEFAULT", "PhoneNumber": phone}]
    if tax_number := _whole(told.get("tax_number"), LONGEST_SHORT):
        found["TaxNumber"] = tax_number
    return found


def _address(told: Mapping[str, str]) -> dict[str, str]:
    parts = {
        **_street(told.get("street") or ""),
        "City": _cut(told.get("city"), LONGEST_PLACE),
        "Region": _cut(told.get("region"), LONGEST_PLACE),
        "PostalCode": _whole(told.get("post_code"), LONGEST_SHORT),
        "Country": _letters(told.get("country")),
    }
    return {name: value for name, value in parts.items() if value}


def _street(street: str) -> dict[str, str]:
    """CRM's one field of several lines as Xero's four; what is over goes with the last."""
    lines = [line for each in (text(street) or "").splitlines() if (line := _plain(each))]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], ", ".join(lines[LINES - 1 :])]
    return {f"AddressLine{place}": line[:LONGEST_LINE].rstrip() for place, line in enumerate(lines, 1)}


def _letters(country: str | None) -> str:
    """Xero speaks of letters; blanks and the signs inside names of countries have never been refused."""
    kept = "".join(sign if sign.isalpha() or sign in " -'.&" else " " for sign in _plain(country or ""))
    return " ".join(kept.split())[:LONGEST_SHORT].rstrip()


def _cut(value: str | None, longest: int) -> str:
    return _plain(value or "")[:longest].rstrip()


def _whole(value: str | None, longest: int) -> str:
    plain = _plain(value or "")
    return plain if len(plain) <= longest else ""


def _plain(value: str) -> str:
    return " ".join(_CONTROLS.sub(" ", unicodedata.normalize("NFC", text(value) or "")).split())
