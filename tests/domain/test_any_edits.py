"""Whatever both sides did to an invoice: is nothing of the bookkeeper's lost unasked, and CRM's sent as it is?"""

from __future__ import annotations

from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from server.domain.customer import UseContact
from server.domain.decide import CHOICES, SEND_CRM, Blocked, Conflict, Decision, Keep, Unchanged, Update, decide
from server.domain.xero_invoice import read_xero_invoice
from tests.domain.any_edits import CRM_EDITS, RECORDS, XERO_EDITS, CrmEdit, Raw, XeroEdit, in_crm, in_xero
from tests.domain.records import (
    BOOKS,
    BRIGHTWATER,
    CORNER_CAFE,
    MARKER,
    SETTINGS,
    D,
    Pushed,
    after_update,
    in_json,
    parts,
    pushed,
    read,
)
from tests.domain.xero_rules import Doc, applied, round2, xero_day

TYPES = {D(10): "OUTPUT", D(0): "EXEMPTOUTPUT", D(15): "OUTPUT15"}
RANK = ("DRAFT", "SUBMITTED", "AUTHORISED")
HEAD = ("Contact", "Date", "DueDate", "CurrencyCode", "LineAmountTypes")
CRM_SIDE = st.lists(CRM_EDITS, max_size=3)
XERO_SIDE = st.lists(XERO_EDITS, max_size=3)
MANY = settings(max_examples=300, deadline=None)


def customer_of(raw: Raw) -> UseContact:
    return CORNER_CAFE if raw["Account_Name"]["id"] == "9002" else BRIGHTWATER


def verdict(sent: Pushed, raw: Raw, doc: Doc, choice: str | None = None) -> Decision:
    return sent.now(raw, doc, customer=customer_of(raw), choice=choice)


def words(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))


def content(line: Doc) -> tuple[object, ...]:
    """What of a line of Xero's CRM also knows."""
    gross = line["Quantity"] * line["UnitAmount"]
    off = round2(gross - line["LineAmount"]) if line.get("DiscountRate") else D(line.get("DiscountAmount") or 0)
    amounts = (line["Quantity"], line["UnitAmount"], off)
    return (words(line["Description"]), *amounts, line["AccountCode"], line["TaxType"])


def wanted(row: Raw) -> tuple[object, ...]:
    """The same as CRM has it."""
    text = "\n".join(dict.fromkeys(each for each in (row["Product_Name"]["name"], row.get("Description")) if each))
    amounts = (row["Quantity"], row["List_Price"], row["Discount"])
    return (words(text), *amounts, "200", TYPES[row["Line_Tax"][0]["percentage"]])


def extras(line: Doc) -> tuple[object, ...]:
    """What CRM has no word for."""
    return (line.get("ItemCode"), line.get("Tracking"), line["TaxAmount"])


def facts(doc: Doc) -> dict[str, object]:
    """Everything about an invoice that somebody could lose, by part."""
    head: dict[str, object] = {name: doc[name] for name in HEAD}
    head["Contact"] = doc["Contact"]["ContactID"]
    return {**head, **{each["LineItemID"]: (content(each), extras(each)) for each in doc["LineItems"]}}


def lost(before: Doc, present: Doc, after: Doc) -> set[str]:
    """Parts that somebody changed since our last answer, and that would not be as they left them."""
    was, now, then = facts(before), facts(present), facts(after)
    moved = {name for name in {*was, *now} if was.get(name) != now.get(name)}
    return {name for name in moved if then.get(name) != now.get(name)}


def sent_over(doc: Doc, update: Decision, *, keeps: bool = True) -> Doc:
    assert isinstance(update, Update)
    return applied(doc, in_json(update.body), keeps=keeps)


@MANY
@given(RECORDS, CRM_SIDE, XERO_SIDE, st.sampled_from([None, *CHOICES]))
def test_there_is_always_a_verdict(
    raw: Raw, crm_edits: list[CrmEdit], xero_edits: list[XeroEdit], choice: str | None
) -> None:
    """One of those for a draft in Xero, twice alike; also when nothing is remembered."""
    sent = pushed(raw)
    raw, doc = in_crm(raw, crm_edits), in_xero(sent.doc, xero_edits)
    found = verdict(sent, raw, doc, choice)
    assert isinstance(found, Unchanged | Update | Conflict | Keep | Blocked)
    assert found == verdict(sent, raw, doc, choice)
    event(type(found).__name__)
    held = read_xero_invoice(doc)
    alone = decide(read(raw), customer_of(raw), SETTINGS, BOOKS, None, held, MARKER, choice)
    assert isinstance(alone, Unchanged | Update | Conflict | Keep | Blocked)
    assert isinstance(alone, Unchanged | Conflict | Blocked) or choice or set(alone.body) == {"InvoiceID", "Status"}  # type: ignore[union-attr]


