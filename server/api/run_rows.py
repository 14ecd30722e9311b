"""How does somebody follow many invoices at once, call off the rest, and find the work again?

GET /api/v1/runs/{id}/rows, POST /api/v1/runs/{id}/cancel, POST /api/v1/runs/open.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import Response, jsonify, request
from sqlalchemy import Connection, Row

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.permitted import may_not, may_see_previews, rights_of
from server.api.records import iso
from server.api.routes import Routes
from server.api.runs import MOST_RECORDS, RECORD_ID
from server.api.seen_runs import demand_sight, run_or_404
from server.api.visible import visible_or_404
from server.domain.rights import PUSH
from server.store import links, run_rows, shown
from server.store.engine import now
from server.sync.footing import footing
from server.sync.start import open_push_of, open_push_with_check

blp = Routes("run_rows", __name__, url_prefix="/api/v1/runs", description="Many invoices at once")

# A task's end is stamped before it is committed: what ended a little before the last look may not have been seen.
LATE_COMMIT = timedelta(seconds=15)


class RowsAsked(ma.Schema):
    since = ma.fields.AwareDateTime(
        format="iso",
        default_timezone=UTC,
        load_default=None,
        metadata={"description": "as_of of an earlier answer: only rows that ended since"},
    )


class OpenAsked(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    module = ma.fields.String(required=True, validate=ma.validate.OneOf(["Invoices"]))
    record_ids = ma.fields.List(
        ma.fields.String(required=True, validate=RECORD_ID),
        validate=ma.validate.Length(min=1, max=MOST_RECORDS, error="must name 1 to 500 records"),
        metadata={"description": "left out: the newest open push of several records, whichever they are"},
    )


@blp.get("/<string:run_id>/rows")
@signed_in()
@blp.arguments(RowsAsked, location="query")
@blp.response(200, description="One short row a record; 304 when nothing changed since the given ETag.")
def get_rows(who: SignedIn, asked: dict[str, Any], run_id: str) -> Response:
    """All rows of a run at once. 404 for a run of another tenant, or of records this person may not see."""
    since = asked["since"]
    organisation = footing(services(), who.tenant_id, click=True).organisation
    with services().store.read() as c:
        run = run_or_404(c, who, run_id)
        tasks = run_rows.rows_of_run(c, run_id, _earlier(since))
        ids = run_rows.record_ids(c, run_id)
        held = _held(c, who.tenant_id, organisation, run.module, [task.record_id for task in tasks])
        body = run_json(c, run)
    demand_sight(who, run, ids)
    preview = may_see_previews(who, run.asked_by)
    rows = [row_json(task, held.get(task.record_id), preview=preview) for task in tasks]
    response = jsonify(body | {"rows": rows})
    response.set_etag(f"{run.id}-{run.version}")
    response.make_conditional(request)
    return response


def _held(
    c: Connection, tenant_id: str, organisation: Row[Any] | None, module: str, ids: list[str]
) -> dict[str, Row[Any]]:
    """What Xero has of these records, where they are linked."""
    return links.of_records(c, tenant_id, organisation.id, module, ids) if organisation else {}


def _earlier(since: datetime | None) -> datetime | None:
    """Nobody asks for what was before the first run; a calendar has an end in that direction."""
    if since is None:
        return None
    try:
        return since.astimezone(UTC) - LATE_COMMIT
    except OverflowError:
        raise Problem(422, "not_valid", "Some fields are not right.", {"since": "is no instant"}) from None


@blp.post("/<string:run_id>/cancel")
@signed_in()
@blp.alt_response(403, description="may_not: only whoever asked for it, or an administrator")
@blp.response(200, description="The run's counts afterwards; what has been sent, or may have been, is not called off.")
def post_cancel(who: SignedIn, run_id: str) -> Response:
    """Call off what has not begun. Asked again it changes nothing."""
    s = services()
    with s.store.read() as c:
        run = run_or_404(c, who, run_id)
        ids = run_rows.record_ids(c, run_id)
    demand_sight(who, run, ids)
    if run.asked_by != who.user_id and not who.administrator:
        raise Problem(403, "may_not", "Only whoever started this, or an administrator, can cancel it.")
    with s.store.begin() as c:
        cancelled = run_rows.cancel_waiting(c, run_id)
        body = run_json(c, run_or_404(c, who, run_id))
    return jsonify(body | {"cancelled": cancelled})


@blp.post("/open")
@signed_in()
@blp.arguments(OpenAsked)
@blp.response(
    200, description="id: the open push, among these records, that this person began; check: the preview before."
)
def post_open(who: SignedIn, asked: dict[str, Any]) -> Response:
    """Find one's work again after the window was closed."""
    rights = rights_of(who)
    if PUSH not in rights:
        raise may_not([PUSH])
    mine, named = (who.tenant_id, who.user_id, asked["module"]), asked.get("record_ids")
    if named is not None:
        visible_or_404(who, asked["module"], named)
    with services().store.read() as c:
        found, check = open_push_with_check(c, *mine) if named is None else open_push_of(c, *mine, named, rights)
    return jsonify({"id": found, "check": check})


