"""Does the simulator write its calls down, and no tokens? It does so only where it was told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator import recording
from tests.contract import recorded
from tests.simulator.xero_stage import Xero


def test_calls_are_written_without_what_opens_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Request and answer word for word; tokens, codes and secrets are masked."""
    monkeypatch.setenv(recording.FOLDER, str(tmp_path / "calls"))
    stage = Xero(tmp_path / "state")
    stage.call("PUT", "Contacts", {"Contacts": [{"Name": "Müller"}]})
    text = (tmp_path / "calls/xero.jsonl").read_text(encoding="utf-8")
    secrets = [stage.tokens[name] for name in ("access_token", "refresh_token")]
    assert [each for each in (*secrets, "demo-xero-secret-not-real") if each in text] == []
    sign_in, call = (line for _, line in recorded.lines(tmp_path / "calls"))
    assert (sign_in["request"]["path"], sign_in["answer"]["status"]) == ("/connect/token", 200)
    assert call["request"]["headers"]["Authorization"] == f"Bearer {recording.MASK}"
    for said in (call["request"], call["answer"]):
        assert json.loads(said["body"])["Contacts"][0]["Name"] == "Müller"


def test_nothing_is_written_unless_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Customers' names lie in no file that nobody wanted."""
    monkeypatch.delenv(recording.FOLDER, raising=False)
    Xero(tmp_path / "state").get("Contacts")
    assert list(tmp_path.rglob("*.jsonl")) == []
