"""What does the pretend Xero know of organisations, their people, accounts and tax rates?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulator.state import State
from simulator.xero.charts import COUNTRIES, accounts_of
from simulator.xero.wire import new_id, now_stamp

Doc = dict[str, Any]
ADVISER = "FINANCIALADVISER"
STANDARD = "STANDARD"
_LETTERS = "bcdfghjkmnpqrstvwxyzBCDFGHJKLMNPQRSTVWXYZ23456789"


class Books:
    """Organisations and people by the store; documents are kept per organisation by the modules beside."""

    def __init__(self, state: State) -> None:
        self.state = state

    def add_person(self, email: str, name: str) -> Doc:
        """The person with that address, made when new."""
        with self.state.lock:
            person = self.state.get("xero_person", email)
            if person is None:
                person = {"email": email, "name": name, "userid": new_id(), "organisations": {}}
                self.state.put("xero_person", email, person)
            return person

    def join(self, email: str, org: str, role: str) -> None:
        """Let a person into an organisation; the role counts for lock dates (X6.4)."""
        with self.state.lock:
            person = self.state.get("xero_person", email)
            assert person is not None
            person["organisations"][org] = role
            self.state.put("xero_person", email, person)

    def people(self) -> list[Doc]:
        """All people, oldest first."""
        return self.state.view("xero_person")

    def person(self, email: str) -> Doc | None:
        """One person."""
        return self.state.peek("xero_person", email)

    def role(self, email: str, org: str) -> str:
        """A person's role in an organisation."""
        person = self.person(email)
        return str(person["organisations"].get(org, STANDARD)) if person else STANDARD

    def add_organisation(
        self, name: str, country: str, *, prefix: str = "INV-", first: int = 1, demo: bool = False
    ) -> Doc:
        """A new organisation with its country's accounts and tax rates (X8); a demo company has its days (X1)."""
        land = COUNTRIES[country]
        theme = new_id()
        org: Doc = {
            "id": new_id(),
            "Name": name,
            "country": country,
            "BaseCurrency": land.currency,
            "Currencies": [land.currency],
            "ShortCode": _short_code(self.state.next("xero_org")),
            "PeriodLockDate": None,
            "EndOfYearLockDate": None,
            "Created": now_stamp(),
            "Theme": theme,
            "Themes": [
                {"BrandingThemeID": theme, "Name": "Standard"},
                {"BrandingThemeID": new_id(), "Name": "Special Projects"},
            ],
            "NumberPrefix": prefix,
            "NumberFirst": first,
            "Accounts": [{"AccountID": new_id(), **account} for account in accounts_of(land)],
        }
        if demo:
            org["Demo"] = today_of(org)
        self.state.put("xero_org", org["id"], org)
        return org

    def organisations(self) -> list[Doc]:
        """All organisations, oldest first."""
        return self.state.view("xero_org")

    def organisation(self, org: str) -> Doc | None:
        """One organisation by the id in the xero-tenant-id header."""
        return self.state.peek("xero_org", org)

    def by_short_code(self, code: str) -> Doc | None:
        """One organisation by its ShortCode (X8.5); the leading exclamation mark may be left out."""
        wanted = code.lstrip("!")
        return next((o for o in self.organisations() if o["ShortCode"].lstrip("!") == wanted), None)

    def change(self, org: str, **values: Any) -> None:
        """Change some values of an organisation, e.g. its lock dates."""
        with self.state.lock:
            stored = self.state.get("xero_org", org)
            assert stored is not None
            self.state.put("xero_org", org, {**stored, **values})


def account_of(org: Doc, *, code: str | None = None, account_id: str | None = None) -> Doc | None:
    """An account of an organisation by code or id."""
    for account in org["Accounts"]:
        if (code and account["Code"] == code) or (account_id and account["AccountID"] == account_id):
            found: Doc = account
            return found
    return None


def rates_of(org: Doc) -> tuple[Doc, ...]:
    """The tax rates of an organisation, its own and deleted ones included (X8.3)."""
    return (*COUNTRIES[org["country"]].rates, *org.get("TaxRates", ()))


def themes_of(org: Doc) -> list[Doc]:
    """Its branding themes, the default one first (X8.4)."""
    rows: list[Doc] = org.get("Themes") or [{"BrandingThemeID": org["Theme"], "Name": "Standard"}]
    return rows


def rate_of(org: Doc, kind: str, *, ended: bool = False) -> Doc | None:
    """An active tax rate by its code; with `ended` one that is archived or deleted where no other is."""
    found = [r for r in rates_of(org) if r["TaxType"] == kind]
    return next((r for r in found if r["Status"] == "ACTIVE"), found[0] if found and ended else None)


def today_of(org: Doc) -> str:
    """Today in the organisation's time zone (X11.2)."""
    return datetime.now(ZoneInfo(COUNTRIES[org["country"]].zone)).date().isoformat()


def lock_messages(org: Doc, day: str, role: str) -> list[str]:
    """Why a day is closed for a role: the year lock stops all, the period lock all but advisers (X6.4)."""
    messages = []
    period, year = org["PeriodLockDate"], org["EndOfYearLockDate"]
    if period and day <= period and role != ADVISER:
        messages.append(f"The document date cannot be before the period lock date, currently set at {_dmy(period)}")
    if year and day <= year:
        text = "The document date cannot be before the end of year lock date, currently set at"
        messages.append(f"{text} {_dmy(year)}")
    return messages


def _dmy(day: str) -> str:
    return date.fromisoformat(day).strftime("%d-%b-%Y")


def _short_code(number: int) -> str:
    """Five letters behind an exclamation mark, like `!mBdtL` (X8.5); never the same twice."""
    mixed, text = number * 7919 + 104729 * 977, ""
    for _ in range(5):
        mixed, place = divmod(mixed, len(_LETTERS))
        text += _LETTERS[place]
    return "!" + text
