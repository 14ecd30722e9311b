"""What of this CRM leaves it? GET /api/v1/data: by the tenant's own settings, with the names of its own fields."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import marshmallow as ma

from server.api.context import services
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.shapes import Shape
from server.domain.data_flows import leaving
from server.store import tenants
from server.sync.set_up import load_settings

blp = Routes("data", __name__, url_prefix="/api/v1/data", description="What leaves CRM, where to, kept how long")


class LeavingShape(Shape):
    module = ma.fields.String()
    field = ma.fields.String(metadata={"description": "API name in CRM"})
    xero = ma.fields.String(metadata={"description": "Where it stands in Xero; empty where it is not sent"})
    kept = ma.fields.String(metadata={"description": "How long InvoiceBridge keeps it, and in which form"})


class DataShape(Shape):
    fields = ma.fields.List(ma.fields.Nested(LeavingShape))  # type: ignore[assignment]


@blp.get("")
@signed_in()
@blp.response(200, DataShape)
def listed(who: SignedIn) -> dict[str, Any]:
    """Every field that leaves this CRM with the settings as they are saved."""
    with services().store.read() as c:
        settings = load_settings(tenants.by_id(c, who.tenant_id))
    return {"fields": [asdict(each) for each in leaving(settings)]}
