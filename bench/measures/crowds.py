"""How long does a click take while a large run works, of another company or, the minute used up, of the own one?"""

from __future__ import annotations

import time

from bench.asked import Asked, Doc, forget, lift_limits
from bench.both_sides import control
from bench.company import STAMPS_S, make
from bench.measures.clicks import clicks, percentile
from simulator.stack.whole import Stack

LARGE = 10_000
CLICKS = 20
OWN_CLICKS = 7  # ten calls of the minute are kept for clicks
BULK_OF_A_MINUTE = 46  # calls after which bulk work has used up, or nearly, what a minute gives it


def beside_other(asked: Asked) -> Doc:
    """Two companies on one stack, Xero's limits lifted, so that the large run never rests; the first clicks alone."""
    waiting = _large(asked)
    with asked.stack("beside-other") as stack:
        seller, other = make(stack), make(stack)
        ids = seller.invoices(2 * CLICKS)
        crowd = other.invoices(waiting)
        time.sleep(STAMPS_S)
        lift_limits(stack)
        asked.slow_down(stack)
        alone = list(clicks(seller, ids[:CLICKS], 1.5))
        other.start(crowd)
        beside = list(clicks(seller, ids[CLICKS:], 1.0))
    told = {"alone_p95": percentile(alone, 95), "p95": percentile(beside, 95), "waiting": waiting}
    return {"click_beside_other_10000_ms": told}


def beside_own(asked: Asked) -> Doc:
    """The company's own run first uses up what a minute gives it."""
    waiting = _large(asked)
    with asked.stack("beside-own") as stack:
        company = make(stack)
        ids = company.invoices(OWN_CLICKS)
        crowd = company.invoices(waiting)
        time.sleep(STAMPS_S)
        asked.slow_down(stack)
        forget(stack)
        company.start(crowd)
        _until_used_up(stack)
        beside = list(clicks(company, ids, 1.0))
    return {"click_beside_own_10000_ms": {"p95": percentile(beside, 95), "waiting": waiting}}


def _large(asked: Asked) -> int:
    """More than a minute's calls can carry, in any case."""
    return LARGE if asked.full else 3 * asked.count


def _until_used_up(stack: Stack) -> None:
    """Until Xero has counted a minute's calls, or none came for a while: setting up has used some of them."""
    last, since, until = -1, time.monotonic(), time.monotonic() + 300
    while time.monotonic() < until:
        found = control("GET", f"{stack.xero}/_control/calls")
        assert found is not None
        if found["total"] >= BULK_OF_A_MINUTE:
            return
        if found["total"] != last:
            last, since = found["total"], time.monotonic()
        elif last > 0 and time.monotonic() - since > 6:
            return
        time.sleep(0.5)
    raise AssertionError("the large run did not use up its minute")
