"""What happens when an administrator connects Xero? The person's one grant is kept, and the organisation is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from server.clients.errors import CallFailed
from server.clients.tokens import TokenSet
from server.clients.xero import XeroConnection
from server.store import connections, grants, organisations, tenants, tickets
from server.store.turns import Job
from server.sync.books import today_of
from server.sync.change_organisation import are_alike, is_demo
from server.sync.queues import enqueue
from server.sync.reconnected import go_on
from server.sync.services import Services
from server.sync.set_up import with_organisation
from server.sync.turned_away import TurnedAway, Why


@dataclass(frozen=True)
class Connected:
    """`organisation` is None when several can be chosen from, in the settings."""

    organisation: str | None
    old_grant: str | None
    jobs: list[Job]


def connect(s: Services, ticket: Row[Any], tokens: TokenSet) -> str | None:
    """Keep the consent and tie the tenant to its organisation, or refuse with both names.

    Returns the organisation's name, or None when a person has yet to choose. The tokens go to the ONE grant of
    this Xero person before anything else, because they replace those that other tenants use (X2.3); that also
    mends what was broken there. Raises TurnedAway, and the ladder of clients/errors.py.
    """
    reached = [each for each in s.xero.connections(tokens) if each.kind == "ORGANISATION"]
    allowed = _of_this_consent(reached, tokens)
    clear = _is_clear(s, ticket, tokens, allowed)
    grant_id = _keep(s, tokens, {each.xero_id for each in reached})
    try:
        done = _tie(s, ticket, grant_id, allowed, clear=clear)
    except (TurnedAway, IntegrityError) as refused:
        _give_back(s, grant_id, [each for each in allowed if each.consent == tokens.consent])
        if isinstance(refused, TurnedAway):
            raise
        raise TurnedAway(Why.connected_meanwhile) from None
    enqueue(s.redis, done.jobs, s.times.job_limit)
    if done.old_grant is not None:
        forget_grant(s, done.old_grant)
    return done.organisation


def forget_grant(s: Services, grant_id: str) -> None:
    """Revoke and forget a grant that no connection uses any more; one that is used stays as it is."""
    with s.store.read() as c:
        used = connections.users_of_grant(c, grant_id)
    if used:
        return
    s.grants.revoke(grant_id)
    with s.store.begin() as c:
        if not connections.users_of_grant(c, grant_id):
            grants.drop(c, grant_id)


def _of_this_consent(reached: Sequence[XeroConnection], tokens: TokenSet) -> list[XeroConnection]:
    """What was chosen just now; all that is reached where Xero kept an older consent's mark (X2.5)."""
    return [each for each in reached if tokens.consent and each.consent == tokens.consent] or list(reached)


def _keep(s: Services, tokens: TokenSet, reached: set[str]) -> str:
    if tokens.person is None or tokens.refresh is None:
        raise TurnedAway(Why.xero_refused)
    with s.store.begin() as c:
        kept = grants.keep(c, s.vault.secrets, tokens, purpose="connection", person=tokens.person)
        jobs = go_on(c, connections.mend_grant(c, kept.grant_id, reached))
    enqueue(s.redis, jobs, s.times.job_limit)
    return kept.grant_id


def _is_clear(s: Services, ticket: Row[Any], tokens: TokenSet, allowed: Sequence[XeroConnection]) -> bool:
    """Whether the only organisation can be chosen unasked. A demo company beside the company's CRM, or a test CRM
    beside live books, is confirmed in the settings; so is one that can't be asked what it is."""
    with s.store.read() as c:
        home = tenants.by_id(c, ticket.tenant_id)
    if len(allowed) != 1 or home.settings.get("organisation") is not None:
        return False
    try:
        return are_alike(home, demo=is_demo(s, tokens, allowed[0]))
    except CallFailed:
        return False


