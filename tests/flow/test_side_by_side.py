"""Are CRM's records read a few at a time, within what Zoho allows, and is one that fails told by itself?"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from server.sync.side_by_side import LANES, side_by_side
from tests.flow.scenes import calls, customer, fault, old_invoices, push
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def yes() -> bool:
    return True


def test_each_has_its_result_and_no_more_than_a_few_run_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(_: None, number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return number * 2

    assert sorted(side_by_side(nullcontext, work, range(10), yes)) == [(number, number * 2) for number in range(10)]
    assert 1 < most <= LANES


def test_a_lane_is_opened_once_and_closed_however_it_ends() -> None:
    """Four lanes for ten: each is left, also those whose work raised."""
    opened, left, lock = [], [], threading.Lock()

    @contextmanager
    def lane() -> Iterator[int]:
        with lock:
            opened.append(len(opened))
        try:
            yield opened[-1]
        finally:
            left.append(1)

    def work(_: int, number: int) -> None:
        time.sleep(0.02)
        if number == 7:
            raise ValueError("seven")

    with pytest.raises(ValueError, match="seven"):
        side_by_side(lane, work, range(10), yes)
    assert len(opened) == len(left) == LANES


def test_each_lane_does_one_at_the_least_and_stops_when_told() -> None:
    assert len(side_by_side(nullcontext, lambda _, number: number, range(50), lambda: False)) == LANES


def test_what_one_raises_is_raised_when_all_are_over() -> None:
    done: list[int] = []
    begun = threading.Barrier(4)

    def work(_: None, number: int) -> int:
        begun.wait(20)
        if number == 1:
            raise ValueError("one")
        time.sleep(0.05)
        done.append(number)
        return number

    with pytest.raises(ValueError, match="one"):
        side_by_side(nullcontext, work, [0, 1, 2, 3], yes)
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


def test_a_limit_in_the_middle_costs_no_read_twice(tenant: Make) -> None:
    """CRM says "too many" to one of twelve: what was read goes on, the others come with the next go."""
    mine = tenant()
    account = customer(mine)
    first, *records = old_invoices(mine, 13, account=account)
    push(mine, first)  # its customer is known by link: nothing else is to be read of CRM
    fault(mine, "zoho", "429", "GET", f"/Invoices/{records[6]}", times=1)
    assert mine.run("push", *records)["counts"] == {"created": 12}
    reads = [each["path"].rsplit("/", 1)[1] for each in calls(mine, "zoho", "GET") if "/Invoices/" in each["path"]]
    assert Counter(reads) == Counter([first, *records, records[6]])
