"""How does CRM come to show what Xero says? The crm turn writes the fields of dirty links (4a.12, 4a.13).

A link is dirty while its version is ahead of its crm_version. Crashes and unanswered writes leave it dirty; writing the
same values again does no harm. Before it writes, it looks whether CRM was edited while we pushed, and pushes once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row

from server.clients.errors import CallFailed, Disconnected, Refused, TryLater
from server.domain.crm_fields import NO_VALUES, crm_values
from server.store import connections, left_organisation, links, runs
from server.store.engine import now
from server.store.requested import Request
from server.store.turns import INTERACTIVE, Job, wake
from server.sync.books import kept_books
from server.sync.footing import Footing, footing
from server.sync.go import Go
from server.sync.queues import enqueue
from server.sync.services import Services
from server.sync.waiting import PARKED

MOST = 100
REFUSED_PAUSE = timedelta(minutes=10)
STAMPS_KEPT = 5
ROW_AT_FAULT = "INVALID_DATA"
# A change of one of these is what customers build their workflows on (design 5).
NEWS = ("payment_status", "lock_state")
_NOTHING = object()
OWN_NUMBER = "own_number:"  # Xero's number in a field of the customer's choice, where numbers are left to Xero


@dataclass(frozen=True)
class Writing:
    """One record's fields to write: API names and values, and whether customers' workflows shall hear of it."""

    link: Row[Any]
    core: Mapping[str, Any]
    fields: Mapping[str, Any]
    news: bool


def write_back(s: Services, go: Go) -> bool:
    """Bring up to a hundred records up to date; whether there were any."""
    with s.store.read() as c:
        dirty = links.dirty(c, go.tenant_id, MOST)
    if not dirty:
        return False
    # After the links: a save that raises their versions meanwhile is either seen here, or leaves them dirty.
    ground = footing(s, go.tenant_id, click=True)
    try:
        if ground.crm is None or ground.crm_down:
            raise Disconnected("zoho", ground.crm_down or "disconnected")
        follow_edits(s, ground, [link for link in dirty if link.follow_read_at is not None])
        write(s, go, ground, dirty)
    except CallFailed as trouble:
        _later(s, ground, dirty, trouble)
    return True


def follow_edits(s: Services, ground: Footing, sent: Sequence[Row[Any]]) -> None:
    """Was CRM edited since it was read for the push, or in the very second of it? Then once more (4a.12)."""
    if not sent:
        return
    assert ground.crm is not None
    by_module: dict[str, list[Row[Any]]] = defaultdict(list)
    for link in sent:
        by_module[link.module].append(link)
    moved: list[Row[Any]] = []
    for module, several in by_module.items():
        stamps = s.zoho.modified_times(ground.crm, module, [link.record_id for link in several])
        moved += [link for link in several if has_moved(s, link, stamps.get(link.record_id))]
    with s.store.begin() as c:
        # Turns before links, as whoever leaves an organisation locks them.
        jobs = [job for link in moved for job in follow_up(c, ground, link)]
        links.change_all(c, {link.id: {"follow_read_at": None} for link in sent}, dirty=False)
        connections.mark_good(c, ground.tenant.id, "zoho")
    enqueue(s.redis, jobs, s.times.job_limit)


def has_moved(s: Services, link: Row[Any], stamp: datetime | None) -> bool:
    """Another stamp than the one that was read, whatever CRM's clock says. Stamps have whole seconds: one within two
    seconds before the read proves nothing. Our own writes are no edits."""
    if stamp is None or stamp.isoformat() in link.crm_stamps:
        return False
    return bool(
        stamp != link.crm_modified_at or stamp >= link.follow_read_at - timedelta(seconds=s.times.follow_within)
    )


def follow_up(c: Connection, ground: Footing, link: Row[Any]) -> list[Job]:
    """One more push of this record, asked for by whoever asked for the first."""
    request = Request("push", "follow_up", link.module, (link.record_id,), link.sent_by, INTERACTIVE, {})
    runs.start(c, ground.tenant.id, request)
    return wake(c, ground.tenant.id, INTERACTIVE)


def write(s: Services, go: Go, ground: Footing, dirty: Sequence[Row[Any]]) -> None:
    """Only what differs from what was written last; records with news trigger workflows, the others nothing."""
    with s.store.begin() as c:
        books = kept_books(ground.organisation)
        today = books.today if books else now(c).date()
        writings = [writing_for(ground, link, today) for link in _current(c, ground, dirty)]
        _written(c, [(done, None) for done in writings if not done.fields])
    for module in sorted({each.link.module for each in writings}):
        for news, trigger in ((True, ["workflow"]), (False, [])):
            batch = [each for each in writings if each.fields and each.news is news and each.link.module == module]
            if batch:
                _send(s, go, ground, module, batch, trigger)


def _current(c: Connection, ground: Footing, dirty: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Without what was put aside of records that are in the present organisation too: CRM shows that one."""
    aside = [link for link in dirty if link.archived_at is not None]
    again = left_organisation.taken_over(c, ground.tenant.id, aside)
    over = {link.id for link in aside if (link.module, link.record_id) in again}
    for link in aside:
        if link.id in over:
            links.clean(c, link.id, link.version, {})
    return [link for link in dirty if link.id not in over]


