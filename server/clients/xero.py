"""How do we ask Xero, and how do we write to it? The only file that knows Xero's own word for an organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.clients.calls import Calls, Request, Turn
from server.clients.errors import Disconnected, NotFound, TryLater
from server.clients.grants import Grants
from server.clients.pace import Pace
from server.clients.places import XeroPlaces
from server.clients.tokens import TokenSet
from server.clients.transport import LostReply, NoConnection, NotSent, Reply, Transport, with_query
from server.clients.xero_answers import rows_of, says_token_expired, trouble
from server.clients.xero_queries import (
    ALL_STATUSES,
    PAGE_SIZE,
    chunks,
    fits,
    has_more,
    same_text,
    search_for,
    since_header,
    where_equals,
)
from server.clients.xero_writes import Sent, judged, unanswered

_JSON = {"Accept": "application/json"}
_PAGED = {"page": "1", "pageSize": str(PAGE_SIZE)}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class BooksRef:
    """Whose books a call is about: `xero_id` is Xero's id of the organisation. A click may use what is kept."""

    organisation_id: str
    xero_id: str
    grant_id: str | TokenSet
    click: bool = False


@dataclass(frozen=True)
class XeroConnection:
    """One organisation that a grant reaches (X2.5): `id` is for `disconnect`, `xero_id` the organisation's."""

    id: str
    xero_id: str
    name: str
    kind: str
    consent: str | None


