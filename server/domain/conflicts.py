"""Would a push go over something of the bookkeeper's, or approve another total than CRM's? (promises 2 and 3)"""

from __future__ import annotations

from server.domain.changes import total_left
from server.domain.differences import Both, Comparison
from server.domain.reasons import Reason
from server.domain.rounding import totals_apart


def in_conflict(both: Both, seen: Comparison) -> bool:
    """Whether it would go over something that is not as we last left it. A renumbering alone is no content, and
    approving writes over nothing."""
    return _counts(both, seen) and any(each.part != "status" for each in seen.differences)


def _counts(both: Both, seen: Comparison) -> bool:
    """What CRM has no say in counts only where a push would write over it."""
    ruled = {"number", "reference"} | ({"due_date"} if both.draft.due_is_worked_out else set())
    parts = seen.touched.parts - {part for part in ruled if not seen.differs_in(part)}
    return seen.touched.unknown or bool(parts) or bool(seen.touched.lines) or _theirs(both, seen)


def _theirs(both: Both, seen: Comparison) -> bool:
    """A reference from before references were remembered: we never wrote one then."""
    forgotten = "reference" not in (both.link.answer_parts or {"reference": None})
    return forgotten and bool(both.held.reference) and seen.differs_in("reference")


def agree(both: Both, seen: Comparison) -> bool:
    """Whether this is a state that both sides can be said to have left: lines are known, and nothing of the
    bookkeeper's stands against CRM's, or where CRM may get a word later."""
    lines = both.draft.lines
    against = {"tax", *(["tracking"] if any(line.tracking is not None for line in lines) else [])}
    against |= {"product"} if any(line.product_code is not None for line in lines) else set()
    unsaid = both.draft.reference == "" and bool(both.held.reference) and "reference" in seen.touched.parts
    return both.held.lines is not None and not unsaid and not any(each.what in against for each in seen.only_in_xero)


def approved_apart(both: Both, seen: Comparison) -> Reason | None:
    """Nothing is approved at another total than CRM's, as with a tax that the bookkeeper corrected."""
    if both.draft.status != "AUTHORISED" or not seen.differs_in("status") or both.held.total is None:
        return None
    wanted, left = both.draft.totals.total, total_left(both, seen)
    return totals_apart(both.draft.currency, wanted, left, "the tax") if left != wanted else None
