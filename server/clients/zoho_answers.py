"""What does an answer of Zoho CRM mean? The status alone says little: errors come with 200 as well (Z5.4, Z5.12)."""

from __future__ import annotations

import random
from typing import Any

from server.clients.errors import CallFailed, Disconnected, NotFound, Refused, TryLater
from server.clients.headers import retry_after
from server.clients.transport import Reply

_LIMIT_CODES = {"TOO_MANY_REQUESTS", "RATE_LIMIT_EXCEEDED"}
_TOKEN_CODES = {"INVALID_TOKEN", "AUTHENTICATION_FAILURE"}
_LOST_CODES = {"INTERNAL_ERROR"}
_API_ACCESS = "Crm_Implied_Api_Access"  # of a profile, without which none of its users may call (Z5.12)


def says_token_expired(reply: Reply) -> bool:
    """A 401 that a renewed token may mend (Z5.12)."""
    return reply.status == 401 and code(reply) != "OAUTH_SCOPE_MISMATCH"


def is_empty(reply: Reply) -> bool:
    """204: nothing there, or nothing that this user may see. 304: nothing new (Z5.4)."""
    return reply.status in (204, 304)


def rows_of(reply: Reply, resource: str) -> list[dict[str, Any]] | None:
    """The list of a 2xx in JSON, or None: then nothing is proved."""
    document = reply.json() if 200 <= reply.status < 300 else None
    rows = document.get(resource) if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return rows


def results_of(reply: Reply, resource: str, expected: int) -> list[dict[str, Any]] | None:
    """Per-row results, one a sent row and in order. They come with any 2xx, and with 400 when all failed (Z7.3)."""
    document = reply.json() if 200 <= reply.status < 300 or reply.status == 400 else None
    rows = document.get(resource) if isinstance(document, dict) else None
    if not isinstance(rows, list) or len(rows) != expected:
        return None
    return rows if all(isinstance(row, dict) and "code" in row for row in rows) else None


def trouble(reply: Reply, pause_s: float) -> CallFailed:
    """Why an answer cannot be used, as a step of the ladder."""
    error = code(reply)
    if reply.status == 429 or error in _LIMIT_CODES:
        return TryLater("zoho", "limit", retry_after(reply.headers) or _with_jitter(pause_s), error or "429")
    if error == "OAUTH_SCOPE_MISMATCH":
        return Disconnected("zoho", "scope_missing")
    if error == "NO_PERMISSION" and _API_ACCESS in _permissions(reply):
        return Disconnected("zoho", "no_api_access")
    if error in _TOKEN_CODES:
        return Disconnected("zoho", "token_refused")
    if error and error not in _LOST_CODES and reply.status < 500:
        return _refusal(reply, error)
    return TryLater("zoho", "service", pause_s, f"answered {reply.status} {error or 'without proof'}")


def code(reply: Reply) -> str:
    """The code of a whole-call error, which stands at the top or in a single row; else empty."""
    return _text(_top(reply).get("code"))


def _refusal(reply: Reply, error: str) -> Refused:
    wrong_id = error == "INVALID_DATA" and "the id given seems to be invalid" in _message(reply)
    missing = reply.status == 404 and error != "INVALID_URL_PATTERN"
    kind = NotFound if missing or wrong_id else Refused
    return kind("zoho", reply.status, error, _message(reply))


def _permissions(reply: Reply) -> list[object]:
    details = _top(reply).get("details")
    named = details.get("permissions") if isinstance(details, dict) else None
    return named if isinstance(named, list) else []


def _top(reply: Reply) -> dict[str, Any]:
    document = reply.json()
    if not isinstance(document, dict):
        return {}
    rows = document.get("data")
    if isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], dict) and "code" in rows[0]:
        return rows[0] if rows[0].get("status") == "error" else {}
    return document


def _message(reply: Reply) -> str:
    return _text(_top(reply).get("message"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _with_jitter(pause_s: float) -> float:
    """Zoho never says how long (Z5.12): not everybody comes back in the same second."""
    return pause_s * random.uniform(0.5, 1.5)
