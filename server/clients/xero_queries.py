"""How is a list asked of Xero, in addresses that it accepts?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from server.clients.transport import with_query

ALL_STATUSES = "DRAFT,SUBMITTED,AUTHORISED,PAID,VOIDED,DELETED"
PAGE_SIZE = 1000
# Longer addresses are refused by things on the way.
_URL_MAX = 2000
_SEARCH_MAX = 900


def where_equals(field: str, text: str) -> str | None:
    """A `where` for exactly this text, or None: how a quote or a backslash is escaped is not documented (X5.3)."""
    return None if set(text) & set('"\\') else f'{field}=="{text}"'


def same_text(value: object, text: str) -> bool:
    """Equal whatever the case, as Xero compares (X5.3)."""
    return isinstance(value, str) and value.lower() == text.lower()


def fits(address: str, params: Mapping[str, str]) -> bool:
    """Is this address short enough?"""
    return len(with_query(address, params)) < _URL_MAX


def chunks(
    address: str, params: Mapping[str, str], name: str, values: Iterable[str], at_most: int
) -> Iterator[dict[str, str]]:
    """Parameters for as many calls as the list needs: `at_most` values and under 2,000 characters each."""
    chunk: list[str] = []
    for value in dict.fromkeys(values):
        longer = {**params, name: ",".join([*chunk, value])}
        if chunk and (len(chunk) == at_most or not fits(address, longer)):
            yield {**params, name: ",".join(chunk)}
            chunk = []
        chunk.append(value)
    if chunk:
        yield {**params, name: ",".join(chunk)}


def search_for(text: str) -> str:
    """A search term for a text of any length: its beginning finds it too, and the rest is filtered out."""
    while len(with_query("", {"": text})) > _SEARCH_MAX:
        text = text[:-8]
    return text


def since_header(since: datetime | None) -> dict[str, str]:
    """`If-Modified-Since` in the form Xero documents: UTC, whole seconds (X5.3)."""
    return {"If-Modified-Since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")} if since else {}


def has_more(document: Mapping[str, Any], rows: list[dict[str, Any]], page: int, size: int) -> bool:
    """Is there another page? By the answer's own count; without one, while pages come full (X5.3)."""
    paging = document.get("pagination")
    count = paging.get("pageCount") if isinstance(paging, Mapping) else None
    return page < count if isinstance(count, int) else len(rows) >= size
