"""What does docs/data.md say? `python -m server.domain.data_page > docs/data.md` writes it."""

from __future__ import annotations

import sys

from server.domain.data_flows import FLOWS, Flow

HEAD = """# Data

Every field that leaves your CRM, where it goes, and how long InvoiceBridge keeps it. What stands in Xero stays there as
long as your books do. *Chosen* fields leave the CRM only where an administrator named them in the settings; your own
list, with the names of your fields, is `GET /api/v1/data`.

An invoice is read whole, because Zoho shows its lines only that way. What is not listed is neither looked at nor kept.
The bytes that are sent to Xero are kept until Xero has confirmed them. While settings are made, three example values of
the newest invoices' fields are shown and kept for ten minutes. Lists to choose from (an invoice to try, a customer, a
CRM view) show number, subject, customer and name straight from your CRM, and none of it is kept; a user whose name CRM
does not give is shown by e-mail. "30 days" begins with the end of the work; what is older
is deleted within the hour.

Written by `python -m server.domain.data_page > docs/data.md`; a test compares it with the code.

| module | field | in Xero | kept by InvoiceBridge |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page as Markdown, one row a way that a field goes."""
    return HEAD + "".join(_row(flow) for flow in FLOWS)


def _row(flow: Flow) -> str:
    name = f"`{flow.field}`" if " " not in flow.field else f"*{flow.field}*"
    return f"| {flow.module} | {name} | {flow.xero or 'not sent'} | {flow.kept} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
