"""In what do CRM and Xero differ? Both sides of every part that is not the same, and who changed it since the push."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from server.domain.content import (
    LINES,
    LinkedState,
    Touched,
    answer_parts,
    discount_of,
    same_line,
    same_text,
    sent_parts,
    touched_since,
    tracked_elsewhere,
    withdrawn,
)
from server.domain.crm_invoice import CrmInvoice
from server.domain.customer import NewContact, UseContact
from server.domain.draft import Draft
from server.domain.money import ROW, Line, cents, trimmed
from server.domain.values import Books
from server.domain.xero_invoice import XeroInvoice, XeroLine

Value = str | Decimal | None
RANKS = {"DRAFT": 0, "SUBMITTED": 1, "AUTHORISED": 2, "PAID": 3}


@dataclass(frozen=True)
class Difference:
    """One thing that the two sides say otherwise. kind: how its values are shown (text, money, number, day, status,
    account, tax). what: of a line, its field, or added (only in CRM), removed (only in Xero)."""

    part: str
    kind: str
    crm: Value
    xero: Value
    by: str | None = None
    line: int | None = None
    name: str | None = None
    what: str | None = None


@dataclass(frozen=True)
class Pair:
    """A line of CRM's and the line of Xero's that came from it; None where there is none on that side."""

    crm: Line | None
    xero: XeroLine | None


@dataclass(frozen=True)
class Comparison:
    """CRM's invoice beside Xero's. `touched`: what was changed in Xero since our last answer; `differences`: what a
    push would change there; `only_in_xero`: corrections to what CRM has no word for (tracking, a tax amount)."""

    differences: tuple[Difference, ...]
    only_in_xero: tuple[Difference, ...]
    pairs: tuple[Pair, ...]
    touched: Touched

    @property
    def lines_differ(self) -> bool:
        return any(each.part == "line" for each in self.differences)

    def differs_in(self, part: str) -> bool:
        return any(each.part == part for each in self.differences)


@dataclass(frozen=True)
class Both:
    """The two sides with what is remembered of them."""

    crm: CrmInvoice
    draft: Draft
    customer: UseContact | NewContact
    held: XeroInvoice
    books: Books
    link: LinkedState


def compare(both: Both) -> Comparison:
    """Never raises. Lines are compared where both sides' are known."""
    held = answer_parts(both.held, both.link.hashed)
    touched = touched_since(both.link.answer_parts, held)
    wanted = sent_parts(both.crm, both.draft, both.customer.account_id, both.link.hashed)
    mine = touched_since(both.link.sent_parts, wanted)
    who = _Who(mine, touched, _lines_of(both.link.sent_parts), _lines_of(both.link.answer_parts))
    lines = [withdrawn(line, both.link.sent_parts, both.link.hashed) for line in both.draft.lines]
    pairs = tuple(pair_up(lines, both.held.lines or (), both.link.line_ids))
    known = both.held.lines is not None
    found = [*_header(both, who), *(_lines(pairs, both.books, who) if known else ())]
    same_way = both.held.amount_types == both.draft.amount_types
    more = tuple(_only_in_xero(pairs, who, same_way=same_way)) if known else ()
    return Comparison(tuple(found), more, pairs, touched)


@dataclass(frozen=True)
class _Who:
    crm: Touched
    xero: Touched
    sent: frozenset[str] | None
    answered: frozenset[str] | None

    def of(self, part: str) -> str | None:
        return self._word(part in self.crm.parts, part in self.xero.parts)

    def of_line(self, row: str, line: str) -> str | None:
        return self._word(row in self.crm.lines, line in self.xero.lines)

    def of_gone(self, line: str) -> str | None:
        """A line that only Xero has: put there by the bookkeeper, else taken out in CRM, perhaps after a correction."""
        return self._word(line in (self.answered or ()), line in self.xero.lines)

    def of_new(self, row: str) -> str | None:
        """A line that only CRM has: put there since, else taken out by the bookkeeper, perhaps beside a change."""
        return self._word(row in self.crm.lines, row in (self.sent or ()))

    def _word(self, crm: bool, xero: bool) -> str | None:
        if self.sent is None or self.answered is None:
            return None
        return {(True, True): "both", (True, False): "crm", (False, True): "xero"}.get((crm, xero))


