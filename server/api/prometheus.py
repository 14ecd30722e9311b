"""How are figures written for Prometheus? Its text format 0.0.4: a few lines of our own instead of a package that
wants to count inside each process, where many processes share one database."""

from __future__ import annotations

from collections.abc import Iterable

from server.sync.figures import Family, Labels

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "invoicebridge_"


def text_of(families: Iterable[Family]) -> str:
    """Each family under its help and type, a line for each set of labels."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterable[str]:
    name = _PREFIX + family.name
    yield f"# HELP {name} {family.what}"
    yield f"# TYPE {name} {family.kind}"
    for labels, value in sorted(family.values.items()):
        yield f"{name}{_braces(labels)} {value:.15g}"


def _braces(labels: Labels) -> str:
    told = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{told}}}" if told else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
