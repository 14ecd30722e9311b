"""Can an administrator choose the customer's contact where the problem stands, and is it then billed?"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.flow.scenes import OtherProgram, contacts, customer
from tests.panel.invoices import add_invoice
from tests.panel.panel_page import PATIENCE, Panel


def test_a_choice_is_made_under_the_problem(panel: Panel) -> None:
    """Each candidate with what speaks for and against it; one click, and the invoice is ready for that contact."""
    mine = panel.tenant
    other = OtherProgram(mine)
    other.write("PUT", "Contacts", Name="Twin Pines", Addresses=[{"AddressType": "POBOX", "Country": "Ireland"}])
    right = other.write("PUT", "Contacts", Name="Twin Pines Pty Ltd", EmailAddress="office@pines.example")["ContactID"]
    account = mine.add("Accounts", {"Account_Name": "TWIN Pines", "Billing_Country": "Australia"})
    record = add_invoice(mine, Account_Name={"id": account})
    panel.open(record)
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    panel.shows("Another country")
    panel.shows("office@pines.example")
    panel.picture("choose-customer")
    panel.press(panel.button("Use Twin Pines Pty Ltd"))
    panel.says("Not in Xero yet")
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
    assert mine.in_xero(record)[0]["ContactID"] == right


def test_a_contact_of_another_name_is_found_by_a_search(panel: Panel) -> None:
    """A trading name looks like nothing: words of it find the contact."""
    mine = panel.tenant
    other = OtherProgram(mine)
    other.write("PUT", "Contacts", Name="Twin Pines", Addresses=[{"AddressType": "POBOX", "Country": "Ireland"}])
    right = other.write("PUT", "Contacts", Name="Harbour Holdings")["ContactID"]
    account = mine.add("Accounts", {"Account_Name": "TWIN Pines", "Billing_Country": "Australia"})
    record = add_invoice(mine, Account_Name={"id": account})
    panel.open(record)
    panel.sign_in()
    panel.shows("Another country")
    search = panel.inside.get_by_label("Another contact, by name, number or e-mail")
    search.fill("nobody")
    search.press("Enter")
    panel.shows("Xero finds no active contact by that.")
    search.fill("harbour")
    search.press("Enter")
    panel.press(panel.button("Use Harbour Holdings"))
    panel.says("Not in Xero yet")
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
    assert mine.in_xero(record)[0]["ContactID"] == right


def test_another_customers_contact_is_used_by_a_second_press_only(panel: Panel) -> None:
    """The first press says whose it is; making a new one is the other way out."""
    mine = panel.tenant
    first, second = customer(mine, "Twin Pines"), customer(mine, "Twin Pines")
    mine.run("push", add_invoice(mine, Account_Name={"id": first}))
    panel.open(add_invoice(mine, Account_Name={"id": second}))
    panel.sign_in()
    panel.shows("Belongs to Twin Pines in CRM")
    panel.press(panel.button("Use Twin Pines"))
    panel.shows("belongs to another customer in CRM")
    expect(panel.inside.get_by_text("Use it for both")).to_be_visible(timeout=PATIENCE)
    panel.press(panel.button("Make a new contact"))
    panel.says("Not in Xero yet")
    panel.press(panel.button("Push to Xero"))
    panel.says("Draft in Xero")
    assert sorted(each["Name"] for each in contacts(mine)) == ["Twin Pines", f"Twin Pines ({second[-6:]})"]


def test_a_salesperson_is_told_whom_to_ask(panel: Panel) -> None:
    mine = panel.tenant
    OtherProgram(mine).write("PUT", "Contacts", Name="Twin Pines", TaxNumber="1")
    first, second = customer(mine, "Twin Pines"), customer(mine, "Twin Pines")
    mine.run("push", add_invoice(mine, Account_Name={"id": first}))
    panel.open(add_invoice(mine, Account_Name={"id": second}), mine.salesperson)
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    panel.shows(re.compile("ask an admin to choose it"))
    expect(panel.button("Use Twin Pines")).to_have_count(0)


def test_a_salesperson_with_the_right_chooses_for_an_invoice_they_see(panel: Panel) -> None:
    mine = panel.tenant
    mine.let_everybody()
    OtherProgram(mine).write("PUT", "Contacts", Name="Twin Pines", TaxNumber="1")
    first, second = customer(mine, "Twin Pines"), customer(mine, "Twin Pines")
    mine.run("push", add_invoice(mine, Account_Name={"id": first}))
    panel.open(add_invoice(mine, Account_Name={"id": second}), mine.salesperson)
    panel.sign_in()
    panel.says("Not sent: 1 thing to fix")
    panel.press(panel.button("Make a new contact"))
    panel.says("Not in Xero yet")
    elsewhere = mine.sales.get(f"/customers/{first}/candidates")
    assert elsewhere.status_code == 404  # not by an invoice of theirs
