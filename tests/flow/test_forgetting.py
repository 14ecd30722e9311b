"""Is what was worked on forgotten after thirty days, and nothing that is needed to never send twice?"""

from __future__ import annotations

from collections.abc import Callable

import redis
import sqlalchemy as sa

from tests.flow.scenes import database, eventually, invoice, panel, push, settled
from tests.tenants import Tenant

Make = Callable[..., Tenant]
MONTH_MS = 31 * 24 * 3600 * 1000


OF_THE_RUN = "SELECT r.dispatch_id FROM dispatch_row r JOIN task t ON t.id = r.task_id WHERE t.run_id = :run"


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
