"""Which page does a popup end on when it cannot go on?"""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import Row

from server.api.pages import page
from server.sync.turned_away import TurnedAway


def turned_away(refused: TurnedAway, ticket: Row[Any] | None) -> Response:
    """A clear page with a stable code. With a ticket of this browser it also tells the widget that it is over."""
    told = refused.why.value
    known: dict[str, Any] = {}
    if ticket is not None:
        service = ticket.purpose.removeprefix("connect_")
        kind = "sign-in" if ticket.purpose == "sign_in" else "connected"
        known = {"kind": kind, "origin": ticket.widget_origin, "ticket": ticket.id, "service": service}
    return page(
        "problem.html",
        told.status,
        code=refused.why.name,
        title=told.title,
        message=refused.sentence,
        **known,
    )
