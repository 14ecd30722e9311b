"""Which addresses of Xero and Zoho may be used?

Every address that we call, open or frame comes from these two tables. What a callback or a token answer names
is looked up here and never used as it came (Z5.1).
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

_SDK = "https://live.zwidgets.com/js-sdk/1.2/ZohoEmbededAppSDK.min.js"
# name: (accounts server, API, CRM web host), Z5.1. Others that Zoho names without documents are left out.
_ZOHO = {
    "us": ("https://accounts.zoho.com", "https://www.zohoapis.com", "https://crm.zoho.com"),
    "eu": ("https://accounts.zoho.eu", "https://www.zohoapis.eu", "https://crm.zoho.eu"),
    "in": ("https://accounts.zoho.in", "https://www.zohoapis.in", "https://crm.zoho.in"),
    "au": ("https://accounts.zoho.com.au", "https://www.zohoapis.com.au", "https://crm.zoho.com.au"),
    "jp": ("https://accounts.zoho.jp", "https://www.zohoapis.jp", "https://crm.zoho.jp"),
    "ca": ("https://accounts.zohocloud.ca", "https://www.zohoapis.ca", "https://crm.zohocloud.ca"),
    "sa": ("https://accounts.zoho.sa", "https://www.zohoapis.sa", "https://crm.zoho.sa"),
    "uk": ("https://accounts.zoho.uk", "https://www.zohoapis.uk", "https://crm.zoho.uk"),
    "cn": ("https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn", "https://crm.zoho.com.cn"),
}
_XERO = {
    "authorise": "https://login.xero.com/identity/connect/authorize",
    "token": "https://identity.xero.com/connect/token",
    "revoke": "https://identity.xero.com/connect/revocation",
    "connections": "https://api.xero.com/connections",
    "api": "https://api.xero.com/api.xro/2.0",
    "invoice_page": "https://go.xero.com/organisationlogin/default.aspx?shortcode={shortcode}"
    "&redirecturl=/AccountsReceivable/View.aspx?InvoiceID={id}",
}

_NEVER_IN_AN_ADDRESS = set(" \t\r\n\\\"'<>;")


@dataclass(frozen=True)
class DataCentre:
    """One Zoho data centre: three kinds of origin, written without a path."""

    accounts: str
    api: str
    crm: tuple[str, ...]


@dataclass(frozen=True)
class ZohoPlaces:
    """All Zoho data centres we talk to. `start` names the one whose accounts server a sign-in starts at."""

    sdk: str
    start: str
    data_centres: Mapping[str, DataCentre]

    def named(self, name: str) -> DataCentre | None:
        """The data centre of that name, or None when it is not on the table."""
        return self.data_centres.get(name)

    def of_accounts(self, accounts_server: str) -> str | None:
        """The name of the data centre with this accounts server (the callback's `accounts-server`, Z5.2)."""
        wanted = _bare(accounts_server)
        return next((name for name, dc in self.data_centres.items() if dc.accounts == wanted), None)

    def of_api(self, api_domain: str) -> str | None:
        """The name of the data centre with this API address (a token answer's `api_domain`, Z5.1)."""
        wanted = _bare(api_domain)
        return next((name for name, dc in self.data_centres.items() if dc.api == wanted), None)

    def crm_hosts(self) -> tuple[str, ...]:
        """Every CRM web origin: what may frame a widget page."""
        return tuple(dict.fromkeys(host for dc in self.data_centres.values() for host in dc.crm))


@dataclass(frozen=True)
class XeroPlaces:
    """Xero's addresses (X1). `api` has no slash at its end."""

    authorise: str
    token: str
    revoke: str
    connections: str
    api: str
    invoice_page: str

    def invoice_address(self, shortcode: str, invoice_id: str) -> str:
        """Where a person sees this invoice in the right organisation."""
        return self.invoice_page.replace("{shortcode}", shortcode).replace("{id}", invoice_id)


def zoho_places(text: str | None, public_base: str) -> ZohoPlaces:
    """Read ZOHO_PLACES: JSON, or the path of a JSON file; without it Zoho's own addresses (Z5.1).

    Raises ValueError with one readable sentence.
    """
    given = _document("ZOHO_PLACES", text, {"sdk", "start", "data_centres"})
    centres = given.get("data_centres", {name: _row(row) for name, row in _ZOHO.items()})
    if not isinstance(centres, dict) or not centres:
        raise ValueError('ZOHO_PLACES: "data_centres" must name at least one data centre.')
    table = {str(name): _data_centre(str(name), row, public_base) for name, row in centres.items()}
    start = given.get("start", "us" if "us" in table else next(iter(table)))
    if start not in table:
        raise ValueError(f'ZOHO_PLACES: "start" is {start!r}, which is not one of the data centres.')
    sdk = _address("ZOHO_PLACES sdk", given.get("sdk", _SDK), public_base)
    return ZohoPlaces(sdk, str(start), table)


def xero_places(text: str | None, public_base: str) -> XeroPlaces:
    """Read XERO_PLACES: JSON, or the path of a JSON file; what it leaves out is Xero's own address (X1).

    Raises ValueError with one readable sentence.
    """
    given = {**_XERO, **_document("XERO_PLACES", text, set(_XERO))}
    checked = {name: _address(f"XERO_PLACES {name}", value, public_base) for name, value in given.items()}
    if "{id}" not in checked["invoice_page"]:
        raise ValueError('XERO_PLACES: "invoice_page" must hold {id} where the invoice goes.')
    checked["api"] = checked["api"].rstrip("/")
    return XeroPlaces(**checked)


def is_loopback(host: str | None) -> bool:
    """Does this host name mean the machine we run on?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _row(row: tuple[str, str, str]) -> dict[str, object]:
    return {"accounts": row[0], "api": row[1], "crm": [row[2]]}


def _document(name: str, text: str | None, keys: set[str]) -> dict[str, object]:
    if not text or not text.strip():
        return {}
    try:
        content = text if text.lstrip().startswith("{") else Path(text.strip()).read_text("utf-8")
        given = json.loads(content)
    except (OSError, ValueError):
        raise ValueError(f"{name} is neither JSON nor the path of a readable JSON file.") from None
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be a JSON object.")
    if unknown := sorted(set(given) - keys):
        raise ValueError(f"{name}: unknown key {unknown[0]!r}; known are {', '.join(sorted(keys))}.")
    return given


def _data_centre(name: str, row: object, public_base: str) -> DataCentre:
    label = f"ZOHO_PLACES {name}"
    if not isinstance(row, dict) or set(row) != {"accounts", "api", "crm"}:
        raise ValueError(f"{label}: a data centre has exactly accounts, api and crm.")
    hosts = row["crm"] if isinstance(row["crm"], list) else [row["crm"]]
    if not hosts:
        raise ValueError(f"{label}: crm must name at least one CRM address.")
    crm = tuple(_origin(f"{label} crm", host, public_base) for host in hosts)
    accounts, api = (_origin(f"{label} {key}", row[key], public_base) for key in ("accounts", "api"))
    return DataCentre(accounts, api, crm)


def _origin(label: str, value: object, public_base: str) -> str:
    address = _bare(_address(label, value, public_base))
    if urlsplit(address).path or urlsplit(address).query:
        raise ValueError(f"{label}: {value!r} must be scheme and host only, without a path.")
    return address


def _address(label: str, value: object, public_base: str) -> str:
    parts = _split(value)
    if not isinstance(value, str) or parts is None or parts.username is not None or parts.fragment:
        raise ValueError(f"{label}: {value!r} is not a web address that can be used here.")
    if parts.scheme == "http" and not _all_loopback(parts, public_base):
        raise ValueError(
            f"{label}: {value!r} must be https; http is only for this machine's own addresses, "
            "when PUBLIC_BASE is one of them too."
        )
    return value


def _split(value: object) -> SplitResult | None:
    """The parts of an http(s) address with a host and a valid port, else None."""
    if not isinstance(value, str) or set(value) & _NEVER_IN_AN_ADDRESS:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _all_loopback(parts: SplitResult, public_base: str) -> bool:
    base = _split(public_base)
    return base is not None and is_loopback(base.hostname) and is_loopback(parts.hostname)


def _bare(address: str) -> str:
    return address.strip().lower().rstrip("/")
