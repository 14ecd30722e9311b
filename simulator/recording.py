"""What was asked and answered, word for word? One JSON line for each call, where a folder is named for them."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

FOLDER = "SIMULATOR_RECORD"
MASK = "***"
# What opens something is not written down; that it was there is.
_SECRET = frozenset({"access_token", "refresh_token", "id_token", "client_secret", "code", "code_verifier", "token"})
_SENT = (
    *("Accept", "Authorization", "Content-Type", "xero-tenant-id", "Idempotency-Key"),
    *("If-Modified-Since", "If-Unmodified-Since"),
)
_ANSWERED = ("Content-Type", "Retry-After", "X-Rate-Limit-Problem")
_one_at_a_time = threading.Lock()

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def around(inner: App, service: str, prefixes: tuple[str, ...]) -> App:
    """The app itself; with SIMULATOR_RECORD=<folder> it also writes its calls to <folder>/<service>.jsonl."""
    folder = os.environ.get(FOLDER)
    return _Recorder(inner, Path(folder) / f"{service}.jsonl", prefixes) if folder else inner


def body_of(environ: Environ) -> bytes:
    """What was sent, which can still be read afterwards."""
    sent: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(sent)
    return sent


class _Recorder:
    """Writes what the app answered, even where the caller never gets it."""

    def __init__(self, inner: App, file: Path, prefixes: tuple[str, ...]) -> None:
        self._inner, self._file, self._prefixes = inner, file, prefixes
        file.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(self._prefixes):
            return self._inner(environ, start_response)
        sent = body_of(environ)
        head: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            head.append((status, headers))
            return start_response(status, headers, *more)

        answer = self._inner(environ, begin)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        self._write({"request": _request(environ, sent), "answer": _answer(*head[-1], body)})
        return [body]

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False) + "\n"
        with _one_at_a_time, self._file.open("a", encoding="utf-8") as out:
            out.write(text)


def _request(environ: Environ, body: bytes) -> dict[str, Any]:
    given = {name: environ.get(_variable(name)) for name in _SENT}
    headers = {name: value for name, value in given.items() if value is not None}
    if "Authorization" in headers:
        headers["Authorization"] = f"{headers['Authorization'].split(' ')[0]} {MASK}"
    return {
        "method": environ["REQUEST_METHOD"],
        "path": environ.get("PATH_INFO", ""),
        "query": environ.get("QUERY_STRING", ""),
        "headers": headers,
        "body": without_secrets(body.decode("utf-8", "replace"), headers.get("Content-Type", "")),
    }


def _variable(header: str) -> str:
    name = header.upper().replace("-", "_")
    return name if name == "CONTENT_TYPE" else f"HTTP_{name}"


def _answer(status: str, headers: list[tuple[str, str]], body: bytes) -> dict[str, Any]:
    kept = {name: value for name, value in headers if name in _ANSWERED}
    text = body.decode("utf-8", "replace")
    return {
        "status": int(status.split(" ", 1)[0]),
        "headers": kept,
        "body": without_secrets(text, kept.get("Content-Type", "")),
    }


def without_secrets(body: str, content_type: str) -> str:
    """A form or a JSON document with its tokens masked; anything else as it is."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        pairs = parse_qsl(body, keep_blank_values=True)
        return urlencode([(name, MASK if name in _SECRET else value) for name, value in pairs])
    if not any(f'"{name}"' in body for name in _SECRET):
        return body
    try:
        document = json.loads(body)
    except ValueError:
        return body
    if not isinstance(document, dict) or "access_token" not in document:
        return body  # "code" is the name of an error as well
    return json.dumps({name: MASK if name in _SECRET else value for name, value in document.items()})
