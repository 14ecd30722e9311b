"""What happens when an administrator connects Zoho CRM? The tenant's one grant is kept and our fields are made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from server.clients.errors import CallFailed
from server.clients.tokens import TokenSet
from server.store import connections, grants, tenants, tickets
from server.sync.core_fields import ensure_fields
from server.sync.people import Visitor, visitor
from server.sync.queues import enqueue
from server.sync.reconnected import go_on
from server.sync.services import Services
from server.sync.turned_away import TurnedAway, Why


def connect(s: Services, ticket: Row[Any], tokens: TokenSet) -> str | None:
    """Keep the consent if it is this tenant's org and an administrator's.

    Returns the trouble with our fields, if any. Raises TurnedAway, and the ladder of clients/errors.py; a consent
    that is not kept is given back.
    """
    try:
        old = _keep(s, ticket, tokens, visitor(s, tokens))
    except (TurnedAway, CallFailed):
        s.grants.revoke(tokens)
        raise
    if old is not None and old != tokens.refresh:
        s.grants.revoke_token("zoho", old, tokens.data_centre)
    return ensure_fields(s, ticket.tenant_id)


def _keep(s: Services, ticket: Row[Any], tokens: TokenSet, person: Visitor) -> str | None:
    """One transaction; returns the refresh token that this one took the place of."""
    with s.store.begin() as c:
        home = tenants.by_id(c, ticket.tenant_id)
        _demand(home, tokens, person)
        # One grant a tenant, whoever gave it: replaced in place, so that running work goes on with it.
        kept = grants.keep(c, s.vault.secrets, tokens, purpose="connection", person="/".join(person.org))
        connections.connect(c, home.id, "zoho", kept.grant_id, person.user_id)
        if not tickets.answer(c, ticket.id, None, {}):
            raise TurnedAway(Why.link_expired)
        jobs = go_on(c, [home.id])
    enqueue(s.redis, jobs, s.times.job_limit)
    return kept.old_refresh


def _demand(home: Row[Any], tokens: TokenSet, person: Visitor) -> None:
    if person.org != (home.data_centre, home.environment, home.zgid):
        raise TurnedAway(Why.other_org, wanted=home.name, found=person.org_name)
    if not person.active:
        raise TurnedAway(Why.not_active)
    if not person.administrator:
        raise TurnedAway(Why.not_administrator)
    if tokens.refresh is None:
        raise TurnedAway(Why.zoho_refused)
