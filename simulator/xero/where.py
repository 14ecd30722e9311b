"""Which rows does a `where` filter keep, and in which order do they come?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from simulator.xero.refusals import WholeRefusalError
from simulator.xero.wire import api_error

Row = dict[str, Any]
Getter = Callable[[Row], Any]
Test = Callable[[Row], bool]
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<num>-?\d+(?:\.\d+)?[mM]?)|(?P<word>[A-Za-z_][A-Za-z0-9_.]*)"""
    r"""|(?P<op>==|!=|<>|<=|>=|&&|\|\||[=<>(),!]))"""
)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda a, b: a == b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda a, b: b in a,
    "startswith": lambda a, b: a.startswith(b),
    "endswith": lambda a, b: a.endswith(b),
}


def bad_query(message: str) -> NoReturn:
    """400 QueryParseException (X5.5)."""
    raise WholeRefusalError(api_error(16, "QueryParseException", message))


def compile_where(text: str, fields: Mapping[str, Getter]) -> Test:
    """A test for rows: comparisons, AND/OR, brackets, guid(), DateTime(), text methods (X5.3)."""
    reader = _Reader(tokens_of(text), {name.lower(): getter for name, getter in fields.items()})
    test = reader.either()
    if reader.peek() is not None:
        bad_query(f"Syntax error near '{reader.peek()}'")
    return test


def compile_order(text: str, fields: Mapping[str, Getter]) -> list[tuple[Getter, bool]]:
    """Sort keys from `Field ASC|DESC, ...` as (getter, descending) (X5.3)."""
    known = {name.lower(): getter for name, getter in fields.items()}
    keys = []
    for part in text.split(","):
        words = part.split()
        direction = words[1].upper() if len(words) > 1 else "ASC"
        if not words or words[0].lower() not in known or direction not in ("ASC", "DESC"):
            bad_query(f"No property or field '{part.strip()}' exists to order by")
        keys.append((known[words[0].lower()], direction == "DESC"))
    return keys


def sort_rows(rows: list[Row], keys: list[tuple[Getter, bool]], tie: Getter) -> list[Row]:
    """Rows in order, the id as the tie-breaker (X5.3); empty values come first."""
    rows = sorted(rows, key=tie)
    for getter, descending in reversed(keys):
        rows.sort(key=lambda row, get=getter: _sortable(get(row)), reverse=descending)  # type: ignore[misc]
    return rows


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def tokens_of(text: str) -> list[tuple[str, str]]:
    """The parts of a filter as (kind, text)."""
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            if '"' in text[at:]:
                bad_query("Unterminated string literal")
            bad_query(f"Syntax error at position {at}")
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        at = found.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens; every step returns a test or a value."""

    def __init__(self, tokens: list[tuple[str, str]], fields: dict[str, Getter]) -> None:
        self._tokens, self._fields, self._at = tokens, fields, 0

    def peek(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            bad_query("Expression expected")
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, *wanted: str) -> bool:
        if (self.peek() or "").upper() in wanted:
            self._at += 1
            return True
        return False

    def _need(self, wanted: str) -> None:
        if not self._skip(wanted):
            bad_query(f"'{wanted}' expected")

    def either(self) -> Test:
        tests = [self._both()]
        while self._skip("OR", "||"):
            tests.append(self._both())
        return lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._skip("AND", "&&"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._skip("("):
            test = self.either()
            self._need(")")
            return test
        kind, name = self._take()
        if kind != "word":
            bad_query(f"Syntax error near '{name}'")
        stem, _, method = name.rpartition(".")
        if method.lower() in _METHODS and self.peek() == "(":
            return self._method(self._field(stem), _METHODS[method.lower()])
        return self._comparison(self._field(name))

    def _field(self, name: str) -> Getter:
        getter = self._fields.get(name.lower())
        if getter is None:
            bad_query(f"No property or field '{name}' exists")
        return getter

    def _method(self, getter: Getter, method: Callable[[str, str], bool]) -> Test:
        self._need("(")
        wanted = str(self._value()).lower()
        self._need(")")
        return lambda row: method(str(getter(row) or "").lower(), wanted)

    def _comparison(self, getter: Getter) -> Test:
        compare = _COMPARE.get(self.peek() or "")
        if compare is None:
            return lambda row: getter(row) is True
        operator = self._take()[1]
        wanted = _fold(self._value())
        return lambda row: _holds(compare, operator, _fold(getter(row)), wanted)

    def _value(self) -> Any:
        kind, raw = self._take()
        if kind == "text":
            return raw[1:-1].replace('\\"', '"')
        if kind == "num":
            return Decimal(raw.rstrip("mM"))
        constants = {"true": True, "false": False, "null": None}
        if raw.lower() in constants:
            return constants[raw.lower()]
        if raw.lower() in ("guid", "datetime"):
            return self._call(raw.lower())
        bad_query(f"Syntax error near '{raw}'")

    def _call(self, name: str) -> str:
        self._need("(")
        parts = [self._value()]
        while self._skip(","):
            parts.append(self._value())
        self._need(")")
        if name == "guid":
            return str(parts[0]).lower()
        try:
            numbers = [int(part) for part in parts]
            return datetime(*numbers, tzinfo=UTC).replace(tzinfo=None).isoformat()  # type: ignore[arg-type, misc]
        except (TypeError, ValueError):
            bad_query("DateTime needs year, month and day")


def _fold(value: Any) -> Any:
    """Text comparison ignores case (X5.3)."""
    return value.lower() if isinstance(value, str) else value


def _holds(compare: Callable[[Any, Any], bool], operator: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        equal = operator in ("==", "=")
        return (left is right) == equal if operator in ("==", "=", "!=", "<>") else False
    if isinstance(left, str) and isinstance(right, str) and _DAY.match(left) and "t" in right:
        left = f"{left}t00:00:00"
    if type(left) is not type(right):
        bad_query("Operator incompatible with operand types")
    return compare(left, right)
