"""What does a bookkeeper set up for the books as a whole: accounts, tax rates, and when customers pay?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.xero import contact_lives, payment_terms, tax_rates
from simulator.xero.bookkeeper_words import number
from simulator.xero.books import Books, rates_of
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.writer import Writer

Doc = dict[str, Any]
_MOST_PARTS = 3  # rows of the page's form


def add_tax_rate(writer: Writer, wish: Doc) -> str:
    """{name, components: [{name, rate, compound}], report}: a rate of one or more parts (X6.5, X8.3)."""
    name, report = str(wish.get("name") or "").strip(), wish.get("report") or "OUTPUT"
    if report not in tax_rates.REPORTS:
        raise ElementRefusalError(f"A tax rate reports as {' or '.join(tax_rates.REPORTS)}.")
    if any(rate["Name"].casefold() == name.casefold() for rate in rates_of(writer.org) if rate["Status"] == "ACTIVE"):
        raise ElementRefusalError(tax_rates.NAME_TAKEN)
    made = tax_rates.add(Books(writer.state), writer.org, name, str(report), _parts(wish))
    return f"Tax rate {made['Name']} added as {made['TaxType']}, {made['Rate']} %"


def archive_tax_rate(writer: Writer, wish: Doc) -> str:
    """{tax_type}: out of use, and still in lists."""
    ended = tax_rates.end(Books(writer.state), writer.org, str(wish.get("tax_type")), "ARCHIVED")
    return f"Tax rate {ended['Name']} archived"


def delete_tax_rate(writer: Writer, wish: Doc) -> str:
    """{tax_type}: deleted, and still in lists (X8.3)."""
    ended = tax_rates.end(Books(writer.state), writer.org, str(wish.get("tax_type")), "DELETED")
    return f"Tax rate {ended['Name']} deleted"


def archive_account(writer: Writer, wish: Doc) -> str:
    """{code}: no line can take it any more, and it stays in the list (X8.2)."""
    return _account_put(writer, wish, "ARCHIVED")


def restore_account(writer: Writer, wish: Doc) -> str:
    """{code}: lines can take it again."""
    return _account_put(writer, wish, "ACTIVE")


def _account_put(writer: Writer, wish: Doc, status: str) -> str:
    accounts = writer.org["Accounts"]
    found = next((each for each in accounts if each["Code"] == wish.get("code") and each["Status"] != status), None)
    if found is None or found["SystemAccount"]:
        raise ElementRefusalError("That account can't be archived or restored.")
    kept = [{**each, "Status": status} if each is found else each for each in accounts]
    Books(writer.state).change(writer.org["id"], Accounts=kept)
    return f"Account {found['Code']} {'archived' if status == 'ARCHIVED' else 'restored'}"


def set_terms(writer: Writer, wish: Doc) -> str:
    """{contact, day, type, side}: when that contact pays, or is paid with side Bills; no day takes it back (X7)."""
    contact = contact_lives.named(writer, wish.get("contact"))
    terms = _terms(wish)
    writer.contacts.update(contact, {"PaymentTerms": terms})
    return f"{contact['Name']}: {_said(terms)}"


def set_own_terms(writer: Writer, wish: Doc) -> str:
    """{day, type, side}: the organisation's own, for contacts that have none (X8.5)."""
    terms = _terms(wish)
    wrong = payment_terms.wrong(terms, writer.switches)
    if wrong:
        raise ElementRefusalError(*wrong)
    kept = {side: one for side, one in {**writer.org.get("PaymentTerms", {}), **terms}.items() if one}
    Books(writer.state).change(writer.org["id"], PaymentTerms=kept)
    return f"{writer.org['Name']}: {_said(terms)}"


def _terms(wish: Doc) -> Doc:
    """One side as the API would be sent it; as there, a type that is unknown cannot be read."""
    side = str(wish.get("side") or "Sales")
    if side not in payment_terms.SIDES:
        raise ElementRefusalError(f"Terms are for {' or '.join(payment_terms.SIDES)}.")
    day = str(wish.get("day") if wish.get("day") is not None else "").strip()
    if not day:
        return {side: None}
    try:
        return payment_terms.parse({side: {"Day": day, "Type": wish.get("type")}})
    except WholeRefusalError as error:
        raise ElementRefusalError(payment_terms.NO_TYPE) from error


def _said(terms: Doc) -> str:
    ((side, one),) = terms.items()
    what = "customers pay" if side == "Sales" else "bills are paid"
    return f"{what} {payment_terms.words(one)}" if one else f"no terms for {side.lower()} any more"


def _parts(wish: Doc) -> list[Doc]:
    """From a list, or from the fields of a form; rows without a rate are none."""
    sent = wish.get("components")
    rows = [one for one in sent if isinstance(one, dict)] if isinstance(sent, list) else _of_form(wish)
    return [_part(row, str(wish.get("name") or "")) for row in rows if str(row.get("rate") or "").strip()]


def _of_form(wish: Doc) -> list[Doc]:
    columns = ("name", "rate", "compound")
    return [{key: wish.get(f"{key}_{place}") for key in columns} for place in range(1, _MOST_PARTS + 1)]


def _part(row: Doc, name: str) -> Doc:
    rate: Decimal = number(row.get("rate"), "rate")
    if not 0 <= rate <= 100:
        raise ElementRefusalError("The rate must lie between 0 and 100.")
    sent = {"Name": row.get("name") or name, "Rate": rate, "IsCompound": row.get("compound") in (True, "yes")}
    return tax_rates.component(sent)
