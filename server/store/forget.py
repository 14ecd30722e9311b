"""What is working data, and when is it old? Runs with their tasks, and closed dispatches, go after 30 days (promise 9).

Links stay: they say what was sent, in hashes. What is open stays however old it is (4a.15). The leases of whoever was
killed while it worked, and whose record nobody has touched since, go after a day.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, select

from server.store.engine import now
from server.store.tables import attempt, dispatch, dispatch_row, record_lease, run, task

KEPT = timedelta(days=30)
LEASES_KEPT = timedelta(days=1)
_A_GO = 200  # of each kind: nobody waits for a lock of ours


def forget_some(c: Connection) -> int:
    """How much there was of what is old; it is gone when the transaction ends."""
    old = now(c) - KEPT
    runs = list(c.execute(select(run.c.id).where(run.c.ended_at < old).limit(_A_GO)).scalars())
    closed = list(c.execute(select(dispatch.c.id).where(dispatch.c.closed_at < old).limit(_A_GO)).scalars())
    if runs:
        c.execute(delete(task).where(task.c.run_id.in_(runs)))
        c.execute(delete(run).where(run.c.id.in_(runs)))
    if closed:
        for table in (dispatch_row, attempt):
            c.execute(delete(table).where(table.c.dispatch_id.in_(closed)))
        c.execute(delete(dispatch).where(dispatch.c.id.in_(closed)))
    c.execute(delete(record_lease).where(record_lease.c.until < now(c) - LEASES_KEPT))
    return len(runs) + len(closed)
