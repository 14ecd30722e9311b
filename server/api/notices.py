"""What do administrators hear of that holds up many invoices?"""

from __future__ import annotations

import marshmallow as ma
from flask import Response, jsonify

from server.api.context import services
from server.api.identity import SignedIn, signed_in
from server.api.records import iso
from server.api.routes import Routes
from server.api.shapes import Shape
from server.sync.notices import notices_of

blp = Routes("notices", __name__, url_prefix="/api/v1/notices", description="What holds up many invoices at once")


class NoticeShape(Shape):
    """`setting` names what mends it, as reasons do; "connections": that section; null: it is mended in Xero or CRM."""

    code = ma.fields.String()
    subject = ma.fields.String()
    sentence = ma.fields.String()
    next_step = ma.fields.String()
    setting = ma.fields.String(allow_none=True)
    count = ma.fields.Integer()
    since = ma.fields.AwareDateTime(allow_none=True)


class NoticesShape(Shape):
    notices = ma.fields.List(ma.fields.Nested(NoticeShape))


@blp.get("")
@signed_in(administrator=True)
@blp.alt_response(200, schema=NoticesShape)
def listed(who: SignedIn) -> Response:
    """One for each cause, with how many invoices wait for it. Once it is mended, what was pushed goes on by itself."""
    several = notices_of(services(), who.tenant_id)
    return jsonify({"notices": [{**vars(each), "since": iso(each.since)} for each in several]})
