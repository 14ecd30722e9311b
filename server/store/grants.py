"""Where are the tokens of a consent, and who renews them now?

A Xero person has one grant, shared by every tenant of theirs (X2.3). Who holds a grant's refresh lease is the
only one who may change its tokens; a new consent ends every lease.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, Row, delete, or_, select, update

from server.store.engine import Store, db_now_ms, insert_into, to_ms
from server.store.ids import new_id, new_token
from server.store.secrets import SecretLost, Secrets
from server.store.tables import grant

Service = Literal["zoho", "xero"]
Purpose = Literal["connection", "sign_in"]
_NO_LEASE: dict[str, Any] = {"refresh_lease": None, "refresh_until": None}
_WHOLE: dict[str, Any] = {"broken_why": None, "broken_at": None, **_NO_LEASE}


@dataclass(frozen=True)
class StoredGrant:
    """A grant with its tokens in the clear. `broken` says why it cannot be used; times left may be below zero."""

    id: str
    service: Service
    data_centre: str | None
    api_domain: str | None
    version: int
    access: str | None = field(repr=False)
    access_left_s: float
    refresh: str | None = field(repr=False)
    broken: str | None
    lease_left_s: float


class Tokens(Protocol):
    """What a token endpoint gave."""

    @property
    def service(self) -> Service: ...
    @property
    def access(self) -> str: ...
    @property
    def refresh(self) -> str | None: ...
    @property
    def expires_in_s(self) -> float: ...
    @property
    def scope(self) -> str: ...
    @property
    def data_centre(self) -> str | None: ...
    @property
    def accounts_server(self) -> str | None: ...
    @property
    def api_domain(self) -> str | None: ...


@dataclass(frozen=True)
class Kept:
    """A consent was stored. `old_refresh` is the refresh token it took the place of: revoke it at Zoho (Z5.2)."""

    grant_id: str
    old_refresh: str | None = field(repr=False)


def keep(c: Connection, secrets: Secrets, tokens: Tokens, *, purpose: Purpose, person: str) -> Kept:
    """Store a consent. One that the same person gave before for the same purpose is replaced, and whole again.

    A sign-in always gets a grant of its own. The grant's version rises, so that nobody puts older tokens back.
    """
    values = _values(secrets, tokens)
    held = None if purpose == "sign_in" else _held(c, tokens.service, purpose, person)
    if held is None:
        made = {"id": new_id(), "service": tokens.service, "purpose": purpose, "person": person}
        row = {**made, **values, "created_at": db_now_ms()}
        if c.execute(insert_into(c, grant).values(row).on_conflict_do_nothing().returning(grant.c.id)).first():
            return Kept(made["id"], None)
        held = _held(c, tokens.service, purpose, person)  # the same person, in the same moment
        assert held is not None
    c.execute(update(grant).where(grant.c.id == held.id).values(**values, version=grant.c.version + 1, **_WHOLE))
    return Kept(held.id, _old(secrets, held.refresh_token))


def _old(secrets: Secrets, closed: bytes | None) -> str | None:
    """The token that was there before. One that no key opens any more can't be revoked and must stop no consent."""
    try:
        return _text(secrets, closed)
    except SecretLost:
        return None


def drop(c: Connection, grant_id: str) -> None:
    """Forget a grant and its tokens. No connection may name it any more."""
    c.execute(delete(grant).where(grant.c.id == grant_id))


def renew_secrets(c: Connection, secrets: Secrets) -> int:
    """Put every token under the first key; returns how many grants could be read."""
    renewed = 0
    for row in c.execute(select(grant.c.id, grant.c.access_token, grant.c.refresh_token)).all():
        try:
            values = {name: secrets.renew(value) for name, value in row._mapping.items() if isinstance(value, bytes)}
        except SecretLost:
            continue
        renewed += 1
        if values:
            c.execute(update(grant).where(grant.c.id == row.id).values(**values))
    return renewed


