"""Does the count of overwrites see what it is there for? Made-up documents, before and after."""

from __future__ import annotations

from typing import Any

import pytest

from bench.overwrites import MOST_CASES, Content, Count, Pushed, Watched, content_of, judge, stray

Doc = dict[str, Any]
NORTH = [{"Name": "Region", "Option": "North"}]
HEAD = {"InvoiceNumber": "N-1", "Status": "SUBMITTED", "ContactID": "c", "Date": "2026-11-01", "DueDate": "2026-12-01"}


def content(*lines: Doc, **head: Any) -> Content:
    rows = [{"LineItemID": f"l{n}", "Description": f"Line {n}", "UnitAmount": "10"} | x for n, x in enumerate(lines)]
    return content_of({**HEAD, "Lines": rows, **head})


def watched(agreed: Content, *asked: str) -> Watched:
    return Watched(agreed, agreed, list(asked), [f"CRM: {part}" for part in asked])


def judged(
    agreed: Content, before: Content, after: Content, *asked: str, outcome: str = "updated", **how: Any
) -> Count:
    count = Count()
    judge(count, watched(agreed, *asked), Pushed(before, after, outcome, **how))
    return count


PLAIN = content({}, {})
DEARER = content({"UnitAmount": "12"}, {})


def test_a_corrected_line_that_changes_back_is_counted() -> None:
    """Price corrected to 12 by the bookkeeper, 10 again after the push: silent, unless a person said so."""
    assert judged(PLAIN, DEARER, PLAIN, "lines").silent_overwrites == 1
    assert judged(PLAIN, DEARER, PLAIN, "lines", choice="keep_xero").silent_overwrites == 1
    assert judged(PLAIN, DEARER, PLAIN, "lines", choice="send_crm").silent_overwrites == 0


def test_what_crm_asked_for_beside_a_correction_is_no_overwrite() -> None:
    """Each of CRM's line edits may change one line, and none that was corrected."""
    beside = content({"UnitAmount": "12"}, {"UnitAmount": "9"})
    assert judged(PLAIN, DEARER, beside, "lines").silent_overwrites == 0
    assert judged(PLAIN, PLAIN, beside, "lines").silent_overwrites == 1
    assert judged(PLAIN, PLAIN, beside, "lines", "lines").silent_overwrites == 0


def test_a_line_in_the_place_of_another_is_one_change() -> None:
    after = content({}, {"LineItemID": "new"})
    assert judged(PLAIN, PLAIN, after, "lines").silent_overwrites == 0
    assert judged(PLAIN, PLAIN, content({}, {"LineItemID": "new"}, {}), "lines").silent_overwrites == 1


def test_a_removed_line_that_comes_back_is_counted() -> None:
    """The bookkeeper took it out; the push puts a new one with its text there."""
    after = content({}, {"LineItemID": "new", "Description": "Line 1"})
    assert judged(PLAIN, content({}), after, "lines").silent_overwrites == 1
    assert judged(content({}), content({}), after, "lines").silent_overwrites == 0


def test_an_added_line_that_goes_is_counted() -> None:
    assert judged(content({}), PLAIN, content({}), "lines").silent_overwrites == 1


HEADS = [("due_date", "DueDate"), ("date", "Date"), ("customer", "ContactID"), ("number", "InvoiceNumber")]


@pytest.mark.parametrize(("part", "key"), HEADS)
def test_dates_customer_and_number_are_watched(part: str, key: str) -> None:
    """A correction that is undone counts though CRM asked for that part; an uncorrected part only where nobody did."""
    corrected, asked = content({}, **{key: "theirs"}), content({}, **{key: "ours"})
    assert judged(content({}), corrected, asked, part).silent_overwrites == 1
    assert judged(content({}), corrected, content({}), "lines").silent_overwrites == 1
    assert judged(content({}), content({}), asked, part).silent_overwrites == 0
    assert judged(content({}), content({}), asked, "lines").silent_overwrites == 1


def test_a_status_is_never_lowered_and_raised_by_crm_only() -> None:
    lower, higher = content({}, Status="DRAFT"), content({}, Status="AUTHORISED")
    assert judged(content({}), content({}), lower, "status").silent_overwrites == 1
    assert judged(content({}), content({}), higher, "status").silent_overwrites == 0
    assert judged(content({}), content({}), higher, "due_date").silent_overwrites == 1


