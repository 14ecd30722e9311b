"""Does every customer get its one contact: by itself where that is certain, else by a person, and never twice?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.flow.scenes import (
    OtherProgram,
    calls,
    codes,
    contacts,
    customer,
    database,
    invoice,
    key_of,
    line,
    old_invoices,
    push,
    side_by_side,
    start,
    writes,
)
from tests.tenants import Tenant

Make = Callable[..., Tenant]


def named(mine: Tenant, name: str) -> list[dict[str, Any]]:
    return [each for each in contacts(mine) if each["Name"].casefold() == name.casefold()]


def lists_read(mine: Tenant) -> int:
    """Calls that read contacts."""
    return len(calls(mine, "xero", "GET", "/Contacts"))


def matched(mine: Tenant, account: str) -> tuple[Any, ...]:
    """Contact and how it was found, as our database has it."""
    with database(mine.stack) as c:
        found = c.exec_driver_sql(
            f"SELECT xero_id, matched_by FROM link WHERE tenant_id = '{key_of(c, mine)}' AND record_id = '{account}'"
        ).one()
    return tuple(found)


def test_two_runs_of_one_new_customer_make_one_contact(tenant: Make) -> None:
    """At the same moment, one as a click and one in bulk: whoever comes second waits for the first."""
    mine = tenant()
    account = customer(mine)
    records = [invoice(mine, account) for _ in range(8)]
    runs = side_by_side(lambda some: start(mine, "push", *some), [records[:1], records[1:]])
    for run in runs:
        mine.ended(run, patience=150)
    assert len(mine.in_xero()) == 8
    assert len(contacts(mine)) == 1
    assert matched(mine, account) == (contacts(mine)[0]["ContactID"], "created")


def test_many_new_customers_cost_a_list_and_not_a_search_each(tenant: Make) -> None:
    """The index is read once; the next new customer costs what changed since, and a linked one nothing."""
    mine = tenant()
    desk = line(mine)
    accounts = side_by_side(lambda n: customer(mine, f"Firma {n}"), range(12))
    records = [invoice(mine, account, Invoiced_Items=[desk]) for account in accounts]
    assert mine.run("push", *records, patience=150)["counts"] == {"created": 12}
    assert lists_read(mine) <= 2
    before = lists_read(mine)
    push(mine, invoice(mine, accounts[0]))
    assert lists_read(mine) == before
    push(mine, invoice(mine, customer(mine)))
    assert lists_read(mine) - before <= 2
    assert calls(mine, "xero", "GET", "/Contacts")[-1]["path"].endswith("/Contacts")


def test_a_contact_that_somebody_made_a_moment_ago_is_found(tenant: Make) -> None:
    """The index was read before; directly before a contact is made it is read once more."""
    mine = tenant()
    push(mine, invoice(mine))
    there = OtherProgram(mine).write("PUT", "Contacts", Name="Elm Street Studio", ContactNumber="C-7")
    account = customer(mine, "ELM Street  Studio")
    assert push(mine, invoice(mine, account))["outcome"] == "created"
    assert [each["ContactID"] for each in named(mine, "Elm Street Studio")] == [there["ContactID"]]
    assert matched(mine, account) == (there["ContactID"], "name")


def test_the_account_number_finds_a_renamed_contact(tenant: Make) -> None:
    """And what was found is never changed: not its name, nor its number, nor its address."""
    mine = tenant()
    there = OtherProgram(mine).write("PUT", "Contacts", Name="Northern Light Group", AccountNumber="4711")
    before = contacts(mine)
    account = mine.add(
        "Accounts", {"Account_Name": "Northern Light", "Account_Number": "4711", "Billing_City": "Perth"}
    )
    record = invoice(mine, account)
    shown = mine.run("preview", record)["tasks"][0]["preview"]["customer"]
    assert shown == {"name": "Northern Light Group", "action": "use", "matched_by": "account_number"}
    digest = mine.run("preview", record)["tasks"][0]["preview"]["digest"]
    assert push(mine, record, previewed={record: digest})["outcome"] == "created"
    assert matched(mine, account) == (there["ContactID"], "account_number")
    assert [{**each, "IsCustomer": False} for each in contacts(mine)] == before
    # Known by its link, and still shown by the name under which it is billed.
    again = invoice(mine, account)
    assert mine.run("preview", again)["tasks"][0]["preview"]["customer"]["name"] == "Northern Light Group"


def test_two_accounts_of_one_name_are_never_one_contact(tenant: Make) -> None:
    """The second is told so, and nothing is made or sent for it; side by side as well as one after the other."""
    mine = tenant()
    first, second = customer(mine, "Twin Pines"), customer(mine, "TWIN pines")
    run = mine.run("push", invoice(mine, first), invoice(mine, second))
    assert run["counts"] == {"created": 1, "blocked": 1}
    blocked = next(task for task in run["tasks"] if task["outcome"] == "blocked")
    assert codes(blocked) == ["choose_customer"]
    assert "Two customers in CRM have this name." in blocked["reasons"][0]["detail"]
    record = invoice(mine, second)
    assert codes(mine.run("preview", record)["tasks"][0]) == ["choose_customer"]
    later = push(mine, record)
    assert codes(later) == ["choose_customer"]
    assert later["reasons"][0]["values"]["customer"] == second
    assert "belongs to another CRM record" in later["reasons"][0]["detail"]
    assert (len(contacts(mine)), len(mine.in_xero())) == (1, 1)


def test_two_accounts_that_come_to_one_contact_get_none(tenant: Make) -> None:
    """The contact was there before both: which of them it is, nobody knows."""
    mine = tenant()
    OtherProgram(mine).write("PUT", "Contacts", Name="Twin Pines")
    records = [invoice(mine, customer(mine, name)) for name in ("Twin Pines", "TWIN pines")]
    run = mine.run("push", *records)
    assert [codes(task) for task in run["tasks"]] == [["choose_customer"]] * 2
    assert mine.in_xero() == []


def test_another_country_speaks_against_a_name(tenant: Make) -> None:
    mine = tenant()
    address = {"AddressType": "POBOX", "Country": "New Zealand"}
    OtherProgram(mine).write("PUT", "Contacts", Name="Brightwater", Addresses=[address])
    account = mine.add("Accounts", {"Account_Name": "Brightwater", "Billing_Country": "Australia"})
    task = push(mine, invoice(mine, account))
    assert codes(task) == ["choose_customer"]
    assert "in another country" in task["reasons"][0]["detail"]
    assert mine.in_xero() == []


def test_a_merged_namesake_is_followed(tenant: Make) -> None:
    """The bookkeeper said that the two are one, before we knew either of them."""
    mine = tenant()
    other = OtherProgram(mine)
    gone = other.write("PUT", "Contacts", Name="Brightwater")["ContactID"]
    stayed = other.write("PUT", "Contacts", Name="Brightwater Group")["ContactID"]
    mine.bookkeeper("merge_contacts", **{"from": gone, "into": stayed})
    record = invoice(mine, customer(mine, "Brightwater"))
    assert push(mine, record)["outcome"] == "created"
    assert mine.in_xero(record)[0]["ContactID"] == stayed


def test_a_new_contact_gets_address_and_phone_as_xero_takes_them(tenant: Make) -> None:
    """Cleaned to what Xero takes (X7); the tax number is left where nobody chose a field for it."""
    mine = tenant()
    told = {
        "Account_Name": "Müller <Küchen> GmbH",
        "Billing_Street": "Hof 3\nHauptstraße 5\n\nTor 2\nKlingel 7\nlinks",
        "Billing_City": "Köln",
        "Billing_Code": "50667",
        "Billing_Country": "Germany (EU) 1",
        "Phone": " +49 221  555 0100 ",
    }
    assert push(mine, invoice(mine, mine.add("Accounts", told)))["outcome"] == "created"
    [made] = contacts(mine)
    assert made["Name"] == "Müller Küchen GmbH"
    assert made["Addresses"] == {
        "POBOX": {
            "AddressType": "POBOX",
            "AddressLine1": "Hof 3",
            "AddressLine2": "Hauptstraße 5",
            "AddressLine3": "Tor 2",
            "AddressLine4": "Klingel 7, links",
            "City": "Köln",
            "PostalCode": "50667",
            "Country": "Germany EU",
        }
    }
    assert made["Phones"]["DEFAULT"]["PhoneNumber"] == "+49 221 555 0100"
    assert "TaxNumber" not in made


def test_what_a_tenant_does_not_tell_is_not_sent(tenant: Make) -> None:
    """The map says which; a tax number comes from the field that was chosen."""
    rule = {"from": "account", "address": False, "phone": False, "tax_number_field": "Website"}
    mine = tenant(customers=rule)
    told = {"Account_Name": "Elm", "Billing_City": "Perth", "Phone": "08 5550 0100", "Website": "51 824 753 556"}
    assert push(mine, invoice(mine, mine.add("Accounts", told)))["outcome"] == "created"
    [made] = contacts(mine)
    assert (made["Addresses"], made["Phones"], made["TaxNumber"]) == ({}, {}, "51 824 753 556")


def test_a_preview_ties_nobody_and_makes_nobody(tenant: Make) -> None:
    """Neither the customer that is there already nor the one that would be made."""
    mine = tenant()
    OtherProgram(mine).write("PUT", "Contacts", Name="Elm Street Studio")
    before = (contacts(mine), len(writes(mine, "xero")))
    accounts = [customer(mine, "Elm Street Studio"), customer(mine, "Nobody yet")]
    run = mine.run("preview", *[invoice(mine, account) for account in accounts])
    shown = [task["preview"]["customer"]["action"] for task in run["tasks"]]
    assert (shown, (contacts(mine), len(writes(mine, "xero")))) == (["use", "create"], before)
    with database(mine.stack) as c:
        tied = c.exec_driver_sql(f"SELECT count(*) FROM link WHERE tenant_id = '{key_of(c, mine)}'").scalar_one()
    assert tied == 0


def test_no_name_is_kept_in_the_index(tenant: Make) -> None:
    """Only hashes under our key, so that a copy of the database tells nobody's customers (design 2)."""
    mine = tenant()
    OtherProgram(mine).write(
        "PUT", "Contacts", Name="Verborgen BV", AccountNumber="K-1", EmailAddress="piet@verborgen.example"
    )
    push(mine, old_invoices(mine)[0])
    with database(mine.stack) as c:
        rows = c.exec_driver_sql("SELECT * FROM contact").all()
    kept = " ".join(str(value) for row in rows for value in row).lower()
    assert rows
    assert not any(word in kept for word in ("verborgen", "k-1", "piet"))


