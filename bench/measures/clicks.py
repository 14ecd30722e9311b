"""How long is it from a click to the answer that the panel shows? Asked as the panel asks: 100 ms between two looks."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence

from bench.asked import Asked, Doc
from bench.company import STAMPS_S, Company, make

CLICKS = 100
LOOK_S = 0.1  # the panel's own pace after a click (widget/js/polling.js)
APART_S = 1.5  # so that the clicks of a minute stay below Xero's limit


def measure(asked: Asked) -> Doc:
    count = min(CLICKS, asked.count)
    with asked.stack("clicks") as stack:
        company = make(stack)
        ids = company.invoices(count + 3)
        time.sleep(STAMPS_S)
        asked.slow_down(stack)
        list(clicks(company, ids[:3], APART_S))  # warm
        took = list(clicks(company, ids[3:], APART_S))
    return {"click_to_pushed_ms": {"p50": percentile(took, 50), "p95": percentile(took, 95), "delay": asked.delay_ms}}


def clicks(company: Company, ids: Sequence[str], apart_s: float) -> Iterator[float]:
    """One after the other; milliseconds of each."""
    for record_id in ids:
        began = time.monotonic()
        yield click(company, record_id)
        time.sleep(max(0.0, apart_s - (time.monotonic() - began)))


def click(company: Company, record_id: str) -> float:
    """Push one and look until it is there."""
    began = time.monotonic()
    [run] = company.start([record_id])
    while (found := company.counts(run, 1))["state"] != "ended":
        assert time.monotonic() - began < 120, found
        time.sleep(LOOK_S)
    assert set(found["counts"]) == {"created"}, found["tasks"]
    return (time.monotonic() - began) * 1000


def percentile(values: Sequence[float], which: int) -> int:
    return round(values[0] if len(values) < 2 else statistics.quantiles(values, n=100, method="inclusive")[which - 1])
