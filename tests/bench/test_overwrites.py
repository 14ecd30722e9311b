"""Does the count of overwrites see what it is there for? Made-up documents, before and after."""

from __future__ import annotations

from typing import Any

from bench.overwrites import Count, Pushed, Watched, content_of, judge

Doc = dict[str, Any]


def doc(*lines: Doc, **more: Any) -> Doc:
    rows = [
        {"LineItemID": f"l{n}", "Description": f"Line {n}", "UnitAmount": "10", **line} for n, line in enumerate(lines)
    ]
    return {"InvoiceNumber": "N-1", "Status": "DRAFT", "ContactID": "c", "DueDate": "2026-12-01", "Lines": rows, **more}


def judged(agreed: Doc, before: Doc, after: Doc, outcome: str = "updated", **how: Any) -> Count:
    count, watched = Count(), Watched(content_of(agreed))
    judge(count, watched, Pushed(content_of(before), content_of(after), outcome, **how))
    return count


def test_a_corrected_line_that_changes_back_is_counted() -> None:
    """Price corrected to 12 by the bookkeeper, 10 again after the push: silent, unless a person said so."""
    corrected = doc({"UnitAmount": "12"}, {})
    assert judged(doc({}, {}), corrected, doc({}, {})).silent_overwrites == 1
    assert judged(doc({}, {}), corrected, doc({}, {}), choice="send_crm").silent_overwrites == 0
    assert judged(doc({}, {}), corrected, doc({"UnitAmount": "12"}, {"UnitAmount": "9"})).silent_overwrites == 0


def test_a_removed_line_that_comes_back_is_counted() -> None:
    before = doc({})
    after = doc({}, {"LineItemID": "new", "Description": "Line 1"})
    assert judged(doc({}, {}), before, after).silent_overwrites == 1
    assert judged(doc({}), before, after).silent_overwrites == 0


def test_dates_customer_and_number_are_watched() -> None:
    """A number counts unless CRM gave another one itself."""
    for part, value in (("DueDate", "2027-01-01"), ("ContactID", "d"), ("InvoiceNumber", "BK-1")):
        assert judged(doc({}), doc({}, **{part: value}), doc({})).silent_overwrites == 1
    count, watched = Count(), Watched(content_of(doc({})), number_given=True)
    judge(count, watched, Pushed(content_of(doc({}, InvoiceNumber="BK-1")), content_of(doc({})), "updated"))
    assert count.silent_overwrites == 0


def test_a_conflict_without_a_correction_is_false() -> None:
    assert judged(doc({}), doc({}), doc({}), "conflict").false_conflicts == 1
    assert judged(doc({}), doc({}, Status="SUBMITTED"), doc({}, Status="SUBMITTED"), "conflict").false_conflicts == 1
    assert (
        judged(doc({}), doc({}, DueDate="2027-01-01"), doc({}, DueDate="2027-01-01"), "conflict").false_conflicts == 0
    )


def test_two_new_numbers_are_a_true_conflict() -> None:
    """The bookkeeper's alone is none: CRM has nothing to say about it."""
    renumbered = Pushed(
        content_of(doc({}, InvoiceNumber="BK-1")), content_of(doc({}, InvoiceNumber="BK-1")), "conflict"
    )
    for given, false in ((True, 0), (False, 1)):
        count = Count()
        judge(count, Watched(content_of(doc({})), number_given=given), renumbered)
        assert count.false_conflicts == false


def test_agreement_moves_with_pushes_that_end_in_it() -> None:
    """After an update what Xero holds is what was left; after a conflict or a kept one the correction stays one."""
    count, watched = Count(), Watched(content_of(doc({})))
    corrected = content_of(doc({"UnitAmount": "12"}))
    judge(count, watched, Pushed(corrected, corrected, "conflict"))
    judge(count, watched, Pushed(corrected, corrected, "unchanged", kept=True))
    assert watched.agreed != corrected
    judge(count, watched, Pushed(corrected, corrected, "unchanged"))
    assert watched.agreed == corrected
    assert (count.pushes, count.updates_applied, count.conflicts_reported) == (3, 0, 1)
