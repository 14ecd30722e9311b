"""Does every route of the application answer everybody as it should, and does a refusal leave no trace?

Each route is asked by each kind of asker, and held against a table that has no gap: a route without an entry fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.askers import NO_TOKEN, SIGNED_IN, Asker, asker, filled, told_of
from tests.api.routes_asked import OPEN, SIGNED, Case
from tests.api.walk import Edge


def status_and_code(answer: TestResponse) -> str:
    body = answer.get_json(silent=True) if answer.status_code >= 400 else None
    code = body.get("code", "") if isinstance(body, dict) else ""
    return f"{answer.status_code} {code}".strip()


def routes(edge: Edge) -> set[str]:
    rules = edge.app.url_map.iter_rules()
    return {f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def test_every_route_has_its_expectation(edge: Edge) -> None:
    """Whoever adds a route says here who may; one that is gone leaves the table."""
    assert routes(edge) == {*SIGNED, *OPEN}
    assert not SIGNED.keys() & OPEN.keys()
    assert all(set(case.answers) == set(SIGNED_IN) for cases in SIGNED.values() for case in cases)


def test_every_case_asks_the_route_it_stands_for(edge: Edge) -> None:
    """Else a path that is nowhere would pass for a wall."""
    signed = [(route, f"/api/v1{case.path}") for route, cases in SIGNED.items() for case in cases]
    for route, path in [*signed, *((route, path) for route, (path, _, _) in OPEN.items())]:
        method, rule = route.split(" ", 1)
        bare = path.partition("?")[0].replace("{", "").replace("}", "")
        found, _ = edge.app.url_map.bind("localhost").match(bare, method, return_rule=True)
        assert found.rule == rule


def cases() -> Iterator[tuple[str, str, Case]]:
    for route, several in SIGNED.items():
        for at, case in enumerate(several, 1):
            yield f"{route} {at}", route.split(" ", 1)[0], case


@dataclass(frozen=True)
class Step:
    """What came of one case. `at_home`: tables that changed of the asker's own company, and "outside" for a write to
    CRM or Xero; `at_others`: tables of the other company."""

    name: str
    case: Case
    answer: TestResponse
    at_home: list[str]
    at_others: list[str]


def walk(edge: Edge, who: Asker) -> Iterator[Step]:
    """Every case in turn."""
    things = {**who.things, "base": edge.base}
    for name, method, case in cases():
        home, others, wrote = who.home.kept(), who.others.kept(), written(edge)
        answer = who.ask(method, filled(case.path, things), filled(case.body, things))
        at_home = changed(home, who.home.kept()) + (["outside"] if written(edge) != wrote else [])
        yield Step(name, case, answer, at_home, changed(others, who.others.kept()))


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [table for table in after if after[table] != before[table]]


def written(edge: Edge) -> dict[str, int]:
    """How often something was written in CRM or in Xero."""
    counted = {"zoho": edge.zoho_calls(), "xero": edge.xero_calls()}
    return {
        f"{call} of {service}": count
        for service, calls in counted.items()
        for call, count in calls.items()
        if not call.startswith("GET ") and "token" not in call
    }


@pytest.mark.parametrize("kind", NO_TOKEN)
def test_without_a_live_token_nothing_is_told(edge: Edge, kind: str) -> None:
    """Nobody, a made-up token, a renewal handle, one that was signed out: the same 401 for all, and no trace."""
    steps = list(walk(edge, asker(edge, kind)))
    got = {step.name: (status_and_code(step.answer), step.at_home, step.at_others) for step in steps}
    assert {name: found for name, found in got.items() if found != ("401 sign_in_needed", [], [])} == {}
    assert len(got) == len(list(cases()))


@pytest.mark.parametrize("kind", SIGNED_IN)
def test_each_gets_what_the_table_says(edge: Edge, kind: str) -> None:
    """What is refused changes nothing on our side and writes nothing outside; nobody is told of another company."""
    who = asker(edge, kind)
    names = who.others.names()
    wrong, traces = {}, {}
    for step in walk(edge, who):
        got, expected = status_and_code(step.answer), step.case.answers[kind]
        if got != expected:
            wrong[step.name] = f"{got} instead of {expected}"
        leaks = told_of(step.answer, names, str(filled([step.case.path, step.case.body], who.things | {"base": ""})))
        wrongly = (step.at_home if step.answer.status_code >= 400 else []) + step.at_others
        if leaks or wrongly:
            traces[step.name] = (wrongly, leaks)
    assert wrong == {}
    assert traces == {}


@pytest.mark.parametrize("kind", ["nobody", "forged", "foreign", "administrator"])
def test_open_routes_do_not_look_at_who_asks(edge: Edge, kind: str) -> None:
    """They ask for a proof of their own, or tell everybody the same."""
    who = asker(edge, kind)
    token = {"Authorization": f"Bearer {who.token}"} if who.token else {}
    got = {}
    for route, (path, body, _) in OPEN.items():
        more = {"json": body} if body else {}
        asked = filled(path, who.things)
        answer = edge.client().open(asked, method=route.split(" ")[0], base_url=edge.base, headers=token, **more)
        got[route] = status_and_code(answer)
        assert told_of(answer, who.others.names(), asked) == [], route
    assert got == {route: expected for route, (_, _, expected) in OPEN.items()}
