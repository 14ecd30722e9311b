"""Was anything of the bookkeeper's written over? Counted on the stored documents alone, before and after each push."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Doc = dict[str, Any]
PARTS = {
    "customer": "ContactID",
    "date": "Date",
    "due_date": "DueDate",
    "currency": "CurrencyCode",
    "amounts": "LineAmountTypes",
}
TEXTS = ("Description", "AccountCode", "TaxType")
NUMBERS = ("Quantity", "UnitAmount", "DiscountAmount", "DiscountRate", "LineAmount", "TaxAmount")
OWN = ("Tracking", "ItemCode")  # what of a line only Xero has a word for
RANKS = {"DRAFT": 0, "SUBMITTED": 1, "AUTHORISED": 2, "PAID": 3}
RATES = {"OUTPUT": Decimal("0.1"), "EXEMPTOUTPUT": Decimal(0)}  # of those that are used here
AGREED = ("created", "updated", "unchanged")
MOST_CASES = 5


@dataclass(frozen=True)
class Content:
    """What a bookkeeper may correct on one invoice; its number and status beside it."""

    number: str
    status: str
    parts: dict[str, str]
    lines: dict[str, dict[str, str]]


@dataclass
class Watched:
    """One invoice: how both sides left it when they last agreed, how it was last seen, and who edited what since.
    `asked`: what each of CRM's edits may change in Xero: a part, or one line ("lines")."""

    agreed: Content
    seen: Content
    asked: list[str] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Pushed:
    """One push of it: the store before and after, how it ended, and what a person had chosen on exactly `before`."""

    before: Content
    after: Content
    outcome: str
    kept: bool = False
    choice: str | None = None


@dataclass
class Count:
    """The figures of a run; the first cases are kept to be looked at. strays: changes that came between pushes."""

    edits: int = 0
    pushes: int = 0
    updates_applied: int = 0
    conflicts_reported: int = 0
    false_conflicts: int = 0
    silent_overwrites: int = 0
    strays: int = 0
    cases: list[Doc] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)


def content_of(doc: Doc) -> Content:
    """From the simulator's own copy of an invoice; numbers in one form, however they were written."""
    parts = {name: str(doc.get(key)) for name, key in PARTS.items()}
    lines = {line["LineItemID"]: _line(line) for line in doc["Lines"]}
    return Content(str(doc["InvoiceNumber"]), str(doc["Status"]), parts, lines)


def _line(line: Doc) -> dict[str, str]:
    texts = {name: str(line.get(name)) for name in TEXTS}
    numbers = {name: f"{Decimal(line.get(name) or 0):.4f}" for name in NUMBERS}
    return texts | numbers | {name: json.dumps(line.get(name) or None, sort_keys=True) for name in OWN}


def judge(count: Count, watched: Watched, push: Pushed) -> None:
    """Add one push to the figures."""
    before = push.before
    false = push.outcome == "conflict" and not corrected(watched, before)
    lost = own_lost(push) if push.choice == "send_crm" else gone(watched, push)
    count.pushes += 1
    count.updates_applied += push.after != before
    count.conflicts_reported += push.outcome == "conflict"
    count.false_conflicts += false
    count.silent_overwrites += bool(lost)
    count.outcomes[push.outcome] = count.outcomes.get(push.outcome, 0) + 1
    if false or lost:
        _remember(count, watched, push, ["false conflict"] if false else lost)
    watched.seen = push.after
    if push.outcome in AGREED and not push.kept and not (push.outcome == "unchanged" and _own_tax(watched, push.after)):
        watched.agreed, watched.asked, watched.edits = push.after, [], []


def stray(count: Count, watched: Watched, present: Content) -> None:
    """Whatever changed since it was last seen was done by nobody whom we know of."""
    if present == watched.seen:
        return
    count.strays += 1
    _remember(count, watched, Pushed(watched.seen, present, "between pushes"), ["nobody did this"])
    watched.seen = present


def _remember(count: Count, watched: Watched, push: Pushed, wrong: list[str]) -> None:
    if len(count.cases) < MOST_CASES:
        how = {"wrong": wrong, "edits": list(watched.edits)}
        count.cases.append({**how, **asdict(push), "agreed": asdict(watched.agreed)})


def corrected(watched: Watched, before: Content) -> list[str]:
    """The bookkeeper's content edits that stand against a push; a renumbering, where CRM gives another number too."""
    renumbered = before.number != watched.agreed.number and "number" in watched.asked
    return touched(watched.agreed, before) + (["number"] if renumbered else [])


def touched(agreed: Content, present: Content) -> list[str]:
    """Parts and lines that are not as they were left."""
    parts = [name for name in PARTS if agreed.parts[name] != present.parts[name]]
    ids = {*agreed.lines, *present.lines}
    return parts + sorted(line for line in ids if agreed.lines.get(line) != present.lines.get(line))


def _own_tax(watched: Watched, present: Content) -> bool:
    """Whether a tax that the bookkeeper corrected since stands against what CRM's rate comes to: the totals differ, so
    that nothing to send is no agreement."""
    lines = [present.lines[mark] for mark in touched(watched.agreed, present) if mark in present.lines]
    return any(Decimal(line["TaxAmount"]) != _tax(line) for line in lines)


def _tax(line: dict[str, str]) -> Decimal:
    whole = Decimal(line["LineAmount"]) * RATES.get(line["TaxType"], Decimal(0))
    return whole.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def gone(watched: Watched, push: Pushed) -> list[str]:
    """What a push without a choice undid of the bookkeeper's corrections, or changed though nobody asked in CRM."""
    before, after = push.before, push.after
    marks = touched(watched.agreed, before)
    lost = [part for part in PARTS if _moved(part, before, after) and (part in marks or part not in watched.asked)]
    lost += _lines_lost(watched, push, [mark for mark in marks if mark not in PARTS])
    if before.number != after.number and (before.number != watched.agreed.number or "number" not in watched.asked):
        lost.append("number")
    lowered = RANKS.get(after.status, 9) < RANKS.get(before.status, 9)
    if lowered or (after.status != before.status and "status" not in watched.asked):
        lost.append("status")
    return lost + own_lost(push)


def _moved(part: str, before: Content, after: Content) -> bool:
    return before.parts[part] != after.parts[part]


def _lines_lost(watched: Watched, push: Pushed, marks: list[str]) -> list[str]:
    before, after = push.before.lines, push.after.lines
    moved = _lines_moved(before, after)
    more = [f"{moved} lines changed, asked by CRM: {asked}"] if moved > (asked := watched.asked.count("lines")) else []
    lost = more + [f"line {mark}" for mark in marks if mark in before and after.get(mark) != before[mark]]
    removed = {watched.agreed.lines[mark]["Description"] for mark in marks if mark not in before}
    came = {line["Description"] for mark, line in after.items() if mark not in before}
    return lost + [f"the removed line {text} came back" for text in sorted(removed & came)]


def _lines_moved(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> int:
    """A line that takes another's place is one change."""
    changed = sum(before[mark] != after[mark] for mark in before.keys() & after.keys())
    return changed + max(len(before.keys() - after.keys()), len(after.keys() - before.keys()))


def own_lost(push: Pushed) -> list[str]:
    """Tracking and products on lines that stay: not even a person's choice of CRM's version takes them off."""
    return [
        f"{name} of line {mark}"
        for mark, line in push.before.lines.items()
        for name in OWN
        if mark in push.after.lines and line[name] not in ("null", push.after.lines[mark][name])
    ]