@MANY
@given(RECORDS, CRM_SIDE, XERO_SIDE)
def test_nothing_of_the_bookkeepers_is_written_over_unasked(
    raw: Raw, crm_edits: list[CrmEdit], xero_edits: list[XeroEdit]
) -> None:
    """Where CRM's version would take away what somebody changed in Xero, a push without a choice sends nothing; where
    it sends something, all of theirs stays."""
    sent = pushed(raw)
    raw, doc = in_crm(raw, crm_edits), in_xero(sent.doc, xero_edits)
    found, forced = verdict(sent, raw, doc), verdict(sent, raw, doc, SEND_CRM)
    if isinstance(forced, Update) and lost(sent.doc, doc, sent_over(doc, forced)):
        assert isinstance(found, Conflict)
        event("conflict")
    if isinstance(found, Update):
        assert not lost(sent.doc, doc, sent_over(doc, found))
        assert not lost(sent.doc, doc, sent_over(doc, found, keeps=False))
        assert facts(sent.doc) == facts(doc) or set(found.body) == {"InvoiceID", "Status"}


@MANY
@given(RECORDS, CRM_SIDE)
def test_an_untouched_invoice_is_never_a_conflict(raw: Raw, crm_edits: list[CrmEdit]) -> None:
    """However much changed in CRM; and whatever changed there is sent, or nothing did."""
    sent = pushed(raw)
    raw = in_crm(raw, crm_edits)
    found = verdict(sent, raw, sent.doc)
    assert isinstance(found, Unchanged | Update | Blocked)
    event(type(found).__name__)


@MANY
@given(RECORDS, CRM_SIDE, XERO_SIDE, st.booleans())
def test_what_is_sent_makes_xero_say_what_crm_says(
    raw: Raw, crm_edits: list[CrmEdit], xero_edits: list[XeroEdit], keeps: bool
) -> None:
    """Line by line and part by part, whichever way Xero takes fields that are left out; all else stays, and the next
    push finds nothing to do."""
    sent = pushed(raw)
    before = raw
    raw, doc = in_crm(raw, crm_edits), in_xero(sent.doc, xero_edits)
    found = verdict(sent, raw, doc, SEND_CRM)
    assume(isinstance(found, Update))
    after = sent_over(doc, found, keeps=keeps)
    check_head(before, raw, doc, after)
    check_lines(sent, raw, doc, after)
    assert isinstance(found, Update)
    again = after_update(sent, found, after)
    assert isinstance(verdict(again, raw, after), Unchanged)
    assert parts(verdict(again, {**raw, "Due_Date": "2027-01-31"}, after)) == {"due_date": "crm"}


def check_head(before: Raw, raw: Raw, doc: Doc, after: Doc) -> None:
    days = {"Date": xero_day(raw["Invoice_Date"]), "DueDate": xero_day(raw["Due_Date"])}
    assert {name: after[name] for name in days} == days
    assert after["Contact"]["ContactID"] == customer_of(raw).contact_id
    assert (after["CurrencyCode"], after["LineAmountTypes"]) == ("AUD", "Exclusive")
    moved = raw["Invoice_Number"] != before["Invoice_Number"]
    assert after["InvoiceNumber"] == (raw if moved else {"Invoice_Number": doc["InvoiceNumber"]})["Invoice_Number"]
    status = SETTINGS.statuses[raw["Status"]]
    raised = max(status, doc["Status"], key=RANK.index) if raw["Status"] != before["Status"] else doc["Status"]
    assert after["Status"] == raised
    others = set(doc) - {*HEAD, "InvoiceNumber", "Status", "LineItems", "SubTotal", "TotalTax", "Total", "AmountDue"}
    assert {name: after[name] for name in others} == {name: doc[name] for name in others}


def check_lines(sent: Pushed, raw: Raw, doc: Doc, after: Doc) -> None:
    rows: Any = raw["Invoiced_Items"]
    assert sorted(map(content, after["LineItems"])) == sorted(map(wanted, rows))
    old = {line["LineItemID"]: line for line in doc["LineItems"]}
    by_row = {line_id: row for row, line_id in sent.link.line_ids.items()}
    here = {row["id"]: wanted(row) for row in rows}
    for line in after["LineItems"]:
        held = old.get(line["LineItemID"])
        if held is None:
            continue
        assert (line.get("ItemCode"), line["Tracking"]) == (held.get("ItemCode"), held["Tracking"])
        row = by_row.get(line["LineItemID"])
        assert row not in here or content(line) == here[row], "the words of another row"
        same_base = (held["LineAmount"], held["TaxType"]) == (line["LineAmount"], line["TaxType"])
        if same_base and doc["LineAmountTypes"] == "Exclusive":
            assert line["TaxAmount"] == held["TaxAmount"]
    if not any(line["LineItemID"] in old for line in after["LineItems"]) or doc["LineAmountTypes"] != "Exclusive":
        assert after["Total"] == raw["Grand_Total"]
