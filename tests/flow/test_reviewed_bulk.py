"""Does a push of many new customers come to its end, though looking for them could use up Xero's minute?"""

from __future__ import annotations

from collections.abc import Callable

from tests.flow.scenes import calls, customer, invoice, line, side_by_side, start
from tests.tenants import Tenant

MANY = 14  # more than one claim looks for


def test_many_new_customers_are_made_a_few_at_a_time(tenant: Callable[..., Tenant]) -> None:
    """Two reads a customer, some customers a claim: each claim sends what it has found before the next one looks."""
    mine = tenant()
    desk = line(mine)
    accounts = side_by_side(lambda n: customer(mine, f"Firma {n}"), range(MANY))
    records = [invoice(mine, account, Invoiced_Items=[desk]) for account in accounts]
    assert mine.ended(start(mine, "push", *records), patience=150)["counts"] == {"created": MANY}
    assert len(mine.in_xero()) == MANY
    log = [(each["method"], each["path"]) for each in calls(mine, "xero")]
    first_write = next(place for place, (method, _) in enumerate(log) if method == "PUT")
    assert len([path for _, path in log[:first_write] if path.endswith("/Contacts")]) == 20
    assert len([path for method, path in log if method == "GET" and path.endswith("/Contacts")]) == 2 * MANY
