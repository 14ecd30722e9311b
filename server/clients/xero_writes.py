"""What is known of a write to Xero once it was sent? (design 4a.5)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from server.clients.errors import Disconnected, Refused, TryLater
from server.clients.transport import NoConnection, NotSent, Reply
from server.clients.xero_answers import key_mismatch, rows_of, sentence, trouble

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Sent:
    """What is known of one sending of a write.

    ran: "yes" is proved, and `rows` is the resource list, each row to be judged by its own errors; "no" is sure
    too, for the reason in `cause`; "unknown" is all else. `look_first`: the same bytes under the same key would
    tell nothing new. `refused`: what Xero said to the whole request. `why` goes with the cause "disconnected".
    """

    ran: Literal["yes", "no", "unknown"]
    rows: Rows | None = None
    cause: Literal["limit", "service", "disconnected", "not_sent"] | None = None
    seconds: float = 0.0
    look_first: bool = False
    refused: str | None = None
    status: int | None = None
    why: str | None = None


def unanswered(failure: Exception, pause_s: float) -> Sent:
    """What is known of a write that got no answer."""
    match failure:
        case NotSent():
            return Sent("no", cause="not_sent")
        case TryLater():
            return Sent("no", cause=failure.cause, seconds=failure.seconds)
        case Disconnected():
            return Sent("no", cause="disconnected", why=failure.why)
        case NoConnection():
            return Sent("no", cause="service", seconds=pause_s)
    return Sent("unknown", cause="service", seconds=pause_s)


def judged(reply: Reply, resource: str, pause_s: float) -> Sent:
    """What an answer says of a write."""
    status = reply.status
    if key_mismatch(reply):
        return Sent("unknown", look_first=True, status=status)
    rows = rows_of(reply, resource)
    if rows is not None:
        return Sent("yes", rows=rows, status=status)
    failure = trouble(reply, pause_s)
    if status in (401, 403, 429):
        return _did_not_run(failure, status)
    if isinstance(failure, Refused):  # under the same key it would be refused again
        return Sent("unknown", look_first=True, refused=sentence(reply), status=status)
    # A 5xx may be one that is stored under the key: repeating it would only show it again (X4).
    return Sent("unknown", cause="service", seconds=pause_s, look_first=status >= 500, status=status)


def _did_not_run(failure: Exception, status: int) -> Sent:
    """401, 403, 429: this attempt only (design 4a.5)."""
    if isinstance(failure, Disconnected):
        return Sent("no", cause="disconnected", why=failure.why, status=status)
    assert isinstance(failure, TryLater)
    return Sent("no", cause=failure.cause, seconds=failure.seconds, status=status)
