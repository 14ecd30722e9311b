"""What does docs/reasons.md say? `python -m server.domain.reasons_page > docs/reasons.md` writes it."""

from __future__ import annotations

import re
import sys

from server.domain.reasons import ADMINISTRATOR, BOOKKEEPER, FIELD_LABELS, SALES, SETTING_LABELS, Code

OWNERS = {SALES: "you (sales)", ADMINISTRATOR: "an admin", BOOKKEEPER: "your bookkeeper"}
# Which field it is, the tenant or the record says.
CHOSEN = {"{number_field}": "Invoice Number", "{that_field}": "that field"}
JOINED_BY = {"product": ", ", "numbers": ": ", "dated": "; this invoice is ", "more": " ", "why": " "}
MARK = re.compile(r"\{(\w+)\}")
HEAD = """# Reasons

Why an invoice is not sent, or what is to be known about one that was, as panel, popup and API say it.
The API's `code` is stable; sentences may be reworded. Words in *italics* come from the record, from the settings or
from Xero. **Bold** words are the field or the setting that the screen offers to open.

Written by `python -m server.domain.reasons_page > docs/reasons.md`; a test compares it with the code.

| code | sentence | detail | next step | who acts |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page as Markdown, one row a reason, in the order of the code."""
    return HEAD + "".join(_row(code) for code in Code)


def _row(code: Code) -> str:
    spec = code.value
    cells = (
        f"`{code.name.lower()}`",
        _words(spec.sentence, code),
        _words(spec.detail, code),
        _words(spec.next_step or "", code),
        OWNERS[spec.owner],
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _words(template: str, code: Code) -> str:
    return MARK.sub(lambda mark: _mark(mark[1], code), template)


def _mark(name: str, code: Code) -> str:
    """What stands for a mark: the chip's label, or the name of the value."""
    spec = code.value
    if name == "field":
        return f"**{FIELD_LABELS.get(spec.field or '') or CHOSEN[spec.field or '']}**"
    if name == "setting":
        return f"**{SETTING_LABELS[spec.setting or 'set_up']}**"
    return f"{JOINED_BY.get(name, '')}*{name.replace('_', ' ')}*"


if __name__ == "__main__":
    sys.stdout.write(page())
