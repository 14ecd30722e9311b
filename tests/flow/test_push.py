"""Does a CRM invoice arrive in Xero as it is, once, and does CRM show what became of it?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.flow.scenes import (
    FREE,
    LEFT_TO_XERO,
    OtherProgram,
    calls,
    codes,
    contacts,
    core_fields,
    customer,
    eventually,
    invoice,
    line,
    old_invoices,
    panel,
    push,
    settled,
    start,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def test_every_status_arrives_as_the_map_says(tenant: Make) -> None:
    """Created is a draft, Submitted awaits approval, Approved and Delivered are approved; CRM shows which."""
    mine = tenant()
    account = customer(mine)
    wanted = {
        "Created": ("DRAFT", "Draft", "Editable"),
        "Submitted": ("SUBMITTED", "Awaiting Approval", "Editable"),
        "Approved": ("AUTHORISED", "Awaiting Payment", "Locked: approved"),
        "Delivered": ("AUTHORISED", "Awaiting Payment", "Locked: approved"),
    }
    ids = {status: invoice(mine, account, Status=status, Invoice_Number=f"INV-{status}") for status in wanted}
    run = mine.run("push", *ids.values())
    assert run["counts"] == {"created": 4}
    for status, (in_xero, payment, lock) in wanted.items():
        settled(mine, ids[status])
        [held] = mine.in_xero(ids[status])
        assert (held["Status"], held["InvoiceNumber"]) == (in_xero, f"INV-{status}")
        assert core_fields(mine, ids[status])[:3] == (f"INV-{status}", payment, lock)


def test_lines_discounts_and_taxes_agree_to_the_cent(tenant: Make) -> None:
    """Each line keeps quantity, price, discount and tax; our marker stands in Url; the totals are equal."""
    mine = tenant()
    rows = [
        line(mine, "Oak reception desk", Quantity=1, List_Price=1850, Discount=92.5),
        line(mine, "Visitor chair", Quantity=6, List_Price=145, Discount=0),
        line(mine, "Hourly work", Quantity=2.75, List_Price=33.33, Discount=0.1),
        line(mine, "Warranty", Quantity=1, List_Price=120, Discount=0, Line_Tax=FREE),
    ]
    record = invoice(mine, Invoiced_Items=rows)
    assert push(mine, record)["outcome"] == "created"
    [held] = mine.in_xero(record)
    assert held["Url"] == mine.stack.public_base + mine.marker(record)
    assert Decimal(held["Total"]) == Decimal(str(mine.record(record)["Grand_Total"]))
    assert [Decimal(str(each["LineAmount"])) for each in held["Lines"]] == [
        Decimal(text) for text in ("1757.50", "870.00", "91.56", "120.00")
    ]
    assert [each["TaxType"] for each in held["Lines"]] == ["OUTPUT"] * 3 + ["EXEMPTOUTPUT"]


def test_numbers_may_be_left_to_xero(tenant: Make) -> None:
    """Xero numbers the invoice, and that number comes back to CRM and to the panel."""
    mine = tenant(number=LEFT_TO_XERO)
    record = invoice(mine, Invoice_Number="SO-77")
    push(mine, record)
    shown = settled(mine, record)
    [held] = mine.in_xero(record)
    assert held["InvoiceNumber"] != "SO-77"
    assert shown["link"]["number"] == core_fields(mine, record)[0] == held["InvoiceNumber"]


def test_a_new_customer_is_created_once_with_our_number(tenant: Make) -> None:
    """Two invoices of one new customer in one run: one contact, made by itself before both invoices."""
    mine = tenant()
    account = customer(mine, "Müller Küchen GmbH")
    both = [invoice(mine, account) for _ in range(2)]
    assert mine.run("push", *both)["counts"] == {"created": 2}
    [made] = [each for each in contacts(mine) if each["Name"] == "Müller Küchen GmbH"]
    assert made["ContactNumber"] == f"Z{account}"
    assert {held["ContactID"] for held in mine.in_xero()} == {made["ContactID"]}
    sent = [each["path"].rsplit("/", 1)[-1] for each in writes(mine, "xero")]
    assert sent == ["Contacts", "Invoices"]


def test_a_customer_of_the_same_name_is_used_whatever_the_case(tenant: Make) -> None:
    """Xero's own contact of that name takes the invoice, keeps its own number, and is known afterwards."""
    mine = tenant()
    other = OtherProgram(mine)
    there = other.write("PUT", "Contacts", Name="corner CAFÉ pty ltd", ContactNumber="C-9")
    account = customer(mine, "Corner Café Pty Ltd")
    first, second = invoice(mine, account), invoice(mine, account)
    assert mine.run("preview", first)["tasks"][0]["preview"]["customer"]["matched_by"] == "name"
    push(mine, first)
    before = len(calls(mine, "xero", "GET", "/Contacts"))
    assert mine.run("preview", second)["tasks"][0]["preview"]["customer"]["matched_by"] == "link"
    push(mine, second)
    assert len(calls(mine, "xero", "GET", "/Contacts")) == before
    assert [(each["ContactID"], each["ContactNumber"]) for each in contacts(mine)] == [(there["ContactID"], "C-9")]
    assert len(mine.in_xero()) == 2


