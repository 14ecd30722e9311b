"""Does ten times as much take ten times as long, and no more memory? QUICK=1 stops at 1,000."""

from __future__ import annotations

import time

from bench.asked import Asked, Doc
from bench.company import STAMPS_S, make
from bench.measures.calls import pushed


def measure(asked: Asked) -> Doc:
    """A stack for each size; Xero's minute makes the largest wait for several windows."""
    largest = [10 * asked.count] if asked.full else []
    growth, peaks = {}, {}
    for size in [max(1, asked.count // 10), asked.count, *largest]:
        with asked.stack(f"growth-{size}") as stack:
            company = make(stack)
            ids = company.invoices(size)
            time.sleep(STAMPS_S)
            asked.slow_down(stack)
            found = pushed(company, ids, "created")
        growth[str(size)] = {"seconds": round(found["wall_s"], 1), "calls": found["calls"].xero}
        peaks[str(size)] = found["peak_mb"]
    return {"growth": growth, "peak_rss_mb": peaks}
