"""How is work asked for, and how far is it? POST /api/v1/runs, GET /api/v1/runs/{id}."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request

from server.api.context import services
from server.api.found import WhereAsked, found_where, shown_in
from server.api.identity import SignedIn, signed_in
from server.api.permitted import may_see_previews, rights_or_refusal
from server.api.records import iso, shown_task
from server.api.routes import Routes
from server.api.seen_runs import demand_sight, run_or_404
from server.api.visible import visible_or_404
from server.domain.decide import CHOICES
from server.store import shown
from server.sync.start import Asker, start
from server.sync.where import MOST

blp = Routes("runs", __name__, url_prefix="/api/v1/runs", description="Pushes, previews and pulls")

PER_PAGE = 100
MOST_RECORDS = 500
RECORD_ID = ma.validate.Regexp(r"^[0-9]{1,20}\Z", error="is no CRM record id")


class RunAsked(ma.Schema):
    """A request to work on up to 500 records of one module, or on those that CRM finds: up to 2,000."""

    class Meta:
        unknown = ma.RAISE

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["push", "preview", "pull"]))
    module = ma.fields.String(required=True, validate=ma.validate.OneOf(["Invoices"]))
    record_ids = ma.fields.List(
        ma.fields.String(required=True, validate=RECORD_ID),
        validate=ma.validate.Length(min=1, max=MOST_RECORDS, error="must name 1 to 500 records"),
    )
    where = ma.fields.Nested(
        WhereAsked,
        metadata={"description": "instead of record_ids: all that CRM shows this person by it, or a preview did"},
    )
    previewed = ma.fields.Dict(
        keys=ma.fields.String(validate=RECORD_ID),
        values=ma.fields.String(validate=ma.validate.Regexp(r"^[0-9a-f]{64}\Z", error="is no digest")),
        load_default=dict,
        metadata={"description": "record id -> digest of the preview that was shown; another decision is not sent"},
    )
    choices = ma.fields.Dict(
        keys=ma.fields.String(validate=RECORD_ID),
        values=ma.fields.String(validate=ma.validate.OneOf(CHOICES)),
        load_default=dict,
        metadata={"description": "record id -> what a person chose, of a push whose preview was shown"},
    )

    @ma.validates_schema
    def _named_found_or_shown(self, data: dict[str, Any], **_more: Any) -> None:
        """What CRM finds nobody has seen yet: it is shown, and what was shown is pushed."""
        where = data.get("where")
        if where is None:
            if "record_ids" not in data:
                raise ma.ValidationError("names the records, unless where finds them", "record_ids")
            return
        if "record_ids" in data:
            raise ma.ValidationError("does not go with where", "record_ids")
        if "preview" in where:
            _is_of_what_was_shown(data)
        elif data.get("kind") == "push":
            raise ma.ValidationError("is preview first; then where.preview pushes what it showed", "kind")
        elif data.get("previewed"):
            raise ma.ValidationError("is of a push only", "previewed")

    @ma.validates_schema
    def _chosen_on_what_was_shown(self, data: dict[str, Any], **_more: Any) -> None:
        """Nobody chooses unseen; and what is chosen for is asked for (promise 3)."""
        choices, shown = data.get("choices") or {}, data.get("previewed") or {}
        if choices and data.get("kind") != "push":
            raise ma.ValidationError("go with a push only", "choices")
        if set(choices) - set(shown):
            raise ma.ValidationError("need the digest of the preview that was shown, in previewed", "choices")


def _is_of_what_was_shown(data: dict[str, Any]) -> None:
    if data.get("kind") != "push":
        raise ma.ValidationError("of where.preview is push", "kind")
    if not 1 <= len(data.get("previewed") or {}) <= MOST:
        raise ma.ValidationError(f"must hold 1 to {MOST:,} records of that preview", "previewed")


class PageAsked(ma.Schema):
    page = ma.fields.Integer(load_default=1, validate=ma.validate.Range(min=1, max=1000))


@blp.post("")
@signed_in()
@blp.arguments(RunAsked)
@blp.alt_response(403, description="may_not: fields names the rights that this person lacks")
@blp.alt_response(404, description="record_not_found; view_not_found, run_not_found: this person sees none such")
@blp.alt_response(409, description="not_live: only administrators push, one by one, until somebody goes live")
@blp.alt_response(422, description="not_valid; too_many_records: where finds more than 2,000, and nothing was started")
@blp.alt_response(200, description="Where finds no record: id is null, and there is no run.")
@blp.response(202, description="The run; Location is its address. The same request while it is open: the same run.")
def post_run(who: SignedIn, asked: dict[str, Any]) -> Response:
    """Open a run. 404 where CRM does not show this person every one of the records that they name."""
    rights = rights_or_refusal(who, asked["kind"], asked.get("record_ids"), asked["choices"].values())
    asker, ids = _meant(who, asked)
    if not ids:
        return _nothing(asked)
    asker, wanted = replace(asker, rights=rights), (asked["kind"], asked["module"], ids)
    run_id = start(services(), asker, *wanted, asked["previewed"], asked["choices"])
    response = _shown(who, run_id, 1)
    response.status_code = 202
    response.headers["Location"] = f"/api/v1/runs/{run_id}"
    return response


@blp.get("/<string:run_id>")
@signed_in()
@blp.arguments(PageAsked, location="query")
@blp.response(200, description="The run with a page of its tasks; 304 when nothing changed since the given ETag.")
def get_run(who: SignedIn, asked: dict[str, Any], run_id: str) -> Response:
    """How far a run is. 404 for a run of another tenant, or of records this person may not see."""
    response = _shown(who, run_id, asked["page"])
    response.make_conditional(request)
    return response


def _meant(who: SignedIn, asked: dict[str, Any]) -> tuple[Asker, list[str]]:
    """The asker and the records, each of which CRM shows them. Raises Problem."""
    module, where = asked["module"], asked.get("where")
    if where is None:
        return visible_or_404(who, module, asked["record_ids"]), asked["record_ids"]
    if "preview" in where:
        return shown_in(who, module, where["preview"], asked["previewed"])
    return found_where(who, module, where)


def _nothing(asked: dict[str, Any]) -> Response:
    """That nothing changed since the last look is good news for a program that asks each hour, and no mistake."""
    told = {"kind": asked["kind"], "module": asked["module"], "state": "ended"}
    return jsonify(told | {"id": None, "counts": {}, "tasks": [], "page": 1, "pages": 1})


def _shown(who: SignedIn, run_id: str, page: int) -> Response:
    with services().store.read() as c:
        run = run_or_404(c, who, run_id)
        tasks = shown.tasks_of_run(c, run_id, page, PER_PAGE)
        counts = shown.counts_of_run(c, run_id)
    demand_sight(who, run, [task.record_id for task in tasks])
    preview = may_see_previews(who, run.asked_by)
    body = {
        "id": run.id,
        "kind": run.kind,
        "module": run.module,
        "state": "ended" if run.ended_at else "open",
        "created_at": iso(run.created_at),
        "ended_at": iso(run.ended_at),
        "asked_by": run.asked_by,
        "counts": counts,
        "tasks": [shown_task(task, preview=preview) for task in tasks],
        "page": page,
        "pages": max(1, -(-run.size // PER_PAGE)),
    }
    response = jsonify(body)
    response.set_etag(f"{run.id}-{run.version}-{page}")
    return response
