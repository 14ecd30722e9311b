"""Which CRM views can somebody choose from? GET /api/v1/views."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from server.api.context import services
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.shapes import Request, Shape
from server.api.visible import not_by, own_sight
from server.clients.errors import Disconnected
from server.sync.start import own_crm

blp = Routes("views", __name__, url_prefix="/api/v1/views", description="CRM views to choose records by")


class ViewsAsked(Request):
    module = ma.fields.String(load_default="Invoices", validate=ma.validate.OneOf(["Invoices"]))


class ViewShape(Shape):
    id = ma.fields.String()
    name = ma.fields.String(metadata={"description": "As CRM shows it to this person"})


class ViewsShape(Shape):
    views = ma.fields.List(ma.fields.Nested(ViewShape))


@blp.get("")
@signed_in()
@blp.arguments(ViewsAsked, location="query")
@blp.response(200, ViewsShape)
@blp.alt_response(401, description="sign_in_again: Zoho must say once more who this is")
def get_views(who: SignedIn, asked: dict[str, str]) -> dict[str, Any]:
    """The views that this person sees in CRM, by name; a run takes one of them as where.view."""
    asker, crm = own_sight(who)
    try:
        rows = services().zoho.views(own_crm(asker, crm), asked["module"])
    except Disconnected as trouble:
        raise not_by(trouble) from trouble
    told = [{"id": str(row.get("id")), "name": str(row.get("display_value") or row.get("name") or "")} for row in rows]
    return {"views": sorted(told, key=lambda view: (view["name"].casefold(), view["id"]))}
