"""Which token may be used now, and who renews it?

A grant is refreshed once, whatever the number of processes: whoever takes the refresh lease on its row calls,
the others wait for the row to change. A refresher that dies lets its lease run out, and the next one uses the
stored refresh token again (Xero grants 30 minutes for that, X2.3; Zoho's does not rotate, Z5.2).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from server.clients.errors import Disconnected, Refused, Service, TryLater
from server.clients.places import XeroPlaces, ZohoPlaces
from server.clients.tokens import Client, TokenCalls, TokenSet
from server.clients.transport import CallTimes, NotSent, Transport

# Answers that speak of our own client id or secret, or of the form of our request. They say nothing about
# the grant, and a wrong setting must not break the connection of every customer (X2.3, Z5.2).
_OUR_FAULT = {
    "invalid_client",
    "invalid_client_secret",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_request",
    "invalid_redirect_uri",
}
_POLL_S = 0.05
_log = logging.getLogger(__name__)


class StoredGrant(Protocol):
    """A grant as the vault holds it, decrypted. Times left are by the database's clock."""

    @property
    def service(self) -> Service: ...
    @property
    def data_centre(self) -> str | None: ...
    @property
    def api_domain(self) -> str | None: ...
    @property
    def version(self) -> int: ...
    @property
    def access(self) -> str | None: ...
    @property
    def access_left_s(self) -> float: ...
    @property
    def refresh(self) -> str | None: ...
    @property
    def broken(self) -> str | None: ...
    @property
    def lease_left_s(self) -> float: ...


class Vault(Protocol):
    """Where grants are kept. Each method is one short transaction."""

    def load(self, grant_id: str) -> StoredGrant | None: ...

    def claim_refresh(self, grant_id: str, seen_version: int, lease_ms: int) -> str | None:
        """The lease's token; None when the version has moved on or somebody else's lease runs."""

    def save_refreshed(
        self,
        grant_id: str,
        lease: str,
        *,
        access: str,
        refresh: str | None,
        expires_in_s: float,
        api_domain: str | None,
    ) -> bool:
        """Keep the new tokens, raise the version, end the lease; False (and nothing kept) when it is lost."""

    def release(self, grant_id: str, lease: str, hold_ms: int = 0) -> None:
        """End the lease, or let it run for `hold_ms` more, so that nobody asks in that time."""

    def mark_broken(self, grant_id: str, lease: str, why: str) -> bool:
        """The service refused this grant; only the holder of the lease may say so, else False."""


@dataclass(frozen=True)
class Access:
    """An access token that may be used now. `version` goes to `renewed` when the service refuses it."""

    token: str = field(repr=False)
    version: int
    api_domain: str | None


