"""What do our processes write to their log? One line of JSON for each event, and nothing secret.

Ids, counts, routes and codes may stand there; tokens, query strings, bodies, names and money may not.
"""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from typing import Any

import structlog

# Libraries that write addresses with their query strings, or one line for each job.
_QUIET = ("urllib3", "werkzeug", "alembic", "sqlalchemy", "rq.worker", "rq.job")


def set_up(level: str) -> None:
    """Send our own and the libraries' lines through one JSON formatter to standard output. May run twice."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_message,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def about(**ids: str | None) -> AbstractContextManager[None]:
    """Every line that is written inside bears these ids, whoever writes it."""
    return structlog.contextvars.bound_contextvars(**{name: value for name, value in ids.items() if value})


def trace_of(error: BaseException) -> list[str]:
    """Where an exception came through, innermost last. Without its message, which may hold anything."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 3)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places


def _without_message(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """An exception is told by its type and place: its text could quote a query, an answer or a token."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"], event["trace"] = type(error).__name__, trace_of(error)
    return event
