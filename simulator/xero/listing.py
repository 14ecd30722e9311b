"""Which page of which rows does a list call ask for?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from flask import Response, request

from simulator.control import switches_of
from simulator.xero import inputs
from simulator.xero.refusals import WholeRefusalError
from simulator.xero.where import Getter, Row, compile_order, compile_where, sort_rows
from simulator.xero.wire import api_error, not_found

_PLAIN = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?$")
_PAGE_SIZE, _PAGE_MOST = 100, 1000


@dataclass(frozen=True)
class Page:
    """One page of rows; `pagination` is None for an unpaged list."""

    rows: list[Row]
    pagination: dict[str, int] | None


def modified_since() -> Callable[[Row], bool] | None:
    """A test from If-Modified-Since, accurate to the second (X5.3); an unreadable one is 412 (X5.5)."""
    header = request.headers.get("If-Modified-Since")
    if not header:
        return None
    wanted = _read_since(header.strip())
    if switches_of()["modified_since_inclusive"]:
        return lambda row: row["Updated"][:19] >= wanted
    return lambda row: row["Updated"][:19] > wanted


def _read_since(header: str) -> str:
    if _PLAIN.match(header):
        return header[:19]
    if switches_of()["modified_since_http_date"]:
        try:
            return parsedate_to_datetime(header).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        except (TypeError, ValueError):
            pass
    raise WholeRefusalError(Response("", 412))


def filtered(
    rows: list[Row],
    tests: list[Callable[[Row], bool] | None],
    fields: Mapping[str, Getter],
    quick: Callable[[str | None, str | None], bool] | None = None,
) -> list[Row]:
    """Rows that pass all tests, If-Modified-Since and `where`; the cheap tests come first. `quick` says of
    `where` and `order` whether they are optimised (X3.2, X6.9)."""
    most = switches_of()["list_rows_limit"]
    if quick and len(rows) > most and not quick(inputs.parameter("where"), inputs.parameter("order")):
        raise WholeRefusalError(api_error(16, "QueryParseException", "Too many rows for this filter or order"))
    used = [test for test in (modified_since(), *tests) if test is not None]
    where = inputs.parameter("where")
    if where:
        used.append(compile_where(where, fields))
    for test in used:
        rows = [row for row in rows if test(row)]
    if len(rows) > most and inputs.parameter("page") is None:
        # X3.2: a list that would return over 100,000 rows is refused.
        raise WholeRefusalError(api_error(16, "QueryParseException", "Too many rows: use paging and filters"))
    return rows


def ordered(rows: list[Row], fields: Mapping[str, Getter], default: str, tie: str) -> list[Row]:
    """Rows by `order`, or by the resource's default (X5.3)."""
    keys = compile_order(inputs.parameter("order") or default, fields)
    return sort_rows(rows, keys, lambda row: row[tie])


def paged(rows: list[Row], *, force: bool = False) -> Page:
    """The page asked for: 100 rows, or `pageSize` up to 1,000 together with `page` (X5.3)."""
    asked = inputs.parameter("page")
    if asked is None and not force:
        return Page(rows, None)
    page = max(1, _whole(asked, 1))
    size = _PAGE_SIZE
    if asked is not None:
        size = min(_PAGE_MOST, max(1, _whole(inputs.parameter("pageSize"), _PAGE_SIZE)))
    count = -(-len(rows) // size)
    if page > max(count, 1) and switches_of()["page_past_end"] == "404":
        raise WholeRefusalError(not_found())
    head = {"page": page, "pageSize": size, "pageCount": count, "itemCount": len(rows)}
    return Page(rows[(page - 1) * size : page * size], head)


def _whole(value: str | None, default: int) -> int:
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError as error:
        raise WholeRefusalError(api_error(16, "QueryParseException", f"'{value}' is no number")) from error
