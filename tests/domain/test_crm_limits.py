"""Is no more asked of a CRM org at once than half of what its edition allows?"""

from __future__ import annotations

import pytest

from server.domain.crm_limits import MOST, UNKNOWN, in_flight

ALLOWED = {
    "free": 5,
    "standard": 10,
    "professional": 15,
    "enterprise": 20,
    "Zoho One": 20,
    "Ultimate": 25,
    "CRM_Plus": 25,
}


@pytest.mark.parametrize(("edition", "allowed"), ALLOWED.items())
def test_half_is_left_to_others(edition: str, allowed: int) -> None:
    """The smallest edition allows five, of which one is kept for clicks (Z5.13)."""
    assert in_flight(edition) <= max(allowed / 2, UNKNOWN)
    assert UNKNOWN <= in_flight(edition) <= MOST


@pytest.mark.parametrize("edition", [None, "", "bigin", "trial"])
def test_an_edition_that_nobody_knows_counts_as_the_smallest(edition: str | None) -> None:
    assert in_flight(edition) == UNKNOWN
