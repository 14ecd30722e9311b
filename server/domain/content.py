"""What does an invoice in Xero say, as far as it is compared? Its parts, and who has touched them since we left it.

A part is what a bookkeeper may correct: customer, dates, currency, the way of tax, and each line. Payments, status and
the number are no content: they have rules of their own. What is kept of parts are keyed hashes (design 2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from server.domain.crm_invoice import CrmInvoice
from server.domain.draft import Draft
from server.domain.encode import encode
from server.domain.money import Line, cents, product, trimmed
from server.domain.xero_invoice import XeroInvoice, XeroLine

Hash = Callable[[str], str]
Parts = dict[str, object]
LINES = "lines"
SAID = "said"  # of each line, of which of its fields CRM had a word: what it says no more is taken away
SHORT = 24  # hex digits kept of a part's hash: enough to tell versions of one invoice apart
NOTHING = Decimal(0)


@dataclass(frozen=True)
class LinkedState:
    """What we remember of a link, all of it hashed: what was last sent, what Xero last answered, what was kept.

    sent_parts: CRM's parts as last sent ("lines" by CRM row id). answer_parts: Xero's as it last answered ("lines" by
    LineItemID); None where that is not known, as after a restored backup. line_ids: CRM row id -> LineItemID.
    """

    sent_digest: str | None
    hashed: Hash = field(default=lambda digest: digest)
    sent_parts: Mapping[str, object] | None = None
    answer_parts: Mapping[str, object] | None = None
    line_ids: Mapping[str, str] = field(default_factory=dict)
    kept_digest: str | None = None


@dataclass(frozen=True)
class Touched:
    """What was changed since; `unknown`: nobody remembers what it was before."""

    parts: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    unknown: bool = False

    def __bool__(self) -> bool:
        return self.unknown or bool(self.parts) or bool(self.lines)


def answer_parts(held: XeroInvoice, hashed: Hash) -> Parts | None:
    """Hashes of Xero's content; None for a summary, which has no lines."""
    if held.lines is None:
        return None
    plain = {
        "customer": held.contact_id,
        "date": _day(held.date),
        "due_date": _day(held.due_date),
        "currency": held.currency,
        "amounts": held.amount_types,
        "number": held.number,
        "reference": held.reference,
    }
    lines = {line.line_id: _short(hashed, line_in_full(line)) for line in held.lines}
    return {**{name: _short(hashed, value) for name, value in plain.items()}, LINES: lines}


def sent_parts(crm: CrmInvoice, draft: Draft, account_id: str, hashed: Hash) -> Parts:
    """Hashes of what CRM asked for, part by part."""
    plain = {
        "customer": account_id,
        "date": _day(crm.date),
        "due_date": _day(draft.due_date),
        "currency": draft.currency,
        "number": draft.number,
        "status": draft.status,
        "amounts": draft.amount_types,
        "reference": draft.reference,
    }
    lines = {_row(line): _short(hashed, line_asked(line)) for line in draft.lines}
    said = {_row(line): sorted(_short(hashed, each) for each in words_of(line)) for line in draft.lines}
    parts = {name: _short(hashed, value) for name, value in plain.items()}
    return {**parts, LINES: lines, SAID: {row: words for row, words in said.items() if words}}


def words_of(line: Line) -> list[list[str]]:
    """Its product and tracking categories, as far as CRM chose something there."""
    found = [["tracking", category] for category, option in line.tracking or () if option]
    return [*found, ["product"]] if line.product_code else found


def withdrawn(line: Line, before: Mapping[str, object] | None, hashed: Hash) -> Line:
    """The line with those of its blanks only where CRM had a word with the last push: what a bookkeeper filled in
    where CRM never said anything stays."""
    told = (before or {}).get(SAID)
    words = told.get(_row(line), ()) if isinstance(told, Mapping) else ()
    blank = not line.product_code and _short(hashed, ["product"]) not in words
    pairs = [pair for pair in line.tracking or () if pair[1] or _short(hashed, ["tracking", pair[0]]) in words]
    tracking = None if line.tracking is None else tuple(pairs)
    return replace(line, product_code=None if blank else line.product_code, tracking=tracking)


def _row(line: Line) -> str:
    return line.row_id or str(line.position)


def wanted_hash(crm: CrmInvoice, draft: Draft, contact_id: str | None, hashed: Hash) -> str:
    """Stands for the content that an invoice has once it was written; `held_hash` of it is the same then."""
    head = [contact_id, _day(crm.date), _day(draft.due_date), draft.currency, draft.amount_types]
    return _content_hash(head, [line_sent(line) for line in draft.lines], hashed)


