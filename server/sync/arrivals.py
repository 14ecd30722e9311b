"""What happens when Zoho sends somebody back from a sign-in? Who they are is asked, and kept for their widget."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.tokens import TokenSet
from server.store import grants, sign_ins, tenants, tickets
from server.sync.people import Visitor, visitor
from server.sync.services import Services
from server.sync.turned_away import TurnedAway, Why

SIGN_IN_SCOPES = (
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
    "ZohoCRM.modules.invoices.READ",
    "ZohoCRM.settings.custom_views.READ",  # which views this person may choose from
)


@dataclass(frozen=True)
class Arrival:
    """What the popup shows, and the one-time code it hands to the widget."""

    code: str
    user: str
    org: str


def arrive(s: Services, ticket: Row[Any], tokens: TokenSet) -> Arrival:
    """Keep who signed in. Raises TurnedAway, and the ladder of clients/errors.py."""
    person = visitor(s, tokens)
    if not person.active:
        raise TurnedAway(Why.not_active)
    code = secrets.token_urlsafe(32)
    with s.store.begin() as c:
        home = _home(c, person)
        kept = grants.keep(c, s.vault.secrets, tokens, purpose="sign_in", person=_name_of_grant(person))
        answered = tickets.answer(
            c,
            ticket.id,
            s.keyed_hash(code),
            _told_to_widget(person, home),
            grant_id=kept.grant_id,
            tenant_id=home.id,
            user_id=person.user_id,
        )
        if not answered:
            raise TurnedAway(Why.link_expired)
    return Arrival(code, person.name, person.org_name)


def person_of(ticket: Row[Any]) -> sign_ins.Person:
    """Whose sign-in a ticket has become."""
    user = ticket.result["user"]
    return sign_ins.Person(
        tenant_id=ticket.tenant_id,
        user_id=ticket.user_id,
        user_name=user["name"],
        administrator=user["administrator"],
        profile_id=ticket.result["profile_id"],
        grant_id=ticket.grant_id,
    )


def _home(c: Connection, person: Visitor) -> Row[Any]:
    """The tenant of the org. An administrator's first sign-in makes it; anybody else has to ask one."""
    home = tenants.by_key(c, person.org)
    if home is None and not person.administrator:
        raise TurnedAway(Why.not_set_up, found=person.org_name)
    if home is None:
        return tenants.create(c, person.org, person.org_name, person.domain_name, person.currency, person.edition)
    told = (person.org_name, person.domain_name, person.currency, person.edition)
    if (home.name, home.domain_name, home.currency, home.edition) != told:
        tenants.rename(c, home.id, *told)
    return home


def _name_of_grant(person: Visitor) -> str:
    return "/".join((*person.org, person.user_id))[:120]


def _told_to_widget(person: Visitor, home: Row[Any]) -> dict[str, Any]:
    return {
        "user": {"id": person.user_id, "name": person.name, "administrator": person.administrator},
        "org": {"name": person.org_name, "data_centre": home.data_centre},
        "profile_id": person.profile_id,
    }
