"""Which settings could a tenant have? Every kind of rule switched on, in any mixture, sensible or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from server.domain.terms import KINDS, Terms
from server.domain.values import (
    AccountRule,
    AmountsRule,
    Books,
    DueRule,
    NumberRule,
    RateRule,
    Settings,
    TaxRule,
    ThemeRule,
    TrackingRule,
)
from tests.domain.records import BOOKS, SETTINGS, D

TYPES = st.sampled_from(["OUTPUT", "EXEMPTOUTPUT", "OUTPUT15", "TAX001", "INPUT", "OLD", "GONE"])
ACCOUNTS = st.sampled_from([None, "210", "400", "610", "860", "999", ""])
FIELDS = st.sampled_from(["", "Mine", "Status", "Grand_Total", "Account_Name", "Invoiced_Items", "$line_tax"])
NAMES = st.sampled_from([None, frozenset(), frozenset({"GST 10%"}), frozenset({"GST 10%", "Levy"})])
ODD_TAXES = st.lists(
    st.builds(TaxRule, st.sampled_from([D(0), D(10), D(12), D(15), D(-1)]), TYPES, NAMES), max_size=4
).map(tuple)
ODD_TRACKING = st.lists(
    st.builds(
        TrackingRule,
        st.sampled_from(["Region", "Department", "Gone"]),
        st.sampled_from(["invoice", "line", "product", "fixed"]),
        FIELDS,
        st.sampled_from([None, "", "North", "retail", "Nowhere"]),
    ),
    max_size=3,
).map(tuple)
REGION = TrackingRule("Region", "invoice", "Area")
BY_PRODUCT = (TrackingRule("Department", "product", "Team"), REGION)
ODD_ACCOUNTS = st.builds(
    AccountRule,
    FIELDS,
    st.dictionaries(st.sampled_from(["Desks", "", "Chairs"]), st.sampled_from(["200", "220", "999"])),
    ACCOUNTS,
    ACCOUNTS,
)
ODD_DUE = st.builds(DueRule, st.sampled_from(["terms", "days"]), st.sampled_from([0, -3, 10**7, 10**12]))


def mostly(odd: st.SearchStrategy[Any], *fine: Any) -> st.SearchStrategy[Any]:
    """Nine times of ten one that a tenant could live with."""
    return st.integers(0, 9).flatmap(lambda roll: odd if roll == 9 else st.sampled_from(fine))


ANY_SETTINGS = st.builds(
    Settings,
    account=mostly(ACCOUNTS, "200"),
    taxes=mostly(ODD_TAXES, SETTINGS.taxes, (*SETTINGS.taxes, TaxRule(D(12), "TAX001"))),
    statuses=st.just(SETTINGS.statuses),
    number=mostly(st.sampled_from([NumberRule("field", "Mine"), None]), SETTINGS.number, NumberRule("xero")),
    home_currency=mostly(st.sampled_from(["EUR", "JPY", None]), "AUD"),
    amounts=mostly(
        st.builds(AmountsRule, st.booleans(), st.one_of(st.none(), TYPES), FIELDS),
        AmountsRule(),
        AmountsRule(tax_type="OUTPUT", field="Prices"),
    ),
    accounts=mostly(
        ODD_ACCOUNTS, AccountRule(), AccountRule("Ledger", {"Desks": "220"}), AccountRule(None, {}, "260", "220")
    ),
    rounding_limit=mostly(st.sampled_from([D(-1), D(100), D("0.005")]), D(0), D("0.05"), D("0.50")),
    due=mostly(ODD_DUE, DueRule(), DueRule("days", 14), DueRule("terms")),
    rate=mostly(
        st.builds(RateRule, st.just("crm"), st.sampled_from(["Exchange_Rate", "Mine"]), FIELDS),
        RateRule(),
        RateRule("crm", "Exchange_Rate", "Home"),
    ),
    products=mostly(st.sampled_from(["block", "???"]), "off", "without", "create"),
    tracking=mostly(ODD_TRACKING, (), (REGION,), BY_PRODUCT),
    theme=mostly(st.builds(ThemeRule, FIELDS, st.sampled_from([None, "", "Gone"])), None, ThemeRule(name="standard")),
    reference_field=mostly(FIELDS, None, "Purchase_Order"),
)


def books(terms: Terms | None, *, currencies: frozenset[str], makes_products: bool, rounding: bool) -> Books:
    accounts = tuple(each for each in BOOKS.accounts if rounding or each.system != "ROUNDING")
    return replace(BOOKS, terms=terms, currencies=currencies, makes_products=makes_products, accounts=accounts)


ANY_BOOKS = st.builds(
    books,
    mostly(st.builds(Terms, st.sampled_from([0, 1, 31, 3650]), st.sampled_from(KINDS)), None, Terms(20, KINDS[-1])),
    currencies=mostly(st.just(frozenset()), frozenset({"EUR", "JPY", "KWD"})),
    makes_products=mostly(st.just(False), True),
    rounding=mostly(st.just(False), True),
)
