"""Are the connections in health: who is behind them, what was granted, what is the matter, does a call work?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import Row

from server.clients.errors import CallFailed, Disconnected, TryLater
from server.clients.xero import BooksRef
from server.clients.zoho import CrmRef
from server.domain.scopes import granted_in, lacking, purposes_for, scopes_for
from server.store import connections, links, organisations, tenants
from server.store.engine import now
from server.sync.queues import enqueue
from server.sync.reconnected import go_on
from server.sync.services import Services
from server.sync.troubles import SERVICES, told_of

KEPT_FOR_S = 60
ACTIVE = "active"


@dataclass(frozen=True)
class Person:
    """The CRM user who connected, as CRM tells of him today. Of Xero's own users nothing is known."""

    name: str
    active: bool


@dataclass(frozen=True)
class Health:
    """One connection as a person reads it. `clearing`: CRM invoices that still show the former organisation."""

    state: str
    since: datetime | None
    last_good_at: datetime | None
    trouble: str | None
    told: str | None
    name: str | None
    person: Person | None
    needed: list[str]
    granted: list[str]
    lacking: list[str]
    purposes: list[str]
    clearing: int


@dataclass(frozen=True)
class Checked:
    """What one live call showed."""

    ok: bool
    told: str


@dataclass(frozen=True)
class Ground:
    """A tenant, one of its connections, and what that is connected to."""

    home: Row[Any]
    service: str
    tie: Row[Any] | None
    organisation: Row[Any] | None
    at: datetime


def health_of(s: Services, tenant_id: str) -> dict[str, Health]:
    """Both connections. Asks CRM for the people behind them; where it can't be asked they have no name."""
    grounds = _grounds(s, tenant_id)
    try:
        people = _people(s, grounds)
    except Disconnected as down:
        people = {}
        _mark(s, grounds["zoho"], down)
        grounds = _grounds(s, tenant_id)
    except CallFailed:
        people = {}
    with s.store.read() as c:
        clearing = links.to_clear(c, tenant_id)
    return {service: _health(ground, people, clearing) for service, ground in grounds.items()}


def try_connection(s: Services, tenant_id: str, service: str) -> Checked:
    """One live call, and what it means. One that works mends a connection that was thought to be broken."""
    ground = _ground(s, tenant_id, service)
    if ground.tie is None:
        return Checked(False, str(told_of("not_connected", service)))
    try:
        name = _ask(s, ground)
    except CallFailed as failed:
        return _failed(s, ground, failed)
    _keep_good(s, ground)
    lacks = _lacking(ground, ground.tie)
    return Checked(
        not lacks, str(told_of("rights_lacking", service)) if lacks else f"{SERVICES[service]} answers{name}."
    )


def _grounds(s: Services, tenant_id: str) -> dict[str, Ground]:
    return {service: _ground(s, tenant_id, service) for service in SERVICES}


def _ground(s: Services, tenant_id: str, service: str) -> Ground:
    with s.store.read() as c:
        tie = connections.of_tenant(c, tenant_id, service)
        chosen = organisations.by_id(c, tie.organisation_id) if tie is not None and tie.organisation_id else None
        return Ground(tenants.by_id(c, tenant_id), service, tie, chosen, now(c))


def _health(ground: Ground, people: Mapping[str, Person], clearing: int) -> Health:
    needed = scopes_for(ground.service, ground.home.settings)
    purposes = purposes_for(ground.service, ground.home.settings)
    names, tie = [each.name for each in needed], ground.tie
    if tie is None:
        return Health("none", None, None, None, None, None, None, names, [], [], purposes, clearing)
    person = people.get(tie.connected_by or "")
    lacks = _lacking(ground, tie)
    trouble = _trouble(tie)
    return Health(
        state=_state(tie),
        since=tie.broken_at if _is_broken(tie) else tie.since,
        last_good_at=tie.last_good_at,
        trouble=trouble,
        told=_told(ground.service, trouble, lacks, person),
        name=_name(ground),
        person=person,
        needed=names,
        granted=granted_in(tie.scopes or ""),
        lacking=lacks,
        purposes=purposes,
        clearing=clearing if ground.service == "xero" else 0,
    )


def _is_broken(tie: Row[Any]) -> bool:
    """One whose consent was refused elsewhere is disconnected too (X2.3)."""
    return tie.state == "ok" and tie.broken_why is not None