def test_names_with_signs_find_their_contact(tenant: Make) -> None:
    """Signs that mean something in queries are only signs of a name: each account finds the contact that was there."""
    mine = tenant()
    names = ['Tom "the saw" O\'Brien & Söhne (AU)', "Back\\slash, Comma % Ltd", "A b & b;"]
    other = OtherProgram(mine)
    there = {other.write("PUT", "Contacts", Name=name)["ContactID"] for name in names}
    run = mine.run("push", *[invoice(mine, customer(mine, name.replace("A b", "A <b>"))) for name in names])
    assert run["counts"] == {"created": 3}, run
    assert {each["ContactID"] for each in contacts(mine)} == {held["ContactID"] for held in mine.in_xero()} == there


def test_a_second_push_changes_nothing(tenant: Make) -> None:
    """What did not change is unchanged, draft or approved; nothing is sent for either."""
    mine = tenant()
    draft, approved = old_invoices(mine, statuses=["Created", "Approved"])
    mine.run("push", draft, approved)
    for record in (draft, approved):
        settled(mine, record)
    before = len(writes(mine, "xero")), len(writes(mine, "zoho"))
    outcomes = {task["record_id"]: task["outcome"] for task in mine.run("push", draft, approved)["tasks"]}
    assert outcomes == {draft: "unchanged", approved: "unchanged"}
    assert (len(writes(mine, "xero")), len(writes(mine, "zoho"))) == before
    assert panel(mine, approved)["link"]["lock"]["reason"] == "approved"


def test_crm_fields_are_written_once_and_workflows_hear_news_only(tenant: Make) -> None:
    """The first write is news and triggers workflows; a state that moves no field writes nothing."""
    mine = tenant()
    [record] = old_invoices(mine)
    push(mine, record)
    settled(mine, record)
    assert [each["trigger"] for each in mine.record(record)["$writes"]] == [["workflow"]]
    assert mine.run("pull", record)["tasks"][0]["outcome"] == "unchanged"
    assert mine.record(record)["Xero_Invoice_ID"] == mine.in_xero(record)[0]["InvoiceID"]
    triggers = [["workflow"]]
    # Partially paid is news; a little more of it moves an amount only.
    for news in (["workflow"], []):
        mine.bookkeeper("pay", invoice=mine.in_xero(record)[0]["InvoiceID"], amount="50")
        assert mine.run("pull", record)["tasks"][0]["outcome"] == "updated"
        triggers.append(news)
        eventually(lambda: [each["trigger"] for each in mine.record(record)["$writes"]], lambda seen: seen == triggers)


