"""Which customers are tied to which contacts, how, by whom, and what were they before? GET /api/v1/customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import validate
from sqlalchemy import Row

from server.api.customers import RECORD_ID, LinkShape, ground_of, link_json
from server.api.identity import SignedIn, signed_in
from server.api.routes import Routes
from server.api.shapes import Request, Shape
from server.store import customer_links
from server.sync.customer_choice import crm_names
from server.sync.customer_search import documents
from server.sync.footing import Footing
from server.sync.services import Services

blp = Routes("linked_customers", __name__, url_prefix="/api/v1/customers", description="All customer links")

A_PAGE = 50
READ_AT_ONCE = 100  # names come from CRM, so many a call
MOST_SEARCHED = 2_000


class PageRequest(Request):
    after = ma.fields.String(load_default=None, validate=validate.Regexp(RECORD_ID))
    size = ma.fields.Integer(load_default=A_PAGE, validate=validate.Range(1, A_PAGE))
    search = ma.fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": f"part of a name in CRM; looked for among {MOST_SEARCHED:,} customers behind after"},
    )


class CustomerShape(LinkShape):
    id = ma.fields.String()
    name = ma.fields.String(allow_none=True)
    contact_name = ma.fields.String(allow_none=True)
    contact_status = ma.fields.String(allow_none=True)


class LinkedCustomersShape(Shape):
    """Names are read now. `next`: give it as `after` for the next page."""

    customers = ma.fields.List(ma.fields.Nested(CustomerShape))
    next = ma.fields.String(allow_none=True)
    total = ma.fields.Integer()


@blp.get("")
@signed_in(administrator=True)
@blp.arguments(PageRequest, location="query")
@blp.alt_response(200, schema=LinkedCustomersShape)
def listed(who: SignedIn, asked: dict[str, Any]) -> Response:
    """All customers that are or were tied, with how, by whom and what they were before."""
    s, ground = ground_of(who)
    rows, names, total, behind = _page(s, ground, asked)
    docs = documents(s, ground, {each for row in rows for each in _contacts_of(row)})
    return jsonify({"customers": [_customer_json(row, names, docs) for row in rows], "next": behind, "total": total})


def _page(
    s: Services, ground: Footing, asked: dict[str, Any]
) -> tuple[list[Row[Any]], dict[str, str], int, str | None]:
    """The next customers whose names fit, their names, how many are tied in all, and behind whom to look further."""
    wanted = asked["search"].casefold().strip()
    at_once = READ_AT_ONCE if wanted else asked["size"]
    found: list[Row[Any]] = []
    names: dict[str, str] = {}
    behind, looked = asked["after"], 0
    while True:
        some, total = _tied(s, ground, behind, at_once)
        told = crm_names(s, ground, [row.record_id for row in some])
        looked += len(some)
        for row in some:
            behind = row.record_id
            if wanted in told.get(row.record_id, "").casefold():
                found.append(row)
                names[row.record_id] = told.get(row.record_id, "")
            if len(found) == asked["size"]:
                return found, names, total, behind
        if len(some) < at_once or looked >= MOST_SEARCHED:
            return found, names, total, behind if len(some) == at_once else None


def _tied(s: Services, ground: Footing, after: str | None, size: int) -> tuple[list[Row[Any]], int]:
    assert ground.organisation is not None
    with s.store.read() as c:
        return customer_links.page(c, ground.tenant.id, ground.organisation.id, after, size)


def _contacts_of(row: Row[Any]) -> Iterator[str]:
    """Those that it is and was tied to."""
    every = [row.xero_id, *(each.get(side) for each in row.history or () for side in ("from", "to"))]
    yield from (each for each in every if each)


def _customer_json(row: Row[Any], names: Mapping[str, str], docs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    doc = docs.get(row.xero_id or "", {})
    link = link_json(row)
    return {
        "id": row.record_id,
        "name": names.get(row.record_id) or None,
        "contact_name": doc.get("Name"),
        "contact_status": doc.get("ContactStatus"),
        **link,
        "history": [_named(each, docs) for each in link["history"]],
    }


def _named(change: Mapping[str, Any], docs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A change with the names that both contacts have today."""
    names = {f"{side}_name": docs.get(str(change.get(side)), {}).get("Name") for side in ("from", "to")}
    return {**change, **names}
