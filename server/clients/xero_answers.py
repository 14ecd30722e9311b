"""What does an answer of Xero mean? Judged by proof: what is not shown is not believed (X2.6, X4, X5.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.clients.errors import CallFailed, Disconnected, NotFound, Refused, TryLater
from server.clients.headers import pause_told, retry_after
from server.clients.transport import Reply

_KEY_MISMATCH = "is used with a different request"
_SENTENCE_MAX = 1000


def rows_of(reply: Reply, resource: str) -> list[dict[str, Any]] | None:
    """The resource list of a 200 in JSON, or None: then nothing is proved."""
    document = reply.json() if reply.status == 200 else None
    rows = document.get(resource) if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows


def lacks_scope(reply: Reply) -> bool:
    """A 401 that no new token mends. Xero misspells its own header value; both are taken (X2.6)."""
    header = reply.headers.get("WWW-Authenticate", "").lower()
    return (
        "insufficient_scope" in header or "insufficent_scope" in header or _detail(reply) == "AuthorizationUnsuccessful"
    )


def says_token_expired(reply: Reply) -> bool:
    """A 401 that a renewed token may mend."""
    return reply.status == 401 and _is_xeros(reply) and not lacks_scope(reply)


def trouble(reply: Reply, pause_s: float) -> CallFailed:
    """Why an answer cannot be used, as a step of the ladder."""
    if reply.status in (401, 403):
        return _shut_out(reply, pause_s)
    if reply.status == 429:
        return TryLater("xero", "limit", pause_told(reply.headers), "429")
    if 400 <= reply.status < 500 and reply.status != 408:
        kind = NotFound if reply.status == 404 else Refused
        return kind("xero", reply.status, _code(reply), sentence(reply))
    seconds = retry_after(reply.headers) or pause_s
    return TryLater("xero", "service", seconds, f"answered {reply.status} without proof")


def key_mismatch(reply: Reply) -> bool:
    """Does Xero say that this Idempotency-Key belongs to another request? Looked for wherever it may sit (X4)."""
    return any(_KEY_MISMATCH in text for text in _texts(reply))


def sentence(reply: Reply) -> str:
    """The words of a whole-request refusal, the most telling ones first (X11.7)."""
    texts = list(dict.fromkeys(_texts(reply)))
    telling = [text for text in texts if text != "A validation exception occurred"] or texts
    return " ".join(telling)[:_SENTENCE_MAX] or f"Xero answered {reply.status}."


def _shut_out(reply: Reply, pause_s: float) -> CallFailed:
    """401 and 403: a person must connect again, unless something in between said so and not Xero."""
    if not _is_xeros(reply):
        return TryLater("xero", "service", pause_s, f"answered {reply.status} without JSON")
    if reply.status == 401 and lacks_scope(reply):
        return Disconnected("xero", "scope_missing")
    if reply.status == 401:
        return Disconnected("xero", "token_refused")
    unsuccessful = _detail(reply) == "AuthenticationUnsuccessful"
    return Disconnected("xero", "app_disconnected" if unsuccessful else "forbidden")


def _is_xeros(reply: Reply) -> bool:
    return isinstance(reply.json(), dict) or "WWW-Authenticate" in reply.headers


def _texts(reply: Reply) -> Iterator[str]:
    document = reply.json()
    if not isinstance(document, dict):
        yield from _plain(reply)
        return
    for rows in document.values():
        if isinstance(rows, list):
            yield from _row_texts(rows)
    for name in ("Message", "Detail", "Title"):
        if isinstance(document.get(name), str):
            yield document[name]


def _row_texts(rows: list[Any]) -> Iterator[str]:
    for row in rows:
        errors = row.get("ValidationErrors") if isinstance(row, dict) else None
        for error in errors if isinstance(errors, list) else []:
            if isinstance(error, dict) and isinstance(error.get("Message"), str):
                yield error["Message"]


def _plain(reply: Reply) -> Iterator[str]:
    """Text that is not a page: 404 and 503 say a sentence so (X5.5)."""
    text = reply.body.decode("utf-8", "replace").strip()
    if text and not text.startswith("<"):
        yield text[:_SENTENCE_MAX]


def _detail(reply: Reply) -> str | None:
    document = reply.json()
    detail = document.get("Detail") if isinstance(document, dict) else None
    return detail if isinstance(detail, str) else None


def _code(reply: Reply) -> str:
    document = reply.json()
    kind = document.get("Type") if isinstance(document, dict) else None
    return kind if isinstance(kind, str) else f"http_{reply.status}"
