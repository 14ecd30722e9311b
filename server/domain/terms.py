"""When is an invoice due by a customer's terms? Calendar days, never converted."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.fields import mapping, number

KINDS = ("DAYSAFTERBILLDATE", "DAYSAFTERBILLMONTH", "OFCURRENTMONTH", "OFFOLLOWINGMONTH")
MOST_DAYS = 3650


@dataclass(frozen=True)
class Terms:
    """Xero's payment terms: so many days on, or a day of the month."""

    day: int
    kind: str


def sales_terms(doc: Mapping[str, object]) -> Terms | None:
    """The terms for sales of a contact's or an organisation's document; None where it has none that we know."""
    sales = mapping(mapping(doc.get("PaymentTerms")).get("Sales"))
    day, kind = number(sales.get("Day")), sales.get("Type")
    if day is None or day != int(day) or not 0 <= day <= MOST_DAYS or kind not in KINDS:
        return None
    return Terms(int(day), str(kind))


def due_by(terms: Terms, dated: date) -> date | None:
    """The due date of an invoice of that day; None beyond the calendar's end."""
    try:
        match terms.kind:
            case "DAYSAFTERBILLDATE":
                return dated + timedelta(days=terms.day)
            case "DAYSAFTERBILLMONTH":
                return _in_month(dated, 31) + timedelta(days=terms.day)
            case "OFCURRENTMONTH":
                return _in_month(dated, terms.day)
        return _in_month(_in_month(dated, 31) + timedelta(days=1), terms.day)
    except OverflowError:
        return None


def _in_month(dated: date, day: int) -> date:
    """That day of the month; its last one where it has not so many."""
    last = calendar.monthrange(dated.year, dated.month)[1]
    return dated.replace(day=min(max(day, 1), last))
