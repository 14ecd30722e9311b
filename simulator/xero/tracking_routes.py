"""Which calls read and write tracking categories and their options?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from simulator.control import switches_of
from simulator.state import State
from simulator.xero import batches, inputs, listing, rights
from simulator.xero.batches import Outcome
from simulator.xero.guard import caller
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.tracking import STATUSES, Tracking
from simulator.xero.where import Getter
from simulator.xero.wire import envelope, not_found, not_imitated, without_nulls

Doc = dict[str, Any]
FIELDS: dict[str, Getter] = {
    "TrackingCategoryID": lambda row: row["TrackingCategoryID"],
    "Name": lambda row: row["Name"],
    "Status": lambda row: row["Status"],
}


def add_routes(routes: Blueprint, state: State) -> None:
    """GET, PUT and POST TrackingCategories and their Options; deleting is not imitated (X8.4)."""

    def tracking() -> Tracking:
        return Tracking(state, caller().org, switches_of())

    @routes.get("/TrackingCategories")
    def list_categories() -> Response:
        wide = inputs.flag("includeArchived")
        tests = [] if wide else [lambda row: row["Status"] == "ACTIVE"]
        rows = listing.filtered(tracking().all(), [*tests], FIELDS)
        rows = listing.ordered(rows, FIELDS, "Name", "TrackingCategoryID")
        return envelope("TrackingCategories", [_category(row, wide=wide) for row in rows])

    @routes.get("/TrackingCategories/<category>")
    def one_category(category: str) -> Response:
        found = tracking().get(category)
        return envelope("TrackingCategories", [_category(found, wide=True)]) if found else not_found()

    @routes.put("/TrackingCategories")
    def create_category() -> Response:
        def one(wish: Doc) -> Doc:
            return _category(tracking().save_category(None, wish), wide=True)

        return _write(state, "TrackingCategories", one)

    @routes.post("/TrackingCategories/<category>")
    def change_category(category: str) -> Response:
        found = tracking().get(category)

        def one(wish: Doc) -> Doc:
            return _category(tracking().save_category(found, wish), wide=True)

        return _write(state, "TrackingCategories", one) if found else not_found()

    _add_option_routes(routes, state, tracking)


def _add_option_routes(routes: Blueprint, state: State, tracking: Callable[[], Tracking]) -> None:
    @routes.put("/TrackingCategories/<category>/Options")
    def create_option(category: str) -> Response:
        if tracking().get(category) is None:
            return not_found()

        def one(wish: Doc) -> Doc:
            return _option(tracking().save_option(tracking().get(category) or {}, None, wish))

        return _write(state, "Options", one)

    @routes.post("/TrackingCategories/<category>/Options/<option>")
    def change_option(category: str, option: str) -> Response:
        holder = tracking().get(category)
        rows = holder["Options"] if holder else []
        found = next((row for row in rows if row["TrackingOptionID"] == option.lower()), None)
        if holder is None or found is None:
            return not_found()
        return _write(state, "Options", lambda wish: _option(tracking().save_option(holder, found, wish)))


def _write(state: State, name: str, one: Callable[[Doc], Doc]) -> Response:
    pairs = [(_any_case(raw), _parse(_any_case(raw))) for raw in inputs.elements(name)]

    def single(pair: tuple[Doc, Doc]) -> Outcome:
        try:
            rights.check_write(caller().role)
            return Outcome(one(pair[1]))
        except ElementRefusalError as error:
            return Outcome({**without_nulls(pair[0]), "ValidationErrors": batches.errors(error.messages)}, failed=True)

    with state.together():
        return batches.answer(name, pairs, single)


def _any_case(raw: Doc) -> Doc:
    """The official example sends `{"name": …}` for `Name`."""
    return {key[:1].upper() + key[1:]: value for key, value in raw.items()}


def _parse(raw: Doc) -> Doc:
    if raw.get("Options"):
        raise WholeRefusalError(not_imitated("Options sent with their category"))
    wish: Doc = {}
    if raw.get("Name") is not None:
        wish["Name"] = (inputs.text(raw, "Name") or "").strip()
    if raw.get("Status") is not None:
        wish["Status"] = inputs.choice(raw, "Status", STATUSES, "TrackingCategoryStatus")
    return wish


def _category(row: Doc, *, wide: bool) -> Doc:
    options = [_option(one) for one in row["Options"] if wide or one["Status"] == "ACTIVE"]
    head = {name: row[name] for name in ("Name", "Status", "TrackingCategoryID")}
    return {**head, "Options": options}


def _option(row: Doc) -> Doc:
    return {
        "TrackingOptionID": row["TrackingOptionID"],
        "Name": row["Name"],
        "Status": row["Status"],
        "HasValidationErrors": False,
        "IsDeleted": False,
        "IsArchived": row["Status"] == "ARCHIVED",
        "IsActive": row["Status"] == "ACTIVE",
    }
