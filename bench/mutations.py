"""Which small faults can be put into a file? One change of one place each, as text that still parses."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """A file's text with one fault, and where and what it is."""

    file: Path
    line: int
    what: str
    text: str


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every fault of the kinds below, in the order of the file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for place, node in enumerate(ast.walk(tree)):
        for what in _faults(node):
            changed = copy.deepcopy(tree)
            twin = next(each for at, each in enumerate(ast.walk(changed)) if at == place)
            _apply(twin, what)
            yield Mutant(file, getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(changed)))


def _faults(node: ast.AST) -> Iterator[str]:
    """What can be wrong at this place. Assertions are for readers and mypy, and are left alone."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield f"{type(op).__name__} -> {COMPARISONS[type(op)].__name__}"
        case ast.BinOp(op=op) if type(op) in SUMS and not _joins_types(node):
            yield f"{type(op).__name__} -> {SUMS[type(op)].__name__}"
        case ast.BoolOp(op=op):
            yield "And -> Or" if isinstance(op, ast.And) else "Or -> And"
        case ast.UnaryOp(op=ast.Not()):
            yield "not taken away"
        case ast.UnaryOp(op=ast.USub()):
            yield "minus taken away"
        case ast.IfExp() | ast.If():
            yield "condition turned round"
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}"
        case ast.Constant(value=int(value)):
            yield f"{value} -> {value + 1}"


def _joins_types(node: ast.BinOp) -> bool:
    """X | None in an annotation is no sum."""
    sides = (node.left, node.right)
    return isinstance(node.op, ast.BitOr) and any(
        isinstance(each, ast.Name | ast.Constant | ast.Subscript) for each in sides
    )


def _apply(node: ast.AST, what: str) -> None:
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [COMPARISONS[type(op)]()]
        case ast.BinOp(op=sum_of):
            node.op = SUMS[type(sum_of)]()
        case ast.BoolOp(op=joined):
            node.op = ast.Or() if isinstance(joined, ast.And) else ast.And()
        case ast.UnaryOp(operand=operand):
            node.op = ast.UAdd() if what.startswith("minus") else node.op
            if what.startswith("not"):
                node.operand = ast.UnaryOp(ast.Not(), operand)
        case ast.IfExp(test=test) | ast.If(test=test):
            node.test = ast.UnaryOp(ast.Not(), test)
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