class Xero:
    """Reads raise the ladder of errors.py and answer parsed JSON with Decimals; `send` never raises it."""

    def __init__(self, transport: Transport, grants: Grants, pace: Pace, places: XeroPlaces) -> None:
        self._places = places
        self._times = transport.times
        self._calls = Calls(
            "xero",
            transport,
            grants,
            pace,
            scheme="Bearer",
            limits=pace.xero,
            renewable=says_token_expired,
        )

    def organisation(self, books: BooksRef) -> dict[str, Any]:
        """Name, base currency, lock dates, time zone, short code (X6.4)."""
        rows = self._list(books, "Organisation", resource="Organisations")
        if not rows:
            raise TryLater("xero", "service", self._times.pause_s, "no organisation in the answer")
        return rows[0]

    def actions(self, books: BooksRef) -> Rows:
        """What the connecting person may do, `[{Name, Status}]` (X6.4)."""
        return self._list(books, "Organisation/Actions", resource="Actions")

    def accounts(self, books: BooksRef) -> Rows:
        """The chart of accounts, archived ones too."""
        return self._list(books, "Accounts")

    def tax_rates(self, books: BooksRef) -> Rows:
        """All tax rates with their `EffectiveRate`."""
        return self._list(books, "TaxRates")

    def currencies(self, books: BooksRef) -> Rows:
        """Its own currency and those it subscribed to (X8.4)."""
        return self._list(books, "Currencies")

    def price_list(self, books: BooksRef) -> Rows:
        """The price list, all of it at once (X8.1)."""
        return self._list(books, "Items")

    def tracking_categories(self, books: BooksRef) -> Rows:
        """The active tracking categories with their options (X8.4)."""
        return self._list(books, "TrackingCategories")

    def branding_themes(self, books: BooksRef) -> Rows:
        """All branding themes (X8.4)."""
        return self._list(books, "BrandingThemes")

    def contact(self, books: BooksRef, contact_id: str) -> dict[str, Any]:
        """One contact in full, archived or merged too. Raises NotFound."""
        rows = self._list(books, f"Contacts/{contact_id}", resource="Contacts")
        if not rows:
            raise NotFound("xero", 404, "http_404", "no such contact")
        return rows[0]

    def contacts_by_id(self, books: BooksRef, ids: Iterable[str]) -> Rows:
        """Contacts in full, archived or merged too; what is not there is left out."""
        params = {"page": "1", "pageSize": "100", "includeArchived": "true"}
        return self._in_chunks(books, "Contacts", "IDs", ids, params)

    def contacts_numbered(self, books: BooksRef, number: str) -> Rows:
        """Contacts with this ContactNumber, archived and merged ones too (paging shows the merge, X7)."""
        return self._matching(books, "Contacts", "ContactNumber", number, {**_PAGED, "includeArchived": "true"})

    def contacts_page(self, books: BooksRef, since: datetime | None, page: int) -> tuple[Rows, bool]:
        """One page of all contacts changed since then, archived and merged ones too, ordered so that rows do not move
        between pages. Answers the rows and whether there is another page."""
        params = {"includeArchived": "true", "order": "ContactID", **_PAGED, "page": str(page)}
        return self._page(books, "Contacts", params, since)

    def contacts_like(self, books: BooksRef, words: str) -> Rows:
        """The first active contacts whose name, number or e-mail holds these words (X7)."""
        params = {"page": "1", "pageSize": "20", "searchTerm": search_for(words)}
        return self._rows(self._get(books, "Contacts", params), "Contacts")

    def invoices_by_id(self, books: BooksRef, ids: Iterable[str]) -> Rows:
        """Invoices of all six statuses with lines, payments and 4-digit prices; what is not there is left out.

        Without `Statuses` deleted ones may be missing (X6.9).
        """
        params = {"unitdp": "4", "page": "1", "pageSize": "100", "Statuses": ALL_STATUSES}
        return self._in_chunks(books, "Invoices", "IDs", ids, params)

    def invoices_numbered(self, books: BooksRef, numbers: Iterable[str]) -> Rows:
        """Sales invoices with these numbers, of all six statuses. Bills with such a number are left out (X6.1)."""
        asked = list(dict.fromkeys(numbers))
        params = {**_PAGED, "Statuses": ALL_STATUSES, "unitdp": "4"}
        found = self._in_chunks(books, "Invoices", "InvoiceNumbers", [n for n in asked if "," not in n], params)
        for number in asked:
            if "," in number:  # it would split the list
                found += self._matching(books, "Invoices", "InvoiceNumber", number, params)
        return [row for row in found if row.get("Type", "ACCREC") == "ACCREC"]

    def my_invoices(self, books: BooksRef, since: datetime | None, page: int) -> tuple[Rows, bool]:
        """One page of what this app made, changed since then, ordered so that rows do not move between pages.

        Answers the rows (summaries) and whether there is another page.
        """
        params = {
            "createdByMyApp": "true",
            "Statuses": ALL_STATUSES,
            "summaryOnly": "true",
            "order": "InvoiceID",
            "pageSize": str(PAGE_SIZE),
            "page": str(page),
        }
        return self._page(books, "Invoices", params, since)

    def connections(self, grant_id: str | TokenSet) -> list[XeroConnection]:
        """Every organisation this grant reaches, those of other tenants too (X2.3, X2.5)."""
        reply = self._calls.read(Turn(grant_id), Request("GET", self._places.connections, _JSON))
        document = reply.json() if reply.status == 200 else None
        if not isinstance(document, list):
            raise trouble(reply, self._times.pause_s)
        return [_connection(row) for row in document if isinstance(row, dict) and row.get("tenantId")]

    def disconnect(self, grant_id: str | TokenSet, connection_id: str) -> None:
        """End one connection. One that is gone already is fine (X2.5)."""
        address = f"{self._places.connections}/{connection_id}"
        reply = self._calls.read(Turn(grant_id), Request("DELETE", address, _JSON))
        if reply.status not in (200, 204, 404):
            raise trouble(reply, self._times.pause_s)

    def send(
        self,
        books: BooksRef,
        method: str,
        path: str,
        body: bytes,
        key: str,
        before_send: Callable[[], bool],
    ) -> Sent:
        """Write these exact bytes once under this Idempotency-Key, and say what is known afterwards.

        A 401 of an expired token ran nothing: the token is renewed and the write goes out once more, in the same
        total time. `before_send` is asked before each of the two, directly before the first byte.
        """
        headers = {**self._named(books), "Content-Type": "application/json", "Idempotency-Key": key}
        resource = path.strip("/").split("/")[0]
        query = {"summarizeErrors": "false", **({"unitdp": "4"} if resource == "Invoices" else {})}  # only prices
        request = Request(method, with_query(self._address(path), query), headers, body, before_send)
        try:
            reply = self._calls.reach(_turn(books), request, self._times.write_s)
        except (NotSent, NoConnection, LostReply, TryLater, Disconnected) as failure:
            return unanswered(failure, self._times.pause_s)
        return judged(reply, resource, self._times.pause_s)

    def _in_chunks(
        self, books: BooksRef, path: str, name: str, values: Iterable[str], params: Mapping[str, str]
    ) -> Rows:
        found: Rows = []
        for asked in chunks(self._address(path), params, name, values, at_most=50):
            found += self._pages(books, path, asked)
        return found

    def _matching(self, books: BooksRef, path: str, name: str, text: str, params: Mapping[str, str]) -> Rows:
        """Rows whose field is this text: by `where`; by search and our own comparison where that cannot be."""
        exact = {**params, "where": where_equals(name, text) or ""}
        if exact["where"] and fits(self._address(path), exact):
            return self._pages(books, path, exact)
        found = self._pages(books, path, {**params, "searchTerm": search_for(text)})
        return [row for row in found if same_text(row.get(name), text)]

    def _pages(self, books: BooksRef, path: str, params: Mapping[str, str]) -> Rows:
        """All pages of a list that starts at page 1."""
        found: Rows = []
        more, page = True, 0
        while more:
            page += 1
            reply = self._get(books, path, {**params, "page": str(page)})
            rows = self._rows(reply, path)
            found += rows
            more = has_more(reply.json(), rows, page, int(params["pageSize"]))
        return found

    def _page(self, books: BooksRef, path: str, params: Mapping[str, str], since: datetime | None) -> tuple[Rows, bool]:
        """One page of what was changed since then, and whether there is another."""
        reply = self._get(books, path, params, since_header(since))
        if reply.status == 304:
            return [], False
        rows = self._rows(reply, path)
        return rows, has_more(reply.json(), rows, int(params["page"]), PAGE_SIZE)

    def _list(self, books: BooksRef, path: str, *, resource: str | None = None) -> Rows:
        return self._rows(self._get(books, path), resource or path)

    def _rows(self, reply: Reply, resource: str) -> Rows:
        rows = rows_of(reply, resource)
        if rows is None:
            raise trouble(reply, self._times.pause_s)
        return rows

    def _get(
        self,
        books: BooksRef,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        url = with_query(self._address(path), params)
        return self._calls.read(_turn(books), Request("GET", url, {**self._named(books), **(headers or {})}))

    def _named(self, books: BooksRef) -> dict[str, str]:
        return {**_JSON, "xero-tenant-id": books.xero_id}

    def _address(self, path: str) -> str:
        return f"{self._places.api}/{path.strip('/')}"


def _turn(books: BooksRef) -> Turn:
    return Turn(books.grant_id, f"xero:{books.xero_id}", books.click)


def _connection(row: Mapping[str, Any]) -> XeroConnection:
    return XeroConnection(
        id=str(row.get("id", "")),
        xero_id=str(row["tenantId"]),
        name=str(row.get("tenantName") or ""),
        kind=str(row.get("tenantType") or ""),
        consent=row.get("authEventId"),
    )
