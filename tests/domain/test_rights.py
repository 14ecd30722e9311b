"""What may whom, by their profile and by the tenant's rules, and which decisions need the right to approve?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.decide import CHOICES, Conflict, Create, Unchanged, Update
from server.domain.rights import CHOICE_NEEDS, EVERYBODYS, RIGHTS, forbidden, rights_of
from tests.domain.records import decided, pushed, record
from tests.domain.xero_rules import edited

ALL = frozenset(RIGHTS)
SALES, PARTNER = "901", "902"


def test_as_usual_everybody_previews_and_pushes_and_administrators_do_the_rest() -> None:
    for rules in ({}, dict.fromkeys(RIGHTS)):
        for profile in (SALES, PARTNER, None):
            assert rights_of(rules, profile, administrator=False) == {"preview", "push"}
            assert rights_of(rules, profile, administrator=True) == ALL


@pytest.mark.parametrize("name", RIGHTS)
def test_a_right_goes_to_the_named_profiles_alone(name: str) -> None:
    """The other rights stay as usual; whoever has no profile is in no list."""
    rules = {name: [SALES]}
    assert rights_of(rules, SALES, administrator=False) == EVERYBODYS | {name}
    for profile in (PARTNER, None, "", "90", "9011"):
        assert rights_of(rules, profile, administrator=False) == EVERYBODYS - {name}


@given(
    rules=st.dictionaries(st.sampled_from(RIGHTS), st.none() | st.lists(st.sampled_from([SALES, PARTNER]), max_size=2)),
    profile=st.sampled_from([SALES, PARTNER, None, "7"]),
)
def test_no_rule_keeps_an_administrator_out_nor_lets_a_stranger_in(
    rules: dict[str, list[str] | None], profile: str | None
) -> None:
    """Whatever is set: else a company could lock itself out, and an empty list would mean everybody."""
    assert rights_of(rules, profile, administrator=True) == ALL
    got = rights_of(rules, profile, administrator=False)
    for name in RIGHTS:
        named = rules.get(name)
        assert (name in got) == (name in EVERYBODYS if named is None else profile in named)


def test_every_choice_says_which_right_it_needs() -> None:
    """A new choice without an entry would be refused to everybody, or given to anybody."""
    assert set(CHOICE_NEEDS) == set(CHOICES)
    assert {CHOICE_NEEDS[each] for each in ("keep_xero", "send_crm")} == {"overwrite"}
    assert {CHOICE_NEEDS[each] for each in ("remove", "send_as_new")} == {"remove"}


@pytest.mark.parametrize(
    ("status", "needs"), [("Created", False), ("Submitted", False), ("Approved", True), ("Delivered", True)]
)
def test_what_arrives_approved_needs_the_right_to_approve(status: str, needs: bool) -> None:
    """Up to Awaiting Approval everybody sends: the bookkeeper has the last word on those."""
    decision = decided(record(Status=status))
    assert isinstance(decision, Create)
    told = forbidden(decision, EVERYBODYS)
    assert (told is not None and told.name == "may_not_approve") is needs
    assert forbidden(decision, ALL) is None


@pytest.mark.parametrize("more", [ALL - {"approve"}, frozenset(), EVERYBODYS])
def test_no_other_right_stands_in_for_it(more: frozenset[str]) -> None:
    assert forbidden(decided(record()), more) is not None


CHANGES: list[tuple[str, str, dict[str, object], bool]] = [
    ("a draft's date", "Created", {"Due_Date": "2026-12-04"}, False),
    ("a draft to be approved later", "Created", {"Status": "Submitted"}, False),
    ("a draft that is approved now", "Created", {"Status": "Approved"}, True),
    ("one that awaits it", "Submitted", {"Status": "Approved", "Due_Date": "2026-12-04"}, True),
]


@pytest.mark.parametrize(
    ("before", "change", "needs"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
def test_a_change_that_raises_to_approved_needs_it_too(before: str, change: dict[str, object], needs: bool) -> None:
    sent = pushed(record(Status=before))
    decision = sent.now({**sent.raw, **change})
    assert isinstance(decision, Update)
    assert (forbidden(decision, EVERYBODYS) is not None) is needs


def test_what_stands_approved_already_is_not_approved_again() -> None:
    """Somebody may push an invoice that the bookkeeper approved; what the lock lets through is not their approval."""
    sent = pushed(record(Status="Approved"))
    assert isinstance(sent.now(), Unchanged)
    assert forbidden(sent.now(), EVERYBODYS) is None


def test_sending_crms_version_over_xeros_needs_it_where_it_approves() -> None:
    """The right to overwrite alone does not approve."""
    sent = pushed(record(Status="Created"))
    doc = edited(sent.doc, 0, Description="Better words")
    raw = {**sent.raw, "Status": "Approved", "Due_Date": "2026-12-04"}
    assert isinstance(sent.now(raw, doc), Conflict)
    assert forbidden(sent.now(raw, doc), EVERYBODYS) is None  # nothing is sent yet
    chosen = sent.now(raw, doc, choice="send_crm")
    assert isinstance(chosen, Update)
    assert forbidden(chosen, EVERYBODYS | {"overwrite"}) is not None
