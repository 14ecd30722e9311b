"""Who is asking? A bearer token says it, and nothing else that a browser sends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

import structlog
from flask import request

from server.api.context import services
from server.api.errors import Problem
from server.clients.errors import Disconnected, Refused
from server.store import connections, sign_ins, tenants
from server.sync.people import is_administrator

View = TypeVar("View", bound=Callable[..., Any])

_READS = ("GET", "HEAD")


@dataclass(frozen=True)
class SignedIn:
    """A CRM user in one browser, as Zoho told us at the sign-in. `grant_id` is that user's own consent."""

    sign_in_id: str
    tenant_id: str
    user_id: str
    grant_id: str | None
    administrator: bool
    name: str
    profile_id: str | None = None


def signed_in(*, administrator: bool = False) -> Callable[[View], View]:
    """The view gets the SignedIn as its first argument; without a live access token it is never called.

    With `administrator=True` others get 403; before a write Zoho is asked again whether it still holds.
    Put it above `arguments`, so that a stranger learns nothing about bodies.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **named: Any) -> Any:
            who = _who()
            if administrator:
                _demand_administrator(who)
            return view(who, *args, **named)

        guarded.__signed_in__ = True  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def _who() -> SignedIn:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise _sign_in_first()
    s = services()
    with s.store.read() as c:
        row = sign_ins.by_access(c, s.keyed_hash(token.strip()))
    if row is None:
        raise _sign_in_first()
    structlog.contextvars.bind_contextvars(tenant=row.tenant_id)
    return SignedIn(row.id, row.tenant_id, row.user_id, row.grant_id, row.administrator, row.user_name, row.profile_id)


def _sign_in_first() -> Problem:
    message = "Sign in with Zoho first."
    return Problem(401, "sign_in_needed", message, {}, {"WWW-Authenticate": "Bearer"})


def _demand_administrator(who: SignedIn) -> None:
    if not who.administrator or (request.method not in _READS and not _still_administrator(who)):
        raise Problem(403, "administrators_only", "Only CRM administrators can do this.")


def _still_administrator(who: SignedIn) -> bool:
    """Ask Zoho (design 6): by the tenant's connection, or by the person's own consent before there is one. Where Zoho
    hands out no list, it has said nothing about this person."""
    s = services()
    with s.store.read() as c:
        tied = connections.of_tenant(c, who.tenant_id, "zoho")
        home = tenants.by_id(c, who.tenant_id)
    grants = [tied.grant_id] if tied is not None else []
    for grant_id in [*grants, *([who.grant_id] if who.grant_id else [])]:
        try:
            still = is_administrator(s, home, grant_id, who.user_id)
        except (Disconnected, Refused):
            continue
        if not still:
            with s.store.begin() as c:
                sign_ins.set_administrator(c, who.sign_in_id, administrator=False)
        return still
    raise Problem(401, "sign_in_again", "Zoho must say again who you are. Sign in with Zoho once more.")
