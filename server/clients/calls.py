"""How does one call get its token, its turn, and a second chance when the token had expired?"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from server.clients.errors import Service, TryLater
from server.clients.grants import Access, Grants
from server.clients.pace import Limits, Pace
from server.clients.tokens import TokenSet
from server.clients.transport import LostReply, NoConnection, NotSent, Reply, Transport


@dataclass(frozen=True)
class Turn:
    """In whose name a call goes out: a grant, the key its pace is counted under (None: not counted), a click?"""

    grant: str | TokenSet
    pace_key: str | None = None
    click: bool = False


@dataclass(frozen=True)
class Request:
    """One HTTP request, still without its token."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    before_send: Callable[[], bool] | None = None


class Calls:
    """The way out to one service. `renewable` says whether a 401 may be mended by a new token."""

    def __init__(
        self,
        service: Service,
        transport: Transport,
        grants: Grants,
        pace: Pace,
        *,
        scheme: str,
        limits: Limits,
        renewable: Callable[[Reply], bool],
    ) -> None:
        self.times = transport.times
        self._service: Service = service
        self._transport, self._grants, self._pace = transport, grants, pace
        self._scheme, self._limits, self._renewable = scheme, limits, renewable

    def read(self, turn: Turn, request: Request, within_s: float | None = None) -> Reply:
        """As `reach`, for a call that may be repeated: what the network does to it is TryLater.

        `within_s`: what is left to somebody who makes several calls and has one deadline for them all.
        """
        read_s = self.times.read_s
        try:
            return self.reach(turn, request, read_s if within_s is None else min(read_s, within_s))
        except (NoConnection, NotSent, LostReply) as lost:
            failure = f"{type(lost).__name__} {lost}"
        raise TryLater(self._service, "service", self.times.pause_s, failure)

    def reach(self, turn: Turn, request: Request, deadline_s: float) -> Reply:
        """The answer, whatever its status. After a renewable 401 once more, in the same total time.

        Raises Disconnected or TryLater before anything is sent, and what Transport.call raises.
        """
        ends_at = time.monotonic() + deadline_s
        access = self._grants.access(turn.grant, self._service)
        reply = self._paced(turn, request, access, ends_at)
        if not self._renewable(reply):
            return reply
        access = self._grants.renewed(turn.grant, access.version, self._service)
        return self._paced(turn, request, access, ends_at)

    def _paced(self, turn: Turn, request: Request, access: Access, ends_at: float) -> Reply:
        wanted = turn.pace_key
        ticket = self._pace.admitted(self._service, wanted, turn.click, self._limits) if wanted else None
        headers: Mapping[str, str] | None = None
        status = 0
        try:
            reply = self._call(request, access, ends_at)
            headers, status = reply.headers, reply.status
        finally:
            if ticket is None:
                self._pace.count(self._service, status)
            else:
                self._pace.leave(ticket, headers, status, self._service)
        return reply

    def _call(self, request: Request, access: Access, ends_at: float) -> Reply:
        return self._transport.call(
            request.method,
            request.url,
            headers={**request.headers, "Authorization": f"{self._scheme} {access.token}"},
            body=request.body,
            deadline_s=max(0.0, ends_at - time.monotonic()),
            before_send=request.before_send,
        )
