"""Does the count after a storm see what is doubled, lost or unfinished, and is `make chaos` red then?"""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from bench.chaos import NAMES, Mode, complaints, report
from bench.chaos_count import Count, Kept, count
from bench.chaos_faults import DEEDS, KINDS, LEAST, RESTORED, dealt

Doc = dict[str, Any]
GOOD = dict.fromkeys(KINDS, LEAST)


def record(record_id: str = "1", **more: Any) -> Doc:
    shown = {"Xero_Invoice_Number": f"INV-{record_id}", "Payment_Status": "Draft"}
    return {"id": record_id, "Grand_Total": 110.0, **shown, **more}


def invoice(record_id: str = "1", zgid: str = "60", **more: Any) -> Doc:
    marker = f"https://ours.example/go/au/production/{zgid}/{record_id}"
    return {"Url": marker, "InvoiceNumber": f"INV-{record_id}", "Total": "110.00", **more}


def contact(number: str, name: str) -> Doc:
    return {"ContactNumber": number, "Name": name}


def counted(records: list[Doc], invoices: list[Doc], *contacts: Doc) -> Count:
    return count([Kept("60", tuple(records), tuple(invoices), tuple(contacts))])


def test_what_is_there_once_is_right() -> None:
    found = counted([record(), record("2")], [invoice(), invoice("2")], contact("Z1", "One"), contact("", "Two"))
    assert found == Count(invoices=2, in_xero=2)


def test_an_invoice_that_is_there_twice_is_seen() -> None:
    """By its marker, whatever its number, its status and the address before the path."""
    other = invoice(InvoiceNumber="INV-9", Status="DELETED", Url="http://elsewhere/go/au/production/60/1")
    found = counted([record()], [invoice(), other])
    assert (found.twice, found.missing, found.in_xero) == (["1"], [], 2)


def test_a_customer_that_is_there_twice_is_seen() -> None:
    for twice in (contact("Z1", "Other"), contact("", "One")):
        assert len(counted([], [], contact("Z1", "One"), twice).twice) == 1
    assert counted([], [], contact("", "One"), contact("", "Two")).twice == []


def test_a_missing_invoice_is_seen() -> None:
    """Also where another company's invoice has its record's id, which nobody here asked for."""
    foreign = invoice(zgid="61")
    found = counted([record()], [foreign])
    assert (found.missing, found.unasked) == (["1"], ["/go/au/production/61/1"])


def test_an_invoice_that_nobody_pushed_is_seen() -> None:
    assert counted([], [invoice("7")]).unasked == ["7"]


@pytest.mark.parametrize("field", ["Xero_Invoice_Number", "Payment_Status"])
def test_an_invoice_that_crm_does_not_show_is_open(field: str) -> None:
    assert counted([record(**{field: None})], [invoice()]).open == ["1"]


def test_another_total_is_seen() -> None:
    assert counted([record(Grand_Total=110.01)], [invoice()]).unequal == ["1"]


def test_companies_are_counted_apart() -> None:
    """Their records may have the same ids."""
    kept = [Kept(zgid, (record(),), (invoice(zgid=zgid),), ()) for zgid in ("60", "61")]
    assert count(kept) == Count(invoices=2, in_xero=2)


def mode(found: Count | None = None, **more: Any) -> Mode:
    usual: Doc = {"faults": GOOD, "kills": 30, "left": 0, "unfinished": 0, "seconds": {}}
    return Mode(count=found or Count(invoices=9, in_xero=9), **usual | more)


def test_good_figures_are_green() -> None:
    assert complaints(mode()) == []


@pytest.mark.parametrize(
    "bad",
    [
        mode(Count(9, 10, twice=["1"])),
        mode(Count(9, 8, missing=["1"])),
        mode(Count(9, 9, open=["1"])),
        mode(Count(9, 9, unasked=["1"])),
        mode(Count(9, 9, unequal=["1"])),
        mode(Count()),
        mode(left=1),
        mode(unfinished=1),
        *[mode(faults={**GOOD, kind: LEAST - 1}) for kind in KINDS],
    ],
)
def test_each_wrong_figure_is_red(bad: Mode) -> None:
    assert len(complaints(bad)) == 1


def test_modes_are_added_up() -> None:
    found = report("s", {"a": mode(Count(9, 10, twice=["1"])), "b": mode(left=2, seen=Counter(created=3))})
    assert {name: found[name] for name in NAMES} == {
        "kills": 60,
        "lost_replies": 4 * LEAST,
        "invoices": 18,
        "in_xero": 19,
        "twice": 1,
        "missing": 0,
        "open": 2,
    }
    assert found["wrong"] == ["a: 1 twice", "b: 2 open"]


def test_every_deed_is_dealt_often_enough() -> None:
    """The same for the same seed, another order for another; yesterday's database neither first nor all at once."""
    deck = dealt(random.Random(1))
    assert Counter(deck) == dict.fromkeys(DEEDS, LEAST)
    assert deck == dealt(random.Random(1)) != dealt(random.Random(2))
    places = [place for place, kind in enumerate(deck) if kind == RESTORED]
    assert places[0] >= 5
    assert min(later - place for place, later in pairwise(places)) >= 5