def _state(tie: Row[Any]) -> str:
    return "disconnected" if _is_broken(tie) else str(tie.state)


def _trouble(tie: Row[Any]) -> str | None:
    return tie.broken_why if _is_broken(tie) else tie.trouble  # type: ignore[no-any-return]


def _name(ground: Ground) -> str | None:
    if ground.service == "zoho":
        return str(ground.home.name)
    return str(ground.organisation.name) if ground.organisation is not None else None


def _lacking(ground: Ground, tie: Row[Any]) -> list[str]:
    return lacking(scopes_for(ground.service, ground.home.settings), granted_in(tie.scopes or ""))


def _told(service: str, trouble: str | None, lacks: list[str], person: Person | None) -> str | None:
    """The first thing that is the matter. Where somebody has left, the consent works still, but not for ever."""
    if trouble is None and lacks:
        trouble = "rights_lacking"
    if trouble is None and person is not None and not person.active:
        trouble = "person_left"
    return told_of(trouble, service, person.name if person else "")


def _people(s: Services, grounds: Mapping[str, Ground]) -> dict[str, Person]:
    """Those who connected, by user id: asked of CRM, and kept for a minute only, because pages ask again and again.
    Raises the ladder of clients/errors.py."""
    crm = _crm(grounds["zoho"])
    wanted = {str(each.tie.connected_by) for each in grounds.values() if each.tie is not None and each.tie.connected_by}
    if crm is None or not wanted or _state_of(grounds["zoho"]) != "ok":
        return {}
    key = f"ib:connected-by:{crm.tenant_id}:{'-'.join(sorted(wanted))}"
    try:
        kept = s.redis.get(key)
        if kept is not None:
            return {each: Person(name, active) for each, (name, active) in json.loads(kept, parse_float=str).items()}
        found = _asked(s, crm, wanted)
        s.redis.set(key, json.dumps({each: [p.name, p.active] for each, p in found.items()}), ex=KEPT_FOR_S)
    except RedisError:
        return {}
    return found


def _state_of(ground: Ground) -> str:
    return "none" if ground.tie is None else _state(ground.tie)


def _asked(s: Services, crm: CrmRef, wanted: set[str]) -> dict[str, Person]:
    """Whom CRM does not know any more has no name, and is not active."""
    users = {str(user.get("id")): user for user in s.zoho.users(crm, "AllUsers")}
    return {each: _person(users.get(each)) for each in sorted(wanted)}


def _person(user: Mapping[str, Any] | None) -> Person:
    if user is None:
        return Person("", False)
    return Person(str(user.get("full_name") or user.get("email") or ""), user.get("status") == ACTIVE)


def _crm(ground: Ground) -> CrmRef | None:
    tie = ground.tie
    return None if tie is None else CrmRef(ground.home.id, tie.grant_id, tie.api_domain, click=True)


def _ask(s: Services, ground: Ground) -> str:
    """One call; who answered. Raises the ladder of clients/errors.py."""
    assert ground.tie is not None
    if ground.service == "zoho":
        crm = _crm(ground)
        assert crm is not None
        return f" for {s.zoho.org(crm).get('company_name') or ground.home.name}"
    chosen = ground.organisation
    if chosen is None:
        s.xero.connections(ground.tie.grant_id)
        return "; choose the organisation next"
    told = s.xero.organisation(BooksRef(chosen.id, chosen.xero_id, ground.tie.grant_id, click=True))
    return f" for {told.get('Name') or chosen.name}"


def _failed(s: Services, ground: Ground, failed: CallFailed) -> Checked:
    if isinstance(failed, Disconnected):
        _mark(s, ground, failed)
        return Checked(False, str(told_of(failed.why, ground.service)))
    return Checked(False, str(told_of("away" if isinstance(failed, TryLater) else "refused", ground.service)))


def _mark(s: Services, ground: Ground, down: Disconnected) -> None:
    with s.store.begin() as c:
        connections.mark_disconnected(c, ground.home.id, ground.service, down.why, ground.at)


def _keep_good(s: Services, ground: Ground) -> None:
    with s.store.begin() as c:
        connections.mark_good(c, ground.home.id, ground.service)
        mended = connections.mend(c, ground.home.id, ground.service)
        jobs = go_on(c, [ground.home.id]) if mended else []
    enqueue(s.redis, jobs, s.times.job_limit)
