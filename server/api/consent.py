"""What do we make of Zoho's or Xero's answer to a consent? Tokens, then the use-case, then the popup's last page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from sqlalchemy import Row

from server.api.pages import page
from server.api.popup_pages import turned_away
from server.clients.errors import CallFailed, Disconnected, TryLater
from server.clients.tokens import TokenSet
from server.store import tenants, tickets
from server.sync import arrivals, connect_xero, connect_zoho
from server.sync.services import Services
from server.sync.turned_away import TurnedAway, Why


def conclude(s: Services, ticket: Row[Any], answer: Mapping[str, str]) -> Response:
    """The end of a flow whose state and browser are proved. Whatever goes wrong ends the ticket with its reason."""
    try:
        return _by_purpose(s, ticket, _tokens(s, ticket, answer))
    except TurnedAway as refused:
        return _refuse(s, ticket, refused)
    except CallFailed as failed:
        if isinstance(failed, Disconnected) and failed.why == Why.no_api_access.name:
            return _refuse(s, ticket, TurnedAway(Why.no_api_access))
        away = isinstance(failed, TryLater)
        return _refuse(s, ticket, TurnedAway(Why[f"{failed.service}_{'away' if away else 'refused'}"]))
    except Exception:
        _refuse(s, ticket, TurnedAway(Why.link_used))
        raise


def _by_purpose(s: Services, ticket: Row[Any], tokens: TokenSet) -> Response:
    if ticket.purpose == "sign_in":
        arrival = arrivals.arrive(s, ticket, tokens)
        whom = {"origin": ticket.widget_origin, "ticket": ticket.id, "code": arrival.code}
        return page("signed_in.html", 200, **whom, user=arrival.user, org=arrival.org)
    if ticket.purpose == "connect_zoho":
        trouble = connect_zoho.connect(s, ticket, tokens)
        advice = "Some InvoiceBridge fields could not be made in CRM. The settings page says why." if trouble else ""
        return _connected(s, ticket, "zoho", "Zoho CRM", None, advice)
    name = connect_xero.connect(s, ticket, tokens)
    advice = "" if name else "Choose one organisation in the settings next."
    return _connected(s, ticket, "xero", "Xero", name, advice)


def _connected(s: Services, ticket: Row[Any], service: str, name: str, other: str | None, advice: str) -> Response:
    with s.store.begin() as c:
        tickets.use(c, ticket.id, "answered")
        home = tenants.by_id(c, ticket.tenant_id)
    shown = {"service": service, "service_name": name, "other": other, "org": home.name, "advice": advice}
    return page("connected.html", origin=ticket.widget_origin, **shown)


def _tokens(s: Services, ticket: Row[Any], answer: Mapping[str, str]) -> TokenSet:
    """Swap the code for tokens, at a known address only. Raises TurnedAway and the ladder."""
    service = "xero" if ticket.purpose == "connect_xero" else "zoho"
    code = answer.get("code")
    if not code:
        raise TurnedAway(Why.denied if answer.get("error") == "access_denied" else Why[f"{service}_refused"])
    back = f"{s.config.public_base}/oauth/{service}/callback"
    if service == "xero":
        return s.grants.exchange_xero(code, back)
    verifier = s.vault.secrets.open(ticket.verifier)
    return s.grants.exchange_zoho(code, verifier, back, _accounts_server(s, answer))


def _accounts_server(s: Services, answer: Mapping[str, str]) -> str:
    """The one the callback names, if it is on our table; a client of one data centre gets none named (Z5.2)."""
    places = s.config.zoho
    named = answer.get("accounts-server")
    if named is None:
        return places.data_centres[places.start].accounts
    found = places.of_accounts(named)
    if found is None or answer.get("location", found) != found:
        raise TurnedAway(Why.unknown_data_centre)
    return places.data_centres[found].accounts


def _refuse(s: Services, ticket: Row[Any], refused: TurnedAway) -> Response:
    with s.store.begin() as c:
        tickets.refuse(c, ticket.id, refused.why.name)
    return turned_away(refused, ticket)
