"""What do these tests share? A product whose simulator writes its calls down, the official files, and a sum."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator import recording
from simulator.stack.ports import any_free
from simulator.stack.whole import Stack
from tests.contract.judge import Judge

TIME_SCALE = "0.05"
_judges: list[Judge] = []


@pytest.fixture(scope="session")
def specs() -> Path:
    """The folder of the official files, which others own and which this repository does not carry."""
    named = os.environ.get("SPECS_DIR")
    if not named:
        pytest.skip("SPECS_DIR is not set: it names the folder of the official API descriptions")
    folder = Path(named)
    assert (folder / "xero_accounting.yaml").exists(), f"{folder} holds no official descriptions"
    return folder


@pytest.fixture(scope="package")
def stack(specs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product of its own: what is said on the wire does not depend on the database."""
    folder = tmp_path_factory.mktemp("stack-recorded")
    simulator = {recording.FOLDER: str(folder / "calls")}
    extra = {"TIME_SCALE": TIME_SCALE}
    with Stack(folder, any_free(), extra=extra, simulator=simulator, say=lambda _: None) as running:
        yield running


@pytest.fixture(scope="module")
def judge(specs: Path) -> Judge:
    """What it holds is in the sum."""
    _judges.append(Judge(specs))
    return _judges[-1]


_elsewhere: list[dict[str, int]] = []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """One of several test processes hands its part of the sum to the one that reports."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["contract"] = _counted()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _elsewhere.append(getattr(node, "workeroutput", {}).get("contract") or {})


def _counted() -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in _judges) for name in ("requests", "answers")}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The sum, for whoever wants to know whether anything was looked at."""
    if os.environ.get("SPECS_DIR") and not hasattr(terminalreporter.config, "workeroutput"):
        parts = [_counted(), *_elsewhere]
        requests, answers = (sum(part.get(name, 0) for part in parts) for name in ("requests", "answers"))
        terminalreporter.write_line(f"contract: {requests} requests, {answers} answers checked")
