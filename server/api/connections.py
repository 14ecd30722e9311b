"""What is the tenant connected to, and how is that started and ended?"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

import marshmallow as ma
from marshmallow import validate

from server.api.context import services
from server.api.identity import SignedIn, signed_in
from server.api.origins import demand_widget_origin
from server.api.routes import Routes
from server.api.shapes import Request, Shape
from server.store import tickets
from server.sync.disconnect import disconnect
from server.sync.health import health_of, try_connection

blp = Routes("connections", __name__, url_prefix="/api/v1/connections", description="Zoho CRM and Xero")


class ConnectRequest(Request):
    widget_origin = ma.fields.String(required=True, validate=validate.Length(max=255))
    another = ma.fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "Xero only: allow a further organisation, to change to it in the settings"},
    )


class ConnectStarted(Shape):
    url = ma.fields.String(metadata={"description": "Open it in a popup; it works once"})
    expires_at = ma.fields.AwareDateTime()


class PersonShape(Shape):
    name = ma.fields.String()
    active = ma.fields.Boolean(metadata={"description": "As CRM says today"})


class ConnectionShape(Shape):
    state = ma.fields.String(validate=validate.OneOf(["none", "ok", "disconnected"]))
    since = ma.fields.AwareDateTime(allow_none=True)
    last_good_at = ma.fields.AwareDateTime(allow_none=True)
    trouble = ma.fields.String(allow_none=True, metadata={"description": "A code, also of what is only partly wrong"})
    told = ma.fields.String(allow_none=True, metadata={"description": "What is the matter, in a sentence"})
    name = ma.fields.String(allow_none=True, metadata={"description": "The CRM org, or the organisation"})
    person = ma.fields.Nested(PersonShape, allow_none=True, metadata={"description": "The CRM user who connected"})
    needed = ma.fields.List(ma.fields.String(), metadata={"description": "Rights that the settings need"})
    granted = ma.fields.List(ma.fields.String(), metadata={"description": "Rights of the consent"})
    lacking = ma.fields.List(ma.fields.String(), metadata={"description": "Needed, and not granted"})
    purposes = ma.fields.List(ma.fields.String(), metadata={"description": "What the rights are for, in words"})
    clearing = ma.fields.Integer(metadata={"description": "CRM invoices that still show the former organisation"})


class Connections(Shape):
    zoho = ma.fields.Nested(ConnectionShape)
    xero = ma.fields.Nested(ConnectionShape)


class CheckedShape(Shape):
    ok = ma.fields.Boolean()
    told = ma.fields.String()


@blp.get("")
@signed_in()
@blp.response(200, Connections)
def listed(who: SignedIn) -> dict[str, Any]:
    """Both connections and their health. Who is behind them is asked of CRM; null where it can't be asked."""
    return {service: asdict(health) for service, health in health_of(services(), who.tenant_id).items()}


@blp.post("/<any(zoho, xero):service>/start")
@signed_in(administrator=True)
@blp.arguments(ConnectRequest)
@blp.response(201, ConnectStarted)
def start(who: SignedIn, body: dict[str, Any], service: str) -> dict[str, Any]:
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
            result={"asked_by": who.name, "another": body["another"]},
        )
    return {"url": f"{s.config.public_base}/connect/{door}", "expires_at": row.expires_at}


@blp.post("/<any(zoho, xero):service>/test")
@signed_in(administrator=True)
@blp.response(200, CheckedShape)
def checked(who: SignedIn, service: str) -> dict[str, Any]:
    """One live call, and what it showed. Whatever the service says, the answer is a sentence."""
    return asdict(try_connection(services(), who.tenant_id, service))


@blp.delete("/<any(zoho, xero):service>")
@signed_in(administrator=True)
@blp.response(204)
def end(who: SignedIn, service: str) -> None:
    """Disconnect: the consent is given back where nobody else uses it. Links and settings stay."""
    disconnect(services(), who.tenant_id, service)