def _lines_of(parts: Mapping[str, object] | None) -> frozenset[str] | None:
    """Which lines were remembered; None where nothing is."""
    lines = (parts or {}).get(LINES)
    return frozenset(map(str, lines)) if isinstance(lines, Mapping) else None


def _header(both: Both, who: _Who) -> Iterator[Difference]:
    crm, draft, held, customer = both.crm, both.draft, both.held, both.customer
    if number_moved(both) and draft.number != held.number:
        yield Difference("number", "text", draft.number, held.number, who.of("number"))
    if RANKS.get(draft.status or "", 0) > RANKS.get(held.status, 9) and status_moved(both):
        yield Difference("status", "status", draft.status, held.status, "crm")
    if isinstance(customer, NewContact) or customer.contact_id != held.contact_id:
        yield Difference("customer", "text", customer.name, held.contact_name, who.of("customer"))
    if crm.date is not None and crm.date != held.date:
        yield Difference("date", "day", str(crm.date), _day(held.date), who.of("date"))
    if draft.due_date is not None and draft.due_date != held.due_date:
        yield Difference("due_date", "day", str(draft.due_date), _day(held.due_date), who.of("due_date"))
    if held.currency and draft.currency != held.currency:
        yield Difference("currency", "text", draft.currency, held.currency, who.of("currency"))
    if reference_moved(both) and same_text(draft.reference) != same_text(held.reference):
        yield Difference("reference", "text", draft.reference or None, held.reference or None, who.of("reference"))
    wanted = draft.amount_types
    if held.amount_types != wanted:
        words = (AMOUNT_WORDS[wanted], AMOUNT_WORDS.get(held.amount_types))
        yield Difference("amounts", "text", *words, who.of("amounts"))


AMOUNT_WORDS = {"Exclusive": "Tax exclusive", "Inclusive": "Tax inclusive", "NoTax": "No tax"}


def number_moved(both: Both) -> bool:
    """Whether CRM gives another number than it gave with the last push; a renumbering in Xero alone is respected, and
    so is a number that Xero gave while numbers were left to it."""
    if both.draft.number is None or both.link.sent_parts is None:
        return False
    given = both.link.sent_parts.get("number")
    unnumbered = sent_parts(both.crm, replace(both.draft, number=None), "", both.link.hashed)["number"]
    return given != _wanted(both)["number"] and given != unnumbered


def reference_moved(both: Both) -> bool:
    """Whether CRM has a say in the reference. A field that is empty now has one only where it was filled with the last
    push: what a bookkeeper wrote there is not taken away."""
    if both.draft.reference:
        return True
    if both.draft.reference is None or both.link.sent_parts is None:
        return False
    blank = {_parts_with(both, reference)["reference"] for reference in (None, "")}
    return both.link.sent_parts.get("reference") not in (None, *blank)


def _parts_with(both: Both, reference: str | None) -> Mapping[str, object]:
    return sent_parts(both.crm, replace(both.draft, reference=reference), "", both.link.hashed)


def status_moved(both: Both) -> bool:
    """Whether CRM says more now than with the last push; a draft that the bookkeeper took back stays taken back."""
    sent = both.link.sent_parts
    return sent is None or sent.get("status") != _wanted(both)["status"]


def _wanted(both: Both) -> Mapping[str, object]:
    return sent_parts(both.crm, both.draft, both.customer.account_id, both.link.hashed)


def pair_up(lines: Sequence[Line], held: Sequence[XeroLine], line_ids: Mapping[str, str]) -> Iterator[Pair]:
    """By the LineItemID that the row got; where no row is known any more, by place, whether or not a line of ours, like
    its discount, still is. Xero's own lines come last."""
    by_id = {line.line_id: line for line in held}
    named = [(line.position, line_ids.get(_row(line), "")) for line in lines]
    known = {position: by_id[line_id] for position, line_id in named if line_id in by_id}
    if not any(line.part == ROW and line.position in known for line in lines):
        found = {xero.line_id for xero in known.values()}
        left = [line.position for line in lines if line.position not in known]
        free = [xero for xero in held if xero.line_id not in found]
        known |= dict(zip(left, free, strict=False))
    for line in lines:
        yield Pair(line, known.get(line.position))
    taken = {line.line_id for line in known.values()}
    for xero in held:
        if xero.line_id not in taken:
            yield Pair(None, xero)