def writing_for(ground: Footing, link: Row[Any], today: date) -> Writing:
    rule = ground.settings.number
    own_field = rule.write_to if rule is not None and link.module == links.INVOICES else None
    tied = link.xero_id is not None and link.archived_at is None
    own = f"{OWN_NUMBER}{own_field}"  # with the field: in another one it is news
    number = {own: link.number if tied else None} if own_field else {}
    values = {**(crm_values(link, today) if tied else NO_VALUES), **number}
    core = {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in values.items()}
    before = link.crm_status_written or {}
    changed = [name for name, value in core.items() if before.get(name, _NOTHING) != value]
    names = {**ground.tenant.crm_fields, **({own: own_field} if own_field else {})}
    fields = {names[name]: values[name] for name in changed if name in names}
    known = tied and link.crm_status_written != {}  # what is only put right is no news
    news = known and any(name in changed for name in NEWS)
    return Writing(link, core, fields, news)


def _send(s: Services, go: Go, ground: Footing, module: str, batch: Sequence[Writing], trigger: list[str]) -> None:
    """A request that CRM refuses as a whole goes again in halves, until the one it is about stands alone."""
    assert ground.crm is not None
    rows = [{"id": each.link.record_id, **each.fields} for each in batch]
    try:
        results: Sequence[Mapping[str, Any]] = s.zoho.update(ground.crm, module, rows, trigger, go.may_write_crm)
    except Refused as no:
        if no.code != ROW_AT_FAULT:  # of no row: halves would fare no better
            raise
        if len(batch) > 1:
            for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
                _send(s, go, ground, module, half, trigger)
            return
        results = [{"code": no.code, "message": no.message}]
    with s.store.begin() as c:
        told = list(zip(batch, results, strict=True))
        taken = [(done, result) for done, result in told if result.get("status") == "success"]
        _written(c, [(done, (result.get("details") or {}).get("Modified_Time")) for done, result in taken])
        for done, result in told:
            if result.get("status") != "success":
                _refused(c, done, result)


def _written(c: Connection, several: Sequence[tuple[Writing, str | None]]) -> None:
    """CRM shows these now, each with the stamp that CRM gave our write."""
    links.clean_all(c, {done.link.id: _as_written(done, stamp) for done, stamp in several})
    for whose in sorted({(done.link.tenant_id, done.link.module) for done, _ in several}):
        records = [done.link.record_id for done, _ in several if (done.link.tenant_id, done.link.module) == whose]
        runs.annotate_records(c, *whose, records, crm_written="yes")


def _as_written(done: Writing, stamp: str | None) -> dict[str, Any]:
    stamps = [*done.link.crm_stamps, *([_utc(stamp)] if stamp else [])][-STAMPS_KEPT:]
    return {"crm_version": done.link.version, "crm_status_written": dict(done.core), "crm_stamps": stamps}


def _utc(stamp: str) -> str:
    return datetime.fromisoformat(stamp).astimezone(UTC).isoformat()


def _refused(c: Connection, done: Writing, result: Mapping[str, Any]) -> None:
    """Kept apart with its reason and tried again later, without touching Xero. A record that is not there any more is
    written when it is back."""
    if is_gone(result):
        links.change(c, done.link.id, {"gone_from_crm": True}, dirty=False)
        return
    told = {"code": str(result.get("code", "")), "message": str(result.get("message", ""))[:300]}
    links.change(c, done.link.id, {"crm_due_at": now(c) + REFUSED_PAUSE}, dirty=False)
    _tell_refused(c, done.link, told)


def is_gone(result: Mapping[str, Any]) -> bool:
    """Zoho's word for an id that it does not know (Z5.5)."""
    details = result.get("details")
    return result.get("code") == "INVALID_DATA" and isinstance(details, Mapping) and details.get("api_name") == "id"


def _tell_refused(c: Connection, link: Row[Any], told: Mapping[str, str]) -> None:
    refused = {"crm_written": "refused", "crm_refused": dict(told)}
    runs.annotate_records(c, link.tenant_id, link.module, [link.record_id], **refused)


def _later(s: Services, ground: Footing, dirty: Sequence[Row[Any]], trouble: CallFailed) -> None:
    """The links stay dirty until the service is back; nothing of what we know is lost."""
    with s.store.begin() as c:
        pause = timedelta(seconds=trouble.seconds) if isinstance(trouble, TryLater) else REFUSED_PAUSE
        if isinstance(trouble, Disconnected):
            down = connections.mark_disconnected(c, ground.tenant.id, trouble.service, trouble.why, ground.at)
            pause = PARKED if down else timedelta(0)
        told = {"code": trouble.code, "message": trouble.message[:300]} if isinstance(trouble, Refused) else None
        for link in dirty:
            links.change(c, link.id, {"crm_due_at": now(c) + pause}, dirty=False)
            if told is not None:
                _tell_refused(c, link, told)
