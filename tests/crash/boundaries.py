"""Where can a process die? At every commit and every call, before and after: each is a step that can be ordered.

A plan is a file named after the tenant in the folder CRASH_PLANS: {"at": 7, "how": "kill", "never": [],
"of": ["interactive", "crm"]}. The job that reaches the seventh step of that tenant's work of those classes dies by
SIGKILL ("kill"), by os._exit ("exit"), or stops ("stop", at the first step from there on whose name is not among
"never"). Every step that was reached is a line in the tenant's .steps file, so that a test knows how many there are:
"before commit", "after commit", "send GET", "answer GET" and the like.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

PLANS = Path(os.environ.get("CRASH_PLANS", "/nonexistent"))
_now: dict[str, str] = {}  # the tenant whose job this process runs


def install() -> None:
    """Watch every boundary of this process and its forks."""
    from server import worker

    worker.work = _watched(worker.work)
    event.listen(Engine, "before_cursor_execute", _note_writing)
    DefaultDialect.do_commit = _commits(DefaultDialect.do_commit)  # type: ignore[method-assign]
    connection = http.client.HTTPConnection
    connection.endheaders = _before(connection.endheaders, "send")  # type: ignore[method-assign]
    connection.getresponse = _after(connection.getresponse, "answer")  # type: ignore[method-assign]


def _watched(work: Callable[..., None]) -> Callable[..., None]:
    def watched(tenant_id: str, work_class: str, job_id: str) -> None:
        _now.update(tenant=tenant_id, work_class=work_class)
        work(tenant_id, work_class, job_id)

    return watched


def _note_writing(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
        _now["wrote"] = "yes"


def _commits(commit: Callable[..., Any]) -> Callable[..., Any]:
    """Before and after every commit that has something to commit; a reading transaction changes nothing."""

    def wrapped(*args: Any, **more: Any) -> Any:
        wrote = _now.pop("wrote", None)
        if wrote:
            step("before commit")
        answer = commit(*args, **more)
        if wrote:
            step("after commit")
        return answer

    return wrapped


def _before(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def wrapped(connection: Any, *args: Any, **more: Any) -> Any:
        step(f"{name} {connection._method}")
        return function(connection, *args, **more)

    return wrapped


def _after(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def wrapped(connection: Any, *args: Any, **more: Any) -> Any:
        answer = function(connection, *args, **more)
        step(f"{name} {connection._method}")
        return answer

    return wrapped


def step(name: str) -> None:
    """One boundary; the process may end here."""
    tenant = _now.get("tenant")
    plan = PLANS / f"{tenant}.json"
    if tenant is None or not plan.exists():
        return
    ordered = json.loads(plan.read_text(encoding="utf-8"))
    if _now["work_class"] not in ordered["of"]:
        return
    steps = PLANS / f"{tenant}.steps"
    with steps.open("a", encoding="utf-8") as log:
        log.write(f"{os.getpid()} {name}\n")
    reached = len(steps.read_text(encoding="utf-8").splitlines())
    if reached >= ordered["at"] and not (ordered["how"] == "stop" and name in ordered["never"]):
        plan.rename(PLANS / f"{tenant}.done")  # once only, however the end comes
        _end(ordered["how"], tenant)


def _end(how: str, tenant: str) -> None:
    if how == "exit":
        os._exit(9)
    (PLANS / f"{tenant}.pid").write_text(str(os.getpid()), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGSTOP if how == "stop" else signal.SIGKILL)
