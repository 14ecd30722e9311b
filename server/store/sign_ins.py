"""Who is signed in, in which browser, until when? Tokens are known by their keyed hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from server.store.engine import db_now_ms, now
from server.store.ids import new_id
from server.store.tables import grant, sign_in

ACCESS_LIFE = timedelta(minutes=30)
RENEWAL_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Hashes:
    """Keyed hashes of a fresh access token and its renewal handle."""

    access: str
    renewal: str


@dataclass(frozen=True)
class Person:
    """A CRM user as Zoho described them at the sign-in."""

    tenant_id: str
    user_id: str
    user_name: str
    administrator: bool
    profile_id: str | None
    grant_id: str | None


def create(c: Connection, person: Person, hashes: Hashes) -> datetime:
    """A new sign-in; returns when its access token ends. Sign-ins that nobody renewed are forgotten on the way."""
    forget_old(c)
    present = now(c)
    c.execute(
        sign_in.insert().values(
            id=new_id(),
            **vars(person),
            access_hash=hashes.access,
            access_until=present + ACCESS_LIFE,
            renewal_hash=hashes.renewal,
            renewal_until=present + RENEWAL_LIFE,
            created_at=present,
        )
    )
    return present + ACCESS_LIFE


_LIVE = select(sign_in).where(sign_in.c.access_hash == bindparam("access"), sign_in.c.access_until > db_now_ms())


def by_access(c: Connection, access_hash: str) -> Row[Any] | None:
    """The sign-in with this access token, while the token lives."""
    return c.execute(_LIVE, {"access": access_hash}).first()


def renew(c: Connection, renewal_hash: str, fresh: Hashes) -> Row[Any] | None:
    """Swap a live renewal handle for fresh tokens, once; None when it is spent, over or unknown."""
    present = now(c)
    return c.execute(
        update(sign_in)
        .where(sign_in.c.renewal_hash == renewal_hash, sign_in.c.renewal_until > present)
        .values(
            access_hash=fresh.access,
            access_until=present + ACCESS_LIFE,
            renewal_hash=fresh.renewal,
            renewal_until=present + RENEWAL_LIFE,
        )
        .returning(sign_in)
    ).first()


def set_administrator(c: Connection, sign_in_id: str, *, administrator: bool) -> None:
    """What Zoho says today."""
    c.execute(update(sign_in).where(sign_in.c.id == sign_in_id).values(administrator=administrator))


def end(c: Connection, sign_in_id: str) -> None:
    """Sign out: the tokens and the person's own consent are forgotten."""
    row = c.execute(delete(sign_in).where(sign_in.c.id == sign_in_id).returning(sign_in.c.grant_id)).first()
    if row is not None and row.grant_id is not None:
        c.execute(delete(grant).where(grant.c.id == row.grant_id, grant.c.purpose == "sign_in"))


def forget_old(c: Connection) -> None:
    """Sign-ins past their renewal, and consents for sign-ins that nothing of a day ago needs."""
    c.execute(delete(sign_in).where(sign_in.c.renewal_until <= db_now_ms()))
    needed = select(sign_in.c.grant_id).where(sign_in.c.grant_id.is_not(None))
    old = grant.c.created_at < db_now_ms() - 86_400_000
    c.execute(delete(grant).where(grant.c.purpose == "sign_in", old, grant.c.id.not_in(needed)))
