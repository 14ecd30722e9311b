"""Do we ask Xero in the way it answers best, and believe only what it proves?"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from server.clients.errors import Disconnected, NotFound, Refused, TryLater
from server.clients.xero import XeroConnection
from tests.clients.house import House, xero_tokens
from tests.clients.pretend import Answer, Resets, Says, Seen

SIX = "DRAFT,SUBMITTED,AUTHORISED,PAID,VOIDED,DELETED"


def echo_ids(seen: Seen) -> Says:
    """As many invoices as were asked for."""
    asked = seen.query.get("IDs") or seen.query.get("InvoiceNumbers", "")
    return Says(body={"Invoices": [{"InvoiceID": one, "InvoiceNumber": one} for one in asked.split(",")]})


def test_reference_data(house: House) -> None:
    """Organisation, actions, accounts and tax rates come from their own paths, money as Decimal."""
    books = house.books(xero_tokens())
    house.pretend.answers = [
        Says(body={"Organisations": [{"Name": "Harbour & Pine", "BaseCurrency": "AUD"}]}),
        Says(body={"Actions": [{"Name": "X", "Status": "ALLOWED"}]}),
        Says(body={"Accounts": [{"Code": "200"}]}),
        Says(body={"TaxRates": [{"TaxType": "OUTPUT", "EffectiveRate": 10.5}]}),
    ]
    assert house.xero.organisation(books)["BaseCurrency"] == "AUD"
    assert house.xero.actions(books) == [{"Name": "X", "Status": "ALLOWED"}]
    assert house.xero.accounts(books) == [{"Code": "200"}]
    assert house.xero.tax_rates(books)[0]["EffectiveRate"] == Decimal("10.5")
    assert [path.split("2.0")[1] for path in house.pretend.paths()] == [
        "/Organisation",
        "/Organisation/Actions",
        "/Accounts",
        "/TaxRates",
    ]


def test_fifty_invoices_are_one_call(house: House) -> None:
    """Fifty ids fit the address of the real Xero, with 4-digit prices and lines (X6.5, X6.9)."""
    ids = [str(uuid4()) for _ in range(50)]
    house.pretend.answer = echo_ids
    assert [row["InvoiceID"] for row in house.xero.invoices_by_id(house.books(), ids)] == ids
    (seen,) = house.pretend.seen
    assert (seen.query["unitdp"], seen.query["page"]) == ("4", "1")
    real = len("https://api.xero.com/api.xro/2.0/Invoices") + len(seen.target.split("/Invoices")[1])
    assert real < 2000


def test_longer_lists_are_cut(house: House) -> None:
    """No address reaches 2,000 characters, nothing is asked twice, nothing is left out."""
    numbers = [f"Rechnung Nr. {n} für Müller & Söhne" for n in range(120)]
    house.pretend.answer = echo_ids
    found = house.xero.invoices_numbered(house.books(), [*numbers, numbers[0]])
    assert [row["InvoiceNumber"] for row in found] == numbers
    assert all(len(house.pretend.url + seen.target) < 2000 for seen in house.pretend.seen)
    assert len(house.pretend.seen) > 1
    assert house.pretend.seen[0].query["Statuses"] == SIX


def test_a_number_with_a_comma_is_asked_alone(house: House) -> None:
    """A list would split it; a quote in it cannot be written, so it is searched and compared by us."""
    rows = [{"InvoiceNumber": 'a,"B'}, {"InvoiceNumber": 'a,"b'}, {"InvoiceNumber": 'a,"bc'}]
    house.pretend.answers = [Says(body={"Invoices": []}), Says(body={"Invoices": []}), Says(body={"Invoices": rows})]
    found = house.xero.invoices_numbered(house.books(), ["1", "2,3", 'a,"b'])
    assert [row["InvoiceNumber"] for row in found] == ['a,"B', 'a,"b']
    first, second, third = (seen.query for seen in house.pretend.seen)
    assert first["InvoiceNumbers"] == "1"
    assert second["where"] == 'InvoiceNumber=="2,3"'
    assert third["searchTerm"] == 'a,"b'
    assert {query["Statuses"] for query in (first, second, third)} == {SIX}


def test_a_bill_with_the_same_number_is_no_invoice(house: House) -> None:
    """Suppliers number their bills as they like; only sales invoices count (X6.1)."""
    rows = [{"Type": "ACCPAY", "InvoiceNumber": "1"}, {"Type": "ACCREC", "InvoiceNumber": "1"}]
    house.pretend.answers = [Says(body={"Invoices": rows})]
    assert [row["Type"] for row in house.xero.invoices_numbered(house.books(), ["1"])] == ["ACCREC"]


def test_nothing_asked_is_no_call(house: House) -> None:
    """An empty list must not become a list of everything."""
    books = house.books()
    assert house.xero.invoices_by_id(books, []) == []
    assert house.xero.invoices_numbered(books, []) == []
    assert house.pretend.seen == []


@pytest.mark.parametrize("name", ["Müller & Söhne #1 GmbH", "O'Brien, Sons", "Ltd (Pty) 100%"])
def test_a_contact_is_found_by_its_number(house: House, name: str) -> None:
    """Whatever stands in it arrives as it is (X11.16)."""
    house.pretend.answers = [Says(body={"Contacts": [{"ContactNumber": name}]})]
    assert house.xero.contacts_numbered(house.books(), name) == [{"ContactNumber": name}]
    assert house.pretend.seen[0].query["where"] == f'ContactNumber=="{name}"'


@pytest.mark.parametrize("name", ['The "Old" Shop', "back\\slash", "宇" * 255])
def test_a_number_that_cannot_be_quoted_is_searched(house: House, name: str) -> None:
    """The search finds more than asked; only the very number, whatever its case, is handed on."""
    rows = [{"ContactNumber": name}, {"ContactNumber": name.upper()}, {"ContactNumber": name + " 2"}, {}]
    house.pretend.answers = [Says(body={"Contacts": rows})]
    assert len(house.xero.contacts_numbered(house.books(), name)) == 2
    (seen,) = house.pretend.seen
    assert name.startswith(seen.query["searchTerm"])
    assert "where" not in seen.query
    assert len(house.pretend.url + seen.target) < 2000


def test_a_contact_by_number_or_id(house: House) -> None:
    """By number archived ones are seen too, and merges (paging shows them, X7)."""
    house.pretend.answers = [
        Says(body={"Contacts": [{"ContactID": "c", "MergedToContactID": "d"}]}),
        Says(body={"Contacts": [{"ContactID": "d"}]}),
        Says(404, b"The resource you're looking for cannot be found"),
    ]
    books = house.books()
    assert house.xero.contacts_numbered(books, "Z1")[0]["MergedToContactID"] == "d"
    query = house.pretend.seen[0].query
    assert (query["where"], query["includeArchived"], query["page"]) == ('ContactNumber=="Z1"', "true", "1")
    assert house.xero.contact(books, "d") == {"ContactID": "d"}
    with pytest.raises(NotFound):
        house.xero.contact(books, "e")


def test_what_we_made_is_listed_in_an_order_that_holds(house: House) -> None:
    """By id, all statuses, a thousand a page, since a moment to the second in UTC (X5.3, X6.9)."""
    house.pretend.answers = [
        Says(body={"pagination": {"page": 1, "pageCount": 2}, "Invoices": [{"InvoiceID": "a"}]}),
        Says(body={"pagination": {"page": 2, "pageCount": 2}, "Invoices": [{"InvoiceID": "b"}]}),
        Says(304),
        Says(body={"Invoices": [{"InvoiceID": str(n)} for n in range(1000)]}),
    ]
    books, since = house.books(), datetime(2026, 10, 28, 1, 2, 3, 900_000, UTC)
    assert house.xero.my_invoices(books, since, 1) == ([{"InvoiceID": "a"}], True)
    assert house.xero.my_invoices(books, since, 2) == ([{"InvoiceID": "b"}], False)
    assert house.xero.my_invoices(books, since, 1) == ([], False)
    assert house.xero.my_invoices(books, None, 1)[1] is True
    first, last = house.pretend.seen[0], house.pretend.seen[3]
    assert first.query == {
        "createdByMyApp": "true",
        "Statuses": SIX,
        "summaryOnly": "true",
        "order": "InvoiceID",
        "pageSize": "1000",
        "page": "1",
    }
    assert first.headers["If-Modified-Since"] == "2026-10-28T01:02:03"
    assert "If-Modified-Since" not in last.headers


TROUBLE = {
    "html": (Says(200, b"<html>"), TryLater),
    "no list": (Says(200, {"Status": "OK"}), TryLater),
    "redirect": (Says(302, b"", {"Location": "/"}), TryLater),
    "500": (Says(500, {"Message": "x"}), TryLater),
    "503": (Says(503, b"The Xero API is temporarily unavailable"), TryLater),
    "429": (Says(429, b"", {"Retry-After": "3"}), TryLater),
    "reset": (Resets(), TryLater),
    "401 from something in between": (Says(401, b"<html>"), TryLater),
    "403": (Says(403, {"Detail": "AuthenticationUnsuccessful"}), Disconnected),
    "401": (Says(401, {"Detail": "TokenExpired"}), Disconnected),
    "400": (Says(400, {"Type": "QueryParseException", "Message": "Unterminated string literal"}), Refused),
}


@pytest.mark.parametrize(("answer", "kind"), TROUBLE.values(), ids=TROUBLE)
def test_a_read_that_failed_is_one_step_of_the_ladder(house: House, answer: Answer, kind: type[Exception]) -> None:
    """Try later, connect again, or refused: nothing else, and never an empty list."""
    house.pretend.answer = lambda _: answer
    with pytest.raises(kind) as caught:
        house.xero.accounts(house.books(xero_tokens()))
    assert caught.value.service == "xero"  # type: ignore[attr-defined]


def test_half_a_list_is_no_list(house: House) -> None:
    """A page that fails fails the whole question: what is missing must not look like absent."""
    paged = {"pagination": {"pageCount": 2}, "Invoices": []}
    house.pretend.answers = [Says(body=paged), Says(500)]
    with pytest.raises(TryLater):
        house.xero.invoices_numbered(house.books(), ["1"])


def test_connections_of_a_person(house: House) -> None:
    """A bare list; ending one that is gone already is fine (X2.5)."""
    row = {
        "id": "conn",
        "authEventId": "event",
        "tenantId": "org",
        "tenantType": "ORGANISATION",
        "tenantName": "Demo Company (NZ)",
    }
    house.pretend.answers = [Says(body=[row]), Says(204), Says(404), Says(500)]
    tokens = xero_tokens()
    assert house.xero.connections(tokens) == [
        XeroConnection("conn", "org", "Demo Company (NZ)", "ORGANISATION", "event")
    ]
    house.xero.disconnect(tokens, "conn")
    house.xero.disconnect(tokens, "conn")
    with pytest.raises(TryLater):
        house.xero.disconnect(tokens, "conn")
    assert house.pretend.paths()[1] == "DELETE /connections/conn"
    assert "xero-tenant-id" not in house.pretend.seen[0].headers
