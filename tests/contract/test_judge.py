"""Does the judge see what is wrong? A check that finds nothing in a wrong document proves nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.exceptions import unexpected
from tests.contract.judge import Judge
from tests.contract.schemas import Doc

ID = "11111111-2222-3333-4444-555555555555"
JSON = {"Content-Type": "application/json; charset=utf-8"}


def line(**more: Any) -> Doc:
    """A good write of one invoice and its good answer; `more` replaces parts."""
    row = {"Description": "Desk", "Quantity": 2, "UnitAmount": 10.5, "AccountCode": "200"}
    sent = {"Type": "ACCREC", "Contact": {"ContactID": ID}, "Date": "2026-11-01", "LineItems": [row]}
    came = {"InvoiceID": ID, "Date": "/Date(1761955200000+0000)/", "Total": 21.0, "Status": "DRAFT"}
    parts: Doc = {
        "method": "PUT",
        "path": "/api.xro/2.0/Invoices",
        "query": "summarizeErrors=false&unitdp=4",
        "sent": {},
        "came": {},
        "status": 200,
        "named": {"xero-tenant-id": ID, "Idempotency-Key": "k"},
        **more,
    }
    request = {name: parts[name] for name in ("method", "path", "query")}
    request |= {"headers": JSON | parts["named"], "body": json.dumps({"Invoices": [sent | parts["sent"]]})}
    answer = {"status": parts["status"], "headers": JSON, "body": json.dumps({"Invoices": [came | parts["came"]]})}
    return {"request": request, "answer": answer}


def found(specs: Path, service: str, *lines: Doc) -> list[str]:
    judge = Judge(specs)  # not one of those that are summed
    for one in lines:
        judge.hear(service, one)
    return unexpected(judge.findings)


def test_a_good_call_is_good(specs: Path) -> None:
    """Else everything below would be found for another reason."""
    assert found(specs, "xero", line()) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"sent": {"Referense": "x"}}, "Invoice.Referense, unknown"),
        ({"sent": {"LineItems": [{"Price": 1}]}}, "LineItem.Price, unknown"),
        ({"sent": {"Contact": {"Addresses": [{"Town": "x"}]}}}, "Address.Town, unknown"),
        ({"sent": {"Total": 21}}, "Invoice.Total, unknown"),  # read-only
        ({"sent": {"Type": "WRONG"}}, "Invoice.Type, enum"),
        ({"sent": {"Contact": 5}}, "Contact, type"),
        ({"sent": {"CurrencyRate": "1.5"}}, "Invoice.CurrencyRate, type"),
        ({"sent": {"Date": "1 November"}}, "Invoice.Date, pattern"),
        ({"sent": {"BrandingThemeID": "7"}}, "Invoice.BrandingThemeID, format"),
        ({"query": "unitDP=4"}, "?unitDP, unknown"),
        ({"query": "unitdp=four"}, "?unitdp, type"),
        ({"named": {}}, "xero-tenant-id, missing"),
        ({"came": {"Totall": 1}}, "Invoice.Totall, unknown"),
        ({"came": {"Total": "21.00"}}, "Invoice.Total, type"),
        ({"came": {"Date": "2026-11-01"}}, "Invoice.Date, pattern"),
        ({"came": {"Status": "OPEN"}}, "Invoice.Status, enum"),
        ({"status": 418}, " 418, status"),
        ({"method": "PATCH"}, "undescribed"),
        ({"path": "/api.xro/2.0/Invoises"}, "undescribed"),
    ],
)
def test_what_is_wrong_is_told(specs: Path, wrong: Doc, told: str) -> None:
    """An unknown key at any depth, a wrong type, word, date, id, parameter, header, status or path."""
    [only] = found(specs, "xero", line(**wrong))
    assert told in only


def test_what_is_wrong_at_zoho_is_told(specs: Path) -> None:
    """A wrong parameter, a wrong key beside the records, and a wrong trigger."""
    listed: Doc = {"data": [{"id": "1", "Subject": "S"}], "info": {"page": 1, "more": True}}
    asked = {"method": "GET", "path": "/crm/v8/Invoices", "query": "feelds=Subject", "headers": {}, "body": ""}
    written = {"data": [{"id": "1", "Subject": "S"}], "trigger": ["workflows"], "triger": []}
    put = {"method": "PUT", "path": "/crm/v8/Invoices", "query": "", "headers": JSON, "body": json.dumps(written)}
    good = {"status": 200, "headers": JSON, "body": json.dumps({"data": []})}
    answer = {"status": 200, "headers": JSON, "body": json.dumps(listed)}
    told = found(specs, "zoho", {"request": asked, "answer": answer}, {"request": put, "answer": good})
    wrong = ("?feelds, unknown", ".info.more, unknown", ".triger, unknown", ".trigger[], enum")
    assert [sum(each in one for one in told) for each in wrong] == [1] * 4, told
    assert len(told) == 4
