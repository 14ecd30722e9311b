"""Are Xero's own sentences told in our words where we know them, and as they are where we do not?"""

from __future__ import annotations

import pytest

from server.domain.xero_sentences import translate

PERIOD = "The document date cannot be before the period lock date, currently set at 30-Nov-2018"
NAME_TAKEN = (
    "The contact name Acme is already assigned to another contact. "
    "The contact name must be unique across all active contacts."
)


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Invoice # must be unique.", "number_taken"),
        ("Invoice # must be unique", "number_taken"),
        (NAME_TAKEN, "customer_name_taken"),
        ("Another contact has this contact number. Please enter a different contact number.", "customer_name_taken"),
        (PERIOD, "period_closed"),
        (PERIOD.replace("period lock", "end of year lock") + ".", "period_closed"),
        ("Account code '120' is not a valid code for this document.", "account_unusable"),
        (
            "Account code '120' has been archived, or has been deleted. Each line item must reference a valid account.",
            "account_unusable",
        ),
        ("The TaxType code 'INPUT2' cannot be used with account code '120'.", "tax_account_pair"),
        (
            "The contact with the specified contact details has been archived. "
            "The contact must be un-archived before creating new invoices or credit notes.",
            "customer_archived",
        ),
        (
            "The specified contact details matched an archived contact. "
            "Archived contacts cannot currently be edited via the API.",
            "customer_archived",
        ),
        ("You have reached the limit of invoices you can approve", "xero_plan_cap"),
        ("The User specified does not have the correct permissions to perform this action", "xero_rights"),
        ("The line total 1500.00 does not match the expected line total 1499.93", "xero_counts_otherwise"),
        ("Item code 'X' is not valid", "product_refused"),
        ("Organisation is not subscribed to currency EUR", "currency_not_in_xero"),
        ("Invoice not of valid status for modification", "xero_locked"),
        (
            "This document cannot be edited as it has a payment or credit note allocated to it.",
            "xero_locked",
        ),
        (
            "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to "
            "it.",
            "xero_locked",
        ),
        (
            "Date cannot be changed on an invoice that has payment or credit notes allocated to it.",
            "xero_locked",
        ),
        ("An existing invoice with the specified ID could not be found", "gone_from_xero"),
        ("The document with the supplied id was not found for this endpoint.", "gone_from_xero"),
        ("Something new", "xero_refused"),
        ("", "xero_refused"),
    ],
)
def test_a_sentence_gets_its_reason(sentence: str, code: str) -> None:
    """Matched loosely: quotes and final dots vary (X10)."""
    assert translate(sentence).name == code
    assert translate(sentence.upper()).name == code


def test_what_xero_names_is_told() -> None:
    assert translate(PERIOD).detail == "Closed up to 30 Nov 2018. Change {field}, or keep it a draft."
    pair = translate("The TaxType code “INPUT2” cannot be used with account code ‘120’.")
    assert pair.sentence == "Xero's rate INPUT2 can't go on account 120"
    assert translate("Account code '120' is not a valid code").name == "xero_refused"
    archived = translate("Account code '120' has been archived. Each line item must reference a valid account.")
    assert archived.sentence == "Account 120 can't take invoices"
    assert translate("Invoice # must be unique.").sentence == "Xero already has an invoice of this number"


def test_an_unknown_sentence_is_shown_as_it_is() -> None:
    """Also a long one; marks of ours in it are not filled."""
    assert translate("Something {field} new").detail == "Xero says: Something { field} new"
    assert translate("").detail == "Xero says: nothing more"
    assert len(translate("x" * 5000).detail) < 520
