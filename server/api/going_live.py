"""When does the company begin? POST /api/v1/settings/live: until then only administrators push, one by one."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Response

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.settings import SettingsShape, seen_version, settings_answer, settings_changed
from server.api.shapes import Request
from server.sync.choices import GatesOpen, Stale, set_live

blp = Routes("going_live", __name__, url_prefix="/api/v1/settings", description="Whether everybody may push")


class LiveRequest(Request):
    live = ma.fields.Boolean(required=True, truthy={True}, falsy={False})


@blp.post("/live")
@signed_in(administrator=True)
@blp.arguments(LiveRequest)
@blp.alt_response(200, schema=SettingsShape)
@blp.alt_response(409, description="gates_open: what must be set first stands in fields")
@blp.alt_response(412, description="settings_changed: somebody saved since they were read")
def live(who: SignedIn, body: dict[str, Any]) -> Response:
    """Go live, or stop: what is on its way arrives in either case."""
    s = services()
    try:
        set_live(s, who.tenant_id, seen_version(), who.user_id, live=body["live"])
    except GatesOpen as refused:
        told = "Some things must be set first."
        raise Problem(409, "gates_open", told, dict.fromkeys(refused.missing, "is not set")) from None
    except Stale:
        raise settings_changed() from None
    return settings_answer(s, who)
