"""Are reasons short and plain, and do other people's words break none of them?"""

from __future__ import annotations

import re

import pytest

from server.domain.decide import Blocked
from server.domain.preview import reason_json
from server.domain.reasons import ADMINISTRATOR, BOOKKEEPER, FIELD_LABELS, SALES, SETTING_LABELS, Code
from tests.domain.records import D, decided, record, row
from tests.domain.refused import BY_RECORD

NASTY = "Chair {field} {0} {line.__class__} %s\n\u202edesk" + "x" * 200


def test_words_of_others_fill_no_mark_and_break_no_sentence() -> None:
    """A product may be called {field}: the screen puts its chip where we said, and nowhere else."""
    raw = record(row(NASTY, Line_Tax=[{"name": "{setting}", "percentage": D(19)}]), Status="{field}" + "y" * 300)
    found = decided(raw)
    assert isinstance(found, Blocked)
    status, tax = (reason_json(each) for each in found.reasons)
    assert str(status["detail"]).count("{field}") == 1
    assert str(tax["sentence"]).startswith("Line 1, Chair { field} {0} {line.__class__} %s deskxxx")
    assert "{setting}" not in str(tax["sentence"])
    assert "\u202e" not in str(tax) and "\n" not in str(tax["sentence"])
    assert len(str(tax["sentence"])) < 150
    assert "…" in str(tax["sentence"])


def test_right_to_left_names_do_not_turn_our_words() -> None:
    raw = record(row("כיסא משרדי", Line_Tax=[{"name": "VAT 19%", "percentage": D(19)}]))
    found = decided(raw)
    assert isinstance(found, Blocked)
    assert found.reasons[0].sentence == "Line 1, \u2068כיסא משרדי\u2069: tax “VAT 19%” is not matched"


# The style of the screens: verbs first, who acts, no words of the trade.
NEVER = re.compile(
    r"\b(error|errors|invalid|failed|failure|sync|authorised|exception|null|payload|tenant|endpoint|http\w*)\b|!|\bI\b",
    re.IGNORECASE,
)
MARKS = re.compile(r"\{(\w+)\}")


def sentences(code: Code) -> list[str]:
    spec = code.value
    whole = [spec.sentence, spec.detail, spec.next_step or ""]
    return [part for each in whole for part in re.split(r"(?<=[.;:])\s", each) if part]


@pytest.mark.parametrize("code", list(Code))
def test_words_are_short_and_plain(code: Code) -> None:
    """Under 12 words a sentence, and no jargon."""
    for each in sentences(code):
        assert not NEVER.search(MARKS.sub("", each)), each
        assert len(MARKS.sub("word", each).split()) < 12, each
    assert not code.value.sentence.endswith(".")
    assert code.value.detail.endswith((".", "}"))


@pytest.mark.parametrize("code", list(Code))
def test_every_reason_says_where_to_go_on(code: Code) -> None:
    """A field, a setting or a next step; a chip's place in the detail when there is one; somebody who acts."""
    spec = code.value
    assert spec.owner in (SALES, ADMINISTRATOR, BOOKKEEPER)
    assert spec.field or spec.setting or spec.next_step
    assert ("{setting}" in spec.detail) is (spec.setting is not None)
    assert "{field}" not in spec.detail or spec.field is not None
    assert spec.setting is None or spec.setting in SETTING_LABELS
    assert spec.field is None or spec.field in FIELD_LABELS or spec.field in ("{number_field}", "{that_field}")
    if spec.owner == BOOKKEEPER:
        assert "bookkeeper" in (spec.next_step or "")


@pytest.mark.parametrize(("code", "raw"), BY_RECORD)
def test_sentences_are_filled_in(code: str, raw: dict[str, object]) -> None:
    """No mark but the screen's own is left, and no blank where a value should be."""
    found = decided(raw)
    assert isinstance(found, Blocked)
    for each in found.reasons:
        assert not MARKS.search(each.sentence)
        assert set(MARKS.findall(each.detail)) <= {"field", "setting"}
        assert "  " not in each.sentence + each.detail
        assert "None" not in each.sentence + each.detail
