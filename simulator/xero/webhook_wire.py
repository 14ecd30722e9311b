"""How is one webhook posted, and was it answered as Xero wants it?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from simulator.facts import Switches

Doc = dict[str, Any]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Reply:
    """How a delivery was answered; `status` None when it was not, and `wrong` why it does not count."""

    status: int | None
    wrong: str | None = None


def is_loopback(url: str) -> bool:
    """The real Xero wants https on 443 (X9); the pretend one posts to this machine and nowhere else."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK


def payload(events: list[Doc], first: int, last: int) -> bytes:
    """The body of a delivery; an intent-to-receive body has no events and zeros (X9)."""
    body = {
        "events": events,
        "firstEventSequence": first,
        "lastEventSequence": last,
        "entropy": secrets.token_hex(10).upper(),
    }
    return json.dumps(body, ensure_ascii=False).encode()


def signature(key: str, body: bytes) -> str:
    """base64(HMAC-SHA256(raw body, key)); the key's text is used as it is (X9)."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def post(config: Doc, body: bytes, switches: Switches, *, spoilt: bool = False) -> Reply:
    """Send a body; a spoilt signature belongs to another key."""
    key = secrets.token_hex(16) if spoilt else config["key"]
    seconds = switches["webhook_answer_seconds"]
    headers = {"Content-Type": "application/json; charset=utf-8", "x-xero-signature": signature(key, body)}
    began = time.monotonic()
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                config["url"], data=body, headers=headers, timeout=seconds, allow_redirects=False, verify=False
            )
    except requests.RequestException as error:
        return Reply(None, type(error).__name__)
    wrong = "answered too late" if time.monotonic() - began > seconds else _wrong(answer, switches, spoilt=spoilt)
    return Reply(answer.status_code, wrong)


def _wrong(answer: requests.Response, switches: Switches, *, spoilt: bool) -> str | None:
    """200 (today 2xx) for good signatures, 401 for bad ones; empty body, no cookies (X9)."""
    if spoilt:
        return None if answer.status_code == 401 else "401 is needed for a bad signature"
    good = 200 <= answer.status_code < 300 if switches["webhook_any_2xx"] else answer.status_code == 200
    if not good:
        return "200 is needed"
    if switches["webhook_strict_answer"] and (answer.content or answer.headers.get("Set-Cookie")):
        return "the answer has a body or a cookie"
    return None
