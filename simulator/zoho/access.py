"""Who calls the REST API, and may they? (Z5.2.6, Z5.3, Z5.12, Z5.13)"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from time import monotonic
from typing import Any

from flask import Flask, Response, g, request

from simulator.zoho.answers import RefusedError, answer, not_permitted
from simulator.zoho.centre import Centre, here
from simulator.zoho.people import org_of, user_of
from simulator.zoho.profiles import may_use_api
from simulator.zoho.tokens import access_of

Doc = dict[str, Any]
_PREFIX = "Zoho-oauthtoken "
_DAY = 24 * 3600
_COVERED = {"WRITE": {"CREATE", "UPDATE"}}


@dataclass(frozen=True)
class Caller:
    """The user an access token acts for, the org, and what the token may do."""

    user: Doc
    org: Doc
    client: str
    scopes: tuple[str, ...]


class Meter:
    """Calls in flight per org and app, and credits of the last 24 hours per org (in memory only)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flying: Counter[tuple[str, str]] = Counter()
        self._spent: dict[str, deque[tuple[float, int]]] = {}
        self._sum: Counter[str] = Counter()

    def enter(self, key: tuple[str, str], limit: int) -> bool:
        """One more call in flight; false when that is one too many."""
        with self._lock:
            self._flying[key] += 1
            return self._flying[key] <= limit

    def leave(self, key: tuple[str, str]) -> None:
        """A call is over."""
        with self._lock:
            self._flying[key] -= 1

    def spend(self, zgid: str, cost: int) -> int:
        """Credits spent in the last 24 hours, these included."""
        with self._lock:
            spent = self._spent.setdefault(zgid, deque())
            while spent and spent[0][0] < monotonic() - _DAY:
                self._sum[zgid] -= spent.popleft()[1]
            if cost:
                spent.append((monotonic(), cost))
                self._sum[zgid] += cost
            return self._sum[zgid]


def guard(app: Flask, centre: Centre) -> None:
    """Count calls and credits; to be hooked in before troubles are played, so that slow calls count."""
    meter = Meter()
    app.before_request(lambda: _come_in(centre, meter))
    app.teardown_request(lambda _: _go_out(meter))
    app.after_request(lambda response: _credits(centre, meter, response))


def need(group: str, operation: str) -> Caller:
    """The caller, or 401: no header, a dead token, a missing scope."""
    known = caller()
    if not _allows(known.scopes, group, operation, strict=here().switches["scope_case_matters"]):
        raise RefusedError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")
    return known


def caller() -> Caller:
    """Who calls; `Bearer` is not accepted in spite of token_type (Z5.2.6)."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_PREFIX):
        raise RefusedError(401, "AUTHENTICATION_FAILURE", "Authentication failed")
    found = _known(here(), header)
    if found is None:
        raise RefusedError(401, "INVALID_TOKEN", "invalid oauth token")
    if not may_use_api(found.user):
        raise _without_api(here())
    return found


def _without_api(centre: Centre) -> RefusedError:
    """A profile without "API access" (Z4.2) has its consent and its token, and every call is refused."""
    way = centre.switches["no_api_access"]
    if way == "no_permission":
        return not_permitted("Crm_Implied_Api_Access")
    if way == "authorization_failed":
        message = "User does not have sufficient privilege to access the API"
        return RefusedError(400, "AUTHORIZATION_FAILED", message)
    return RefusedError(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")


def calling_org() -> str | None:
    """The org a call is about, for the call log."""
    found = _known(here(), request.headers.get("Authorization", ""))
    return found.org["zgid"] if found else None


def _known(centre: Centre, header: str) -> Caller | None:
    grant = access_of(centre, header.removeprefix(_PREFIX)) if header.startswith(_PREFIX) else None
    user = user_of(centre, grant["user"]) if grant else None
    org = org_of(centre, user["zgid"]) if user else None
    if grant is None or user is None or org is None or user["status"] != "active":
        return None
    return Caller(user, org, grant["client"], tuple(grant["scopes"]))


def _allows(scopes: tuple[str, ...], group: str, operation: str, *, strict: bool) -> bool:
    fold = str if strict else str.lower
    parts = group.split(".")
    stems = [".".join(parts[: n + 1]) for n in range(len(parts))]
    good = {fold(f"ZohoCRM.{stem}.ALL") for stem in stems} | {fold(f"ZohoCRM.{group}.{operation}")}
    wide = {f"ZohoCRM.{group}.{w}" for w, covered in _COVERED.items() if operation in covered}
    return any(fold(scope) in good | {fold(w) for w in wide} for scope in scopes)


def _come_in(centre: Centre, meter: Meter) -> Response | None:
    if not request.path.startswith("/crm/v8/"):
        return None
    found = _known(centre, request.headers.get("Authorization", ""))
    if found is None:
        return None
    g.flight = (found.org["zgid"], found.client)
    welcome = meter.enter(g.flight, centre.switches["concurrent_calls"])
    broke = meter.spend(found.org["zgid"], 0) >= centre.switches["credits_per_day"]
    return None if welcome and not broke else too_many()


def _go_out(meter: Meter) -> None:
    flight = g.pop("flight", None)
    if flight is not None:
        meter.leave(flight)


def _credits(centre: Centre, meter: Meter, response: Response) -> Response:
    """The header appears once half of the credits are used (Z5.13)."""
    flight = g.get("flight")
    if flight is None:
        return response
    budget = centre.switches["credits_per_day"]
    cost = 0 if response.status_code == 429 else g.get("credits", 1)
    spent = meter.spend(flight[0], cost)
    if spent * 2 >= budget:
        response.headers["X-API-CREDITS-REMAINING"] = str(max(0, budget - spent))
    return response


def too_many() -> Response:
    """429 as the pages word it; there is no Retry-After (Z5.12)."""
    refusal = RefusedError(429, "TOO_MANY_REQUESTS", "You have made too many requests. Please try again later.")
    return answer(refusal.body, 429)
