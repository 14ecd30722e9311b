"""Do lists filter, order and page as X5.3 and X6.9 say?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.simulator.xero_stage import Xero, invoice, line

SIX = "DRAFT,SUBMITTED,AUTHORISED,PAID,VOIDED,DELETED"


@pytest.fixture
def xero(tmp_path: Path) -> Xero:
    return Xero(tmp_path)


def rows(xero: Xero, query: str, **headers: str) -> list[dict[str, Any]]:
    answer = xero.get(f"Invoices?{query}", **headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json["Invoices"])


def numbers(xero: Xero, query: str, **headers: str) -> list[str]:
    return [row["InvoiceNumber"] for row in rows(xero, query, **headers)]


@pytest.fixture
def four(xero: Xero) -> Xero:
    """A draft, an approved, a part-paid and a deleted one."""
    xero.make(InvoiceNumber="A-1", Status="DRAFT", Contact={"Name": "Acme"}, Date="2026-10-01", Reference="Fit-out")
    xero.make(InvoiceNumber="A-2", Contact={"Name": "Böttcher & Söhne"})
    paid = xero.make(InvoiceNumber="A-3", LineItems=[line(UnitAmount=500)])
    xero.bookkeeper("pay", paid["InvoiceID"], amount="50")
    gone = xero.make(InvoiceNumber="A-4", Status="DRAFT")
    xero.change(gone["InvoiceID"], Status="DELETED")
    return xero


def test_which_answers_carry_lines_and_payments(four: Xero) -> None:
    """X6.8, X6.9: unpaged lists have no lines; paged, by Statuses and single ones have."""
    plain = rows(four, "")
    assert all(row["LineItems"] == [] for row in plain)
    assert set(plain[0]["Contact"]) >= {"ContactID", "Name"}
    assert "EmailAddress" not in plain[0]["Contact"]
    assert plain[0]["Payments"] == [] == plain[0]["CreditNotes"] == plain[0]["InvoiceAddresses"]
    for query in ("page=1", "Statuses=DRAFT"):
        assert all(len(row["LineItems"]) == 1 for row in rows(four, query))
    summary = rows(four, "summaryOnly=true")
    assert not any({"LineItems", "Payments", "HasAttachments"} & set(row) for row in summary)
    single = four.get("Invoices/A-3").json["Invoices"][0]
    assert single["Payments"][0]["Amount"] == 50.0
    assert not {"Status", "Account"} & set(single["Payments"][0])
    assert "EmailAddress" in single["Contact"]
    assert "Payments" not in four.get("Invoices/A-2").json["Invoices"][0]


def test_lines_in_a_list_by_ids_are_a_switch(four: Xero) -> None:
    """X6.9 is silent: none by default, with page always."""
    one = rows(four, "InvoiceNumbers=A-1")[0]["InvoiceID"]
    assert rows(four, f"IDs={one}")[0]["LineItems"] == []
    assert len(rows(four, f"IDs={one}&page=1")[0]["LineItems"]) == 1
    four.switch(ids_list_has_lines=True)
    assert len(rows(four, f"IDs={one}")[0]["LineItems"]) == 1


def test_deleted_ones_are_asked_for(four: Xero) -> None:
    """X6.9, unverified: unfiltered lists leave them out."""
    assert numbers(four, "order=InvoiceNumber") == ["A-1", "A-2", "A-3"]
    assert len(numbers(four, f"Statuses={SIX}")) == 4
    assert numbers(four, "InvoiceNumbers=A-4") == []
    assert numbers(four, "InvoiceNumbers=A-4&Statuses=DELETED") == ["A-4"]
    assert four.get("Invoices/A-4").status_code == 200
    four.switch(deleted_in_unfiltered_list=True)
    assert len(numbers(four, "")) == 4


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('InvoiceNumber=="a-1"', ["A-1"]),
        ('Status="AUTHORISED" AND AmountPaid==50', ["A-3"]),
        ('Contact.Name=="BÖTTCHER & SÖHNE"', ["A-2"]),
        ('Type=="ACCREC" && AmountDue>=500', ["A-3"]),
        ("Date < DateTime(2026, 10, 15)", ["A-1"]),
        ("Date>=DateTime(2026,10,01) AND Date<=DateTime(2026, 10, 1)", ["A-1"]),
        ('Reference.Contains("fit") OR InvoiceNumber.EndsWith("3")', ["A-1", "A-3"]),
        ("Reference==null AND (AmountDue==110 OR AmountDue==1)", ["A-2"]),
        ('Reference != null AND Reference.StartsWith("FIT")', ["A-1"]),
    ],
)
def test_where(four: Xero, where: str, found: list[str]) -> None:
    """X5.3: text comparison ignores case."""
    assert numbers(four, f"order=InvoiceNumber&where={quote(where)}") == found


def test_where_by_guid(four: Xero) -> None:
    """X5.3, X6.9."""
    row = rows(four, "InvoiceNumbers=A-2")[0]
    contact = row["Contact"]["ContactID"]
    assert numbers(four, "where=" + quote(f'InvoiceID==guid("{row["InvoiceID"].upper()}")')) == ["A-2"]
    assert numbers(four, "where=" + quote(f'Contact.ContactID==Guid("{contact}")')) == ["A-2"]
    assert numbers(four, f"ContactIDs={contact}") == ["A-2"]


@pytest.mark.parametrize(
    "where", ['Contact.Name=="Böttcher ', "Nonsense==1", "Status==", 'Status=="DRAFT" AND', "AmountDue==true"]
)
def test_a_bad_where(four: Xero, where: str) -> None:
    """X5.3: ErrorNumber 16; an unescaped & cuts the string off."""
    answer = four.get(f"Invoices?where={quote(where)}")
    assert answer.status_code == 400
    assert (answer.json["ErrorNumber"], answer.json["Type"]) == (16, "QueryParseException")


def test_an_unescaped_ampersand_is_an_unterminated_string(four: Xero) -> None:
    """X5.3."""
    answer = four.get('Invoices?where=Contact.Name=="Böttcher & Söhne"')
    assert answer.json["Message"] == "Unterminated string literal"


def test_search_term_and_by_app(four: Xero) -> None:
    """X6.9: createdByMyApp leaves out what was made elsewhere."""
    assert numbers(four, "searchTerm=FIT-O") == ["A-1"]
    assert len(numbers(four, "createdByMyApp=true")) == 3
    seeded = four.web.get("/_control/organisations").json["organisations"][0]
    dana = four.sign_in(seeded["people"][0], [seeded["organisation"]])
    four.org, four.tokens = seeded["organisation"], dana
    assert numbers(four, "createdByMyApp=true") == []
    assert numbers(four, "order=InvoiceNumber") == ["INV-2019", "INV-2024", "INV-2036"]


def test_paging(xero: Xero) -> None:
    """X5.3: 100 rows, pageSize up to 1,000 together with page, and the pagination block."""
    xero.write([invoice(InvoiceNumber=f"N-{n:03d}") for n in range(120)])
    answer = xero.get("Invoices?page=2&order=InvoiceNumber").json
    assert answer["pagination"] == {"page": 2, "pageSize": 100, "pageCount": 2, "itemCount": 120}
    assert answer["Invoices"][0]["InvoiceNumber"] == "N-100"
    assert "pagination" not in xero.get("Invoices").json
    assert len(rows(xero, "")) == 120
    assert len(rows(xero, "page=1&pageSize=110")) == 110
    assert len(rows(xero, "Statuses=AUTHORISED&pageSize=110")) == 100, "pageSize needs page"
    assert xero.get("Invoices?page=1&pageSize=5000").json["pagination"]["pageSize"] == 1000
    assert rows(xero, "page=9") == []
    xero.switch(page_past_end="404")
    assert xero.get("Invoices?page=9").status_code == 404


def test_order(four: Xero) -> None:
    """X5.3: default by UpdatedDateUTC then id; the id is the tie-breaker."""
    assert numbers(four, "order=InvoiceNumber%20DESC") == ["A-3", "A-2", "A-1"]
    assert numbers(four, "order=Total+DESC,InvoiceNumber") == ["A-3", "A-1", "A-2"]
    ids = [row["InvoiceID"] for row in rows(four, "order=InvoiceID")]
    assert ids == sorted(ids)
    four.change(rows(four, "InvoiceNumbers=A-1")[0]["InvoiceID"], Reference="now last")
    assert numbers(four, "")[-1] == "A-1"
    assert four.get("Invoices?order=Colour").json["ErrorNumber"] == 16


def test_modified_since(xero: Xero) -> None:
    """X5.3: to the second, inclusive by default; another form is a 412 unless the switch takes it."""
    xero.make(InvoiceNumber="old")
    time.sleep(1.1)
    stamp = xero.make(InvoiceNumber="new")["UpdatedDateUTCString"].removesuffix("Z")
    assert numbers(xero, "", If_Modified_Since=stamp) == ["new"]
    xero.switch(modified_since_inclusive=False)
    assert numbers(xero, "", If_Modified_Since=stamp) == []
    header = "Sun, 01 Nov 2026 00:00:00 GMT"
    assert xero.get("Invoices", If_Modified_Since=header).status_code == 412
    xero.switch(modified_since_http_date=True)
    assert len(numbers(xero, "", If_Modified_Since=header)) == 2


def test_lists_stay_quick_over_thousands(xero: Xero) -> None:
    """A filter over 3,000 invoices answers well within a call's delay."""
    xero.switch(minute_limit=10_000, day_limit=10_000)
    for n in range(60):
        xero.write([invoice(InvoiceNumber=f"{n}-{m}") for m in range(50)])
    start = time.perf_counter()
    query = f"createdByMyApp=true&Statuses={SIX}&summaryOnly=true&order=InvoiceID&page=1&pageSize=100"
    assert len(rows(xero, query)) == 100
    assert len(rows(xero, 'where=InvoiceNumber=="7-7"')) == 1
    assert time.perf_counter() - start < 1
