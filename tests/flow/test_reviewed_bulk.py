"""Does a push of many new customers come to its end without using up Xero's minute?"""

from __future__ import annotations

from collections.abc import Callable

from tests.flow.scenes import calls, customer, invoice, line, side_by_side, start
from tests.tenants import Tenant

MANY = 14


def test_many_new_customers_cost_no_search_each(tenant: Callable[..., Tenant]) -> None:
    """They are looked up in the index of contacts, which a page or two of Xero's lists keep up to date."""
    mine = tenant()
    desk = line(mine)
    accounts = side_by_side(lambda n: customer(mine, f"Firma {n}"), range(MANY))
    records = [invoice(mine, account, Invoiced_Items=[desk]) for account in accounts]
    assert mine.ended(start(mine, "push", *records), patience=150)["counts"] == {"created": MANY}
    assert len(mine.in_xero()) == MANY
    log = [(each["method"], each["path"]) for each in calls(mine, "xero")]
    assert len([path for method, path in log if method == "GET" and path.endswith("/Contacts")]) < MANY // 2
    assert len([path for method, path in log if method == "PUT" and path.endswith("/Contacts")]) == 1
