"""How does a test get an HTTP server that answers as it likes, well or badly, over a real socket?"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    target: str

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Says:
    """An answer in good order."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        handler.send_response(self.status)
        kind = "text/html" if isinstance(self.body, bytes) else "application/json"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)


@dataclass(frozen=True)
class Resets:
    """The connection is cut hard once the request has been read."""

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.shutdown(socket.SHUT_RD)
        handler.connection.close()


@dataclass(frozen=True)
class Raw:
    """These bytes, `pause` seconds between each, and then the end of the connection."""

    data: bytes
    pause: float = 0.0

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        if not self.pause:
            handler.wfile.write(self.data)
        for byte in self.data if self.pause else b"":
            handler.wfile.write(bytes([byte]))
            time.sleep(self.pause)


@dataclass(frozen=True)
class Later:
    """Another answer, after a while."""

    seconds: float
    then: Says

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        time.sleep(self.seconds)
        self.then.play(handler)


Answer = Says | Resets | Raw | Later


class Pretend:
    """A server on a free port. `answer` decides; by default each request takes the next of `answers`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.answers: list[Answer] = []
        self.answer: Callable[[Seen], Answer] = lambda seen: self.answers.pop(0) if self.answers else Says()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def paths(self) -> list[str]:
        return [f"{seen.method} {seen.path}" for seen in self.seen]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(pretend: Pretend) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            pretend.connections += 1
            super().setup()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            seen = Seen(self.command, parts.path, query, self.headers, body, self.path)
            pretend.seen.append(seen)
            try:
                pretend.answer(seen).play(self)
            except OSError:  # the caller did not wait, which is what some tests are about
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server names them

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Nothing: tests print what they need."""

    return Handler
