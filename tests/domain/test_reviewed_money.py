"""Does what was found wrong with totals, references, due dates and rates of linked invoices stay mended?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from server.domain.content import answer_parts
from server.domain.decide import KEEP_XERO, SEND_CRM, Blocked, Conflict, Keep, Unchanged, Update
from server.domain.values import DueRule, TaxRule, ThemeRule
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.kinds import Raw, entry, invoice, tax
from tests.domain.records import SETTINGS, D, body_of, created, keyed, pushed
from tests.domain.xero_rules import edited, xero_day

GST = tax(10)
REFERRED = replace(SETTINGS, reference_field="Purchase_Order")


def draft(**fields: Any) -> Raw:
    return invoice(entry(100, GST), entry(50, GST), **{"Status": "Created", **fields})


def pushed_answer(doc: Any) -> Any:
    return answer_parts(read_xero_invoice(doc), keyed)


def test_a_worked_out_due_date_that_the_bookkeeper_moved_is_no_conflict() -> None:
    """By terms or days CRM has no say in it: another change goes beside it."""
    by_days = replace(SETTINGS, due=DueRule("days", 30))
    sent = pushed(draft(), settings=by_days)
    doc = edited(sent.doc, DueDate=xero_day("2026-12-24"))
    raw = invoice(entry(100, GST, Quantity=D(2)), entry(50, GST), Status="Created")
    found = sent.now(raw, doc, settings=by_days)
    assert isinstance(found, Update)
    assert "DueDate" not in body_of(found)


def test_a_reference_from_before_they_were_remembered_is_the_bookkeepers() -> None:
    """We never wrote one then."""
    sent = pushed(draft())
    older = {name: value for name, value in (sent.link.answer_parts or {}).items() if name != "reference"}
    doc = edited(sent.doc, Reference="Accountant's")
    raw = draft(Purchase_Order="PO 1")
    found = sent.now(raw, doc, settings=REFERRED, link=replace(sent.link, answer_parts=older))
    assert isinstance(found, Conflict)


def test_a_theme_chosen_later_is_no_news_of_an_invoice() -> None:
    sent = pushed(draft())
    themed = replace(SETTINGS, theme=ThemeRule(name="Standard"))
    assert isinstance(sent.now(settings=themed), Unchanged)
    kept = sent.now(draft(Due_Date="2026-12-09"), edited(sent.doc, 0, UnitAmount=D(7)), choice=KEEP_XERO)
    assert isinstance(kept, Keep)
    again = replace(sent.link, kept_digest=keyed(kept.digest))
    found = sent.now(draft(Due_Date="2026-12-09"), edited(sent.doc, 0, UnitAmount=D(7)), settings=themed, link=again)
    assert isinstance(found, Unchanged) and found.kept


def test_nothing_is_approved_beside_a_corrected_tax_that_keeps_the_totals_apart() -> None:
    """Also while another line changes: the tax of the first one stays at the bookkeeper's."""
    raw = invoice(entry(95, GST), entry(50, GST), Status="Created")
    sent = pushed(raw)
    doc = edited(sent.doc, 0, TaxAmount=D("9.00"))
    known = replace(sent.link, answer_parts=pushed_answer(doc))
    more = invoice(entry(95, GST), entry(60, GST), Status="Approved")
    assert isinstance(sent.now(more, doc, link=known), Blocked)
    draft_only = sent.now(invoice(entry(95, GST), entry(60, GST), Status="Created"), doc, link=known)
    assert isinstance(draft_only, Update)
    assert draft_only.total == D("170.00")  # 95 + 60 + 9.00 + 6.00, as Xero will have it


def test_a_way_of_tax_that_the_bookkeeper_changed_can_be_sent_over_with_the_approval() -> None:
    """All lines go anew, so the total is CRM's."""
    sent = pushed(draft())
    doc = edited(sent.doc, LineAmountTypes="Inclusive")
    found = sent.now(draft(Status="Approved"), doc, choice=SEND_CRM)
    assert isinstance(found, Update)
    assert found.total == sent_total(draft(Status="Approved"))


def sent_total(raw: Raw) -> D:
    return D(str(raw["Grand_Total"]))


def test_a_rate_that_moved_on_both_sides_is_the_rate_of_today() -> None:
    """A rule by names that was made for 10 % serves 15 % when both say so, and counts with it."""
    rules = (TaxRule(D(10), "OUTPUT15", frozenset({"VAT"})), TaxRule(D(0), "EXEMPTOUTPUT"))
    vat = {"name": "VAT", "percentage": D(15)}
    found = created(invoice(entry("0.10", vat)), settings=replace(SETTINGS, taxes=rules))
    assert (found.draft.totals.tax, found.draft.rounding) == (D("0.02"), None)


def test_what_a_reference_waits_for_is_not_agreed_upon() -> None:
    """The accountant's reference, a push that finds nothing to send, then CRM gets a word: a person is asked."""
    sent = pushed(draft(), settings=REFERRED)
    doc = edited(sent.doc, Reference="Accountant's")
    quiet = sent.now(draft(), doc, settings=REFERRED)
    assert isinstance(quiet, Unchanged) and not quiet.agreed
    assert isinstance(sent.now(draft(Purchase_Order="PO 1"), doc, settings=REFERRED), Conflict)
