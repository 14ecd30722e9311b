"""Does Xero ever make another total of what we send than CRM has? Random invoices, summed by the pretend Xero."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import fuzz
from bench.random_invoices import LINE_TAX, TOTAL_TAX, Written, ordinary, wild
from server.domain.decide import Blocked, Create
from server.domain.encode import encode
from server.domain.money import ROUNDING
from simulator.xero.money import Rounding
from tests.money.stage import Stage

D = Decimal
SEEDS = st.integers(0, 2**32)
WAYS = st.sampled_from(["half_up", "half_even"])
NAMES = {"GST 10%": "GST 10%", "GST 15%": "GST 15%", "City 7%": "City 7%", "State 8.25%": "State 8.25%"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("money"))


@settings(max_examples=300, deadline=None)
@given(SEEDS, WAYS)
def test_what_is_sent_has_crms_total_whatever_is_not_known_of_roundings(seed: int, way: str) -> None:
    """CRM's own halves and Xero's below zero are switches of the simulator; the same input gives the same bytes."""
    raw = ordinary(random.Random(seed), way).record
    found = fuzz.decided(raw)
    if isinstance(found, Create):
        assert fuzz.is_right(found, raw)


@settings(max_examples=200, deadline=None)
@given(SEEDS)
def test_a_rounding_line_stands_only_where_it_is_needed_and_within_its_bound(seed: int) -> None:
    """Half a cent for each taxed line and one more, rounded up to a cent; none where the sum is right without it."""
    raw = ordinary(random.Random(seed)).record
    found = fuzz.decided(raw)
    if not isinstance(found, Create):
        return
    lines = [line for line in found.body["LineItems"] if line["Description"] != "Rounding"]  # type: ignore[attr-defined]
    taxed = sum(1 for line in lines if fuzz.RATES[line["TaxType"]])
    without = fuzz.xero_total({**found.body, "LineItems": lines}, Rounding())
    gap = D(str(raw["Grand_Total"])) - (without or D(0))
    assert (found.draft.rounding or D(0)) == gap
    assert abs(gap) <= D((taxed + 2) // 2) / 100
    assert sum(line.part == ROUNDING for line in found.draft.lines) == bool(gap)


@settings(max_examples=300, deadline=None)
@given(SEEDS)
def test_anything_else_is_decided_without_raising(seed: int) -> None:
    raw = wild(random.Random(seed))
    found = fuzz.decided(raw)
    assert isinstance(found, Create | Blocked)
    if isinstance(found, Create):
        assert fuzz.is_right(found, raw)
        encode(found.body)


def test_ordinary_invoices_are_not_blocked() -> None:
    """At least 99 of 100 are sent where 0.20 is allowed."""
    counts = fuzz.count(random.Random(7), 500)
    assert (counts.wrong, counts.exceptions) == (0, 0)
    assert counts.share("create") >= fuzz.LEAST_CREATED_PCT
    assert min(counts.fates[kind]["all"] for kind in (LINE_TAX, TOTAL_TAX)) > 100


@pytest.mark.parametrize("negative_half", ["away", "up"])
def test_xero_itself_agrees(stage: Stage, negative_half: str) -> None:
    """Over its own route, a hundred invoices: every total is CRM's, and no line is refused."""
    stage.xero.switch(negative_half=negative_half)
    r = random.Random(11)
    rules = stage.settings(rounding_limit=D("0.20"))
    wanted, creates = [], []
    while len(creates) < 100:
        raw = _known(ordinary(r))
        raw |= {"id": f"6{len(creates)}{negative_half}", "Invoice_Number": f"{negative_half}-{len(creates)}"}
        found = stage.decided(raw, rules)
        if isinstance(found, Create):
            creates.append(found)
            wanted.append(D(str(raw["Grand_Total"])))
    rows = stage.sent(creates)
    assert [row["StatusAttributeString"] for row in rows] == ["OK"] * len(rows)
    assert [D(str(row["Total"])) for row in rows] == wanted


def _known(written: Written) -> dict[str, object]:
    """Without the one tax that the stage's tenant has not matched: such invoices are blocked, and drawn again."""
    return dict(written.record)


def test_the_report_has_its_figures(tmp_path: Path) -> None:
    """As build/fuzz.json says them."""
    report = fuzz.as_report(fuzz.count(random.Random(3), 50), 50, 3)
    assert {"examples", "ordinary_create_pct", "rounding_line_pct", "blocked_pct", "wrong_totals", "exceptions"} <= set(
        report
    )
    assert set(report["kinds"]) == {"line_tax", "total_tax"}
