"""What stands in an invoice's edit form, and what did a person change in it?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from simulator.zoho.answers import mandatory, plain
from simulator.zoho.schema import NUMBERS, ROWS

Doc = dict[str, Any]
HEADER_TAXES = "$line_tax"


@dataclass(frozen=True)
class Line:
    """One row of goods as text; `key` is its id, or begins with `new`."""

    key: str
    product: str = ""
    description: str = ""
    quantity: str = ""
    price: str = ""
    discount: str = ""
    taxes: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Not in the record yet."""
        return self.key.startswith("new")

    @property
    def is_blank(self) -> bool:
        """A row somebody added and left empty."""
        return self.is_new and not (self.product or self.description or self.price)


@dataclass(frozen=True)
class Form:
    """Everything in the form as text: fields by name, names of the record's own taxes, rows."""

    fields: dict[str, str]
    taxes: tuple[str, ...]
    lines: tuple[Line, ...]


_PARTS = {
    "product": "Product_Name",
    "description": "Description",
    "quantity": "Quantity",
    "price": "List_Price",
    "discount": "Discount",
}


def form_of(record: Doc, fields: list[Doc]) -> Form:
    """The form as the record fills it."""
    texts = {field["api_name"]: text_of(field, record["values"].get(field["api_name"])) for field in fields}
    lines = tuple(_line_of(row) for row in record["rows"])
    return Form(texts, tuple(tax["name"] for tax in record["taxes"]), lines)


def sent_form(sent: MultiDict[str, str], before: Form) -> Form:
    """The form as it was sent; what it did not hold is as before."""
    fields = {name: _newlines(sent.get(name, text)) for name, text in before.fields.items()}
    taxes = tuple(sent.getlist("header-tax")) if "header-taxes" in sent else before.taxes
    if "lines" not in sent:
        return Form(fields, taxes, before.lines)
    known = {line.key: line for line in before.lines}
    lines = [_sent_line(sent, key, known.get(key, Line(key))) for key in sent.getlist("line")]
    return Form(fields, taxes, tuple(line for line in lines if not line.is_blank))


def wish_of(record: Doc, fields: list[Doc], before: Form, after: Form) -> Doc:
    """What was changed, in the words of the API: fields, own taxes, rows with their ids."""
    by_name = {field["api_name"]: field for field in fields}
    wish: Doc = {
        name: _value(by_name[name], text) for name, text in after.fields.items() if text != before.fields[name]
    }
    if sorted(after.taxes) != sorted(before.taxes):
        wish[HEADER_TAXES] = _taxes(after.taxes, record["taxes"])
    if after.lines != before.lines:
        if before.lines and not after.lines:
            raise mandatory(ROWS, f"$.{ROWS}")
        wish[ROWS] = _rows(record, before, after)
    return wish


def text_of(field: Doc, value: Any) -> str:
    """A kept value as a form shows it."""
    if value is None:
        return ""
    if field["type"] in NUMBERS:
        return plain(Decimal(value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _line_of(row: Doc) -> Line:
    return Line(
        row["id"],
        row["Product_Name"],
        row.get("Description") or "",
        plain(Decimal(row["Quantity"])),
        plain(Decimal(row["List_Price"])),
        plain(Decimal(row["Discount"])),
        tuple(tax["name"] for tax in row["Line_Tax"]),
    )


def _sent_line(sent: MultiDict[str, str], key: str, line: Line) -> Line:
    parts = {part: _newlines(sent.get(f"line.{key}.{part}", getattr(line, part))) for part in _PARTS}
    return replace(line, **parts, taxes=tuple(sent.getlist(f"line.{key}.tax")))


def _rows(record: Doc, before: Form, after: Form) -> list[Doc]:
    """Every row of the form in its order, untouched ones by id alone; then those that were taken away."""
    known = {line.key: line for line in before.lines}
    kept = {row["id"]: row for row in record["rows"]}
    rows = [_row(line, known.get(line.key), kept.get(line.key)) for line in after.lines]
    left = {line.key for line in after.lines}
    return rows + [{"id": key, "_delete": None} for key in known if key not in left]


def _row(line: Line, before: Line | None, row: Doc | None) -> Doc:
    wish: Doc = {} if line.is_new else {"id": line.key}
    base = before or Line(line.key)
    for part, name in _PARTS.items():
        text = getattr(line, part)
        if text != getattr(base, part):
            wish[name] = {"id": text} if part == "product" and text else _part(part, text)
    if sorted(line.taxes) != sorted(base.taxes):
        wish["Line_Tax"] = _taxes(line.taxes, row["Line_Tax"] if row else [])
    return wish


def _part(part: str, text: str) -> Any:
    if not text:
        return None
    return _number(text) if part in ("quantity", "price") else text


def _taxes(names: tuple[str, ...], kept: list[Doc]) -> list[Doc]:
    """A tax that stays keeps its percentage, which may be another than the org's."""
    percentages = {tax["name"]: Decimal(tax["percentage"]) for tax in kept}
    return [
        {"name": name, "percentage": percentages[name]} if name in percentages else {"name": name} for name in names
    ]


def _value(field: Doc, text: str) -> Any:
    """Text as the API would be given it; what is no number goes on as text and is refused there."""
    if not text:
        return None
    if field["type"] in NUMBERS:
        return _number(text)
    if field["type"] == "boolean":
        return text == "yes"
    return {"id": text} if field["lookup"] else text


def _number(text: str) -> Any:
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n")
