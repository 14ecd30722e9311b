"""Is every problem told by its own reason, in words a salesperson can act on?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.domain.crm_invoice import with_products
from server.domain.customer import NoCustomer
from server.domain.decide import Blocked, LinkedState, decide
from server.domain.preview import reason_json
from server.domain.reasons import Code, reason
from server.domain.values import Account, CustomerRule, NumberRule, Settings, TaxRate, TaxRule
from tests.domain.records import BOOKS, BRIGHTWATER, MARKER, SETTINGS, D, codes, decided, inv_2041, read, record, row
from tests.domain.refused import BY_RECORD, BY_SETTING

ARCHIVED = NoCustomer((reason(Code.CUSTOMER_ARCHIVED, name="Elm Street Studio"),))
# What is told by sync and by Xero's answers; every other reason follows from the values given to `decide`.
TOLD_ELSEWHERE = {
    "crm_gone",
    "crm_refused",
    "changed_since_preview",
    "confirm_removal",
    "may_not_approve",
    "number_taken",
    "two_in_xero",
    "customer_nameless",
    "customer_archived",
    "customer_name_taken",
    "choose_customer",
    "product_refused",
    "total_differs",
    "xero_refused",
    "xero_locked",
    "xero_counts_otherwise",
    "xero_rights",
    "xero_plan_cap",
    "waited_too_long",
    "unexpected",
}


@pytest.mark.parametrize(("code", "raw"), BY_RECORD)
def test_a_record_is_refused_for_its_reason(code: str, raw: dict[str, object]) -> None:
    """One fault in an otherwise good invoice: its reason is told, and no second one beside totals and dates."""
    found = codes(raw)
    assert code in found
    assert set(found) - {code} <= {"totals_differ", "total_negative", "crm_total_unexplained"}


@pytest.mark.parametrize(("code", "settings"), BY_SETTING)
def test_a_setting_that_does_not_fit_is_named(code: str, settings: Settings) -> None:
    raw = record(
        row(Place="East", Discount=D("0.05")),
        row(Line_Tax=[{"name": "GST", "percentage": D(10)}]),
        Currency=None,
        Adjustment=D("1.00"),
        Subject="Fit-out",
        Terms="x" * 256,
    )
    product = {"8001": {"Product_Category": "Desks"}}
    # CRM may count a cent otherwise than Xero, which is what a limit of nothing refuses.
    crm = with_products(read({**raw, "Grand_Total": D(str(raw["Grand_Total"])) + D("1.01")}), product)
    found = decide(crm, BRIGHTWATER, settings, BOOKS, None, None, MARKER)
    assert isinstance(found, Blocked)
    assert code in [each.name for each in found.reasons]


def test_a_line_without_tax_needs_the_rate_of_zero_percent() -> None:
    taxed = replace(SETTINGS, taxes=(TaxRule(D(10), "OUTPUT"),))
    assert codes(record(row(Line_Tax=[])), settings=taxed) == ["tax_none_unmapped"]


def test_where_persons_are_invoiced_the_contact_is_missed() -> None:
    persons = replace(SETTINGS, customers=CustomerRule("contact"))
    assert codes(record(Account_Name=None), settings=persons) == ["person_missing"]


def test_a_rate_in_use_counts_before_a_deleted_one_of_the_same_type() -> None:
    """Xero also returns deleted rates (X8.3)."""
    old = TaxRate("OUTPUT", "GST before 2000", D("12.5"), "DELETED", True)
    assert codes(record(), books=replace(BOOKS, tax_rates=(old, *BOOKS.tax_rates))) == []


def test_every_reason_can_be_reached() -> None:
    """A reason that nothing gives is a promise nobody keeps."""
    decided_ones = {code for code, _ in BY_RECORD} | {code for code, _ in BY_SETTING}
    also = {"tax_none_unmapped", "gone_from_xero", "number_used"}  # tested by themselves, here or in their own files
    also |= {"in_xero_already", "zero_rate_unmapped", "rounding_too_large", "rounding_account_missing"}
    also |= {
        "person_missing",
        "product_hidden",
        "inclusive_unmapped",
        "rate_missing",
        "rate_unproved",
        "products_not_allowed",
    }
    assert decided_ones | also | TOLD_ELSEWHERE == {code.name.lower() for code in Code}


def test_all_problems_are_told_at_once() -> None:
    """The refused invoice of the pictures (panel 8), and more."""
    raw = record(
        row("Oak reception desk"),
        row("Visitor chair", Line_Tax=[{"name": "VAT 19%", "percentage": D(19)}]),
        Invoice_Date="2026-11-05",
        Due_Date="2026-11-03",
        Status=None,
        Discount=D(5),
    )
    assert codes(raw, customer=ARCHIVED) == [
        "status_blank",
        "due_before_date",
        "customer_archived",
        "tax_unmapped",
    ]


def test_two_problems_read_as_in_the_pictures() -> None:
    raw = record(
        row("Oak reception desk"),
        row("Visitor chair", Line_Tax=[{"name": "VAT 19%", "percentage": D(19)}]),
        Invoice_Date="2026-11-05",
        Due_Date="2026-11-03",
    )
    found = decided(raw)
    assert isinstance(found, Blocked)
    due, tax = (reason_json(each) for each in found.reasons)
    assert due["sentence"] == "The due date is before the invoice date"
    assert due["detail"] == "Due 3 Nov 2026, invoice dated 5 Nov 2026. Change {field} on this invoice."
    assert (due["field"], due["field_label"], due["owner"]) == ("Due_Date", "Due Date", "sales")
    assert tax["sentence"] == "Line 2, Visitor chair: tax “VAT 19%” is not matched"
    assert tax["detail"] == "Choose its Xero rate in {setting}, or change the line's tax."
    assert (tax["setting"], tax["setting_label"], tax["line"]) == ("taxes", "Settings › Taxes", 2)


def test_totals_that_differ_say_by_how_much_and_where_most() -> None:
    free = [row(f"Chair {place}", Line_Tax=[]) for place in range(5)]
    found = decided(record(*free, Grand_Total=D("500.05")))
    assert isinstance(found, Blocked)
    [told] = found.reasons
    assert told.sentence == "5 cents apart: not sent"
    expected = "CRM says AUD 500.05, Xero would make it AUD 500.00. Most of it: the lines. Look at {field}."
    assert told.detail == expected


@pytest.mark.parametrize("total", ["3274.88", "3200.00"])
def test_a_total_that_no_rounding_explains_is_crms_own_riddle(total: str) -> None:
    found = decided({**inv_2041(), "Grand_Total": D(total)})
    assert isinstance(found, Blocked)
    [told] = found.reasons
    assert told.name == "crm_total_unexplained"
    assert told.detail == f"CRM says AUD {D(total):,}, its lines make AUD 3,274.25. Look at {{field}}."


def test_a_period_closed_for_others_is_open_for_an_adviser() -> None:
    """Only the year's end stops everybody (X6.4)."""
    raw = record(Invoice_Date="2026-09-30")
    adviser = replace(BOOKS, passes_period_lock=True)
    assert codes(raw) == ["period_closed"]
    assert codes(raw, books=adviser) == []
    assert codes(raw, books=replace(adviser, year_lock=date(2026, 9, 30))) == ["period_closed"]
    assert codes(record(Invoice_Date="2026-10-01")) == []


