"""What do we remember of a link, so that the next push can tell who changed what? Keyed hashes, no names (design 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from server.domain.changes import is_replaced
from server.domain.content import LinkedState, answer_parts, held_hash, sent_parts, wanted_hash
from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import NewContact, UseContact
from server.domain.decide import Create, Remove, Update
from server.domain.differences import Both, Pair, compare
from server.domain.money import Line
from server.domain.xero_invoice import XeroInvoice
from server.sync.services import Services

Intent = Mapping[str, Any]
# Part of Xero's content -> the field of an update that writes it.
PART_KEYS = {
    "customer": "Contact",
    "date": "Date",
    "due_date": "DueDate",
    "currency": "CurrencyCode",
    "amounts": "LineAmountTypes",
    "number": "InvoiceNumber",
    "reference": "Reference",
    "lines": "LineItems",
}


def linked_state(s: Services, link: Row[Any]) -> LinkedState:
    return LinkedState(
        sent_digest=link.sent_digest,
        hashed=s.keyed_hash,
        sent_parts=link.sent_parts,
        answer_parts=link.answer_parts,
        line_ids=link.line_ids,
        kept_digest=link.kept_digest,
    )


def intent_of(s: Services, decision: Create | Update | Remove, crm: CrmInvoice) -> Intent:
    """What settle and a later look compare and keep of something that is to be written."""
    match decision:
        case Remove(status=status):
            return {"outcome": "removed", "status": status}
        case Update():
            return _intent_of_update(s, decision)
    return _intent_of_create(s, decision, crm)


def _intent_of_create(s: Services, create: Create, crm: CrmInvoice) -> Intent:
    rows = [[row_key(line), None] for line in create.draft.lines]
    parts = sent_parts(crm, create.draft, create.contact.account_id, s.keyed_hash)
    wanted = wanted_hash(crm, create.draft, contact_id(create.contact), s.keyed_hash)
    more = {"outcome": "created", "replaces": create.replaces}
    return {**_common(create, crm, create.contact.account_id), "sent": parts, "rows": rows, "wanted": wanted, **more}


def _intent_of_update(s: Services, update: Update) -> Intent:
    """The same for a change: the lines that stay are known by their ids already."""
    both, seen = update.both, update.seen
    rows = [[row_key(pair.crm), known_line(pair)] for pair in seen.pairs if pair.crm]
    parts = sent_parts(both.crm, both.draft, both.customer.account_id, s.keyed_hash)
    wanted = wanted_hash(both.crm, both.draft, contact_id(both.customer), s.keyed_hash)
    more = {
        "outcome": "updated",
        "status": both.draft.status,
        "number": update.number,
        "before": answer_parts(both.held, s.keyed_hash),
        "written": written_parts(update.body),
        # What the hash of the content does not hold: nobody can tell by it whether such a change arrived.
        "beyond": "Reference" in update.body or any(each.what in ("tracking", "product") for each in seen.differences),
    }
    return {
        **_common(update, both.crm, both.customer.account_id),
        "sent": parts,
        "rows": rows,
        "wanted": wanted,
        **more,
    }


def _common(decision: Create | Update, crm: CrmInvoice, account_id: str) -> dict[str, Any]:
    return {
        "digest": decision.digest,
        "total": str(decision.total),
        "crm_total": str(crm.grand_total),
        "account": account_id,
    }


def known_line(pair: Pair) -> str | None:
    """The line that stays; None for one that is new."""
    return None if pair.xero is None or is_replaced(pair) else pair.xero.line_id


def written_parts(body: Mapping[str, object]) -> list[str]:
    """Which parts of Xero's content a change writes over."""
    return [part for part, key in PART_KEYS.items() if key in body]


def contact_id(contact: UseContact | NewContact) -> str | None:
    return contact.contact_id if isinstance(contact, UseContact) else None


def row_key(line: Line) -> str:
    return line.row_id or str(line.position)


def after_write(s: Services, intent: Intent, held: XeroInvoice, *, ours: bool) -> dict[str, Any]:
    """What to keep of an invoice that we wrote. `ours`: this is Xero's own answer to the write, so whatever it says is
    how we left it; an invoice that was found later counts as left so only while it holds what was sent."""
    if "sent" not in intent:
        return {}
    present = answer_parts(held, s.keyed_hash)
    if ours and present is not None:
        present = as_we_left_it(intent, present)
    elif not is_as_wanted(s, intent, held):
        present = None
    return {
        "sent_digest": s.keyed_hash(intent["digest"]),
        "sent_parts": intent["sent"],
        "answer_parts": present,
        "line_ids": line_ids(intent["rows"], held),
        "kept_digest": None,
        "crm_changed": False,
    }


def as_we_left_it(intent: Intent, present: Mapping[str, object]) -> dict[str, object]:
    """What a change did not write over counts as it was read before: where the answer shows it otherwise, somebody else
    wrote in between."""
    before = intent.get("before")
    if before is None:
        return dict(present)
    kept = {name: value for name, value in before.items() if name not in intent["written"]}
    return {**present, **kept}


def is_as_wanted(s: Services, intent: Intent, held: XeroInvoice) -> bool:
    """Whether Xero holds what was to be written. Where no due date was sent, Xero's own counts for nothing."""
    hashes = (held_hash(held, s.keyed_hash), held_hash(held, s.keyed_hash, due_date=False))
    return held.lines is not None and intent.get("wanted") in hashes


def line_ids(rows: Iterable[Sequence[str | None]], held: XeroInvoice) -> dict[str, str]:
    """CRM row id -> LineItemID. Lines that had no id yet got theirs in the order in which they were sent (X6.8)."""
    pairs = list(rows)
    present = [line.line_id for line in held.lines or ()]
    known = {str(row): line for row, line in pairs if line and line in present}
    fresh = [line for line in present if line not in known.values()]
    new = [str(row) for row, line in pairs if not line]
    return {**known, **(dict(zip(new, fresh, strict=True)) if len(new) == len(fresh) else {})}


def as_agreed(s: Services, both: Both, digest: str) -> dict[str, Any]:
    """CRM and Xero say the same: from here on that is what we last left there, whoever wrote it."""
    pairs = compare(both).pairs
    return {
        "sent_digest": s.keyed_hash(digest),
        "sent_parts": sent_parts(both.crm, both.draft, both.customer.account_id, s.keyed_hash),
        "answer_parts": answer_parts(both.held, s.keyed_hash),
        "line_ids": {row_key(pair.crm): pair.xero.line_id for pair in pairs if pair.crm and pair.xero},
        "kept_digest": None,
        "crm_changed": False,
    }
