"""How do we ask Zoho CRM, and how do we write to it?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from server.clients.calls import Calls, Lane, Request, Turn
from server.clients.errors import Disconnected, NotFound, Refused, TryLater
from server.clients.grants import Grants
from server.clients.pace import Pace
from server.clients.places import ZohoPlaces
from server.clients.tokens import TokenSet
from server.clients.transport import Reply, Transport, with_query
from server.clients.zoho_answers import is_empty, results_of, rows_of, says_token_expired, trouble

IDS_MAX = 100
RECORDS_A_PAGE = 200
FIELDS_MAX = 50
NOT_ALLOWED = "AUTHORIZATION_FAILED"  # to this record, or to call at all: Zoho does not say which
_USERS_A_PAGE = 200
_JSON = {"Accept": "application/json"}
_NUMBER = re.compile(r'"\\u0000number:(-?[0-9.E+-]+)\\u0000"')
Rows = list[dict[str, Any]]


class Page(NamedTuple):
    """A page of a list, and whether there are more."""

    rows: Rows
    more: bool


@dataclass(frozen=True)
class CrmRef:
    """Whose CRM a call is about. The grant decides what is seen: the connection's, or a signed-in user's.

    `tenant_id` counts the pace; None (before there is a tenant) is not counted.
    """

    tenant_id: str | None
    grant_id: str | TokenSet
    api_domain: str
    click: bool = False
    in_flight: int | None = None  # where more calls may be under way than the smallest edition allows
    lane: Lane | None = field(default=None, compare=False, repr=False)


class Zoho:
    """Every method raises the ladder of errors.py. Ids are strings, numbers Decimals, instants aware UTC."""

    def __init__(self, transport: Transport, grants: Grants, pace: Pace, places: ZohoPlaces) -> None:
        self._places = places
        self._times = transport.times
        self._calls = Calls(
            "zoho",
            transport,
            grants,
            pace,
            scheme="Zoho-oauthtoken",  # not "Bearer", in spite of token_type (Z5.2)
            limits=pace.zoho,
            renewable=says_token_expired,
        )

    @contextmanager
    def in_a_lane(self, crm: CrmRef) -> Iterator[CrmRef]:
        """For several reads that one thread makes one after the other: token and pace are asked for once (for each two
        seconds), not for each read."""
        with self._calls.in_a_lane(_turn(crm)) as turn:
            yield replace(crm, lane=turn.lane)

    def current_user(self, crm: CrmRef) -> dict[str, Any]:
        """Who this token speaks for (Z5.9)."""
        return self._told_to_all(crm, "users", {"type": "CurrentUser"})

    def admin_users(self, crm: CrmRef) -> Rows:
        """All administrators of the org (Z5.9)."""
        return self.users(crm, "AdminUsers")

    def users(self, crm: CrmRef, kind: str) -> Rows:
        """All users of a kind (`AdminUsers`, `ActiveUsers`, `AllUsers`), with their profiles (Z5.9)."""
        found: Rows = []
        more, page = True, 0
        while more:
            page += 1
            asked = {"type": kind, "page": str(page), "per_page": str(_USERS_A_PAGE)}
            reply = self._get(crm, "users", asked)
            found += self._rows(reply, "users")
            more = _more_records(reply)
        return found

    def org(self, crm: CrmRef) -> dict[str, Any]:
        """The org: zgid, domain_name, company_name, iso_code, time zone, mc_status (Z5.9)."""
        return self._told_to_all(crm, "org")

    def invoice(self, crm: CrmRef, record_id: str) -> dict[str, Any] | None:
        """One invoice with its lines, which only a single read shows (Z5.5); None when it cannot be seen."""
        return self.record(crm, "Invoices", record_id)

    def record(self, crm: CrmRef, module: str, record_id: str) -> dict[str, Any] | None:
        """One record with all its fields; None when there is none, or none for this user."""
        try:
            rows = self._rows(self._get(crm, f"{module}/{record_id}"), "data")
        except NotFound:
            return None
        return rows[0] if rows else None

    def listed(self, crm: CrmRef, module: str, ids: Iterable[str], fields: Sequence[str]) -> Rows:
        """Those of up to 100 records that this grant's user may see, with these fields (at most 50, Z5.5)."""
        wanted = list(dict.fromkeys(ids))
        _at_most(IDS_MAX, wanted)
        _at_most(FIELDS_MAX, fields)
        if not wanted:
            return []
        params = {"ids": ",".join(wanted), "fields": ",".join(fields), "per_page": str(_USERS_A_PAGE)}
        return self._rows(self._get(crm, module, params), "data")

    def newest(self, crm: CrmRef, module: str, fields: Sequence[str], count: int) -> Rows:
        """Up to 200 records that were made last, newest first, with these fields (Z5.5: by id, descending)."""
        _at_most(FIELDS_MAX, fields)
        _at_most(_USERS_A_PAGE, range(count))
        return self._rows(self._get(crm, module, {"fields": ",".join(fields), "per_page": str(count)}), "data")

    def page(
        self,
        crm: CrmRef,
        module: str,
        fields: Sequence[str],
        number: int,
        *,
        view: str | None = None,
        since: datetime | None = None,
        within_s: float | None = None,
    ) -> Page:
        """Up to 200 records of a view, or those that changed after an instant; `number` reaches ten (Z5.5).

        Oldest first: what is made between two pages moves none of them to another.
        """
        _at_most(FIELDS_MAX, fields)
        params = {"fields": ",".join(fields), "page": str(number), "per_page": str(RECORDS_A_PAGE)}
        params |= {"sort_by": "id", "sort_order": "asc"} | ({"cvid": view} if view else {})
        changed = {"If-Modified-Since": since.astimezone(UTC).isoformat(timespec="seconds")} if since else {}
        url = with_query(self._address(crm, module), params)
        reply = self._calls.read(_turn(crm), Request("GET", url, {**_JSON, **changed}), within_s)
        rows = self._rows(reply, "data")
        return Page(rows, bool(rows) and _more_records(reply))

    def views(self, crm: CrmRef, module: str) -> Rows:
        """The custom views of a module that this grant's user sees: id, name, display_value, category."""
        return self._rows(self._get(crm, "settings/custom_views", {"module": module}), "custom_views")

    def modified_times(self, crm: CrmRef, module: str, ids: Iterable[str]) -> dict[str, datetime]:
        """Modified_Time by record id; records that are not there are left out. Stamps have one second (Z7.10)."""
        stamps: dict[str, datetime] = {}
        for row in self.listed(crm, module, ids, ["Modified_Time"]):
            stamp = instant(row.get("Modified_Time"))
            if stamp is not None:
                stamps[str(row.get("id"))] = stamp
        return stamps

    def fields(self, crm: CrmRef, module: str) -> Rows:
        """The module's fields with their API names (Z5.9)."""
        return self._rows(self._get(crm, "settings/fields", {"module": module}), "fields")

    def layouts(self, crm: CrmRef, module: str) -> Rows:
        """The module's layouts, each with the fields of its sections (Z5.9)."""
        return self._rows(self._get(crm, "settings/layouts", {"module": module}), "layouts")

    def create_fields(self, crm: CrmRef, module: str, fields: Sequence[Mapping[str, Any]]) -> Rows:
        """Create up to 5 custom fields; one result a field, in order: {code, status, message, details} (Z5.9)."""
        _at_most(5, fields)
        url = with_query(self._address(crm, "settings/fields"), {"module": module})
        return self._write(crm, "POST", url, {"fields": list(fields)}, "fields", len(fields))

    def update(
        self,
        crm: CrmRef,
        module: str,
        rows: Sequence[Mapping[str, Any]],
        trigger: Sequence[str] = (),
        before_send: Callable[[], bool] | None = None,
    ) -> Rows:
        """Change up to 100 records by their `id`; one result a row, in order: {code, status, message, details}.

        `trigger` is always sent: left out, Zoho would run everything (Z5.5). An unanswered update is TryLater; it
        may have worked, and repeating it is harmless. Where `before_send` says no, directly before the first byte,
        nothing was sent: TryLater too.
        """
        _at_most(IDS_MAX, rows)
        if not rows:
            return []
        body = {"data": list(rows), "trigger": list(trigger)}
        return self._write(crm, "PUT", self._address(crm, module), body, "data", len(rows), before_send)

    def _write(
        self,
        crm: CrmRef,
        method: str,
        url: str,
        body: Mapping[str, Any],
        resource: str,
        count: int,
        before_send: Callable[[], bool] | None = None,
    ) -> Rows:
        headers = {**_JSON, "Content-Type": "application/json"}
        reply = self._calls.read(_turn(crm), Request(method, url, headers, encoded(body), before_send))
        results = results_of(reply, resource, count)
        if results is None:
            raise trouble(reply, self._times.pause_s)
        return results

    def _get(self, crm: CrmRef, path: str, params: Mapping[str, str] | None = None) -> Reply:
        url = with_query(self._address(crm, path), params)
        return self._calls.read(_turn(crm), Request("GET", url, _JSON))

    def _rows(self, reply: Reply, resource: str) -> Rows:
        if is_empty(reply):
            return []
        rows = rows_of(reply, resource)
        if rows is None:
            raise trouble(reply, self._times.pause_s)
        return rows

    def _only(self, reply: Reply, resource: str) -> dict[str, Any]:
        rows = self._rows(reply, resource)
        if not rows:
            raise TryLater("zoho", "service", self._times.pause_s, f"no {resource} in the answer")
        return rows[0]

    def _told_to_all(self, crm: CrmRef, resource: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """What everybody may read who may call at all. AUTHORIZATION_FAILED names no right (Z5.12): where it comes to
        this, the profile has no API access."""
        try:
            return self._only(self._get(crm, resource, params), resource)
        except Refused as no:
            if no.code == NOT_ALLOWED:
                raise Disconnected("zoho", "no_api_access") from no
            raise

    def _address(self, crm: CrmRef, path: str) -> str:
        """An API address outside our table is never called (Z5.1)."""
        if self._places.of_api(crm.api_domain) is None:
            raise Disconnected("zoho", "org_moved")
        return f"{crm.api_domain.rstrip('/')}/crm/v8/{path}"


def instant(text: object) -> datetime | None:
    """A Zoho date-time (`2026-01-10T09:00:00+11:00`) as an aware UTC instant, or None."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def encoded(document: Mapping[str, Any]) -> bytes:
    """JSON with Decimals as numbers, exactly as they are; a float would round them."""
    return _NUMBER.sub(r"\1", json.dumps(document, default=_marked)).encode("utf-8")


def _marked(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return f"\0number:{value}\0"
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _turn(crm: CrmRef) -> Turn:
    return Turn(crm.grant_id, crm.tenant_id and f"zoho:{crm.tenant_id}", crm.click, crm.in_flight, crm.lane)


def _more_records(reply: Reply) -> bool:
    document = reply.json()
    info = document.get("info") if isinstance(document, dict) else None
    return isinstance(info, dict) and info.get("more_records") is True


def _at_most(count: int, values: Sequence[Any]) -> None:
    if len(values) > count:
        raise ValueError(f"at most {count} a call, not {len(values)}")
