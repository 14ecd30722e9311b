"""What would become of an invoice with settings that nobody has saved yet? Both sides are read, nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from redis.exceptions import RedisError

from server.clients.errors import TryLater
from server.domain.decide import Blocked, Conflict, Create, Decision, Locked, Unchanged, Update
from server.domain.preview import preview_json
from server.store.turns import INTERACTIVE
from server.sync.claims import Claim
from server.sync.customers import customers_of
from server.sync.footing import Footing, footing
from server.sync.go import Go
from server.sync.linking import numbered_already
from server.sync.outcomes import reasons_of
from server.sync.reading import read
from server.sync.services import Services
from server.sync.set_up import load_settings
from server.sync.told import reasons_json
from server.sync.verdicts import decide_record

STILL_READING_S = 3.0
TRIED_FOR_S = 7 * 86_400
WORDS = {
    Create: "create",
    Update: "update",
    Unchanged: "unchanged",
    Locked: "locked",
    Conflict: "conflict",
    Blocked: "blocked",
}
Doc = dict[str, Any]


class NoOrganisation(Exception):
    """There is nothing to try it on."""


class StillReading(TryLater):
    """Xero's contacts are more than one go reads; the next try goes on from there."""

    def __init__(self) -> None:
        super().__init__("xero", "limit", STILL_READING_S, "the contacts are still being read")


@dataclass(frozen=True)
class Tried:
    """`preview` as of a preview task; None where CRM does not hand the record over."""

    outcome: str
    preview: Doc | None
    problems: list[Doc]
    saved_outcome: str  # with the settings as they are saved


def try_it(s: Services, tenant_id: str, record_id: str, unsaved: Mapping[str, Any]) -> Tried:
    """Raises the ladder of clients/errors.py, and NoOrganisation."""
    ground = footing(s, tenant_id, click=True)
    if ground.crm is None or ground.books is None:
        raise NoOrganisation
    go = Go(tenant_id, INTERACTIVE, "try", s.times)
    kept = ground.tenant.settings
    found, shown = _decided(s, _with(ground, {**kept, **unsaved}), go, record_id)
    saved = _decided(s, _with(ground, kept), go, record_id)[0] if unsaved else found
    _remember(s, tenant_id, ground.books.organisation_id)
    return Tried(_word(found), shown, reasons_json(reasons_of(found)), _word(saved))


def _with(ground: Footing, kept: Mapping[str, Any]) -> Footing:
    """The footing as if these settings were saved; what is not set yet is told as a problem beside the others."""
    row: Any = SimpleNamespace(settings=kept, currency=ground.tenant.currency)
    return replace(ground, settings=load_settings(row), missing=())


def _decided(s: Services, ground: Footing, go: Go, record_id: str) -> tuple[Decision, Doc | None]:
    task: Any = SimpleNamespace(id="", record_id=record_id, module="Invoices", kind="preview", choice=None)
    mine = Claim(go, (task,), ground.at)
    reading = read(s, ground, mine)
    crm = reading.crm.get(record_id)
    customers = customers_of(s, ground, go, [crm] if crm is not None else [])
    if crm is not None and crm.account_id and crm.account_id not in customers:
        raise StillReading
    numbered = numbered_already(s, ground, mine, reading).get(record_id)
    decision = decide_record(s, ground, reading, customers, task, numbered)
    known = crm is not None and reading.books is not None
    return decision, preview_json(decision, crm, reading.books, reading.at) if known else None  # type: ignore[arg-type]


def _word(decision: Decision) -> str:
    return WORDS.get(type(decision), "remove")


def _key(tenant_id: str, organisation_id: str) -> str:
    return f"ib:tried:{tenant_id}:{organisation_id}"


def _remember(s: Services, tenant_id: str, organisation_id: str) -> None:
    try:
        s.redis.set(_key(tenant_id, organisation_id), 1, ex=TRIED_FOR_S)
    except RedisError:
        return


def has_tried(s: Services, tenant_id: str, organisation_id: str | None) -> bool:
    """Whether somebody saw a preview with this organisation of late; where Redis was emptied it is asked for again."""
    try:
        return organisation_id is not None and bool(s.redis.exists(_key(tenant_id, organisation_id)))
    except RedisError:
        return False
