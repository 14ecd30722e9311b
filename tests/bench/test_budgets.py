"""Does the table of `make bench` say missed where a budget is missed, and keep what an earlier part measured?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import performance
from bench.budgets import BUDGETS, lines, missed
from bench.peers import table

GOOD = {
    "xero_calls_per_1000": 21,
    "xero_calls_per_1000_updates": 41,
    "zoho_calls_per_1000": 1050,
    "cpu_s_per_1000": 6.0,
    "floor_cpu_s_per_1000": 1.5,
    "wall_s_per_1000": 14.9,
    "click_to_pushed_ms": {"p50": 300, "p95": 450, "delay": 50},
    "click_beside_other_10000_ms": {"alone_p95": 500, "p95": 2500},
    "click_beside_own_10000_ms": {"p95": 2999},
    "refresh_calls_16_processes": 1,
    "open_panels": {"panels": 2000, "cpu_share": 0.9},
    "http_429": 0,
    "peak_rss_mb": {"1000": 100, "10000": 119},
}


def test_what_keeps_its_budget_is_ok_and_a_little_more_is_missed() -> None:
    """Limits that hang on another figure of the run included."""
    assert missed(GOOD) == []
    worse = {
        "xero_calls_per_1000": 23,
        "cpu_s_per_1000": 6.1,
        "click_to_pushed_ms": {"p95": 451, "delay": 50},
        "click_beside_other_10000_ms": {"alone_p95": 500, "p95": 2501},
        "refresh_calls_16_processes": 2,
        "http_429": 1,
    }
    for name, value in worse.items():
        assert missed({**GOOD, name: value}) == [name]
    assert missed({**GOOD, "peak_rss_mb": {"1000": 100, "10000": 121}}) == ["peak_rss_growth"]


def test_what_was_not_measured_is_neither_kept_nor_missed() -> None:
    found = list(lines({}))
    assert missed({}) == []
    assert sum(row.endswith("not measured") for row in found) == len(BUDGETS)


def test_a_part_keeps_the_figures_of_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the other sizes of its own figure."""
    monkeypatch.setattr(performance, "FILE", tmp_path / "bench.json")
    performance.keep({"wall_s_per_1000": 9, "peak_rss_mb": {"1000": 90}})
    performance.keep({"http_429": 0, "peak_rss_mb": {"10000": 95}})
    kept = json.loads((tmp_path / "bench.json").read_text())
    assert (kept["wall_s_per_1000"], kept["http_429"]) == (9, 0)
    assert kept["peak_rss_mb"] == {"1000": 90, "10000": 95}


def test_a_peer_that_could_not_push_is_told_in_the_table() -> None:
    rows = table({"one": {"calls": 20.0, "wall_s": 1.5, "cpu_s": 0.2}, "two": {"told": "sends something else"}})
    assert rows[2:] == ["| one | 20 | 1.5 | 0.2 |", "| two | sends something else | | |"]
