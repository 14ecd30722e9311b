"""Which records does a request mean that names none, but a CRM view, an instant, or a preview? And how many are they?

GET /api/v1/found counts them, before anybody has them read one by one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.permitted import rights_or_refusal
from server.api.routes import Routes
from server.api.seen_runs import no_such_run, run_or_404
from server.api.shapes import Request, Shape
from server.api.visible import not_by, own_sight, visible_or_404
from server.clients.errors import Disconnected
from server.store import run_rows
from server.sync.start import Asker
from server.sync.where import MOST, NoSuchView, TooMany, Where, ids_where

blp = Routes("found", __name__, url_prefix="/api/v1/found", description="How many records CRM finds")

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


class Finding(Request):
    """Exactly one of its fields."""

    view = ma.fields.String(
        validate=ma.validate.Regexp(r"^[0-9]{1,20}\Z", error="is no CRM view id"),
        metadata={"description": "id of a CRM view, as GET /api/v1/views lists them"},
    )
    changed_since = ma.fields.AwareDateTime(
        format="iso",
        validate=ma.validate.Range(EARLIEST, LATEST, error="is no instant that CRM knows"),
        metadata={"description": "ISO 8601 with its offset; the second it names is among them"},
    )

    @ma.validates_schema
    def _one_alone(self, data: dict[str, Any], **_more: Any) -> None:
        named = [name for name in self.fields if name != "module"]
        if len([name for name in named if name in data]) != 1:
            raise ma.ValidationError(f"needs one of {', '.join(named)}, and only one")


class WhereAsked(Finding):
    """What a run is about. Whatever finds records only shows them; what was shown is then pushed by its preview."""

    preview = ma.fields.String(
        validate=ma.validate.Regexp(r"^[0-9a-f]{32}\Z", error="is no run id"),
        metadata={
            "description": "a preview that this person asked for; previewed says which of its records are pushed"
        },
    )


class FoundAsked(Finding):
    module = ma.fields.String(load_default="Invoices", validate=ma.validate.OneOf(["Invoices"]))


class FoundShape(Shape):
    count = ma.fields.Integer(metadata={"description": "That many a preview would be of; none is read by that"})


@blp.get("")
@signed_in()
@blp.arguments(FoundAsked, location="query")
@blp.response(200, FoundShape)
@blp.alt_response(403, description="may_not: fields names the rights that this person lacks")
@blp.alt_response(404, description="view_not_found: CRM shows this person no such view")
@blp.alt_response(409, description="not_live: nobody works on many before going live")
@blp.alt_response(422, description="not_valid; too_many_records: more than 2,000")
def get_found(who: SignedIn, asked: dict[str, Any]) -> dict[str, int]:
    """How many records would a preview by this view, or since this instant, be of?"""
    rights_or_refusal(who, "preview", None, ())
    _, ids = found_where(who, asked.pop("module"), asked, named="")
    return {"count": len(ids)}


def found_where(who: SignedIn, module: str, asked: dict[str, Any], named: str = "where.") -> tuple[Asker, list[str]]:
    """The asker and the records that CRM finds for them; there may be none. Raises Problem, and the clients' ladder.

    `named`: what stands before the names of the fields in the request.
    """
    asker, crm = own_sight(who)
    try:
        return asker, ids_where(services(), asker, crm, module, Where(**asked))
    except Disconnected as trouble:
        raise not_by(trouble) from trouble
    except NoSuchView:
        told = {f"{named}view": "is no view that you see"}
        raise Problem(404, "view_not_found", "CRM shows you no such view.", told) from None
    except TooMany:
        message = f"CRM finds more than {MOST:,} records. Narrow it down."
        told = {f"{named}{name}": f"finds more than {MOST:,} records" for name in asked}
        raise Problem(422, "too_many_records", message, told) from None


def shown_in(who: SignedIn, module: str, preview_id: str, chosen: Collection[str]) -> tuple[Asker, list[str]]:
    """The asker and those of a preview of theirs that they chose, in its order. Raises Problem.

    CRM is asked whether they see them still, where that is not known from just before.
    """
    with services().store.read() as c:
        run = run_or_404(c, who, preview_id)
        ids = run_rows.record_ids(c, preview_id)
    if (run.asked_by, run.kind, run.module) != (who.user_id, "preview", module):
        raise no_such_run()
    if strange := sorted(set(chosen) - set(ids)):
        told = {"previewed": ", ".join(strange[:5])}
        raise Problem(404, "record_not_found", "That preview did not show this record.", told)
    wanted = [each for each in ids if each in chosen]
    return visible_or_404(who, module, wanted), wanted
