"""Do page and page_token lead through long lists as Zoho says? (Z5.5, Z7.11)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.zoho_stage import Api, Stage, code_of

Doc = dict[str, Any]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.fixture
def org(stage: Stage) -> Doc:
    made = stage.org()
    for number in range(5):
        stage.record(made, "Accounts", {"Account_Name": f"A{number}"})
    return made


@pytest.fixture
def api(stage: Stage, org: Doc) -> Api:
    return stage.api(org["administrator"]["id"])


def names(answer: Doc) -> list[str]:
    return [one["Account_Name"] for one in answer["data"]]


def first(api: Api, **more: Any) -> Doc:
    found: Doc = api.get("/Accounts", fields="Account_Name", per_page=2, **more).get_json()
    return found


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_tokens_lead_to_the_end(api: Api, order: str) -> None:
    """Three pages, none twice; the last has no token."""
    seen, query = [], {"sort_order": order}
    for _ in range(3):
        page = first(api, **query)
        seen += names(page)
        query["page_token"] = page["info"]["next_page_token"]
    assert (
        seen
        == sorted(seen, reverse=order == "desc")
        == [f"A{n}" for n in (range(5) if order == "asc" else (4, 3, 2, 1, 0))]
    )
    assert (page["info"]["page"], page["info"]["more_records"], page["info"]["next_page_token"]) == (3, False, None)


def test_a_token_is_not_moved_by_what_comes_and_goes(stage: Stage, org: Doc, api: Api) -> None:
    """A new record in front and a deleted one behind: the next page goes on where the last one ended."""
    page = first(api)
    stage.record(org, "Accounts", {"Account_Name": "New"})
    assert names(first(api, page_token=page["info"]["next_page_token"])) == ["A2", "A1"]


def test_a_token_is_bound(stage: Stage, org: Doc, api: Api) -> None:
    """To its user, its parameters and a day; never together with page."""
    token = first(api)["info"]["next_page_token"]
    ask = {"fields": "Account_Name", "per_page": 2, "page_token": token}
    assert code_of(api.get("/Accounts", **ask, page=2)) == "AMBIGUITY_DURING_PROCESSING"
    assert code_of(api.get("/Accounts", **{**ask, "per_page": 3})) == "TOKEN_BOUND_DATA_MISMATCH"
    other = stage.api(org["salesperson"]["id"])
    assert code_of(other.get("/Accounts", **ask)) == "TOKEN_BOUND_DATA_MISMATCH"
    assert code_of(api.get("/Accounts", **{**ask, "page_token": "nonsense"})) == "INVALID_DATA"
    stage.switch(page_token_seconds=0)
    old = first(api)["info"]["next_page_token"]
    assert code_of(api.get("/Accounts", **{**ask, "page_token": old})) == "EXPIRED_VALUE"
    assert api.get("/Accounts", **ask).status_code == 200


def test_pages_end_at_two_thousand(api: Api) -> None:
    """Beyond, a token is needed."""
    answer = api.get("/Accounts", fields="Account_Name", per_page=200, page=11)
    assert code_of(answer) == "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
