"""Do our clients' requests and the simulator's answers pass the official descriptions?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from simulator import recording
from simulator.stack.whole import Stack
from tests.contract import day, direct, direct_zoho, recorded
from tests.contract.exceptions import unexpected, unneeded
from tests.contract.judge import Finding, Judge

# What a day must have held, or it proved nothing.
HELD = {
    *("GET /Organisation", "GET /Organisation/Actions", "GET /Accounts", "GET /TaxRates", "GET /Contacts"),
    *(
        "PUT /Contacts",
        "GET /Invoices",
        "PUT /Invoices",
        "POST /Invoices",
        "GET /connections",
        "DELETE /connections/{id}",
    ),
    *("POST /connect/token", "GET /{module}", "GET /{module}/{recordID}", "PUT /{module}", "GET /users", "GET /org"),
    *("GET /settings/fields", "POST /settings/fields"),
}


@dataclass
class Direct:
    """The pretend services that were asked directly."""

    calls: Path
    xero: Flask
    zoho: Flask


@pytest.fixture(scope="module")
def whole_day(stack: Stack, judge: Judge) -> Judge:
    """Our clients at work; each call judged, both ways."""
    day.whole(stack)
    for service, line in recorded.lines(stack.folder / "calls"):
        judge.hear(service, line)
    return judge


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, specs: Path) -> Direct:
    """Every route asked directly, good questions and bad ones."""
    folder = tmp_path_factory.mktemp("direct")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(recording.FOLDER, str(folder / "calls"))
        xero = direct.Xero(folder / "xero")
        zoho = direct_zoho.zoho(folder / "zoho")
        xero.whole()
    return Direct(folder / "calls", xero.stage.app, zoho)


@pytest.fixture(scope="module")
def answered(asked: Direct, judge: Judge, whole_day: Judge) -> list[Finding]:
    """What is wrong with the answers; the questions were wrong on purpose, here and there."""
    before = len(judge.findings)
    for service, line in recorded.lines(asked.calls):
        judge.hear(service, line, ("answer",))
    return judge.findings[before:]


def test_a_whole_day_is_as_described(whole_day: Judge) -> None:
    """Nothing unknown, nothing of a wrong type, in requests and answers; what differs is named with its reason."""
    told = unexpected(whole_day.findings)
    assert not told, "\n".join(told)


def test_the_day_held_every_call_of_our_clients(whole_day: Judge) -> None:
    """Where nothing was said, nothing is wrong."""
    assert HELD - set(whole_day.held) == set()
    assert whole_day.requests > 300 and whole_day.answers > 300


def test_every_answer_of_the_simulator_is_as_described(answered: list[Finding]) -> None:
    """On all its routes, good answers and refusals."""
    told = unexpected(answered)
    assert not told, "\n".join(told)


def test_every_route_was_asked_and_gave_a_good_answer(asked: Direct) -> None:
    """A new route needs a question in tests/contract/direct.py or direct_zoho.py."""
    assert direct.untried(asked.xero, direct.API, asked.calls) == []
    assert direct.untried(asked.zoho, "/crm/v8", asked.calls) == []


def test_every_exception_is_still_needed(answered: list[Finding], judge: Judge) -> None:
    """A list that only grows would allow everything one day."""
    assert answered
    assert unneeded(judge.findings) == []


def test_no_token_was_written_down(whole_day: Judge, stack: Stack) -> None:
    """Records are kept and shown; what opens something is masked."""
    for _, line in recorded.lines(stack.folder / "calls"):
        asked = line["request"]
        assert asked["headers"].get("Authorization", recording.MASK).endswith(recording.MASK)
        assert "secret-not-real" not in asked["body"]
        if "access_token" in line["answer"]["body"]:
            assert f'"access_token": "{recording.MASK}"' in line["answer"]["body"]
