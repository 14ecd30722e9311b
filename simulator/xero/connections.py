"""Which organisations has this token's person connected, and how is one let go?"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, request

from simulator.xero.books import Books
from simulator.xero.guard import Guard
from simulator.xero.tokens import Tokens
from simulator.xero.wire import not_found


def blueprint(books: Books, tokens: Tokens, guard: Guard) -> Blueprint:
    """GET and DELETE /connections; the capital form answers too (X1, X2.5)."""
    routes = Blueprint("connections", __name__)

    @routes.get("/connections")
    @routes.get("/Connections")
    def list_all() -> Response:
        bearer = guard.bearer()
        if isinstance(bearer, Response):
            return bearer
        event = request.args.get("authEventId")
        rows = [
            _shown(connection, books)
            for connection in tokens.connections(bearer.client, bearer.person)
            if event in (None, connection["event"])
        ]
        return Response(json.dumps(rows), content_type="application/json; charset=utf-8")

    @routes.delete("/connections/<connection>")
    @routes.delete("/Connections/<connection>")
    def let_go(connection: str) -> Response:
        bearer = guard.bearer()
        if isinstance(bearer, Response):
            return bearer
        return Response("", 204) if tokens.disconnect(bearer, connection.lower()) else not_found()

    return routes


def _shown(connection: dict[str, Any], books: Books) -> dict[str, Any]:
    org = books.organisation(connection["org"])
    return {
        "id": connection["id"],
        "authEventId": connection["event"],
        "tenantId": connection["org"],
        "tenantType": "ORGANISATION",
        "tenantName": org["Name"] if org else None,
        "createdDateUtc": _seven(connection["created"]),
        "updatedDateUtc": _seven(connection["updated"]),
    }


def _seven(stamp: str) -> str:
    """UTC with seven decimals and no zone letter (X2.5)."""
    return stamp.removesuffix("Z") + "0000"
