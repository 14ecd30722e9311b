"""What do the two token endpoints say, and what do their answers mean?"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from server.clients.errors import Refused, Service, TryLater
from server.clients.headers import retry_after, whole_number
from server.clients.places import XeroPlaces, ZohoPlaces
from server.clients.transport import CallTimes, LostReply, NoConnection, Reply, Transport

# Ten token requests in ten minutes lock a Zoho grant out for a while, and asking on makes it longer (Z5.2).
_THROTTLED_S = 600.0
_DEFAULT_LIFE_S = {"xero": 1800.0, "zoho": 3600.0}


@dataclass(frozen=True)
class Client:
    """Our registration with a service."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class TokenSet:
    """What a token endpoint gave. For Xero `person` is the xero_userid and `consent` the consent's id (X2.3).

    `refresh` is None at Zoho when only online access was asked, and on every Zoho refresh (Z5.2).
    """

    service: Service
    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_in_s: float
    scope: str = ""
    data_centre: str | None = None
    accounts_server: str | None = None
    api_domain: str | None = None
    person: str | None = None
    consent: str | None = None


class TokenCalls:
    """Exchange, refresh, revoke: one HTTP call each. Raises TryLater, or Refused with the service's own code."""

    def __init__(
        self,
        transport: Transport,
        *,
        zoho: ZohoPlaces,
        xero: XeroPlaces,
        zoho_client: Client,
        xero_client: Client,
        times: CallTimes,
    ) -> None:
        self._transport = transport
        self._zoho, self._zoho_client = zoho, zoho_client
        self._xero, self._xero_client = xero, xero_client
        self._times = times

    def exchange_zoho(self, code: str, verifier: str, redirect_uri: str, accounts_server: str) -> TokenSet:
        """A code for tokens, with PKCE. An accounts server outside the table is Refused and never called."""
        name = self._zoho.of_accounts(accounts_server)
        if name is None:
            raise Refused("zoho", 0, "unknown_data_centre", "This data centre is not served here.")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return self._zoho_tokens(name, form)

    def exchange_xero(self, code: str, redirect_uri: str) -> TokenSet:
        """A code for tokens (X2.1)."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return self._xero_tokens(form)

    def refresh(
        self, service: Service, refresh: str, data_centre: str | None, before_send: Callable[[], bool]
    ) -> TokenSet:
        """New tokens for a refresh token. Xero rotates it, Zoho keeps it. Raises NotSent as well."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh}
        if service == "xero":
            return self._xero_tokens(form, before_send)
        return self._zoho_tokens(data_centre or "", form, before_send)

    def revoke(self, service: Service, token: str, data_centre: str | None) -> bool:
        """True when the service said that it is done (200, X2.5, Z5.2)."""
        try:
            reply = self._send_revocation(service, token, data_centre)
        except (NoConnection, LostReply):
            return False
        return reply is not None and reply.status == 200

    def _send_revocation(self, service: Service, token: str, data_centre: str | None) -> Reply | None:
        if service == "xero":
            return self._post(self._xero.revoke, {"token": token}, headers=self._basic())
        centre = self._zoho.named(data_centre or "")
        return self._post(f"{centre.accounts}/oauth/v2/token/revoke", {"token": token}) if centre else None

    def _xero_tokens(self, form: dict[str, str], before_send: Callable[[], bool] | None = None) -> TokenSet:
        answer = self._tokens("xero", self._xero.token, form, self._basic(), before_send)
        claims = _claims(str(answer["access_token"]))
        return TokenSet(
            "xero",
            access=str(answer["access_token"]),
            refresh=_text(answer.get("refresh_token")),
            expires_in_s=_life("xero", answer),
            scope=_text(answer.get("scope")) or "",
            person=_text(claims.get("xero_userid")),
            consent=_text(claims.get("authentication_event_id")),
        )

    def _zoho_tokens(self, name: str, form: dict[str, str], before_send: Callable[[], bool] | None = None) -> TokenSet:
        """Only an `api_domain` of the same data centre is believed (Z5.1)."""
        centre = self._zoho.named(name)
        if centre is None:
            raise Refused("zoho", 0, "unknown_data_centre", "This data centre is not served here.")
        form |= {"client_id": self._zoho_client.id, "client_secret": self._zoho_client.secret}
        answer = self._tokens("zoho", f"{centre.accounts}/oauth/v2/token", form, {}, before_send)
        given = _text(answer.get("api_domain"))
        if given is not None and self._zoho.of_api(given) != name:
            raise Refused("zoho", 0, "org_moved", "Zoho names an API address of another data centre.")
        return TokenSet(
            "zoho",
            access=str(answer["access_token"]),
            refresh=_text(answer.get("refresh_token")),
            expires_in_s=_life("zoho", answer),
            scope=_text(answer.get("scope")) or "",
            data_centre=name,
            accounts_server=centre.accounts,
            api_domain=centre.api,
        )

    def _basic(self) -> dict[str, str]:
        pair = f"{self._xero_client.id}:{self._xero_client.secret}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}

    def _tokens(
        self,
        service: Service,
        url: str,
        form: Mapping[str, str],
        headers: Mapping[str, str],
        before_send: Callable[[], bool] | None,
    ) -> dict[str, object]:
        try:
            reply = self._post(url, form, headers=headers, before_send=before_send)
        except (NoConnection, LostReply) as lost:
            raise TryLater(service, "service", self._times.pause_s, str(lost)) from None
        answer = reply.json()
        if reply.status == 200 and isinstance(answer, dict) and _text(answer.get("access_token")):
            return answer
        raise self._trouble(service, reply, answer)

    def _trouble(self, service: Service, reply: Reply, answer: object) -> Refused | TryLater:
        """Zoho says its errors with status 200 as well: the body decides (Z5.2)."""
        given = answer if isinstance(answer, dict) else {}
        error, text = _text(given.get("error")) or "", _text(given.get("error_description")) or ""
        if error == "Access Denied" or "too many requests" in text.lower():
            return TryLater(service, "limit", _THROTTLED_S, "too many token calls")
        if reply.status == 429:
            return TryLater(service, "limit", retry_after(reply.headers) or 60.0, "429 from the token endpoint")
        if error and reply.status < 500:
            return Refused(service, reply.status, error, text or error)
        return TryLater(service, "service", self._times.pause_s, f"token endpoint answered {reply.status}")

    def _post(
        self,
        url: str,
        form: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        before_send: Callable[[], bool] | None = None,
    ) -> Reply:
        """Secrets go in the body, never in an address that logs may keep."""
        return self._transport.call(
            "POST",
            url,
            headers={
                "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
                **(headers or {}),
            },
            body=urlencode(form).encode("ascii"),
            deadline_s=self._times.token_s,
            before_send=before_send,
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _life(service: Service, answer: Mapping[str, object]) -> float:
    seconds = whole_number(answer.get("expires_in"))
    return _DEFAULT_LIFE_S[service] if seconds is None else seconds


def _claims(token: str) -> dict[str, object]:
    """The claims of a JWT that came straight from its issuer; not checked, as nobody could have changed it."""
    try:
        middle = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (ValueError, IndexError):
        return {}
    return claims if isinstance(claims, dict) else {}
