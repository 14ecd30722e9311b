"""Which rights does a connection ask for, and what is each for? By what the tenant has switched on (X2.4, Z5.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

Settings = Mapping[str, Any]


class Scope(NamedTuple):
    """A right as the service calls it, and what it is for, as a person reads it before the consent."""

    name: str
    purpose: str


_XERO = (
    Scope("openid", "know which Xero user connects"),
    Scope("profile", "know which Xero user connects"),
    Scope("email", "know which Xero user connects"),
    Scope("offline_access", "work while nobody is signed in"),
    Scope("accounting.invoices", "write and read sales invoices"),
    Scope("accounting.contacts", "find customers, and add new ones"),
    Scope("accounting.settings.read", "read accounts, tax rates, tracking and lock dates"),
    Scope("accounting.payments.read", "read what is paid"),
)
_MAKES_PRODUCTS = Scope("accounting.settings", "read accounts, tax rates, tracking and lock dates, and add products")
# What this product uses, no more. A right that is added later needs a new consent (Z5.3).
_ZOHO = (
    Scope("ZohoCRM.modules.invoices.READ", "read invoices"),
    Scope("ZohoCRM.modules.invoices.UPDATE", "show the Xero fields on invoices"),
    Scope("ZohoCRM.modules.accounts.READ", "read the accounts that invoices name"),
    Scope("ZohoCRM.modules.contacts.READ", "read the contacts that invoices name"),
    Scope("ZohoCRM.modules.products.READ", "read the products that invoices name"),
    Scope("ZohoCRM.settings.fields.ALL", "add the Xero fields, and list yours to choose from"),
    Scope("ZohoCRM.settings.modules.READ", "list the modules"),
    Scope("ZohoCRM.settings.layouts.READ", "see whether your layouts show the Xero fields"),
    Scope("ZohoCRM.org.READ", "know which CRM organisation this is"),
    Scope("ZohoCRM.users.READ", "know who is an administrator, and who connected"),
)


def scopes_for(service: str, settings: Settings) -> tuple[Scope, ...]:
    """What a consent asks for, and what a connection needs: to make products only where the tenant lets us."""
    if service == "zoho":
        return _ZOHO
    makes = settings.get("products") == "create"
    return tuple(_MAKES_PRODUCTS if makes and each.name == "accounting.settings.read" else each for each in _XERO)


def purposes_for(service: str, settings: Settings) -> list[str]:
    """What it will be able to do, each once, in words."""
    return list(dict.fromkeys(each.purpose for each in scopes_for(service, settings)))


def granted_in(text: str) -> list[str]:
    """The rights of a consent as it was answered: Zoho parts them by commas, Xero by blanks."""
    return sorted({each for each in text.replace(",", " ").split() if each})


def lacking(needed: Iterable[Scope], granted: Collection[str]) -> list[str]:
    """What is needed and was not granted. A consent that does not say what it grants is believed, and so are the
    rights that only the consent itself is about (no dot in their names): without them there would be no connection."""
    if not granted:
        return []
    return [each.name for each in needed if "." in each.name and not any(_covers(one, each.name) for one in granted)]


def _covers(granted: str, needed: str) -> bool:
    """The same; or a wider one: Xero's without `.read`, Zoho's that end in ALL. Zoho's case says nothing (Z5.3)."""
    has, wants = granted.casefold(), needed.casefold()
    return wants in (has, f"{has}.read") or (has.endswith(".all") and wants.startswith(has.removesuffix("all")))
