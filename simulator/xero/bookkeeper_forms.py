"""Which wish does a form of the bookkeeper's page send?"""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

Doc = dict[str, Any]
_LINE = ("description", "quantity", "price", "account", "tax_type", "discount")


def wish_of(form: MultiDict[str, str], invoice: str | None) -> Doc:
    """The fields as they are; lines come as columns, one value for each row, and the empty row is no line."""
    if form.get("action") != "edit":
        return {**form.to_dict(), "invoice": invoice}
    wish: Doc = {name: value for name, value in form.items() if name not in ("line_id", "remove", *_LINE)}
    return {**wish, "lines": _lines(form), "invoice": invoice}


def _lines(form: MultiDict[str, str]) -> list[Doc]:
    ids, gone = form.getlist("line_id"), set(form.getlist("remove"))
    columns = {name: form.getlist(name) for name in _LINE}
    rows = []
    for place, line_id in enumerate(ids):
        row: Doc = {name: values[place].strip() for name, values in columns.items() if place < len(values)}
        if line_id:
            rows.append({**row, "line_id": line_id, "remove": line_id in gone})
        elif row.get("description"):
            rows.append(row)
    return rows
