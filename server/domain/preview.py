"""What does a person see before anything is sent? A decision as the JSON of our API; money as decimal text."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
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
from server.domain.locks import payment_word
from server.domain.money import ROW, Line, cents, trimmed
from server.domain.reasons import FIELD_LABELS, SETTING_LABELS, Reason
from server.domain.taxes import HEADER_TAX, INCLUSIVE
from server.domain.values import Books
from server.domain.xero_invoice import XeroInvoice

Json = dict[str, object]


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
        "date": _day(crm.date),
        "due_date": _day(draft.due_date if draft else crm.due_date),
        "amounts": "inclusive" if draft and draft.way == INCLUSIVE else "exclusive",
        "reference": draft.reference if draft else None,
        "rate": _plain(draft.rate) if draft and draft.rate else None,
        "rounding": _money(draft.rounding) if draft else None,
        "new_products": [code for code, _ in draft.new_products] if draft else [],
        "currency": draft.currency if draft else crm.currency or books.base_currency,
        "lines": [_line(line, books) for line in draft.lines] if draft else [],
        "totals": _totals(draft, crm, books) if draft else None,
        "held": _held(held, books) if held else None,
        "removal": decision.status if isinstance(decision, Remove) else None,
        "differences": [difference_json(each) for each in differences_in(decision)],
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
    return None


def differences_in(decision: Decision) -> tuple[Difference, ...]:
    match decision:
        case Locked(differences=several):
            return several
        case Update(seen=seen):
            return seen.differences
        case Conflict(seen=seen):
            return (*seen.differences, *seen.only_in_xero)
    return ()


def difference_json(each: Difference) -> Json:
    return {
        "part": each.part,
        "line": each.line,
        "name": each.name,
        "what": each.what,
        "kind": each.kind,
        "crm": _value(each.kind, each.crm),
        "xero": _value(each.kind, each.xero),
        "by": each.by,
    }


def _value(kind: str, value: Decimal | str | None) -> str | None:
    if isinstance(value, Decimal):
        return _money(value) if kind == "money" else _plain(value)
    return value


def _held(held: XeroInvoice, books: Books) -> Json:
    return {
        "number": held.number,
        "status": held.status,
        "total": _money(held.total),
        "due": _money(held.due),
        "currency": held.currency,
        "payment_status": payment_word(held.status, held.paid, held.credited, held.due_date, books.today),
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
        "account": line.account,
        "account_name": account.name if account else None,
        "quantity": _plain(line.quantity),
        "price": _money(line.price),
        "discount": _money(line.discount) if line.discount else None,
        "tax": rate.name if rate else line.tax_type,
        "tax_type": line.tax_type,
        "amount": _money(line.amount),
        "product_code": line.product_code,
        "tracking": [{"category": name, "option": option} for name, option in line.tracking or ()],
    }


def _totals(draft: Draft, crm: CrmInvoice, books: Books) -> Json:
    crm_tax = _crm_tax(draft, crm)
    net = crm.grand_total - crm_tax if crm.grand_total is not None else None
    xero = draft.totals if draft.complete else None
    return {
        "crm": {"subtotal": _money(net), "tax": _money(crm_tax), "total": _money(crm.grand_total)},
        "xero": {
            "subtotal": _money(xero.subtotal) if xero else None,
            "tax": _money(xero.tax) if xero else None,
            "total": _money(xero.total) if xero else None,
        },
        "taxes": _taxes(draft, crm, books),
    }


def _crm_tax(draft: Draft, crm: CrmInvoice) -> Decimal:
    """What CRM counts as tax; of prices that hold it CRM knows nothing, and Xero's share is as good."""
    if draft.way == INCLUSIVE:
        return draft.totals.tax
    return sum((row.tax for row in crm.rows), Decimal("0.00")) + crm.tax


def _taxes(draft: Draft, crm: CrmInvoice, books: Books) -> list[Json]:
    by_type: dict[str, list[Line]] = defaultdict(list)
    for line in draft.lines:
        by_type[line.tax_type].append(line)
    return [_tax(tax_type, lines, draft, crm, books) for tax_type, lines in by_type.items()]


def _tax(tax_type: str, lines: list[Line], draft: Draft, crm: CrmInvoice, books: Books) -> Json:
    """A tax on the whole invoice belongs to the type of its rows."""
    rate = books.tax_rate(tax_type)
    counted = sum((line.crm_tax for line in lines), Decimal(0))
    if draft.way == HEADER_TAX and any(line.part == ROW for line in lines):
        counted += crm.tax
    if draft.way == INCLUSIVE:
        counted = sum((line.tax for line in lines), Decimal(0))
    return {
        "name": rate.name if rate else tax_type,
        "rate": _plain(lines[0].tax_rate),
        "net": _money(sum((line.net for line in lines), Decimal(0))),
        "crm": _money(counted),
        "xero": _money(sum((line.tax for line in lines), Decimal(0))),
    }


def _money(amount: Decimal | None) -> str | None:
    """Two decimals at the least, more only where there are more."""
    if amount is None:
        return None
    return f"{amount:.2f}" if amount == cents(amount) else f"{trimmed(amount):f}"


def _plain(amount: Decimal) -> str:
    return f"{trimmed(amount):f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
