"""Which calls read and write items?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, inputs, listing, rights
from simulator.xero.batches import Outcome
from simulator.xero.guard import caller
from simulator.xero.money import Rounding
from simulator.xero.price_list import SIDES, PriceList, parse
from simulator.xero.refusals import ElementRefusalError
from simulator.xero.where import Getter
from simulator.xero.wire import ZERO_ID, envelope, instant_ms, not_found, without_nulls

Doc = dict[str, Any]
_MOST = 500
FIELDS: dict[str, Getter] = {
    **{
        name: (lambda row, key=name: row.get(key))  # type: ignore[misc]
        for name in ("ItemID", "Code", "Name", "Description", "PurchaseDescription", "IsSold", "IsPurchased")
    },
    "UpdatedDateUTC": lambda row: row["Updated"],
}


def add_routes(routes: Blueprint, state: State) -> None:
    """GET, PUT, POST and DELETE Items (X8.1)."""

    def prices() -> PriceList:
        return PriceList(state, caller().org, switches_of())

    @routes.get("/Items")
    def list_items() -> Response:
        # X8.1: all at once, no paging.
        rows = listing.ordered(listing.filtered(prices().all(), [], FIELDS), FIELDS, "Code", "ItemID")
        return envelope("Items", [row_of(row) for row in rows])

    @routes.get("/Items/<item>")
    def one_item(item: str) -> Response:
        found = prices().by_id_or_code(item)
        return envelope("Items", [row_of(found)]) if found else not_found()

    @routes.put("/Items")
    def create_items() -> Response:
        return _write(state, inputs.elements("Items"), prices().create)

    @routes.post("/Items")
    def save_items() -> Response:
        return _write(state, inputs.elements("Items"), prices().create_or_update)

    @routes.post("/Items/<item>")
    def save_item(item: str) -> Response:
        found = prices().by_id_or_code(item)
        if found is None:
            return not_found()
        sent = {**inputs.elements("Items")[0], "ItemID": found["ItemID"]}
        return _write(state, [sent], prices().create_or_update)

    @routes.delete("/Items/<item>")
    def delete_item(item: str) -> Response:
        found = prices().by_id_or_code(item)
        if found is None:
            return not_found()
        prices().delete(found)
        return Response(status=204)


def _write(state: State, raws: list[Doc], one: Callable[[Doc], Doc]) -> Response:
    if len(raws) > _MOST:
        # X3.2: at most 500 per request.
        inputs.bad_data(f"At most {_MOST} items may be sent in one request")
    pairs = [(raw, parse(raw)) for raw in raws]

    def single(pair: tuple[Doc, Doc]) -> Outcome:
        try:
            rights.check_write(caller().role)
            return Outcome(row_of(one(pair[1])))
        except ElementRefusalError as error:
            echo = {"ItemID": ZERO_ID, **without_nulls(pair[0])}
            return Outcome({**echo, "ValidationErrors": batches.errors(error.messages)}, failed=True)

    with state.together():
        return batches.answer("Items", pairs, single)


def row_of(doc: Doc) -> Doc:
    """An item as answers show it (X8.1); unit prices with two decimals, or four with unitdp=4 (X6.5)."""
    places = inputs.unit_places()
    sides = {side: _side(doc[side], places) for side in SIDES}
    return without_nulls(
        {
            "ItemID": doc["ItemID"],
            "Code": doc["Code"],
            **{name: doc.get(name) for name in ("Description", "PurchaseDescription")},
            "UpdatedDateUTC": instant_ms(doc["Updated"]),
            **sides,
            "Name": doc.get("Name"),
            "IsTrackedAsInventory": False,
            "IsSold": doc["IsSold"],
            "IsPurchased": doc["IsPurchased"],
        }
    )


def _side(side: Doc, places: int) -> Doc:
    if not side.get("UnitPrice"):
        return side
    return {**side, "UnitPrice": Rounding().round(Decimal(side["UnitPrice"]), places)}
