"""Does the choice of a person hold: keep Xero's version, or send CRM's?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.domain.decide import (
    CHOICES,
    KEEP_XERO,
    REMOVE,
    SEND_AS_NEW,
    SEND_CRM,
    Conflict,
    Create,
    Keep,
    Unchanged,
    Update,
)
from tests.domain.records import (
    D,
    Pushed,
    after_agreement,
    body_of,
    decided,
    inv_2041,
    keyed,
    parts,
    pushed,
    with_row,
)
from tests.domain.xero_rules import edited, xero_day


def corrected() -> tuple[Pushed, dict[str, object]]:
    """The bookkeeper has moved the due date, and CRM then changed a line."""
    sent = pushed()
    doc = edited(sent.doc, DueDate=xero_day("2026-12-24"))
    return Pushed(sent.raw, doc, sent.link), with_row(sent.raw, 0, Quantity=D(2))


def kept(sent: Pushed, raw: dict[str, object]) -> Pushed:
    """What is remembered after somebody kept Xero's version."""
    found = sent.now(raw, choice=KEEP_XERO)
    assert isinstance(found, Keep)
    return Pushed(raw, sent.doc, replace(sent.link, kept_digest=keyed(found.digest)))


def test_kept_is_quiet() -> None:
    """No push says anything of it any more; nothing counts as agreed, because the two still differ."""
    found = kept(*corrected()).now()
    assert isinstance(found, Unchanged)
    assert found.kept and found.both is None


def test_what_was_kept_is_asked_again_once_crm_changes() -> None:
    """All of it, also the older difference."""
    sent = kept(*corrected())
    found = sent.now({**sent.raw, "Invoice_Date": "2026-10-30"})
    assert isinstance(found, Conflict)
    assert parts(found) == {"date": "crm", "due_date": "xero", "1.quantity": "crm"}


def test_what_was_kept_stays_kept_when_crm_changes_back() -> None:
    """It is the version that the person looked at."""
    sent = kept(*corrected())
    assert isinstance(sent.now({**sent.raw, "Invoice_Date": "2026-10-30"}), Conflict)
    found = sent.now({**sent.raw, "Invoice_Date": "2026-10-28"})
    assert isinstance(found, Unchanged) and found.kept


def test_the_bookkeeper_may_go_on_with_what_was_kept() -> None:
    """Xero's version was chosen, whatever becomes of it."""
    sent = kept(*corrected())
    found = sent.now(doc=edited(sent.doc, 0, UnitAmount=D(1)))
    assert isinstance(found, Unchanged) and found.kept


def test_approving_in_crm_after_keeping_asks_again() -> None:
    """To approve it would approve a version that CRM does not know."""
    sent = kept(*corrected())
    assert isinstance(sent.now({**sent.raw, "Status": "Approved"}), Conflict)


def test_what_was_kept_may_still_be_sent_over() -> None:
    """The person may change their mind; a push without a choice never does."""
    sent = kept(*corrected())
    body = body_of(sent.now(choice=SEND_CRM))
    assert set(body) == {"InvoiceID", "DueDate", "LineAmountTypes", "LineItems"}


def test_agreement_ends_what_was_kept() -> None:
    """The bookkeeper entered what CRM says: from then on a change in CRM is an update again."""
    sent = kept(*corrected())
    doc = edited(edited(sent.doc, 0, Quantity=D(2)), DueDate=xero_day("2026-11-27"))
    again = after_agreement(sent, doc)
    assert isinstance(again.now({**again.raw, "Due_Date": "2026-12-04"}), Update)


def test_send_crms_sends_what_was_shown() -> None:
    """The choice changes the verdict, not what is shown or remembered of it."""
    sent, raw = corrected()
    conflict, update, keep = (sent.now(raw, choice=choice) for choice in (None, SEND_CRM, KEEP_XERO))
    assert isinstance(conflict, Conflict) and isinstance(update, Update) and isinstance(keep, Keep)
    assert conflict.shown == update.shown == keep.shown
    assert conflict.digest == update.digest == keep.digest
    assert parts(conflict) == parts(update)


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_that_was_not_offered_changes_nothing(choice: str) -> None:
    """Nothing to choose: unchanged stays unchanged, a plain update and a create are what they are."""
    sent = pushed()
    assert isinstance(sent.now(choice=choice), Unchanged)
    assert isinstance(sent.now({**sent.raw, "Due_Date": "2026-12-04"}, choice=choice), Update)
    assert isinstance(decided(inv_2041(), choice=choice), Create)


@pytest.mark.parametrize("choice", [REMOVE, SEND_AS_NEW])
def test_other_choices_do_not_go_over_the_bookkeeper(choice: str) -> None:
    sent, raw = corrected()
    assert isinstance(sent.now(raw, choice=choice), Conflict)
