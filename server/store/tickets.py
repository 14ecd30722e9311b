"""How far is a top-level flow? One-time doors into a sign-in or a connect, and what came of them.

Every step is a compare-and-set on the stage, so that a link, a callback, a code and a result work once:
new -> opened -> asking -> answered -> (confirmed) -> used, or refused from anywhere before used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from server.store.engine import db_now_ms, now
from server.store.ids import new_id
from server.store.tables import ticket

LIFE = timedelta(minutes=10)
KEPT_MS = 3_600_000  # after its end, so that a late finish still hears why
UNFINISHED = ("new", "opened", "asking", "answered", "confirmed")
MOST_TRIES = 5


def create(c: Connection, purpose: str, door_hash: str, widget_origin: str, **more: Any) -> Row[Any]:
    """A fresh door; older ones that ended an hour ago are forgotten on the way."""
    c.execute(delete(ticket).where(ticket.c.expires_at < db_now_ms() - KEPT_MS))
    present = now(c)
    values = {
        "id": new_id(),
        "purpose": purpose,
        "door_hash": door_hash,
        "widget_origin": widget_origin,
        "stage": "new",
        "expires_at": present + LIFE,
        "created_at": present,
        **more,
    }
    return c.execute(ticket.insert().values(values).returning(ticket)).one()


def by_id(c: Connection, ticket_id: str) -> Row[Any] | None:
    return _one(c, ticket.c.id == ticket_id)


def by_door(c: Connection, door_hash: str) -> Row[Any] | None:
    return _one(c, ticket.c.door_hash == door_hash)


def by_state(c: Connection, state_hash: str) -> Row[Any] | None:
    return _one(c, ticket.c.state_hash == state_hash)


def _one(c: Connection, which: Any) -> Row[Any] | None:
    over = (ticket.c.expires_at <= db_now_ms()).label("over")
    return c.execute(select(ticket, over).where(which)).first()


def open_door(c: Connection, ticket_id: str, state_hash: str, verifier: bytes | None) -> bool:
    """The link was opened, for the first and only time."""
    return _step(c, ticket_id, ("new",), "opened", state_hash=state_hash, verifier=verifier)


def take_answer(c: Connection, ticket_id: str) -> bool:
    """The service sent the browser back; only one of two callbacks goes on to ask for tokens."""
    return _step(c, ticket_id, ("opened",), "asking")


def answer(c: Connection, ticket_id: str, code_hash: str | None, result: Mapping[str, Any], **who: Any) -> bool:
    """It is known who came; the widget may fetch the result with the code (or after the digits)."""
    return _step(c, ticket_id, ("asking",), "answered", code_hash=code_hash, result=dict(result), verifier=None, **who)


def confirm(c: Connection, ticket_id: str) -> bool:
    """The right digits were typed."""
    return _step(c, ticket_id, ("answered",), "confirmed")


def use(c: Connection, ticket_id: str, *stages: str) -> bool:
    """The result was handed over, once."""
    return _step(c, ticket_id, stages, "used", code_hash=None, result=None)


def refuse(c: Connection, ticket_id: str, why: str) -> bool:
    """End a flow that is under way; the widget's next question hears why."""
    return _step(c, ticket_id, UNFINISHED, "refused", refused_why=why, code_hash=None, result=None, verifier=None)


def wrong_digits(c: Connection, ticket_id: str) -> bool:
    """Count a wrong try. True when it was the last one: the flow is refused."""
    c.execute(update(ticket).where(ticket.c.id == ticket_id).values(digits_tries=ticket.c.digits_tries + 1))
    tries = c.execute(select(ticket.c.digits_tries).where(ticket.c.id == ticket_id)).scalar_one()
    return tries >= MOST_TRIES and refuse(c, ticket_id, "wrong_digits")


def _step(c: Connection, ticket_id: str, stages: tuple[str, ...], to: str, **values: Any) -> bool:
    live = (ticket.c.id == ticket_id, ticket.c.stage.in_(stages), ticket.c.expires_at > db_now_ms())
    return bool(c.execute(update(ticket).where(*live).values(stage=to, **values)).rowcount)