def choose(mine: Tenant, account: str, **body: Any) -> None:
    answer = mine.api.put(f"/customers/{account}", body)
    assert answer.status_code == 200, answer.text


def test_what_a_person_chose_is_billed(tenant: Make) -> None:
    """Blocked, chosen, pushed: and the next invoice asks nobody."""
    mine = tenant()
    OtherProgram(mine).write("PUT", "Contacts", Name="Twin Pines")
    right = OtherProgram(mine).write("PUT", "Contacts", Name="Twin Pines Group")["ContactID"]
    records = [invoice(mine, customer(mine, name)) for name in ("Twin Pines", "TWIN pines")]
    assert mine.run("push", *records)["counts"] == {"blocked": 2}
    account = mine.record(records[1])["Account_Name"]["id"]
    choose(mine, account, contact_id=right)
    preview = mine.run("preview", records[1])["tasks"][0]["preview"]
    assert preview["customer"] == {"name": "Twin Pines Group", "action": "use", "matched_by": "link"}
    assert push(mine, records[1], previewed={records[1]: preview["digest"]})["outcome"] == "created"
    assert mine.in_xero(records[1])[0]["ContactID"] == right
    assert push(mine, invoice(mine, account))["outcome"] == "created"
    assert matched(mine, account) == (right, "chosen")


