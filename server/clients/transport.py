"""How does one HTTP call leave this process, and what is known when it fails?

No retries, no redirects, no cookies, no proxies from the environment. Every call has a total deadline, which
a server that drips its answer byte by byte cannot stretch.
"""

from __future__ import annotations

import http.client
import io
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

MAX_ANSWER = 20 * 1024 * 1024
_CHUNK = 64 * 1024
# A connection that lay idle longer may have been dropped without a word by something in between; using it
# would turn a write into "unknown" for nothing.
_IDLE_S = 20.0


@dataclass(frozen=True)
class CallTimes:
    """Seconds: deadlines of a write to Xero, of a read, of a token call; the pause after a disturbance."""

    write_s: float = 40
    read_s: float = 20
    token_s: float = 10
    pause_s: float = 15


@dataclass(frozen=True)
class Reply:
    """A whole answer, of whatever status. The header names ignore case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The parsed body with numbers as Decimal, or None when it is not JSON (X5.5: 404, 429, 503)."""
        return self._parsed

    @cached_property
    def _parsed(self) -> Any:
        try:
            return json.loads(self.body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            return None


class NoConnection(Exception):
    """Not a byte left: refused, unknown host, no TLS, or no connection in time. The call did not run."""


class NotSent(Exception):
    """`before_send` said no. The call did not run."""


class LostReply(Exception):
    """The request left, wholly or in part, and no whole answer came. Nobody knows whether it ran."""


def with_query(url: str, params: Mapping[str, str] | None) -> str:
    """The address with its query. Commas stay as they are, so that lists of ids stay short."""
    return f"{url}?{urlencode(params, safe=',', quote_via=quote)}" if params else url


class Transport:
    """One per process is enough; each thread, and each forked child, gets its own connections."""

    def __init__(self, times: CallTimes) -> None:
        self.times = times
        self._mine = threading.local()

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        deadline_s: float,
        before_send: Callable[[], bool] | None = None,
    ) -> Reply:
        """Send once and wait for the whole answer, `deadline_s` at most in all.

        `before_send` is asked when the connection stands, directly before the first byte. Raises
        NoConnection, NotSent or LostReply; what an answer means is for the caller to judge.
        """
        if deadline_s <= 0:  # used up before: by a wait for a token, or for a place in the queue
            raise NoConnection("TimeoutError")
        under_way = _Call(time.monotonic() + deadline_s, before_send)
        given = _current.set(under_way)
        try:
            return self._exchange(method, with_query(url, params), dict(headers or {}), body, deadline_s)
        except (requests.RequestException, HTTPError, OSError) as error:
            # The name only: the error itself holds the request with its bearer token.
            name = type(error).__name__
        finally:
            _current.reset(given)
        raise LostReply(name) if under_way.left else NoConnection(name)

    def _exchange(self, method: str, url: str, headers: dict[str, str], body: bytes | None, deadline_s: float) -> Reply:
        session = self._session()
        request = session.prepare_request(requests.Request(method, url, headers=headers, data=body))
        timeout = (min(10.0, deadline_s / 4), deadline_s)
        with session.send(request, stream=True, timeout=timeout, allow_redirects=False) as answer:
            return Reply(answer.status_code, answer.headers, _whole_body(answer))

    def _session(self) -> requests.Session:
        if getattr(self._mine, "pid", None) != os.getpid():
            self._mine.session, self._mine.pid = _new_session(), os.getpid()
        session: requests.Session = self._mine.session
        return session


@dataclass
class _Call:
    ends_at: float
    before_send: Callable[[], bool] | None
    left: bool = False

    def remaining(self) -> float:
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("deadline passed")
        return seconds

    def leave(self) -> float:
        """The last thing before the first byte: answers how long the call may still take."""
        if self.before_send is not None and not self.before_send():
            raise NotSent
        seconds = self.remaining()
        self.left = True
        return seconds


_current: ContextVar[_Call] = ContextVar("call")


class _TimedSocket(io.RawIOBase):
    """Reads from a socket with the time that the whole call has left, not with a fresh time-out a read."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, call: _Call) -> None:
        self._raw, self._sock, self._call = raw, sock, call

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._call.remaining())
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedAnswer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self.fp = io.BufferedReader(_TimedSocket(self.fp.detach(), sock, _current.get()))


class _Guarded(HTTPConnection):
    """Connects, asks the call's `before_send`, and only then lets bytes out."""

    response_class = _TimedAnswer
    _used_at = 0.0

    def connect(self) -> None:
        super().connect()
        self._used_at = time.monotonic()

    def request(self, *args: Any, **named: Any) -> None:
        if time.monotonic() - self._used_at > _IDLE_S:
            self.close()
        if self.sock is None:
            self.connect()
        self.timeout = _current.get().leave()
        self._used_at = time.monotonic()
        super().request(*args, **named)


class _GuardedTls(_Guarded, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        super().init_poolmanager(*args, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Never: a redirect is an answer like any other, for the caller to judge."""
        return None


def _new_session() -> requests.Session:
    session = _Session()
    session.trust_env = False  # no proxy and no .netrc from the environment
    session.mount("https://", _Adapter())
    session.mount("http://", _Adapter())
    session.headers["User-Agent"] = "InvoiceBridge"
    # One session serves many customers: a cookie of one must never travel with another's call.
    session.cookies.set_policy(_NoCookies())
    return session


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[name-defined,misc]
    def set_ok(self, cookie: Any, request: Any) -> bool:
        return False


def _whole_body(answer: requests.Response) -> bytes:
    body = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        body += chunk
        if len(body) > MAX_ANSWER:
            raise requests.ConnectionError("answer too long")
    return bytes(body)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
