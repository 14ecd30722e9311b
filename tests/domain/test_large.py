"""Does every invoice that may be sent fit into one request, and does a request hold no more than Xero takes?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from server.domain.checks import MOST_LINES
from server.domain.decide import Blocked, Create
from server.domain.encode import encode
from server.domain.lines import LONGEST_TEXT
from server.domain.preview import reason_json
from server.sync.outbox import MOST_BYTES, MOST_ROWS, Outgoing, batches
from tests.domain.records import created, decided, inv_2041, record, row

PRODUCT = "Oak desk"


def of_lines(text: str, count: int = MOST_LINES, length: int = LONGEST_TEXT - len(PRODUCT) - 1) -> dict[str, Any]:
    """An invoice of as many lines as CRM keeps, each with as long a text as Xero takes."""
    told = (text * length)[:length]
    return record(*(row(PRODUCT, Description=told) for _ in range(count)))


@pytest.mark.parametrize("text", ["x", "ü", "請", '"', "\\", "\n-"])
def test_the_largest_invoice_of_all_fits_into_one_request(text: str) -> None:
    """The bounds of lines and texts keep it below 3 MB, whatever the letters and however JSON writes them."""
    found = decided(of_lines(text))
    assert isinstance(found, Create), found
    assert 600_000 < len(encode({"Invoices": [found.body]})) < MOST_BYTES


@pytest.mark.parametrize(
    ("text", "count", "length"), [("\N{RECEIPT}", 200, 3_990), ("請", 200, 4_200), ("請", 201, 3_900)]
)
def test_what_would_not_fit_is_blocked(text: str, count: int, length: int) -> None:
    """Three megabytes and more: told as texts too long or lines too many, with what to mend."""
    raw = of_lines(text, count, length)
    found = decided(raw)
    assert isinstance(found, Blocked)
    assert {reason_json(each)["code"] for each in found.reasons} <= {"line_text_long", "too_many_lines"}


def test_a_request_holds_fifty_rows_and_three_megabytes() -> None:
    """Whichever comes first; none is left out, and their order stays."""
    large, small = created(of_lines("請")), created(inv_2041())
    task = SimpleNamespace(batch_rows=None)
    unnumbered = SimpleNamespace(number=None)
    ready = [Outgoing(task, unnumbered, encode(each.body)) for each in [large, large, *[small] * 120]]  # type: ignore[arg-type]
    found = list(batches(ready))
    assert [each for batch in found for each in batch] == ready
    assert [len(batch) for batch in found] == [1, MOST_ROWS, MOST_ROWS, 21]
    assert all(sum(len(each.body) + 1 for each in batch) <= MOST_BYTES for batch in found)


def test_halves_get_smaller_until_one_is_alone() -> None:
    """A task that was in a refused request says with how many others it may go (4a.11); other tasks are not held up."""
    small = created(inv_2041())

    def waiting(most: int | None) -> Outgoing:
        return Outgoing(SimpleNamespace(batch_rows=most), SimpleNamespace(number=None), encode(small.body))  # type: ignore[arg-type]

    found = list(batches([waiting(2), waiting(2), waiting(2), waiting(None), waiting(1), waiting(None)]))
    assert [len(batch) for batch in found] == [2, 2, 1, 1]
