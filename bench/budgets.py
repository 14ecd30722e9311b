"""What may each figure be, and how does the table say whether it is kept?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Doc = dict[str, Any]
CORES = 2  # the box that the budgets speak of
OPEN_PANELS = 2000


@dataclass(frozen=True)
class Budget:
    """`limit` may depend on other figures of the run; it and `value` are None where these were not taken."""

    name: str
    said: str
    value: Callable[[Doc], float | None]
    limit: Callable[[Doc], float | None]


def _at(*path: str) -> Callable[[Doc], float | None]:
    def look(found: Any) -> float | None:
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, int | float) else None

    return look


def _fixed(limit: float) -> Callable[[Doc], float]:
    return lambda _: limit


def _times(factor: float, of: Callable[[Doc], float | None], plus: float = 0) -> Callable[[Doc], float | None]:
    def limit(found: Doc) -> float | None:
        value = of(found)
        return None if value is None else round(factor * value + plus, 2)

    return limit


def _largest(name: str, ten_times: bool) -> Callable[[Doc], float | None]:
    """The figure of the larger or the smaller size, where both were taken."""

    def look(found: Doc) -> float | None:
        sizes = sorted(found.get(name) or {}, key=int)
        return float(found[name][sizes[-1 if ten_times else 0]]) if len(sizes) > 1 else None

    return look


BUDGETS = (
    Budget("xero_calls_per_1000", "Xero calls, 1,000 new invoices", _at("xero_calls_per_1000"), _fixed(22)),
    Budget(
        "xero_calls_per_1000_updates",
        "Xero calls, 1,000 updates",
        _at("xero_calls_per_1000_updates"),
        _fixed(42),
    ),
    Budget("zoho_calls_per_1000", "Zoho calls, 1,000 new invoices", _at("zoho_calls_per_1000"), _fixed(1060)),
    Budget(
        "cpu_s_per_1000",
        "processor s, 1,000 new (4 x the bare script)",
        _at("cpu_s_per_1000"),
        _times(4, _at("floor_cpu_s_per_1000")),
    ),
    Budget("wall_s_per_1000", "seconds, 1,000 new", _at("wall_s_per_1000"), _fixed(15)),
    Budget(
        "click_to_pushed_ms",
        "click to the answer in the panel, p95 ms (300 + 3 x delay)",
        _at("click_to_pushed_ms", "p95"),
        _times(3, _at("click_to_pushed_ms", "delay"), plus=300),
    ),
    Budget(
        "click_beside_other_10000_ms",
        "a click beside another tenant's bulk, p95 ms (alone + 2 s)",
        _at("click_beside_other_10000_ms", "p95"),
        _times(1, _at("click_beside_other_10000_ms", "alone_p95"), plus=2000),
    ),
    Budget(
        "click_beside_own_10000_ms",
        "a click beside the own bulk, the minute used up, p95 ms",
        _at("click_beside_own_10000_ms", "p95"),
        _fixed(3000),
    ),
    Budget(
        "refresh_calls_16_processes",
        "token calls when 16 processes need one token",
        _at("refresh_calls_16_processes"),
        _fixed(1),
    ),
    Budget(
        "open_panels", f"share of {CORES} cores that 2,000 open panels take", _at("open_panels", "cpu_share"), _fixed(1)
    ),
    Budget("http_429", "calls answered 429", _at("http_429"), _fixed(0)),
    Budget("peak_rss_mb", "a worker's memory at the largest size, MB", _largest("peak_rss_mb", True), _fixed(150)),
    Budget(
        "peak_rss_growth",
        "the same, 1.2 x that at the smallest",
        _largest("peak_rss_mb", True),
        _times(1.2, _largest("peak_rss_mb", False)),
    ),
)
BESIDE = (
    "zoho_credits_per_1000",
    "zoho_calls_per_1000_updates",
    "crm_written_s_per_1000",
    "floor_cpu_s_per_1000",
    "floor_wall_s_per_1000",
    "one_by_one_wall_s_per_1000",
    "status_rps",
    "bare_route_rps",
    "bare_job_ms",
    "bare_call_ms",
    "growth",
)


def lines(found: Doc) -> Iterator[str]:
    """The table: budget beside measured, then the figures that have none."""
    yield f"{'':62} {'budget':>10} {'measured':>10}"
    for each in BUDGETS:
        limit, value = each.limit(found), each.value(found)
        yield f"{each.said:62} {_shown(limit):>10} {_shown(value):>10}  {verdict(each, found)}"
    for name in BESIDE:
        if name in found:
            yield f"{name:62} {'':>10} {_shown(found[name]):>10}"


def verdict(budget: Budget, found: Doc) -> str:
    limit, value = budget.limit(found), budget.value(found)
    if limit is None or value is None:
        return "not measured"
    return "ok" if value <= limit else "missed"


def missed(found: Doc) -> list[str]:
    return [each.name for each in BUDGETS if verdict(each, found) == "missed"]


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
