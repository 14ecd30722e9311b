"""Do the optimised filters and the other list parameters of X6.9 behave?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from simulator.xero.optimised import is_quick
from tests.simulator.xero_stage import Xero, line


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    """A sale with everything, a bill, and a paid sale."""
    xero = Xero(tmp_path)
    contact = {"Name": "Acme", "ContactNumber": "C-1"}
    xero.make(InvoiceNumber="A", Reference="Fit-out", Contact=contact, Date="2026-10-01", DueDate="2026-10-15")
    xero.make(InvoiceNumber="B", Type="ACCPAY", LineItems=[line(AccountCode="310", UnitAmount=10)])
    paid = xero.make(InvoiceNumber="C", LineItems=[line(UnitAmount="1.2345")])
    xero.bookkeeper("pay", paid["InvoiceID"], amount="1.35")
    return xero


def rows(xero: Xero, query: str, **headers: str) -> list[dict[str, Any]]:
    answer = xero.get(f"Invoices?order=InvoiceNumber&{query}", **headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json["Invoices"])


def numbers(xero: Xero, query: str) -> str:
    return "".join(row["InvoiceNumber"] for row in rows(xero, query))


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('Status=="PAID"', "C"),
        ('Contact.Name=="ACME"', "A"),
        ('Contact.ContactNumber="C-1"', "A"),
        ('Reference=="fit-out"', "A"),
        ('InvoiceNumber=="b"', "B"),
        ('Type=="ACCREC"', "AC"),
        ("AmountPaid==1.35", "C"),
        ("AmountPaid==0", "AB"),
        ("Date==DateTime(2026,10,01)", "A"),
        ("Date>DateTime(2026,10,01) && Date<=DateTime(2026, 11, 01)", "BC"),
        ("DueDate<DateTime(2026,11,01)", "A"),
        ("AmountDue>=11 AND AmountDue<100", "B"),
        ("AmountDue=0M", "C"),
        ('Type=="ACCREC" AND Status=="AUTHORISED" AND AmountDue>0', "A"),
    ],
)
def test_every_optimised_filter(xero: Xero, where: str, found: str) -> None:
    """X6.9: equality on each field, ranges on three."""
    assert numbers(xero, f"where={quote(where)}") == found
    assert is_quick(where, "Date DESC")


def test_or_is_optimised_for_ids_only(xero: Xero) -> None:
    """X6.9."""
    first, second, _ = (row["InvoiceID"] for row in rows(xero, ""))
    where = f'InvoiceId==guid("{first}") OR InvoiceID=Guid("{second}")'
    assert numbers(xero, f"where={quote(where)}") == "AB"
    assert is_quick(where, None)
    for slow in (
        'Status=="DRAFT" OR Status=="PAID"',
        f'InvoiceID==guid("{first}") || Reference=="x"',
        'Reference.Contains("x")',
        "AmountPaid>0",
        "Total==5",
        'Status!="DRAFT"',
    ):
        assert not is_quick(slow, None)
    assert not is_quick(None, "Total DESC")
    assert is_quick(None, "InvoiceID,UpdatedDateUTC DESC")


def test_lists_over_the_row_limit_are_refused(xero: Xero) -> None:
    """X3.2: too many rows unpaged, or a filter or order that is not optimised past that size."""
    xero.switch(list_rows_limit=2)
    assert xero.get("Invoices").status_code == 400
    assert xero.get("Invoices?page=1").status_code == 200
    assert xero.get("Invoices?page=1&order=Total").status_code == 400
    assert xero.get(f"Invoices?where={quote('AmountPaid>0')}").status_code == 400
    assert xero.get(f"Invoices?where={quote('AmountPaid==0')}").status_code == 200


def test_parameters_combine(xero: Xero) -> None:
    """X6.9: all that are sent must hold; unknown ids and numbers find nothing; names in any case (X5.4)."""
    ids = ",".join(row["InvoiceID"].upper() for row in rows(xero, ""))
    contact = rows(xero, "InvoiceNumbers=A")[0]["Contact"]["ContactID"]
    assert numbers(xero, f"IDs={ids}") == "ABC"
    assert numbers(xero, f"ids={ids}&invoicenumbers=A,C&STATUSES=PAID,DRAFT") == "C"
    assert numbers(xero, f"ContactIDs={contact}&where={quote('AmountDue>0')}") == "A"
    assert numbers(xero, "InvoiceNumbers=a,NONE&createdByMyApp=true&searchTerm=fit") == "A"
    assert numbers(xero, "IDs=11111111-2222-4333-8444-555555555555") == ""
    assert numbers(xero, "includeArchived=true") == "ABC"
    assert xero.get("Invoices?Statuses=NONSENSE").status_code == 400


def test_unit_prices_in_lists(xero: Xero) -> None:
    """X6.5, X6.9: unitdp=4 counts in lists too."""
    made = xero.write([{"InvoiceNumber": "D", "Type": "ACCREC", "Contact": {"Name": "Acme"}, "Status": "DRAFT",
                        "LineItems": [line(UnitAmount="1.2345")]}], query="&unitdp=4")[0]  # fmt: skip
    assert made["LineItems"][0]["UnitAmount"] == 1.2345
    for query, price in (("page=1", 1.23), ("Statuses=DRAFT&unitdp=4", 1.2345)):
        assert rows(xero, f"InvoiceNumbers=D&{query}")[0]["LineItems"][0]["UnitAmount"] == price


def test_summaries_are_paged(xero: Xero) -> None:
    """X6.9: summaryOnly forces paging and drops payments, lines and attachments."""
    answer = xero.get("Invoices?summaryOnly=true").json
    assert answer["pagination"] == {"page": 1, "pageSize": 100, "pageCount": 1, "itemCount": 3}
    for row in answer["Invoices"]:
        assert not {"LineItems", "Payments", "HasAttachments", "CISDeduction"} & set(row)
        assert {"AmountDue", "AmountPaid", "AmountCredited", "Total"} <= set(row)


def test_modified_since_and_where_together(xero: Xero) -> None:
    """X5.3."""
    assert rows(xero, "where=" + quote('Status=="PAID"'), If_Modified_Since="2026-01-01T00:00:00")
    assert rows(xero, "", If_Modified_Since="2099-01-01T00:00:00") == []
    assert xero.get("Invoices", If_Modified_Since="soon").status_code == 412
