"""Is a cause that holds up many invoices told once, with what waits for it, and does it all go on once it is mended?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis

from tests.flow.leaving import change, go_live, other_books
from tests.flow.scenes import eventually, invoice, line, panel, push, start, waiting
from tests.tenants import Tenant

Make = Callable[..., Tenant]
Doc = dict[str, Any]


def notices(mine: Tenant) -> dict[str, Doc]:
    """By code, as an administrator reads them."""
    answer = mine.api.get("/notices")
    assert answer.status_code == 200, answer.text
    return {each["code"]: each for each in answer.json()["notices"]}


def save(mine: Tenant, **parts: Any) -> None:
    etag = mine.api.get("/settings", params={"fresh": "true"}).headers["ETag"]
    answer = mine.api.put("/settings", parts, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text


def half_an_hour_later(mine: Tenant) -> None:
    """The clock lets everybody look again."""
    with redis.Redis.from_url(mine.stack.redis_url) as client:
        client.delete("ib:look-again")


def refused(mine: Tenant, code: str, *records: str) -> None:
    mine.age(*records)  # CRM's stamps have whole seconds: what is young might have been edited since
    run = mine.run("push", *records)
    assert run["counts"] == {"blocked": len(records)}, run
    assert {each["code"] for task in run["tasks"] for each in task["reasons"]} == {code}


def arrived(mine: Tenant, *records: str) -> bool:
    return all(len(mine.in_xero(each)) == 1 for each in records)


def test_an_archived_account_is_one_notice_and_restored_all_go_on(tenant: Make) -> None:
    """Nobody presses anything; each is in Xero once; then nothing is held up any more."""
    mine = tenant()
    mine.bookkeeper("archive_account", code="200")
    records = [invoice(mine) for _ in range(3)]
    mine.api.get("/settings", params={"fresh": "true"})  # somebody looks: the books are read anew
    refused(mine, "account_unusable", *records)
    found = notices(mine)["account_unusable"]
    assert (found["count"], found["subject"], found["setting"]) == (3, "200", "account")
    mine.bookkeeper("restore_account", code="200")
    half_an_hour_later(mine)
    eventually(lambda: arrived(mine, *records), patience=60)
    assert len(mine.in_xero()) == 3
    eventually(lambda: notices(mine) == {}, patience=60)


def test_choosing_another_account_lets_them_go_on(tenant: Make) -> None:
    """What was pushed goes to the account that was chosen; what was only looked at is sent by nobody."""
    mine = tenant()
    mine.bookkeeper("archive_account", code="200")
    pushed, seen = [invoice(mine) for _ in range(2)], invoice(mine)
    mine.api.get("/settings", params={"fresh": "true"})
    refused(mine, "account_unusable", *pushed)
    mine.run("preview", seen)
    assert notices(mine)["account_unusable"]["count"] == 3
    save(mine, account="210")
    eventually(lambda: arrived(mine, *pushed), patience=60)
    assert {line["AccountCode"] for each in pushed for line in mine.in_xero(each)[0]["Lines"]} == {"210"}
    assert mine.in_xero(seen) == []


def test_choosing_another_account_helps_also_where_products_name_their_own(tenant: Make) -> None:
    """As in the demo company: a field of the product may name an account, and these products name none."""
    mine = tenant(accounts={"product_field": "Product_Category"})
    mine.bookkeeper("archive_account", code="200")
    pushed = [invoice(mine) for _ in range(2)]
    mine.api.get("/settings", params={"fresh": "true"})
    mine.age(*pushed)  # CRM's stamps have whole seconds
    assert mine.run("push", *pushed)["counts"] == {"blocked": 2}
    assert notices(mine)["account_unusable"]["count"] == 2
    save(mine, account="210")
    eventually(lambda: arrived(mine, *pushed), patience=60)
    eventually(lambda: notices(mine) == {}, patience=60)


def test_a_record_that_was_edited_meanwhile_is_left_to_a_person(tenant: Make) -> None:
    """The push was asked for as the record was then."""
    mine = tenant()
    mine.bookkeeper("archive_account", code="200")
    record, other = invoice(mine), invoice(mine)
    mine.api.get("/settings", params={"fresh": "true"})
    refused(mine, "account_unusable", record, other)
    mine.change("Invoices", record, {"Subject": "Edited", "Adjustment": 5})
    save(mine, account="210")
    eventually(lambda: arrived(mine, other), patience=60)
    eventually(lambda: codes_of_last(mine, record) == ["changed_since_preview"], patience=60)
    assert mine.in_xero(record) == []


def codes_of_last(mine: Tenant, record: str) -> list[str]:
    last = panel(mine, record)["last"] or {}
    return [each["code"] for each in last.get("reasons") or []]


def test_a_renamed_status_goes_on_once_it_is_matched(tenant: Make) -> None:
    mine = tenant()
    records = [invoice(mine, Status="Released") for _ in range(2)]
    refused(mine, "status_unmapped", *records)
    found = notices(mine)["status_unmapped"]
    assert (found["count"], found["setting"], found["subject"]) == (2, "statuses", "Released")
    statuses = mine.api.get("/settings").json()["statuses"]
    save(mine, statuses={**statuses, "Released": statuses["Approved"]})
    eventually(lambda: arrived(mine, *records), patience=60)


def test_a_deleted_tax_rate_goes_on_once_another_is_chosen(tenant: Make) -> None:
    mine, levy = tenant(), [{"name": "VAT 19%", "percentage": 19}]
    mine.bookkeeper("add_tax_rate", name="Levy", components=[{"name": "Levy", "rate": "19"}])
    added = next(each for each in choices(mine) if each["name"] == "Levy")
    taxes = mine.api.get("/settings").json()["taxes"]
    save(mine, taxes=[*taxes, {"rate": "19", "tax_type": added["tax_type"]}])
    mine.bookkeeper("delete_tax_rate", tax_type=added["tax_type"])
    mine.bookkeeper("add_tax_rate", name="Levy anew", components=[{"name": "Levy", "rate": "19"}])
    records = [invoice(mine, Invoiced_Items=[line(mine, Line_Tax=levy)]) for _ in range(2)]
    other = next(each for each in choices(mine) if each["name"] == "Levy anew")
    refused(mine, "tax_type_gone", *records)
    assert notices(mine)["tax_type_gone"]["count"] == 2
    save(mine, taxes=[*taxes, {"rate": "19", "tax_type": other["tax_type"]}])
    eventually(lambda: arrived(mine, *records), patience=60)


def choices(mine: Tenant) -> list[Doc]:
    found: list[Doc] = mine.api.get("/settings", params={"fresh": "true"}).json()["choices"]["tax_rates"]
    return found


def test_a_broken_connection_is_one_notice_with_what_waits(tenant: Make) -> None:
    """The bookkeeper disconnects us: the section that mends it, and it goes on after that."""
    mine = tenant()
    records = [invoice(mine) for _ in range(2)]
    mine.bookkeeper("disconnect")
    run = start(mine, "push", *records)
    waiting(mine, run, "disconnected")
    found = notices(mine)["app_disconnected"]
    assert (found["count"], found["subject"], found["setting"]) == (2, "xero", "connections")
    assert "disconnected inside Xero" in found["sentence"]
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    assert mine.ended(run, patience=150)["counts"] == {"created": 2}
    assert notices(mine) == {}


def test_what_was_refused_for_the_old_one_is_not_sent_to_the_new_one(tenant: Make) -> None:
    """Its cause is gone with the old books; still, nobody has asked for it there."""
    mine = tenant()
    record = invoice(mine)
    mine.bookkeeper("archive_account", code="200")
    mine.api.get("/settings", params={"fresh": "true"})
    mine.age(record)  # CRM's stamps have whole seconds: what is young is left to a person anyway
    assert [each["code"] for each in push(mine, record)["reasons"]] == ["account_unusable"]
    change(mine, other_books(mine))
    go_live(mine)
    assert push(mine, invoice(mine))["outcome"] == "created"
    eventually(lambda: mine.api.get("/notices").json()["notices"], lambda several: several == [])
    assert mine.in_xero(record) == []


def test_salespeople_are_not_told(tenant: Make) -> None:
    assert tenant().sales.get("/notices").status_code == 403
