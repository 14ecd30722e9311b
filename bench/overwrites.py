"""Was anything of the bookkeeper's written over? Counted on the stored documents alone, before and after each push."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Doc = dict[str, Any]
PARTS = {"customer": "ContactID", "date": "Date", "due_date": "DueDate", "currency": "CurrencyCode"}
LINE = (
    "Description",
    "Quantity",
    "UnitAmount",
    "DiscountAmount",
    "DiscountRate",
    "AccountCode",
    "TaxType",
    "TaxAmount",
)
AGREED = ("created", "updated", "unchanged")


@dataclass(frozen=True)
class Content:
    """What a bookkeeper may correct on one invoice, and its number."""

    number: str
    status: str
    parts: dict[str, Any]
    lines: dict[str, tuple[str, ...]]


@dataclass
class Count:
    """The figures of a run; the first cases are kept to be looked at."""

    edits: int = 0
    pushes: int = 0
    updates_applied: int = 0
    conflicts_reported: int = 0
    false_conflicts: int = 0
    silent_overwrites: int = 0
    cases: list[Doc] = field(default_factory=list)


@dataclass
class Watched:
    """One invoice: how it was when both sides last agreed, and whether CRM has changed its number since."""

    agreed: Content
    number_given: bool = False


@dataclass(frozen=True)
class Pushed:
    """One push of it: the store before and after, how it ended, and what a person had chosen."""

    before: Content
    after: Content
    outcome: str
    kept: bool = False
    choice: str | None = None


def content_of(doc: Doc) -> Content:
    """From the simulator's own copy of an invoice."""
    lines = {line["LineItemID"]: tuple(str(line.get(name)) for name in LINE) for line in doc["Lines"]}
    parts = {name: doc.get(key) for name, key in PARTS.items()}
    return Content(str(doc["InvoiceNumber"]), str(doc["Status"]), parts, lines)


def judge(count: Count, watched: Watched, push: Pushed) -> None:
    """Add one push to the figures."""
    corrected = touched(watched.agreed, push.before)
    lost = [] if push.choice == "send_crm" else gone(watched, push, corrected)
    count.pushes += 1
    count.updates_applied += push.after != push.before
    count.conflicts_reported += push.outcome == "conflict"
    two_numbers = watched.number_given and push.before.number != watched.agreed.number
    false = push.outcome == "conflict" and not corrected and not two_numbers
    count.false_conflicts += false
    count.silent_overwrites += bool(lost)
    if (false or lost) and len(count.cases) < 5:
        count.cases.append({"lost": lost, "agreed": watched.agreed, "push": push})
    if push.outcome in AGREED and not push.kept:
        watched.agreed, watched.number_given = push.after, False


def touched(agreed: Content, present: Content) -> list[str]:
    """Parts and lines that are not as they were left; a renumbering is no content."""
    parts = [name for name in PARTS if agreed.parts[name] != present.parts[name]]
    ids = {*agreed.lines, *present.lines}
    return parts + sorted(line for line in ids if agreed.lines.get(line) != present.lines.get(line))


def gone(watched: Watched, push: Pushed, corrected: list[str]) -> list[str]:
    """The bookkeeper's corrections that the push undid."""
    before, after = push.before, push.after
    lost = [part for part in corrected if part in PARTS and after.parts[part] != before.parts[part]]
    lines = [line for line in corrected if line not in PARTS]
    lost += [line for line in lines if line in before.lines and after.lines.get(line) != before.lines[line]]
    removed = {watched.agreed.lines[line][0] for line in lines if line not in before.lines}
    came = {values[0] for line, values in after.lines.items() if line not in before.lines}
    lost += [f"removed line came back: {text}" for text in sorted(removed & came)]
    renumbered = before.number != watched.agreed.number and not watched.number_given
    return lost + (["number"] if renumbered and after.number != before.number else [])