def test_a_draft_in_a_closed_period_is_sent() -> None:
    """Xero takes it; only its approval would fail (X6.4)."""
    assert codes(record(Invoice_Date="2026-09-30", Status="Created")) == []


def test_a_record_locked_in_crm_is_sent() -> None:
    """A lock keeps people from editing; we only write our own fields (Z5.10)."""
    assert codes(record(**{"Locked__s": True, "$locked_for_me": True, "$editable": False})) == []


def test_the_number_names_the_tenants_own_field() -> None:
    own = replace(SETTINGS, number=NumberRule("field", "Ledger_No"))
    found = decided(record(), settings=own)
    assert isinstance(found, Blocked)
    shown = reason_json(found.reasons[0])
    assert (shown["code"], shown["field"], shown["field_label"]) == ("number_missing", "Ledger_No", "Ledger No")


def test_a_linked_invoice_that_xero_does_not_return_is_not_sent_again() -> None:
    found = decided(inv_2041(), link=LinkedState("sent"))
    assert isinstance(found, Blocked)
    assert [each.code for each in found.reasons] == [Code.GONE_FROM_XERO]


def test_an_account_that_nobody_looked_up_is_never_sent() -> None:
    assert codes(record(), customer=None) == ["customer_missing"]


def test_an_account_used_for_sales_may_have_any_other_type() -> None:
    other = Account("260", "Other Revenue", "ACTIVE", "OTHERINCOME", "")
    more = replace(BOOKS, accounts=(*BOOKS.accounts, other))
    assert codes(record(), settings=replace(SETTINGS, account="260"), books=more) == []


def test_the_good_invoice_is_good() -> None:
    """Else every test here would pass for the wrong reason."""
    assert codes(record()) == codes(inv_2041()) == []