class Grants:
    """Hands out access tokens. Raises Disconnected (a person must connect again) or TryLater."""

    def __init__(
        self,
        vault: Vault,
        transport: Transport,
        *,
        zoho: ZohoPlaces,
        xero: XeroPlaces,
        zoho_client: Client,
        xero_client: Client,
        times: CallTimes,
    ) -> None:
        self._vault = vault
        self._calls = TokenCalls(
            transport, zoho=zoho, xero=xero, zoho_client=zoho_client, xero_client=xero_client, times=times
        )
        self._zoho = zoho
        self._times = times
        # The call itself, and 5 of 10 s for everything around it.
        self._lease_s = times.token_s * 1.5

    def access(self, grant: str | TokenSet, service: Service = "xero") -> Access:
        """A usable token of a stored grant, or of a token set that is not stored yet."""
        if isinstance(grant, TokenSet):
            return Access(grant.access, 0, grant.api_domain)
        stored = self._load(grant, service)
        return _usable(stored) or self._refreshed(grant, stored)

    def renewed(self, grant: str | TokenSet, seen_version: int, service: Service = "xero") -> Access:
        """After a 401 with that version: the newer token, refreshed here only if nobody has done it yet."""
        if isinstance(grant, TokenSet):
            raise Disconnected(grant.service, "token_refused")
        stored = self._load(grant, service)
        newer = _usable(stored) if stored.version != seen_version else None
        return newer or self._refreshed(grant, stored)

    def exchange_zoho(self, code: str, verifier: str, redirect_uri: str, accounts_server: str) -> TokenSet:
        """Turn a callback's code into tokens, at a data centre of the table only (Z5.2). Raises Refused."""
        return self._calls.exchange_zoho(code, verifier, redirect_uri, accounts_server)

    def exchange_xero(self, code: str, redirect_uri: str) -> TokenSet:
        """Turn a callback's code into tokens (X2.1). Raises Refused."""
        return self._calls.exchange_xero(code, redirect_uri)

    def revoke(self, grant: str | TokenSet) -> bool:
        """Ask the service to forget this consent. True when it said yes; never raises for an outside reason.

        At Xero this ends every connection of that person with us (X2.5): ask only when nobody else uses it.
        """
        if isinstance(grant, TokenSet):
            return self._calls.revoke(grant.service, grant.refresh or grant.access, grant.data_centre)
        stored = self._vault.load(grant)
        token = stored and (stored.refresh or stored.access)
        return bool(stored and token and self._calls.revoke(stored.service, token, stored.data_centre))

    def revoke_token(self, service: Service, token: str, data_centre: str | None) -> bool:
        """The same for a token that is no longer in the vault (the old one, after a reconnect)."""
        return self._calls.revoke(service, token, data_centre)

    def _load(self, grant_id: str, service: Service) -> StoredGrant:
        stored = self._vault.load(grant_id)
        if stored is None:
            raise Disconnected(service, "unknown_grant")
        if stored.broken:
            raise Disconnected(service, stored.broken)
        if service == "zoho" and not self._at_home(stored):
            raise Disconnected(service, "org_moved")
        return stored

    def _at_home(self, stored: StoredGrant) -> bool:
        domain, centre = stored.api_domain, stored.data_centre
        return bool(domain and centre and self._zoho.of_api(domain) == centre)

    def _refreshed(self, grant_id: str, stored: StoredGrant) -> Access:
        """Refresh, or wait for whoever does it; longer than a dead refresher's lease, so that one of us can."""
        failed = stored.version
        give_up_at = time.monotonic() + self._lease_s + self._times.token_s
        while time.monotonic() < give_up_at:
            if stored.refresh is None:
                raise Disconnected(stored.service, "expired")
            if stored.lease_left_s > self._lease_s:
                raise TryLater(stored.service, "limit", stored.lease_left_s, "token calls are paused")
            if not self._refresh_here(grant_id, stored, stored.refresh):
                time.sleep(_POLL_S)
            stored = self._load(grant_id, stored.service)
            if stored.version != failed and (newer := _usable(stored)):
                return newer
        raise TryLater(stored.service, "service", self._times.pause_s, "a token refresh does not end")

    def _refresh_here(self, grant_id: str, stored: StoredGrant, refresh: str) -> bool:
        """Refresh if the lease is free. False: nothing was changed by us, look again."""
        if stored.lease_left_s > 0:
            return False
        still_ours = self._lease_guard()
        lease = self._vault.claim_refresh(grant_id, stored.version, round(self._lease_s * 1000))
        if lease is None:
            return False
        try:
            fresh = self._calls.refresh(stored.service, refresh, stored.data_centre, still_ours)
        except NotSent:
            return False
        except TryLater as later:
            # A throttle keeps everybody away until it is over; a disturbance lets the next one try.
            hold_s = later.seconds if later.cause == "limit" else 0.0
            self._vault.release(grant_id, lease, round(hold_s * 1000))
            raise
        except Refused as refused:
            return self._refresh_refused(grant_id, lease, refused)
        return self._keep(grant_id, lease, fresh)

    def _lease_guard(self) -> Callable[[], bool]:
        """Says no when too little of the lease is left: a process that was stopped must not send late."""
        spare = self._lease_s - self._times.token_s
        wall, steady = time.time(), time.monotonic()
        return lambda: time.time() - wall < spare and time.monotonic() - steady < spare

    def _keep(self, grant_id: str, lease: str, fresh: TokenSet) -> bool:
        # The token is used until a little before its end: it must not die on its way.
        margin_s = min(self._times.token_s, fresh.expires_in_s / 10)
        return self._vault.save_refreshed(
            grant_id,
            lease,
            access=fresh.access,
            refresh=fresh.refresh,
            expires_in_s=fresh.expires_in_s - margin_s,
            api_domain=fresh.api_domain,
        )

    def _refresh_refused(self, grant_id: str, lease: str, refused: Refused) -> bool:
        if refused.code in _OUR_FAULT:
            _log.error("token endpoint of %s refuses this installation: %s", refused.service, refused.code)
            self._vault.release(grant_id, lease)
            raise TryLater(refused.service, "service", self._times.pause_s * 4, refused.code)
        why = "org_moved" if refused.code in ("org_moved", "unknown_data_centre") else "token_refused"
        if not self._vault.mark_broken(grant_id, lease, why):
            return False
        raise Disconnected(refused.service, why)


def _usable(stored: StoredGrant) -> Access | None:
    if not stored.access or stored.access_left_s <= 0:
        return None
    return Access(stored.access, stored.version, stored.api_domain)