def run_json(c: Connection, run: Row[Any]) -> dict[str, Any]:
    """A run without its tasks, and what those that are open wait for."""
    waits = run_rows.waits_of_run(c, run.id)
    return {
        "id": run.id,
        "kind": run.kind,
        "module": run.module,
        "state": "ended" if run.ended_at else "open",
        "as_of": iso(now(c)),
        "created_at": iso(run.created_at),
        "ended_at": iso(run.ended_at),
        "asked_by": run.asked_by,
        "size": run.size,
        "counts": shown.counts_of_run(c, run.id),
        "crm_waiting": run_rows.crm_waiting(c, run.id),
        "waits": [{"cause": each.cause, "tasks": each.tasks, "until": _until(each)} for each in waits],
    }


def _until(wait: Row[Any]) -> str | None:
    """Nobody knows when somebody connects again."""
    return None if wait.cause == "disconnected" else iso(wait.until)


def row_json(task: Row[Any], link: Row[Any] | None, *, preview: bool) -> dict[str, Any]:
    """What a list shows of one record: what will happen or has happened, why, and both totals."""
    seen = (task.preview if preview else None) or (_sent(link) if link is not None and task.outcome in SENT else {})
    totals, held = seen.get("totals") or {}, seen.get("held") or {}
    waiting = task.state == "waiting" and task.cause not in (None, "disconnected")
    return {
        "position": task.position,
        "record_id": task.record_id,
        "state": task.state,
        "cause": task.cause,
        "until": iso(task.due_at) if waiting else None,
        "outcome": task.outcome,
        "decision": seen.get("decision"),
        "digest": seen.get("digest"),
        "number": held.get("number") or seen.get("number"),
        "customer": seen.get("customer"),
        "arrives_as": seen.get("arrives_as"),
        "removal": seen.get("removal"),
        "held_status": held.get("status"),
        "currency": seen.get("currency") or held.get("currency"),
        "crm_total": (totals.get("crm") or {}).get("total"),
        "xero_total": (totals.get("xero") or {}).get("total") or held.get("total"),
        "rounding": seen.get("rounding"),
        "changed": [_changed(each) for each in seen.get("differences") or [] if not each.get("stays")],
        "reasons": task.reasons or [],
        "warnings": task.warnings or [],
        "crm_written": task.crm_written,
        "crm_refused": task.crm_refused,
        "ended_at": iso(task.ended_at),
    }


SENT = ("created", "updated", "linked", "removed")


def _sent(link: Row[Any]) -> dict[str, Any]:
    """A push that sent something keeps no preview: what Xero answered is the link's."""
    both = {"crm": {"total": _text(link.crm_total)}, "xero": {"total": _text(link.total)}}
    held = {"number": link.number, "status": link.status}
    return {"held": held, "currency": link.currency, "totals": both}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _changed(difference: dict[str, Any]) -> dict[str, Any]:
    """What differs, without the values: those stand in the preview."""
    return {name: difference.get(name) for name in ("part", "line", "name")}
