"""What does the panel show of one record? GET /api/v1/records/{module}/{id}: link, open work, last results, health."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import Connection, Row

from server.api.context import services
from server.api.errors import Problem
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.visible import visible_or_404
from server.domain.locks import payment_word
from server.domain.rights import PREVIEW
from server.store import links, shown
from server.sync.books import kept_books, today_of
from server.sync.footing import Footing, footing
from server.sync.rights import rights_in
from server.sync.whom_to_ask import administrators_of

blp = Routes("records", __name__, url_prefix="/api/v1/records", description="What is known of one CRM record")

MODULES = ("Invoices",)


@blp.get("/<string:module>/<string:record_id>")
@signed_in()
@blp.response(200, description="What the panel shows; 304 when nothing changed since the given ETag.")
def get_record(who: SignedIn, module: str, record_id: str) -> Response:
    """Everything the panel needs in one answer. 404 where CRM does not show this person the record."""
    if module not in MODULES or not record_id.isascii() or not record_id.isdigit() or len(record_id) > 20:
        raise Problem(404, "record_not_found", "There is no such record.")
    s = services()
    ground = footing(s, who.tenant_id, click=True)
    if ground.crm is not None:
        visible_or_404(who, module, [record_id], ground)
    names = administrators_of(s, ground)
    with s.store.read() as c:
        body = surroundings_json(who, ground, module, record_id, names)
        # While CRM cannot be asked who may see the record, nothing of it is shown.
        body |= record_json(c, who, ground, module, record_id) if ground.crm is not None else NOTHING
    response = jsonify(body)
    response.set_etag(_digest({name: value for name, value in body.items() if name != "as_of"}))
    response.make_conditional(request)
    return response


def _digest(body: dict[str, Any]) -> str:
    return services().keyed_hash(repr(sorted(body.items(), key=lambda pair: pair[0])))[:32]


NOTHING = {"link": None, "check": None, "run": None, "last": None}


def surroundings_json(who: SignedIn, ground: Footing, module: str, record_id: str, names: list[str]) -> dict[str, Any]:
    """Who looks, at which record, and how the tenant stands."""
    return {
        "module": module,
        "record_id": record_id,
        "as_of": iso(ground.at),
        "viewer": {
            "user_id": who.user_id,
            "name": who.name,
            "administrator": who.administrator,
            "may": sorted(rights_in(ground.tenant, who.profile_id, administrator=who.administrator)),
        },
        "setup": {
            "ready": ground.ready,
            "missing": list(ground.missing),
            "live": ground.tenant.live_at is not None,
            "administrators": names,
        },
        "connections": {service: _connection(ground, service) for service in ("zoho", "xero")},
    }


def record_json(c: Connection, who: SignedIn, ground: Footing, module: str, record_id: str) -> dict[str, Any]:
    """What is known of the record itself."""
    link = _link_row(c, ground, module, record_id)
    may = PREVIEW in rights_in(ground.tenant, who.profile_id, administrator=who.administrator)
    tasks = shown.tasks_of_record(c, who.tenant_id, module, record_id)
    return {
        "link": None if link is None else link_json(ground, link),
        "check": _task_or_none(tasks.check, preview=may),
        "run": None
        if tasks.open is None
        else {"id": tasks.open.run_id, "kind": tasks.open.kind, "task": shown_task(tasks.open, preview=may)},
        "last": _task_or_none(tasks.last, preview=may),
    }


def _link_row(c: Connection, ground: Footing, module: str, record_id: str) -> Row[Any] | None:
    if ground.organisation is None:
        return None
    found = links.of_record(c, ground.tenant.id, ground.organisation.id, module, record_id)
    return found if found is not None and found.status is not None else None


def _connection(ground: Footing, service: str) -> dict[str, Any]:
    tie = ground.ties.get(service)
    if tie is None:
        return {"state": "none", "since": None, "last_good_at": None, "trouble": None, "name": None}
    name = ground.tenant.name if service == "zoho" else (ground.organisation.name if ground.organisation else None)
    good = None if tie.state == "ok" else iso(tie.last_good_at)  # while all is well it would only spoil the ETag
    return {"state": tie.state, "since": iso(tie.since), "last_good_at": good, "trouble": tie.trouble, "name": name}


def link_json(ground: Footing, link: Row[Any]) -> dict[str, Any]:
    """A link as the panel shows it; `today` is the organisation's day, by which things are overdue."""
    today = today_of(ground.organisation)
    books = kept_books(ground.organisation) if link.lock_reason == "period_closed" else None
    closed = books.closed_up_to() if books else None
    return {
        "number": link.number,
        "url": invoice_page(ground, link.xero_id),
        "status": link.status,
        "payment_status": payment_word(link.status, link.paid, link.credited, link.due_date, today),
        "currency": link.currency,
        "currency_rate": link.currency_rate,
        **{name: _money(getattr(link, name)) for name in AMOUNTS},
        "date": _day(link.invoice_date),
        "due_date": _day(link.due_date),
        "paid_on": _day(link.paid_on),
        "today": today.isoformat(),
        "payments": link.payments,
        "lock": {"state": link.lock_state, "reason": link.lock_reason, "closed_up_to": _day(closed)},
        "crm_changed": link.crm_changed,
        "kept": link.kept_digest is not None and link.crm_changed is False,
        "gone_from_crm": link.gone_from_crm,
        "checked_at": iso(link.fetched_at),
        "sent_at": iso(link.sent_at),
        "sent_by": link.sent_by,
    }


AMOUNTS = ("total", "paid", "credited", "due", "crm_total")


def invoice_page(ground: Footing, xero_id: str) -> str:
    """Where a person opens the invoice in Xero, in the right organisation."""
    short_code = (ground.organisation.short_code or "") if ground.organisation else ""
    return services().config.xero.invoice_page.format(shortcode=short_code, id=xero_id)


def _task_or_none(task: Row[Any] | None, *, preview: bool) -> dict[str, Any] | None:
    return None if task is None else shown_task(task, preview=preview)


def shown_task(task: Row[Any], *, preview: bool) -> dict[str, Any]:
    """A task as the API tells it. While it waits, `until` says when it goes on by itself, where that is known.
    `preview`: whether this person may see what would be sent."""
    waiting = task.state == "waiting" and task.cause not in (None, "disconnected")
    return {
        "id": task.id,
        "record_id": task.record_id,
        "state": task.state,
        "step": task.step,
        "cause": task.cause,
        "until": iso(task.due_at) if waiting else None,
        "outcome": task.outcome,
        "reasons": task.reasons or [],
        "warnings": task.warnings or [],
        "crm_written": task.crm_written,
        "crm_refused": task.crm_refused,
        "preview": task.preview if preview else None,
        "created_at": iso(task.created_at),
        "ended_at": iso(task.ended_at),
    }


def iso(instant: datetime | None) -> str | None:
    """An instant in UTC with milliseconds, as JavaScript reads it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z") if instant else None


def _money(amount: Decimal | None) -> str | None:
    """Decimal text with the cents always there."""
    return None if amount is None else f"{amount:.2f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