class Vault:
    """The grants of this installation. Each method is one short transaction."""

    def __init__(self, store: Store, secrets: Secrets) -> None:
        self._store = store
        self.secrets = secrets

    def load(self, grant_id: str) -> StoredGrant | None:
        """The grant with its tokens, or None."""
        wanted = select(grant).add_columns(db_now_ms().label("present_ms")).where(grant.c.id == grant_id)
        with self._store.read() as c:
            row: Row[Any] | None = c.execute(wanted).first()
        return None if row is None else _stored(self.secrets, row)

    def claim_refresh(self, grant_id: str, seen_version: int, lease_ms: int) -> str | None:
        """Take the refresh lease by compare-and-set; None when the version moved on or somebody holds it."""
        token = new_token()
        free = or_(grant.c.refresh_until.is_(None), grant.c.refresh_until <= db_now_ms())
        which = (grant.c.id == grant_id, grant.c.version == seen_version, grant.c.broken_why.is_(None))
        values = {"refresh_lease": token, "refresh_until": db_now_ms() + lease_ms}
        with self._store.begin() as c:
            taken = c.execute(update(grant).where(*which, free).values(**values))
        return token if taken.rowcount else None

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
        """Keep what a refresh gave and end the lease; False, and nothing kept, when the lease was lost."""
        values: dict[str, Any] = {
            "access_token": self.secrets.close(access),
            "access_until": db_now_ms() + round(expires_in_s * 1000),
            "version": grant.c.version + 1,
            **_WHOLE,
        }
        if refresh is not None:
            values["refresh_token"] = self.secrets.close(refresh)
        if api_domain is not None:
            values["api_domain"] = api_domain
        return self._as_holder(grant_id, lease, values)

    def release(self, grant_id: str, lease: str, hold_ms: int = 0) -> None:
        """End the lease after a refresh that did not end well; or let it run on for `hold_ms`, so that nobody refreshes
        in that time. It stays on the grant, over, until a refresh ends well: that is how the grant is known to be at
        risk."""
        self._as_holder(grant_id, lease, {"refresh_until": db_now_ms() + hold_ms})

    def mark_broken(self, grant_id: str, lease: str, why: str) -> bool:
        """The service refused the grant; False when the lease was lost, and with it the right to say so."""
        return self._as_holder(grant_id, lease, {"broken_why": why, "broken_at": db_now_ms(), **_NO_LEASE})

    def _as_holder(self, grant_id: str, lease: str, values: dict[str, Any]) -> bool:
        with self._store.begin() as c:
            which = (grant.c.id == grant_id, grant.c.refresh_lease == lease)
            return bool(c.execute(update(grant).where(*which).values(**values)).rowcount)


def _held(c: Connection, service: Service, purpose: Purpose, person: str) -> Row[Any] | None:
    """The grant that a new consent of this person replaces."""
    which = (grant.c.service == service, grant.c.purpose == purpose, grant.c.person == person)
    wanted = select(grant).where(*which).order_by(grant.c.created_at)
    return c.execute(wanted.limit(1).with_for_update()).first()


def _values(secrets: Secrets, tokens: Tokens) -> dict[str, Any]:
    return {
        "data_centre": tokens.data_centre,
        "accounts_server": tokens.accounts_server,
        "api_domain": tokens.api_domain,
        "access_token": secrets.close(tokens.access),
        "refresh_token": None if tokens.refresh is None else secrets.close(tokens.refresh),
        "access_until": db_now_ms() + round(tokens.expires_in_s * 1000),
        "scopes": tokens.scope,
    }


def _stored(secrets: Secrets, row: Row[Any]) -> StoredGrant:
    """Tokens that no key opens make the grant as good as refused: a person consents again."""
    broken, access, refresh = row.broken_why, None, None
    try:
        access, refresh = (_text(secrets, closed) for closed in (row.access_token, row.refresh_token))
    except SecretLost:
        broken = broken or "secrets_lost"
    return StoredGrant(
        id=row.id,
        service=row.service,
        data_centre=row.data_centre,
        api_domain=row.api_domain,
        version=row.version,
        access=access,
        access_left_s=_left_s(row.access_until, row.present_ms),
        refresh=refresh,
        broken=broken,
        lease_left_s=_left_s(row.refresh_until, row.present_ms),
    )


def _text(secrets: Secrets, closed: bytes | None) -> str | None:
    return None if closed is None else secrets.open(closed)


def _left_s(until: datetime | None, present_ms: int) -> float:
    return 0.0 if until is None else (to_ms(until) - present_ms) / 1000
