"""What do both clients look like, put together as the product does it, before one pretend service?"""

from __future__ import annotations

import base64
import json
from typing import Any

from redis import Redis
from sqlalchemy import select

from server.clients.grants import Grants
from server.clients.pace import Pace
from server.clients.places import DataCentre, XeroPlaces, ZohoPlaces
from server.clients.tokens import Client, TokenSet
from server.clients.transport import CallTimes, Transport
from server.clients.xero import BooksRef, Xero
from server.clients.zoho import CrmRef, Zoho
from server.store.engine import Store, make_engine
from server.store.grants import Purpose, Vault, keep
from server.store.secrets import Secrets, new_key
from server.store.tables import grant, metadata
from tests.clients.pretend import Pretend, Says, Seen

ORGANISATION = "11111111-2222-3333-4444-555555555555"


def zoho_places_at(url: str) -> ZohoPlaces:
    elsewhere = DataCentre("https://accounts.zoho.eu", "https://www.zohoapis.eu", ("https://crm.zoho.eu",))
    return ZohoPlaces(f"{url}/sdk.js", "au", {"au": DataCentre(url, url, (url,)), "eu": elsewhere})


def xero_places_at(url: str) -> XeroPlaces:
    return XeroPlaces(
        authorise=f"{url}/authorize",
        token=f"{url}/connect/token",
        revoke=f"{url}/connect/revocation",
        connections=f"{url}/connections",
        api=f"{url}/api.xro/2.0",
        invoice_page=f"{url}/{{shortcode}}/{{id}}",
    )


def grants_at(url: str, vault: Vault, transport: Transport, times: CallTimes) -> Grants:
    return Grants(
        vault,
        transport,
        zoho=zoho_places_at(url),
        xero=xero_places_at(url),
        zoho_client=Client("zoho-id", "zoho-word"),
        xero_client=Client("xero-id", "xero-word"),
        times=times,
    )


def vault_at(database: str, key: str) -> Vault:
    return Vault(Store(make_engine(database)), Secrets(key))


class House:
    """Everything between a use-case and the wire."""

    def __init__(self, pretend: Pretend, redis: Redis, database: str, times: CallTimes) -> None:
        self.pretend, self.database, self.key = pretend, database, new_key()
        self.vault = vault_at(database, self.key)
        self.store = self.vault._store
        metadata.create_all(self.store.engine)
        self.transport = Transport(times)
        self.grants = grants_at(pretend.url, self.vault, self.transport, times)
        self.pace = Pace(redis, times)
        self.xero = Xero(self.transport, self.grants, self.pace, xero_places_at(pretend.url))
        self.zoho = Zoho(self.transport, self.grants, self.pace, zoho_places_at(pretend.url))

    def keep(self, tokens: TokenSet, purpose: Purpose = "connection", person: str = "dana") -> str:
        """A consent of this person, stored; its grant's id."""
        with self.store.begin() as c:
            return keep(c, self.vault.secrets, tokens, purpose=purpose, person=person).grant_id

    def books(self, grant_id: str | TokenSet | None = None, *, click: bool = False) -> BooksRef:
        return BooksRef("ours", ORGANISATION, grant_id or self.keep(xero_tokens()), click)

    def crm(self, grant_id: str | TokenSet | None = None) -> CrmRef:
        tokens = grant_id or self.keep(zoho_tokens(self.pretend.url))
        return CrmRef("tenant", tokens, self.pretend.url)

    def row(self, grant_id: str) -> Any:
        with self.store.read() as c:
            return c.execute(select(grant).where(grant.c.id == grant_id)).one()

    def close(self) -> None:
        self.store.engine.dispose()


def xero_tokens(access: str = "A1", refresh: str | None = "R1", expires_in_s: float = 1800) -> TokenSet:
    return TokenSet("xero", access, refresh, expires_in_s, scope="accounting.invoices", person="dana")


def zoho_tokens(url: str, access: str = "A1", refresh: str | None = "R1", expires_in_s: float = 3600) -> TokenSet:
    return TokenSet("zoho", access, refresh, expires_in_s, data_centre="au", accounts_server=url, api_domain=url)


def jwt(**claims: str) -> str:
    """A token of the form Xero's have; nobody checks its signature here."""
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{middle}.signature"


class TokenServer:
    """A token endpoint that rotates like Xero: every refresh gives a new pair. Old ones work on (the grace)."""

    def __init__(self, pretend: Pretend, seconds: float = 0.0) -> None:
        self.pretend, self.seconds = pretend, seconds
        self.refreshes: list[str] = []

    def __call__(self, seen: Seen) -> Says:
        self.refreshes.append(seen.form.get("refresh_token", ""))
        number = len(self.refreshes) + 1
        return Says(body={"access_token": f"A{number}", "refresh_token": f"R{number}", "expires_in": 1800})