def held_hash(held: XeroInvoice, hashed: Hash, *, due_date: bool = True) -> str:
    """What Xero holds, to compare with what was wanted; without its due date where none was sent."""
    due = held.due_date if due_date else None
    head = [held.contact_id, _day(held.date), _day(due), held.currency, held.amount_types]
    return _content_hash(head, [line_held(line) for line in held.lines or ()], hashed)


def _content_hash(head: list[str | None], lines: list[list[object]], hashed: Hash) -> str:
    """Lines in any order: Xero may put a new one elsewhere than we did."""
    ordered = sorted(encode(line).decode() for line in lines)
    return hashed(hashlib.sha256(encode([*head, ordered])).hexdigest())


def touched_since(before: Mapping[str, object] | None, present: Mapping[str, object] | None) -> Touched:
    """Which parts differ, lines that came or went included. A part that was not remembered yet says nothing."""
    if before is None or present is None:
        return Touched(unknown=True)
    plain = present.keys() - {LINES, SAID}
    parts = {name for name in plain if name in before and before[name] != present[name]}
    was, now = before.get(LINES), present.get(LINES)
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        return Touched(unknown=True)
    lines = {str(key) for key in {*was, *now} if was.get(key) != now.get(key)}
    return Touched(frozenset(parts), frozenset(lines))


def line_sent(line: Line) -> list[object]:
    """What of a line goes to Xero, in the form in which it is compared."""
    return [
        same_text(line.text),
        trimmed(line.quantity),
        trimmed(line.price),
        cents(line.discount),
        line.account,
        line.tax_type,
    ]


def line_asked(line: Line) -> list[object]:
    """All that CRM asks of a line: product and tracking where it has a word for them."""
    tracking = None if line.tracking is None else sorted(pair for pair in line.tracking if pair[1])
    told = [line.product_code or None, tracking]
    return [*line_sent(line), *(told if any(each is not None for each in told) else [])]


def line_held(line: XeroLine) -> list[object]:
    """The same of a line that Xero holds."""
    return [
        same_text(line.text),
        trimmed(line.quantity),
        trimmed(line.price),
        discount_of(line),
        line.account or "",
        line.tax_type or "",
    ]


def same_line(line: Line, held: XeroLine) -> bool:
    """Whether Xero's line says all that CRM says of it; product and tracking where CRM has a word for them."""
    return line_sent(line) == line_held(held) and not is_withdrawn(line, held) and _says(line, held)


def _says(line: Line, held: XeroLine) -> bool:
    code = not line.product_code or line.product_code == held.product_code
    return code and {pair for pair in line.tracking or () if pair[1]} <= set(held.pairs)


def is_withdrawn(line: Line, held: XeroLine) -> bool:
    """Whether Xero's line still bears what CRM has taken back; `withdrawn` says which blanks mean that."""
    blanks = {category for category, option in line.tracking or () if not option}
    return bool(line.product_code == "" and held.product_code) or any(category in blanks for category, _ in held.pairs)


def tracked_elsewhere(line: Line, held: XeroLine) -> list[tuple[str, str]]:
    """Xero's tracking in categories that CRM says nothing of: the bookkeeper's own."""
    ours = {category for category, _ in line.tracking or ()}
    return [(category, option) for category, option in held.pairs if category not in ours]


def line_in_full(line: XeroLine) -> list[object]:
    """All of it, also what we never send: an overridden tax, tracking, a product of Xero's."""
    tracking = [[each.name, each.option] for each in line.tracking]
    return [*line_held(line), cents(line.tax), line.product_code, tracking]


def discount_of(line: XeroLine) -> Decimal:
    """The amount taken off; where Xero says a rate only, what it takes off the line."""
    if line.discount:
        return cents(line.discount)
    return cents(product(line.quantity, line.price) - line.amount) if line.discount_rate else cents(NOTHING)


def same_text(text: str | None) -> str:
    """Xero may end lines otherwise; blanks at the ends are nobody's words."""
    return "\n".join(line.rstrip() for line in (text or "").replace("\r\n", "\n").split("\n")).strip()


def _short(hashed: Hash, value: object) -> str:
    return hashed(hashlib.sha256(encode([value])).hexdigest())[:SHORT]


def _day(day: object) -> str | None:
    return None if day is None else str(day)
