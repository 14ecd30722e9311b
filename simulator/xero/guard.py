"""Who is calling, for which organisation, and may they?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from simulator.control import switches_of
from simulator.xero.books import Books
from simulator.xero.tokens import Bearer, ExpiredTokenError, Tokens
from simulator.xero.wire import not_imitated, problem

Doc = dict[str, Any]
_SCOPE_OF = {
    "invoices": "accounting.invoices",
    "contacts": "accounting.contacts",
    "creditnotes": "accounting.invoices",
    "payments": "accounting.payments",
    "overpayments": "accounting.payments",
    "prepayments": "accounting.payments",
    "organisation": "accounting.settings",
    "accounts": "accounting.settings",
    "taxrates": "accounting.settings",
    "trackingcategories": "accounting.settings",
    "brandingthemes": "accounting.settings",
    "currencies": "accounting.settings",
    "users": "accounting.settings",
}


@dataclass(frozen=True)
class Caller:
    """The app, the person who connected, and the organisation of this call."""

    client: str
    person: str
    org: Doc
    role: str


class Guard:
    """Reads the Authorization and xero-tenant-id headers (X2.5) and answers 401 and 403 (X2.6)."""

    def __init__(self, books: Books, tokens: Tokens) -> None:
        self._books, self._tokens = books, tokens

    def bearer(self) -> Bearer | Response:
        """The token's owner, or the 401 to answer."""
        if "bearer" not in g:
            g.bearer = self._read()
        found: Bearer | Response = g.bearer
        return found

    def _read(self) -> Bearer | Response:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            found = self._tokens.read(token.strip()) if kind.lower() == "bearer" else None
        except ExpiredTokenError as error:
            return problem(401, "Unauthorized", f"TokenExpired: token expired at {error}")
        return found or problem(401, "Unauthorized", "AuthenticationUnsuccessful")

    def organisation(self) -> Doc | None:
        """The organisation of the header, when this token reaches it."""
        bearer = self.bearer()
        wanted = request.headers.get("xero-tenant-id", "").strip().lower()
        if isinstance(bearer, Response) or not self._tokens.connected(bearer, wanted):
            return None
        return self._books.organisation(wanted)

    def is_new(self, seconds: int) -> bool:
        """Whether the connection of this call is younger than that."""
        bearer, org = self.bearer(), self.organisation()
        known = isinstance(bearer, Bearer) and org is not None
        return known and self._tokens.connected_seconds(bearer, org["id"]) < seconds  # type: ignore[arg-type, index]

    def check(self) -> Response | None:
        """Let an Accounting call through, or answer for it; sets g.caller."""
        bearer = self.bearer()
        if isinstance(bearer, Response):
            return bearer
        org = self.organisation()
        if org is None:
            # X2.6: header missing, unknown, or the organisation is disconnected: all the same 403.
            return problem(403, "Forbidden", "AuthenticationUnsuccessful")
        if not _allowed(bearer):
            answer = problem(401, "Unauthorized", "AuthorizationUnsuccessful")
            # X2.6: Xero's own misspelling.
            answer.headers["WWW-Authenticate"] = 'Bearer error="insufficent_scope"'
            return answer
        g.caller = Caller(bearer.client, bearer.person, org, self._books.role(bearer.person, org["id"]))
        return _readable()


def _allowed(bearer: Bearer) -> bool:
    """X2.4: reading needs the scope or its .read form, writing the scope itself."""
    area = request.path.removeprefix("/api.xro/2.0/").split("/")[0].lower()
    wanted = _item_scopes() if area == "items" else {_SCOPE_OF[area]} if area in _SCOPE_OF else set()
    if request.method == "GET":
        wanted |= {f"{scope}.read" for scope in wanted}
    return not wanted or bool(wanted & bearer.scopes)


def _item_scopes() -> set[str]:
    """Sources disagree on the scope of Items (X2.4): a switch."""
    scope = str(switches_of()["items_scope"])
    return {"accounting.settings", "accounting.invoices"} if scope == "either" else {scope}


def _readable() -> Response | None:
    """X5.1: the default answer is XML, so a JSON client must say so; PDF is for one invoice only (X6.10)."""
    if "application/json" not in request.headers.get("Accept", "") and not wants_pdf():
        return not_imitated("XML answers; send Accept: application/json")
    if "xml" in request.headers.get("Content-Type", ""):
        return not_imitated("XML bodies; send Content-Type: application/json")
    return None


def wants_pdf() -> bool:
    """A GET of one invoice with Accept: application/pdf (X6.10)."""
    parts = request.path.removeprefix("/api.xro/2.0/").split("/")
    one = request.method == "GET" and len(parts) == 2 and parts[0] == "Invoices"
    accept = request.headers.get("Accept", "")
    return one and "application/pdf" in accept and "application/json" not in accept


def caller() -> Caller:
    """The checked caller of this request."""
    found: Caller = g.caller
    return found
