"""What goes on by itself once a cause is mended? Pushes that nothing else stood against, as they were asked for.

Nobody's click is taken further than it went: a record that was edited since, one that was shown with other values than
would be sent now, and one for which something was chosen are left to a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from server.domain.causes import causes_of, is_mended, waits_only_for_causes
from server.domain.crm_invoice import CrmInvoice
from server.domain.decide import Blocked, Create, Decision, Update
from server.domain.linking import Link
from server.domain.preview import draft_in, held_in
from server.domain.reasons import Code, reason
from server.domain.rights import RIGHTS
from server.domain.values import Books, Settings
from server.store import held_up, runs
from server.store.held_up import MENDED
from server.store.requested import Request
from server.store.turns import BULK, Job, wake
from server.sync.outcomes import reasons_of
from server.sync.services import Services

MOST = 500  # records of one run
STAMP = timedelta(seconds=1)  # CRM's stamps have whole seconds: an edit within the second of the read bears the same


def go_on_where_mended(
    c: Connection, home: Row[Any], settings: Settings, books: Books, *, saved: bool = False
) -> list[Job]:
    """Open runs for what a change of the settings or of the books has mended; the jobs to enqueue after the commit.
    `saved`: the settings were changed just now, so what only a whole decision can tell is decided anew, too."""
    ready = [
        task
        for task in held_up.refused(c, home.id)
        if _may_go_on(home, task)
        and all(is_mended(cause, settings, books, unknown=saved) for cause in causes_of(task.reasons))
    ]
    for request in _requests(ready):
        runs.start(c, home.id, request)
    return wake(c, home.id, BULK) if ready else []


def _may_go_on(home: Row[Any], task: Row[Any]) -> bool:
    """Whether nothing but causes stood against it, and the click that asked for it still counts. What was chosen is
    chosen anew; before going live only administrators push, one by one."""
    early = home.live_at is None and not (task.size == 1 and set(RIGHTS) <= set(task.rights or ()))
    return task.choice is None and not early and waits_only_for_causes(task.reasons)


def _requests(ready: Iterable[Row[Any]]) -> Iterator[Request]:
    """One for each who asked, with the rights of that moment and what they were shown."""
    groups: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    for task in ready:
        rights = None if task.rights is None else tuple(task.rights)
        groups[task.module, task.asked_by, rights].append(task)
    for (module, asked_by, rights), tasks in groups.items():
        for some in (tasks[first : first + MOST] for first in range(0, len(tasks), MOST)):
            shown = {task.record_id: task.previewed for task in some if task.previewed}
            ids = tuple(task.record_id for task in some)
            yield Request("push", MENDED, module, ids, asked_by, BULK, shown, rights=rights)


def read_before(s: Services, tasks: Iterable[Row[Any]]) -> Mapping[str, datetime]:
    """By record: when CRM was read for the push that is taken up again. Others have none."""
    again = [task for task in tasks if task.trigger == MENDED]
    if not again:
        return {}
    with s.store.read() as c:
        return held_up.read_before(c, again[0].tenant_id, again[0].module, [task.record_id for task in again])


def as_asked_for(
    task: Row[Any], decision: Decision, crm: CrmInvoice | None, before: Mapping[str, datetime]
) -> Decision:
    """The decision, or that the record is another than the one that was asked for: then a person looks first."""
    if task.trigger != MENDED or task.previewed or not isinstance(decision, Create | Update | Link):
        return decision
    read_at, changed = before.get(task.record_id), crm.modified_time if crm is not None else None
    if read_at is not None and changed is not None and changed < read_at - STAMP:
        return decision
    return Blocked((reason(Code.CHANGED_SINCE_PREVIEW), *reasons_of(decision)), draft_in(decision), held_in(decision))