def _lines(pairs: Sequence[Pair], books: Books, who: _Who) -> Iterator[Difference]:
    for place, pair in enumerate(pairs, 1):
        if pair.crm is None and pair.xero is not None:
            by, name = who.of_gone(pair.xero.line_id), first_line(pair.xero.text)
            yield Difference("line", "money", None, cents(pair.xero.amount), by, place, name, "removed")
        elif pair.crm is not None and pair.xero is None:
            line = pair.crm
            by, name = who.of_new(_row(line)), first_line(line.text)
            yield Difference("line", "money", line.amount, None, by, line.position, name, "added")
        elif pair.crm is not None and pair.xero is not None:
            yield from _line(pair.crm, pair.xero, books, who.of_line(_row(pair.crm), pair.xero.line_id))


def _line(line: Line, held: XeroLine, books: Books, by: str | None) -> Iterator[Difference]:
    if same_line(line, held):
        return
    sides: tuple[tuple[str, str, Value, Value], ...] = (
        ("text", "text", same_text(line.text), same_text(held.text)),
        ("quantity", "number", trimmed(line.quantity), trimmed(held.quantity)),
        ("price", "money", trimmed(line.price), trimmed(held.price)),
        ("discount", "money", cents(line.discount), discount_of(held)),
        ("account", "account", line.account, held.account or ""),
        ("tax", "tax", line.tax_type, held.tax_type or ""),
        *_told(line, held),
    )
    for what, kind, crm, xero in sides:
        if crm != xero:
            shown = (_named(kind, crm, books), _named(kind, xero, books))
            yield Difference("line", kind, *shown, by, line.position, first_line(line.text), what)


def _told(line: Line, held: XeroLine) -> Iterator[tuple[str, str, Value, Value]]:
    """What CRM says of a line only where the tenant has a rule for it."""
    if line.product_code or (line.product_code == "" and held.product_code):
        yield "product", "text", line.product_code or None, held.product_code
    if line.tracking:
        elsewhere = tracked_elsewhere(line, held)
        yield (
            "tracking",
            "text",
            _options(line.tracking),
            _options([each for each in held.pairs if each not in elsewhere]),
        )


def _options(pairs: Sequence[tuple[str, str]]) -> str | None:
    return ", ".join(f"{name}: {option}" for name, option in sorted(pairs) if option) or None


def _only_in_xero(pairs: Sequence[Pair], who: _Who, *, same_way: bool) -> Iterator[Difference]:
    """What a bookkeeper put on a line that CRM says nothing of: shown beside the rest, never sent over. A corrected tax
    is one only where both sides count the tax in the same way."""
    for pair in pairs:
        line, held = pair.crm, pair.xero
        if line is None or held is None or held.line_id not in who.xero.lines:
            continue
        name, at = first_line(line.text), line.position
        if elsewhere := tracked_elsewhere(line, held):
            yield Difference("line", "text", None, _options(elsewhere), "xero", at, name, "tracking")
        if held.product_code and not line.product_code:
            yield Difference("line", "text", None, held.product_code, "xero", at, name, "product")
        same_base = (line.amount, line.tax_type) == (held.amount, held.tax_type)
        if same_way and same_base and cents(held.tax) != line.tax:
            yield Difference("line", "money", line.tax, cents(held.tax), "xero", at, name, "tax")


def _row(line: Line) -> str:
    return line.row_id or str(line.position)


def _named(kind: str, value: Value, books: Books) -> Value:
    """Accounts and rates by the names that people know them by."""
    if kind == "account":
        account = books.account(str(value))
        return f"{account.code} {account.name}" if account else value
    if kind == "tax":
        rate = books.tax_rate(str(value))
        return rate.name if rate else value
    return value


def first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _day(day: object) -> str | None:
    return None if day is None else str(day)
