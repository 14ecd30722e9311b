"""What stands in our tables, and how is a ticket made old? For tests that look behind the API."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select, update

from server.store.engine import db_now_ms
from server.store.tables import ticket
from tests.api.walk import Doc, Edge


def all_rows(edge: Edge, table: Any) -> list[Row[Any]]:
    """Every row of a table."""
    with edge.services.store.read() as c:
        return list(c.execute(select(table)).all())


def count(edge: Edge, table: Any) -> int:
    """How many rows a table has."""
    with edge.services.store.read() as c:
        return int(c.execute(select(func.count()).select_from(table)).scalar_one())


def expire(edge: Edge, ticket_id: str) -> None:
    """Let ten minutes pass for one ticket."""
    with edge.services.store.begin() as c:
        c.execute(update(ticket).where(ticket.c.id == ticket_id).values(expires_at=db_now_ms() - 1))


def listed(edge: Edge, token: str) -> Doc:
    """Both connections as the API tells them."""
    answer = edge.call("GET", "/connections", token)
    assert answer.status_code == 200
    found: Doc = answer.get_json()
    return found
