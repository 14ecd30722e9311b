"""What does a person see before anything is sent? A decision as the JSON of our API; money as decimal text."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import Customer, NewContact, UseContact
from server.domain.decide import (
    Blocked,
    Conflict,
    Create,
    Decision,
    Keep,
    Locked,
    Remove,
    Unchanged,
    Update,
)
from server.domain.differences import Difference
from server.domain.draft import Draft
from server.domain.linking import Link, Offer
from server.domain.locks import payment_word
from server.domain.money import Line
from server.domain.preview_totals import totals_json
from server.domain.preview_values import Json, day_or_none, money, plain
from server.domain.reasons import FIELD_LABELS, SETTING_LABELS, Reason
from server.domain.taxes import INCLUSIVE
from server.domain.values import Books
from server.domain.xero_invoice import XeroInvoice


def reason_json(reason: Reason) -> Json:
    spec = reason.code.value
    field, setting = reason.field_name, spec.setting
    return {
        "code": reason.name,
        "sentence": reason.sentence,
        "detail": reason.detail,
        "field": field,
        "field_label": None if field is None else FIELD_LABELS.get(field, field.replace("_", " ")),
        "setting": setting,
        "setting_label": None if setting is None else SETTING_LABELS[setting],
        "next_step": reason.next_step,
        "owner": spec.owner,
        "line": reason.line,
        "values": dict(reason.values),
    }


def preview_json(decision: Decision, crm: CrmInvoice, books: Books, at: datetime) -> Json:
    """Lines, customer and totals of both sides, as far as they could be worked out; and where it is in Xero already,
    what Xero holds and in what the two differ.

    Xero's totals are null while a line or a part of the total could not be worked out: half a sum would mislead.
    """
    draft, held = draft_in(decision), held_in(decision)
    return {
        "decision": _word(decision),
        "digest": getattr(decision, "shown", None),
        "number": draft.number if draft else None,
        "customer": _customer(draft.customer, crm) if draft else None,
        "arrives_as": draft.status if draft else None,
        "crm_status": crm.status,
        "date": day_or_none(crm.date),
        "due_date": day_or_none(draft.due_date if draft else crm.due_date),
        "currency": draft.currency if draft else crm.currency or books.base_currency,
        "base_currency": books.base_currency,
        "rate": plain(draft.rate) if draft and draft.rate else None,
        "reference": draft.reference if draft else None,
        "amounts": "inclusive" if draft and draft.way == INCLUSIVE else "exclusive",
        "way": draft.way if draft else None,
        "lines": [_line(line, books) for line in draft.lines] if draft else [],
        "totals": totals_json(draft, crm, books) if draft else None,
        "rounding": money(draft.rounding) if draft else None,
        "new_products": [{"code": code, "name": name} for code, name in draft.new_products] if draft else [],
        "held": _held(held, books) if held else None,
        "removal": decision.status if isinstance(decision, Remove) else None,
        "differences": [
            *[difference_json(each) for each in differences_in(decision)],
            *[difference_json(each, stays=True) for each in only_in_xero(decision)],
        ],
        "found": _found(decision.offer) if isinstance(decision, Blocked) and decision.offer else None,
        "may_unlink": isinstance(decision, Locked) and isinstance(decision.unlink, Create),
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def draft_in(decision: Decision) -> Draft | None:
    """What CRM's side would be in Xero, where it could be worked out."""
    match decision:
        case Create(draft=draft) | Blocked(draft=draft) | Locked(draft=draft):
            return draft
        case Update(both=both) | Conflict(both=both):
            return both.draft
        case Unchanged(both=both) if both is not None:
            return both.draft
    return None


def held_in(decision: Decision) -> XeroInvoice | None:
    """What Xero holds now."""
    match decision:
        case Update(both=both) | Conflict(both=both):
            return both.held
        case Keep(held=held) | Remove(held=held) | Unchanged(held=held) | Locked(held=held) | Blocked(held=held):
            return held
        case Link(held=held):
            return held
    return None


def differences_in(decision: Decision) -> tuple[Difference, ...]:
    match decision:
        case Locked(differences=several):
            return several
        case Update(seen=seen) | Conflict(seen=seen):
            return seen.differences
    return ()


def only_in_xero(decision: Decision) -> tuple[Difference, ...]:
    """What of a conflict no push would change."""
    return decision.seen.only_in_xero if isinstance(decision, Conflict) else ()


def difference_json(each: Difference, *, stays: bool = False) -> Json:
    """`stays`: a push leaves it as it is in Xero."""
    return {
        "part": each.part,
        "line": each.line,
        "name": each.name,
        "what": each.what,
        "kind": each.kind,
        "crm": _value(each.kind, each.crm),
        "xero": _value(each.kind, each.xero),
        "by": each.by,
        "stays": stays,
    }


def _value(kind: str, value: Decimal | str | None) -> str | None:
    if isinstance(value, Decimal):
        return money(value) if kind == "money" else plain(value)
    return value


def _held(held: XeroInvoice, books: Books) -> Json:
    return {
        "number": held.number,
        "status": held.status,
        "total": money(held.total),
        "due": money(held.due),
        "currency": held.currency,
        "payment_status": payment_word(held.status, held.paid, held.credited, held.due_date, books.today),
    }


def _found(offer: Offer) -> Json:
    """What Xero has under this number already. `agrees`: it may be linked."""
    held = offer.held
    return {
        "number": held.number,
        "status": held.status,
        "customer": held.contact_name,
        "date": day_or_none(held.date),
        "total": money(held.total),
        "currency": held.currency,
        "agrees": not offer.apart,
        "differences": [difference_json(each) for each in offer.apart],
    }


def _word(decision: Decision) -> str:
    if isinstance(decision, Unchanged):
        return "kept" if decision.kept else "unchanged"
    words: dict[type[Decision], str] = {
        Create: "create",
        Update: "update",
        Conflict: "conflict",
        Keep: "kept",
        Remove: "remove",
        Locked: "locked",
        Link: "link",
        Blocked: "blocked",
    }
    return words[type(decision)]


def _customer(customer: Customer | None, crm: CrmInvoice) -> Json:
    if isinstance(customer, UseContact):
        return {"name": customer.name, "action": "use", "matched_by": customer.matched_by}
    if isinstance(customer, NewContact):
        return {"name": customer.name, "action": "create", "matched_by": None}
    return {"name": crm.account_name, "action": None, "matched_by": None}


def _line(line: Line, books: Books) -> Json:
    account, rate = books.account(line.account), books.tax_rate(line.tax_type)
    return {
        "position": line.position,
        "part": line.part,
        "text": line.text,
        "code": line.code,
        "product_code": line.product_code or None,
        "tracking": [{"category": name, "option": option} for name, option in line.tracking or () if option],
        "account": line.account,
        "account_name": account.name if account else None,
        "quantity": plain(line.quantity),
        "price": money(line.price),
        "discount": money(line.discount) if line.discount else None,
        "tax": rate.name if rate else line.tax_type,
        "tax_type": line.tax_type,
        "amount": money(line.amount),
    }
