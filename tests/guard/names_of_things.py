"""Does a name of ours say "item"? Runs, tasks, rows and records have words of their own."""

from __future__ import annotations

import re

OUTSIDE_WORDS = {
    # Words of Xero and Zoho that contain "item" are theirs, and stay as they are.
    "lineitem",
    "lineitemid",
    "lineitems",
    "line_items",
    "invoiced_items",
    "itemcode",
    "items",  # dict.items()
    "iteritems",
    "itemgetter",
    "multi_items",
}
WORD = re.compile(r"(?<![a-z])items?(?![a-z])|(?<=[a-z])Items?(?![a-z])|(?<![A-Za-z])Items?(?=[A-Z]|$|[^a-z])")


def says_item(name: str) -> bool:
    """Whether "item" stands in a name as a word of its own."""
    return name.lower() not in OUTSIDE_WORDS and bool(WORD.search(name.replace("_", " ")))