def test_a_new_contact_that_a_person_asked_for_is_made_once(tenant: Make) -> None:
    """Beside the one of its name, which is another's; what was previewed is what is sent."""
    mine = tenant()
    first, second = customer(mine, "Twin Pines"), customer(mine, "Twin Pines")
    push(mine, invoice(mine, first))
    record = invoice(mine, second)
    assert codes(push(mine, record)) == ["choose_customer"]
    choose(mine, second, create=True)
    name = f"Twin Pines ({second[-6:]})"
    preview = mine.run("preview", record)["tasks"][0]["preview"]
    assert preview["customer"] == {"name": name, "action": "create", "matched_by": None}
    assert push(mine, record, previewed={record: preview["digest"]})["outcome"] == "created"
    assert [each["ContactNumber"] for each in named(mine, name)] == [f"Z{second}"]
    assert matched(mine, second)[1] == "created"
    again = invoice(mine, second)
    assert mine.run("preview", again)["tasks"][0]["preview"]["customer"]["name"] == name


def test_who_was_untied_is_not_tied_again_by_itself(tenant: Make) -> None:
    """Neither to a contact of its name, nor to one that we made for it."""
    mine = tenant()
    OtherProgram(mine).write("PUT", "Contacts", Name="Elm Street Studio")
    for account in (customer(mine, "Elm Street Studio"), customer(mine)):
        first, second = old_invoices(mine, 2, account=account)
        push(mine, first)
        assert mine.api.delete(f"/customers/{account}").status_code == 204
        task = push(mine, second)
        assert (task["outcome"], codes(task)) == ("blocked", ["choose_customer"])
        assert task["reasons"][0]["detail"].endswith("Somebody untied the one that fits.")
        assert mine.in_xero(second) == []
    assert len(contacts(mine)) == 2