def _tie(s: Services, ticket: Row[Any], grant_id: str, allowed: Sequence[XeroConnection], *, clear: bool) -> Connected:
    """One transaction: the connection and, where it is clear, its organisation."""
    with s.store.begin() as c:
        home = tenants.by_id(c, ticket.tenant_id)
        before = connections.of_tenant(c, home.id, "xero")
        one = _organisation_for(c, home, allowed, clear=clear)
        if one is None and home.settings.get("organisation") is not None:
            same_person = before is None or before.grant_id == grant_id
            _demand_change(c, ticket, home, _names(allowed), same_person=same_person)
        connection_id = connections.connect(c, home.id, "xero", grant_id, ticket.user_id)
        if one is not None:
            tie_to(c, home, connection_id, one)
            _remember(c, home, one, ticket.user_id)
        if not tickets.answer(c, ticket.id, None, {}):
            raise TurnedAway(Why.link_expired)
        old = before.grant_id if before is not None and before.grant_id != grant_id else None
        return Connected(one.name if one else None, old, go_on(c, [home.id]))


def tie_to(c: Connection, home: Row[Any], connection_id: str, one: XeroConnection) -> None:
    """Tie the tenant to this organisation. Where it has no links yet, a scan comes before the first create (4a.16)."""
    row = organisations.upsert(c, one.xero_id, one.name)
    connections.set_organisation(c, connection_id, row.id, one.id)
    organisations.scan_when_new(c, home.id, row.id)


def _remember(c: Connection, home: Row[Any], one: XeroConnection, user_id: str) -> None:
    """The choice outlives a disconnect: a reconnect must find the same organisation again."""
    if home.settings.get("organisation") != one.xero_id:
        settings = with_organisation(home.settings, one.xero_id, today_of(organisations.by_xero_id(c, one.xero_id)))
        if not tenants.save_settings(c, home.id, settings, home.settings_version, user_id):
            raise TurnedAway(Why.connected_meanwhile)


def refuse_taken(c: Connection, home: Row[Any], one: XeroConnection) -> None:
    """One organisation belongs to one tenant. Raises TurnedAway with both names."""
    row = organisations.by_xero_id(c, one.xero_id)
    holder = connections.holder_of(c, row.id) if row is not None else None
    if holder is not None and holder.id != home.id:
        raise TurnedAway(Why.organisation_taken, wanted=holder.name, found=one.name)


def _organisation_for(
    c: Connection, home: Row[Any], allowed: Sequence[XeroConnection], *, clear: bool
) -> XeroConnection | None:
    """The one that was chosen before, or the only one; None when a person has yet to choose."""
    if not allowed:
        raise TurnedAway(Why.no_organisation)
    expected = home.settings.get("organisation")
    one = next((each for each in allowed if each.xero_id == expected), None)
    if expected is None and len(allowed) == 1:
        one = allowed[0]
    if one is not None:
        refuse_taken(c, home, one)
    return one if expected is not None or clear else None


def _demand_change(c: Connection, ticket: Row[Any], home: Row[Any], found: str, *, same_person: bool) -> None:
    """Another organisation than the tenant's is kept only where a change was announced, and beside the present one:
    the tenant works with that until the settings say otherwise. Raises TurnedAway with both names."""
    wanted = _name_of(c, home.settings["organisation"])
    if not (ticket.result or {}).get("another"):
        raise TurnedAway(Why.other_organisation, wanted=wanted, found=found)
    if not same_person:
        raise TurnedAway(Why.other_person, wanted=wanted, found=found)


def _name_of(c: Connection, xero_id: str) -> str:
    row = organisations.by_xero_id(c, xero_id)
    return row.name if row is not None else "another organisation"


def _names(several: Sequence[XeroConnection]) -> str:
    return ", ".join(each.name for each in several)


def _give_back(s: Services, grant_id: str, made: Sequence[XeroConnection]) -> None:
    """A consent that is not kept leaves nothing behind at Xero, as far as Xero can be reached."""
    with s.store.read() as c:
        used = connections.users_of_grant(c, grant_id)
        held = {each.id for each in made if _is_held(c, each)}
    if not used:
        forget_grant(s, grant_id)
        return
    for each in made:
        if each.id not in held:
            try:
                s.xero.disconnect(grant_id, each.id)
            except CallFailed:
                continue


def _is_held(c: Connection, one: XeroConnection) -> bool:
    row = organisations.by_xero_id(c, one.xero_id)
    return row is not None and connections.holder_of(c, row.id) is not None
