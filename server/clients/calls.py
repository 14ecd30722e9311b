"""How does one call get its token, its turn, and a second chance when the token had expired?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from server.clients.errors import Service, TryLater
from server.clients.grants import Access, Grants
from server.clients.pace import Limits, Pace, Ticket
from server.clients.tokens import TokenSet
from server.clients.transport import LostReply, NoConnection, NotSent, Reply, Transport

TOO_MANY = 429


@dataclass
class Lane:
    """Calls that one thread makes one after the other: they share a token and a place among those in flight, until
    `ends_at`; then both are asked for anew, so that what others changed meanwhile is seen soon."""

    ends_at: float = 0.0
    access: Access | None = field(default=None, repr=False)
    ticket: Ticket | None = None
    answered: Counter[int] = field(default_factory=Counter)  # statuses that the pace has not been told of


@dataclass(frozen=True)
class Turn:
    """In whose name a call goes out: a grant, the key its pace is counted under (None: not counted), a click? `lane`:
    the calls beside which it stands in one row."""

    grant: str | TokenSet
    pace_key: str | None = None
    click: bool = False
    in_flight: int | None = None  # where this organisation may have more calls under way than the smallest
    lane: Lane | None = field(default=None, compare=False)


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

    @contextmanager
    def in_a_lane(self, turn: Turn) -> Iterator[Turn]:
        """This turn for several calls, made one after the other: one place in flight, taken once. Only where calls are
        not counted one by one; elsewhere each asks for itself."""
        if turn.pace_key is None or self._limits.per_window or self._limits.app_per_window:
            yield turn
            return
        lane = Lane()
        try:
            yield replace(turn, lane=lane)
        finally:
            self._end(lane, None)

    def reach(self, turn: Turn, request: Request, deadline_s: float) -> Reply:
        """The answer, whatever its status. After a renewable 401 once more, in the same total time.

        Raises Disconnected or TryLater before anything is sent, and what Transport.call raises.
        """
        ends_at = time.monotonic() + deadline_s
        lane = turn.lane
        if lane is not None and time.monotonic() > lane.ends_at:
            self._end(lane, None)
        access = (lane and lane.access) or self._grants.access(turn.grant, self._service)
        reply = self._paced(turn, request, access, ends_at)
        if self._renewable(reply):
            access = self._grants.renewed(turn.grant, access.version, self._service)
            reply = self._paced(turn, request, access, ends_at)
        return reply

    def _paced(self, turn: Turn, request: Request, access: Access, ends_at: float) -> Reply:
        if turn.lane is not None and turn.pace_key:
            return self._in_lane(turn.lane, turn, request, access, ends_at)
        wanted = turn.pace_key
        ticket = self._admitted(turn, wanted) if wanted else None
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

    def _in_lane(self, lane: Lane, turn: Turn, request: Request, access: Access, ends_at: float) -> Reply:
        """As `_paced`, with the place that the lane holds. What was not answered, or with "too many", gives it back."""
        if lane.ticket is None:
            assert turn.pace_key is not None
            lane.ticket = self._admitted(turn, turn.pace_key)
            lane.ends_at = time.monotonic() + self.times.read_s / 10
        lane.access = access
        reply: Reply | None = None
        try:
            reply = self._call(request, access, ends_at)
        finally:
            lane.answered[0 if reply is None else reply.status] += 1
            if reply is None or reply.status == TOO_MANY:
                self._end(lane, reply)
        return reply

    def _admitted(self, turn: Turn, key: str) -> Ticket:
        limits = self._limits if turn.in_flight is None else replace(self._limits, in_flight=turn.in_flight)
        return self._pace.admitted(self._service, key, turn.click, limits)

    def _end(self, lane: Lane, last: Reply | None) -> None:
        """Give the lane's place back, and tell how its calls were answered."""
        if lane.ticket is not None:
            headers, status = (last.headers, last.status) if last is not None else (None, 200)
            self._pace.leave(lane.ticket, headers, status, self._service, dict(lane.answered))
        lane.ticket, lane.access, lane.answered = None, None, Counter()

    def _call(self, request: Request, access: Access, ends_at: float) -> Reply:
        return self._transport.call(
            request.method,
            request.url,
            headers={**request.headers, "Authorization": f"{self._scheme} {access.token}"},
            body=request.body,
            deadline_s=max(0.0, ends_at - time.monotonic()),
            before_send=request.before_send,
        )
