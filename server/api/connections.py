"""What is the tenant connected to, and how is that started and ended?"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import marshmallow as ma
from marshmallow import validate
from sqlalchemy import Row

from server.api.context import services
from server.api.identity import SignedIn, signed_in
from server.api.origins import demand_widget_origin
from server.api.routes import Routes
from server.api.shapes import Request, Shape
from server.store import connections, organisations, tenants, tickets
from server.sync.disconnect import disconnect

blp = Routes("connections", __name__, url_prefix="/api/v1/connections", description="Zoho CRM and Xero")


class ConnectRequest(Request):
    widget_origin = ma.fields.String(required=True, validate=validate.Length(max=255))


class ConnectStarted(Shape):
    url = ma.fields.String(metadata={"description": "Open it in a popup; it works once"})
    expires_at = ma.fields.AwareDateTime()


class ConnectionShape(Shape):
    state = ma.fields.String(validate=validate.OneOf(["none", "ok", "disconnected"]))
    since = ma.fields.AwareDateTime(allow_none=True)
    last_good_at = ma.fields.AwareDateTime(allow_none=True)
    trouble = ma.fields.String(allow_none=True, metadata={"description": "A code, also of what is only partly wrong"})
    name = ma.fields.String(allow_none=True, metadata={"description": "The CRM org, or the organisation"})


class Connections(Shape):
    zoho = ma.fields.Nested(ConnectionShape)
    xero = ma.fields.Nested(ConnectionShape)


@blp.get("")
@signed_in()
@blp.response(200, Connections)
def listed(who: SignedIn) -> dict[str, Any]:
    """Both connections and their health."""
    with services().store.read() as c:
        home = tenants.by_id(c, who.tenant_id)
        zoho = connections.of_tenant(c, who.tenant_id, "zoho")
        xero = connections.of_tenant(c, who.tenant_id, "xero")
        chosen = organisations.by_id(c, xero.organisation_id) if xero is not None and xero.organisation_id else None
    return {
        "zoho": shown(zoho, home.name if zoho is not None else None),
        "xero": shown(xero, chosen.name if chosen is not None else None),
    }


@blp.post("/<any(zoho, xero):service>/start")
@signed_in(administrator=True)
@blp.arguments(ConnectRequest)
@blp.response(201, ConnectStarted)
def start(who: SignedIn, body: dict[str, str], service: str) -> dict[str, Any]:
    """Make a one-time link to the service's consent page."""
    s = services()
    demand_widget_origin(body["widget_origin"])
    door = secrets.token_urlsafe(32)
    with s.store.begin() as c:
        row = tickets.create(
            c,
            f"connect_{service}",
            s.keyed_hash(door),
            body["widget_origin"],
            tenant_id=who.tenant_id,
            user_id=who.user_id,
            result={"asked_by": who.name},
        )
    return {"url": f"{s.config.public_base}/connect/{door}", "expires_at": row.expires_at}


@blp.delete("/<any(zoho, xero):service>")
@signed_in(administrator=True)
@blp.response(204)
def end(who: SignedIn, service: str) -> None:
    """Disconnect: the consent is given back where nobody else uses it. Links and settings stay."""
    disconnect(services(), who.tenant_id, service)


def shown(tie: Row[Any] | None, name: str | None) -> dict[str, Any]:
    """A connection as the API tells it. One whose consent was refused elsewhere is disconnected too (X2.3)."""
    if tie is None:
        return {"state": "none", "since": None, "last_good_at": None, "trouble": None, "name": None}
    broken = tie.state == "ok" and tie.broken_why is not None
    since: datetime = tie.broken_at if broken else tie.since
    return {
        "state": "disconnected" if broken else tie.state,
        "since": since,
        "last_good_at": tie.last_good_at,
        "trouble": tie.broken_why if broken else tie.trouble,
        "name": name,
    }