def test_a_larger_run_is_bulk_work_and_all_of_it_ends(tenant: Make) -> None:
    """Eight records, one of them refused by our own checks: seven are created, one says why."""
    mine = tenant()
    account = customer(mine)
    good = [invoice(mine, account) for _ in range(7)]
    bad = invoice(mine, account, Due_Date="2020-01-01")
    run = mine.run("push", *good, bad, patience=150)
    assert run["counts"] == {"created": 7, "blocked": 1}
    assert [task["record_id"] for task in run["tasks"]] == [*good, bad]
    assert codes(run["tasks"][-1]) == ["due_before_date"]
    assert run["tasks"][-1]["reasons"][0]["field"] == "Due_Date"
    assert len(mine.in_xero()) == 7


def test_a_click_on_a_record_of_the_own_bulk_run_doubles_nothing(tenant: Make) -> None:
    """The record is in Xero once, and both runs end."""
    mine = tenant()
    records = [invoice(mine, customer(mine, f"Customer {n}")) for n in range(8)]
    bulk = start(mine, "push", *records)
    click = push(mine, records[-1])
    assert mine.ended(bulk, patience=150)["state"] == "ended"
    assert click["outcome"] in ("created", "unchanged")
    assert [len(mine.in_xero(each)) for each in records] == [1] * 8


def test_runs_come_in_pages_and_unmoved_answers_are_304(tenant: Make) -> None:
    """A hundred tasks a page in the order asked for; an ETag saves the body of run and record alike."""
    mine = tenant()
    account, row = customer(mine), line(mine)
    records = [invoice(mine, account, Invoiced_Items=[row]) for _ in range(102)]
    run = mine.run("pull", *records, patience=150)
    assert (run["pages"], run["counts"]) == (2, {"unchanged": 102})
    second = mine.api.get(f"/runs/{run['id']}?page=2")
    assert [task["record_id"] for task in run["tasks"] + second.json()["tasks"]] == records
    for path in (f"/runs/{run['id']}", f"/records/Invoices/{records[0]}"):
        seen = mine.api.get(path).headers["ETag"]
        again = mine.api.get(path, headers={"If-None-Match": seen})
        assert (again.status_code, again.content) == (304, b"")
    assert mine.api.get(f"/runs/{run['id']}?page=3").json()["tasks"] == []


def test_what_is_not_handled_is_blocked_and_never_sent(tenant: Make) -> None:
    """Taxes twice or unknown, totals that nothing explains, less than nothing: each says so."""
    mine = tenant()
    account = customer(mine)
    two_taxes = [{"name": "GST 10%", "percentage": 10}, {"name": "VAT 19%", "percentage": 19}]
    free = [line(mine, Line_Tax=[], Discount=0) for _ in range(3)]
    cases: dict[str, dict[str, Any]] = {
        "tax_on_tax": {"$line_tax": [{"name": "GST 10%"}]},
        "tax_unmapped": {"Invoiced_Items": [line(mine, Line_Tax=two_taxes)]},
        "header_tax_unmapped": {"Invoiced_Items": free, "$line_tax": [{"name": "VAT 19%"}]},
        "cancelled": {"Status": "Cancelled"},
        "no_lines": {"Invoiced_Items": []},
        "crm_total_unexplained": {"force": {"Grand_Total": "198.02"}},
        "totals_differ": {"Invoiced_Items": free, "force": {"Grand_Total": "600.02"}},
        "total_negative": {"Invoiced_Items": free, "Discount": 700},
        "currency_precision": {"force": {"Grand_Total": "198.005"}},
    }
    records = {code: invoice(mine, account, **more) for code, more in cases.items()}
    run = mine.run("push", *records.values(), patience=150)
    found = {task["record_id"]: codes(task) for task in run["tasks"]}
    assert {code: code in found[record] for code, record in records.items()} == dict.fromkeys(cases, True), found
    assert mine.in_xero() == [] and writes(mine, "xero") == []


def test_a_tenant_that_is_not_set_up_is_told(tenant: Make) -> None:
    """Without settings a push ends blocked, and both sides stay as they are."""
    mine = tenant(ready=False)
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    task = push(mine, invoice(mine))
    assert (task["outcome"], codes(task)) == ("blocked", ["not_set_up"])
