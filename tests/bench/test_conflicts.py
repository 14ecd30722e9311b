"""When is `make conflicts` red? Figures made up for each limit."""

from __future__ import annotations

from typing import Any

import pytest

from bench.conflicts import EDITS, complaints, whole
from bench.overwrites import Count

GOOD = {"edits": EDITS, "pushes": 900, "updates_applied": 270, "conflicts_reported": 200}


def test_good_figures_are_green() -> None:
    assert complaints(Count(**GOOD), 0) == []


@pytest.mark.parametrize(
    "bad",
    [{"edits": EDITS - 1}, {"updates_applied": 269}, {"false_conflicts": 1}, {"silent_overwrites": 1}, {"strays": 1}],
)
def test_each_limit_is_kept(bad: dict[str, Any]) -> None:
    assert len(complaints(Count(**{**GOOD, **bad}), 0)) == 1


def test_an_invoice_that_is_not_in_xero_once_is_red() -> None:
    assert complaints(Count(**GOOD), 1) == ["1 invoices are not in Xero once"]


def test_companies_are_added_up() -> None:
    """Figures, outcomes and cases of all of them."""
    one = Count(edits=3, strays=1, outcomes={"updated": 2, "conflict": 1}, cases=[{"a": 1}])
    two = Count(edits=4, silent_overwrites=1, outcomes={"updated": 1}, cases=[{"b": 2}])
    found = whole([one, two])
    assert (found.edits, found.strays, found.silent_overwrites) == (7, 1, 1)
    assert found.outcomes == {"updated": 3, "conflict": 1}
    assert found.cases == [{"a": 1}, {"b": 2}]
