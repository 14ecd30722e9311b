"""Is a cause held for mended when it is, and only then?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.causes import Cause, is_mended
from server.domain.values import AccountRule, Books, Settings
from tests.domain.records import BOOKS, SETTINGS


def gone(subject: str) -> Cause:
    return Cause("tax_type_gone", subject, "", "", "taxes")


def account(code: str) -> Cause:
    return Cause("account_unusable", code, "", "", "account")


RATES = tuple(
    replace(BOOKS.tax_rates[0], tax_type=kind, name=f"Rate {kind}", status="ACTIVE") for kind in ("A", "B", "C")
)


def books(*usable: str) -> Books:
    rates = tuple(replace(each, status="ACTIVE" if each.tax_type in usable else "DELETED") for each in RATES)
    return replace(BOOKS, tax_rates=rates)


def with_rules(*types: str) -> Settings:
    rules = tuple(replace(SETTINGS.taxes[0], tax_type=each) for each in types)
    return replace(SETTINGS, taxes=rules)


@pytest.mark.parametrize("subject", ["A", "Rate A"])
def test_one_broken_rate_holds_up_no_invoice_of_another(subject: str) -> None:
    """Two rates were deleted in Xero; the administrator mends the first."""
    assert not is_mended(gone(subject), with_rules("A", "B"), books("C"), unknown=False)
    assert is_mended(gone(subject), with_rules("C", "B"), books("C"), unknown=False)
    assert is_mended(gone(subject), with_rules("A", "B"), books("A", "C"), unknown=False)


def test_another_account_may_mend_it_also_where_products_name_their_own() -> None:
    """After a save the whole decision tells; before it, nobody decides over and over."""
    own = replace(SETTINGS, account="210", accounts=AccountRule(product_field="Revenue_Account"))
    bare = replace(BOOKS, accounts=tuple(each for each in BOOKS.accounts if each.code != "200"))
    assert is_mended(account("200"), own, bare, unknown=True)
    assert not is_mended(account("200"), own, bare, unknown=False)
    assert not is_mended(account("210"), replace(own, account="210"), replace(bare, accounts=()), unknown=True)
