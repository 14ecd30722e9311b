"""Is what was worked on forgotten after thirty days, and nothing that is needed to never send twice?"""

from __future__ import annotations

import time
from collections.abc import Callable

import redis
import sqlalchemy as sa

from tests.flow.scenes import database, eventually, invoice, key_of, panel, push, settled
from tests.tenants import Tenant

Make = Callable[..., Tenant]
DAY_MS = 24 * 3600 * 1000
MONTH_MS = 31 * DAY_MS


OF_THE_RUN = "SELECT r.dispatch_id FROM dispatch_row r JOIN task t ON t.id = r.task_id WHERE t.run_id = :run"


COLUMNS = "tenant_id, module, record_id, token, until"
LEASE = f"INSERT INTO record_lease ({COLUMNS}) VALUES (:tenant, 'Invoices', :record, 'x', :until)"
LEASED = "SELECT record_id FROM record_lease WHERE tenant_id = :tenant AND token = 'x'"


def age(mine: Tenant, run: str) -> None:
    """Let the run and its dispatches have ended a month ago."""
    earlier = f"UPDATE dispatch SET closed_at = closed_at - {MONTH_MS} WHERE id IN ({OF_THE_RUN})"
    with database(mine.stack) as c:
        c.execute(sa.text(earlier), {"run": run})
        c.execute(sa.text(f"UPDATE run SET ended_at = ended_at - {MONTH_MS} WHERE id = :run"), {"run": run})
    with redis.Redis.from_url(mine.stack.redis_url) as client:
        client.delete("ib:forget")


def test_after_a_month_the_work_is_forgotten_and_the_link_is_not(tenant: Make) -> None:
    """The panel still says what is in Xero; another push changes nothing there; younger work stays."""
    mine = tenant()
    record, young = invoice(mine), invoice(mine)
    old = mine.run("push", record)
    push(mine, young)
    settled(mine, record)
    number = panel(mine, record)["link"]["number"]
    age(mine, old["id"])
    eventually(lambda: mine.api.get(f"/runs/{old['id']}").status_code == 404, patience=30)
    with database(mine.stack) as c:
        left = c.execute(sa.text("SELECT count(*) FROM task WHERE run_id = :run"), {"run": old["id"]}).scalar_one()
        lost = c.execute(
            sa.text("SELECT count(*) FROM dispatch_row WHERE dispatch_id NOT IN (SELECT id FROM dispatch)")
        ).scalar_one()
        dispatches = c.execute(sa.text("SELECT count(*) FROM dispatch WHERE closed_at IS NOT NULL")).scalar_one()
    assert (left, lost) == (0, 0)
    assert dispatches >= 1, "that of the younger one stays"
    assert panel(mine, record)["link"]["number"] == number
    assert push(mine, record)["outcome"] == "unchanged"
    assert len(mine.in_xero(record)) == 1


def test_the_leases_of_the_killed_go_after_a_day(tenant: Make) -> None:
    """Younger ones stay: whoever holds one may only stand still."""
    mine = tenant()
    now = round(time.time() * 1000)
    with database(mine.stack) as c:
        whose = key_of(c, mine)
        for record, until in (("1", now - 2 * DAY_MS), ("2", now - 3_600_000)):
            c.execute(sa.text(LEASE), {"tenant": whose, "record": record, "until": until})
    with redis.Redis.from_url(mine.stack.redis_url) as client:
        client.delete("ib:forget")

    def left() -> list[str]:
        with database(mine.stack) as c:
            return list(c.execute(sa.text(LEASED), {"tenant": whose}).scalars())

    assert eventually(left, lambda found: len(found) < 2, patience=30) == ["2"]