def test_tracking_and_products_stay_whatever_was_chosen() -> None:
    """CRM has no word for them: sending its version is no reason to take them off a line that stays."""
    for own in ({"Tracking": NORTH}, {"ItemCode": "CALL"}):
        cheaper = content({"UnitAmount": "9"})
        assert judged(content(own), content(own), cheaper, "lines").silent_overwrites == 1
        assert judged(content({}), content(own), cheaper, "lines", choice="send_crm").silent_overwrites == 1
        assert judged(content({}), content(own), content(own | {"UnitAmount": "9"}), "lines", choice="send_crm") == (
            Count(pushes=1, updates_applied=1, outcomes={"updated": 1})
        )


def test_numbers_are_compared_as_numbers() -> None:
    """However the store writes them: what was written otherwise is not changed."""
    assert content({"UnitAmount": "10.0", "DiscountAmount": None}) == content({"UnitAmount": "10", "DiscountAmount": 0})


def test_a_conflict_without_a_correction_is_false() -> None:
    """Approval for example is no content; a renumbering is, where CRM gives another number too."""
    for before, asked, false in (
        (content({}), "due_date", 1),
        (content({}, Status="AUTHORISED"), "due_date", 1),
        (content({}, InvoiceNumber="B-1"), "due_date", 1),
        (content({}, InvoiceNumber="B-1"), "number", 0),
        (content({}, DueDate="2027-01-01"), "due_date", 0),
        (content({"Tracking": NORTH}), "due_date", 0),
        (content({"TaxAmount": "0.01"}), "due_date", 0),
    ):
        count = judged(content({}), before, before, asked, outcome="conflict")
        assert (count.conflicts_reported, count.false_conflicts, count.silent_overwrites) == (1, false, 0)


def test_agreement_moves_with_pushes_that_end_in_it() -> None:
    """After an update what Xero holds is what was left; after a conflict or a kept one the correction stays one."""
    count, mine = Count(), watched(PLAIN, "due_date")
    judge(count, mine, Pushed(DEARER, DEARER, "conflict"))
    judge(count, mine, Pushed(DEARER, DEARER, "unchanged", kept=True))
    assert (mine.agreed, mine.asked, mine.seen) == (PLAIN, ["due_date"], DEARER)
    judge(count, mine, Pushed(DEARER, DEARER, "unchanged"))
    assert (mine.agreed, mine.asked, mine.edits) == (DEARER, [], [])
    assert (count.pushes, count.updates_applied, count.conflicts_reported) == (3, 0, 1)
    assert count.outcomes == {"conflict": 1, "unchanged": 2}


def test_a_corrected_tax_keeps_both_sides_apart() -> None:
    """Nothing to send, and yet the totals differ: the correction still stands against CRM's next change. A tax that a
    person let through with an update does not."""
    line = {"LineAmount": "20", "TaxType": "OUTPUT", "TaxAmount": "2.00"}
    agreed, own = content(line), content(line | {"TaxAmount": "1.99"})
    for after, outcome, moves in ((own, "unchanged", False), (own, "updated", True), (agreed, "unchanged", True)):
        mine = watched(agreed, "due_date")
        judge(Count(), mine, Pushed(after, after, outcome, choice="send_crm"))
        assert (mine.asked == []) is moves
    mine = watched(own, "due_date")
    judge(Count(), mine, Pushed(own, own, "unchanged"))
    assert mine.asked == []


def test_a_change_between_pushes_is_a_stray() -> None:
    count, mine = Count(), watched(PLAIN)
    stray(count, mine, PLAIN)
    assert count.strays == 0
    stray(count, mine, DEARER)
    stray(count, mine, DEARER)
    assert (count.strays, count.pushes) == (1, 0)


def test_the_first_cases_are_kept_in_full() -> None:
    """What was edited on both sides since they agreed, and the whole documents; not thousands of them."""
    count = Count()
    for _ in range(MOST_CASES + 3):
        mine = watched(PLAIN, "lines")
        mine.edits.append('Xero: price {"price": "12"}')
        judge(count, mine, Pushed(DEARER, PLAIN, "updated"))
    assert (count.silent_overwrites, len(count.cases)) == (MOST_CASES + 3, MOST_CASES)
    case = count.cases[0]
    assert case["wrong"] == ["line l0"]
    assert case["edits"] == ["CRM: lines", 'Xero: price {"price": "12"}']
    prices = [case[which]["lines"]["l0"]["UnitAmount"] for which in ("agreed", "before", "after")]
    assert prices == ["10.0000", "12.0000", "10.0000"]
