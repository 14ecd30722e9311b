"""Are CRM's records read a few at a time, within what Zoho allows, and is one that fails told by itself?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from server.sync.side_by_side import MOST, side_by_side
from tests.flow.scenes import calls, fault, old_invoices
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def test_results_keep_their_order_and_no_more_than_a_few_run_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return number * 2

    assert list(side_by_side(work, range(10))) == [number * 2 for number in range(10)]
    assert 1 < most <= MOST


def test_what_one_raises_is_raised_when_all_are_over() -> None:
    done: list[int] = []

    def work(number: int) -> int:
        if number == 1:
            raise ValueError("one")
        time.sleep(0.05)
        done.append(number)
        return number

    with pytest.raises(ValueError, match="one"):
        list(side_by_side(work, [0, 1, 2, 3]))
    assert sorted(done) == [0, 2, 3]


def test_a_slow_crm_is_asked_for_several_records_at_once(tenant: Make) -> None:
    """Each read takes 0.4 s: one behind the other, no two would arrive within that time."""
    mine = tenant()
    records = old_invoices(mine, 6)
    fault(mine, "zoho", "slow", "GET", "/Invoices/", seconds=0.4, times=None)
    run = mine.run("push", *records)
    assert run["counts"] == {"created": 6}
    reads = [each for each in calls(mine, "zoho") if "/Invoices/" in each["path"]]
    assert len({each["path"] for each in reads}) == 6
    came = sorted(datetime.fromisoformat(each["at"]) for each in reads)
    assert min(later - one for one, later in pairwise(came)) < timedelta(seconds=0.4)


def test_trouble_with_one_read_is_met_by_all_of_them_once_more(tenant: Make) -> None:
    """A limit among them: all are decided in the end, each once in Xero."""
    mine = tenant()
    records = old_invoices(mine, 5)
    fault(mine, "zoho", "429", "GET", "/Invoices/", times=1)
    assert mine.run("push", *records, patience=90)["counts"] == {"created": 5}
    assert len(mine.in_xero()) == 5
