"""Does any JSON, however wrong, get an answer and never an exception?"""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.crm_invoice import read_invoice
from server.domain.customer import NewContact, NoCustomer, UseContact, choose, contact_body
from server.domain.customer_facts import Known
from server.domain.decide import CHOICES, SEND_AS_NEW, Blocked, Create, LinkedState, Update, decide
from server.domain.encode import encode
from server.domain.locks import lock, payment_word
from server.domain.preview import preview_json, reason_json
from server.domain.reasons import Code, reason
from server.domain.values import NumberRule, Settings
from server.domain.xero_invoice import read_xero_invoice
from server.domain.xero_sentences import translate
from tests.domain.any_json import ANY_RECORD, DEEP, JSON, NUMBERS, TEXT
from tests.domain.records import AT, BOOKS, BRIGHTWATER, MARKER, SETTINGS, D, created, pushed, record, row

LINES = st.lists(
    st.dictionaries(
        st.sampled_from(
            "LineItemID Description Quantity UnitAmount DiscountAmount DiscountRate AccountCode TaxType TaxAmount "
            "LineAmount ItemCode Tracking".split()
        ),
        st.one_of(JSON, NUMBERS, st.just([{"Name": "Region", "Option": "North"}])),
    ),
    max_size=4,
)
FIELDS = st.dictionaries(
    st.sampled_from(
        "InvoiceID InvoiceNumber Status Url Contact Date DueDate CurrencyCode Total TotalTax AmountPaid AmountCredited "
        "AmountDue FullyPaidOnDate UpdatedDateUTC Payments CreditNotes Prepayments Overpayments LineAmountTypes".split()
    ),
    st.one_of(JSON, DEEP, st.sampled_from(["AUTHORISED", "DRAFT", "VOIDED", "/Date(1789344000000+0000)/"])),
)
DOCS = st.builds(
    lambda fields, lines: {**fields, **lines}, FIELDS, st.just({}) | LINES.map(lambda lines: {"LineItems": lines})
)
SENT = pushed()
LINKS = st.sampled_from([None, LinkedState("x"), SENT.link])
CHOSEN = st.sampled_from([None, *CHOICES])
CONTACTS = st.dictionaries(
    st.sampled_from(["ContactID", "Name", "ContactNumber", "ContactStatus", "MergedToContactID"]), JSON
)
CUSTOMERS = st.sampled_from(
    [None, BRIGHTWATER, NewContact("9", "Corner Café", "Z9"), NoCustomer((reason(Code.CUSTOMER_NAMELESS),))]
)
BY_XERO = replace(SETTINGS, number=NumberRule("xero"))


@settings(max_examples=250, deadline=None)
@given(ANY_RECORD, CUSTOMERS, st.sampled_from([SETTINGS, BY_XERO]), st.none() | DOCS, LINKS, CHOSEN)
def test_every_record_gets_a_decision_that_can_be_shown(
    raw: dict[str, object],
    customer: UseContact | NewContact | NoCustomer | None,
    chosen: Settings,
    doc: dict[str, object] | None,
    link: LinkedState | None,
    choice: str | None,
) -> None:
    """Decided, previewed, explained and written as JSON that any database and browser takes; twice alike."""
    crm = read_invoice(raw)
    held = read_xero_invoice(doc) if doc is not None else None
    found = decide(crm, customer, chosen, BOOKS, link, held, MARKER, choice)
    shown = json.dumps(preview_json(found, crm, BOOKS, AT), ensure_ascii=False)
    shown.encode("utf-8")
    json.loads(shown, parse_constant=_refuse)
    again = decide(read_invoice(raw), customer, chosen, BOOKS, link, held, MARKER, choice)
    assert json.dumps(preview_json(again, crm, BOOKS, AT), ensure_ascii=False) == shown
    if isinstance(found, Blocked):
        assert found.reasons
        for each in found.reasons:
            json.dumps(reason_json(each), ensure_ascii=False).encode("utf-8")
            assert each.sentence.strip()
            assert not {"{product}", "{line}", "{number_field}"} & set(each.sentence.split())
    if isinstance(found, Create):
        check_complete(found, crm.grand_total)
    if isinstance(found, Update):
        encode(found.body)


@settings(max_examples=250, deadline=None)
@given(DOCS, LINKS, CHOSEN)
def test_a_good_record_beside_any_document_gets_a_verdict(
    doc: dict[str, object], link: LinkedState | None, choice: str | None
) -> None:
    """Compared part by part with whatever Xero holds; what would be sent can be written."""
    crm = read_invoice(SENT.raw)
    held = read_xero_invoice({**SENT.doc, **doc})
    found = decide(crm, BRIGHTWATER, SETTINGS, BOOKS, link, held, MARKER, choice)
    json.dumps(preview_json(found, crm, BOOKS, AT), ensure_ascii=False).encode("utf-8")
    assert not isinstance(found, Create) or choice == SEND_AS_NEW
    if isinstance(found, Update):
        json.loads(encode(found.body), parse_constant=_refuse)


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def check_complete(found: Create, grand_total: D | None) -> None:
    """What is Create predicts exactly CRM's total and has all that Xero needs."""
    assert grand_total == found.total > 0
    body = json.loads(encode(found.body), parse_float=D)
    wanted = {"Type", "Status", "Date", "LineAmountTypes", "CurrencyCode", "Url", "LineItems"}
    assert wanted <= set(body) <= wanted | {"Contact", "DueDate", "InvoiceNumber"}
    assert ("Contact" in body) is isinstance(found.contact, UseContact)
    assert body["Status"] != "AUTHORISED" or "DueDate" in body
    assert sum((D(line["LineAmount"]) for line in body["LineItems"]), D(0)) == found.draft.totals.subtotal
    for line in body["LineItems"]:
        assert 1 <= len(line["Description"]) <= 4000
        net = D(line["Quantity"]) * D(line["UnitAmount"]) - D(line.get("DiscountAmount", 0))
        assert abs(net - D(line["LineAmount"])) <= D("0.005")


GOOD_ROWS = st.builds(
    lambda quantity, price, share, rate: row(
        Quantity=quantity,
        List_Price=price,
        Discount=(quantity * price * share).quantize(D("0.01"), "ROUND_DOWN"),
        Line_Tax=[{"name": "GST", "percentage": rate}],
    ),
    st.decimals(min_value=0, max_value=999, places=2),
    st.decimals(min_value=0, max_value=99999, places=4),
    st.sampled_from([D(0), D(0), D("0.05"), D("0.333"), D(1)]),
    st.sampled_from([D(0), D(10), D(15)]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(GOOD_ROWS, min_size=1, max_size=30))
def test_an_invoice_that_crm_counts_line_by_line_is_sent(rows: list[dict[str, object]]) -> None:
    """Ordinary invoices are not blocked, and what is sent comes to CRM's total to the cent."""
    raw = record(*rows)
    if raw["Grand_Total"] == 0:
        return
    found = created(raw)
    check_complete(found, raw["Grand_Total"])  # type: ignore[arg-type]
    again = created(record(*rows))
    assert (encode(found.body), found.digest) == (encode(again.body), again.digest)


@settings(max_examples=80, deadline=None)
@given(st.lists(GOOD_ROWS, min_size=1, max_size=5), st.integers(-9, 9).filter(bool))
def test_cents_more_or_less_are_shown_or_refused(rows: list[dict[str, object]], off: int) -> None:
    """To the cent: what rounding can explain becomes a line that everybody sees; the rest is refused."""
    raw = record(*rows)
    total = D(str(raw["Grand_Total"])) + D(off) / 100
    if total <= 0:
        return
    found = decide(read_invoice({**raw, "Grand_Total": total}), BRIGHTWATER, SETTINGS, BOOKS, None, None, MARKER)
    taxed = sum(1 for each in rows if any(tax["percentage"] for tax in each["Line_Tax"]))  # type: ignore[attr-defined]
    explained = abs(off) <= min(len(rows), (taxed + 2) // 2, 5)
    assert isinstance(found, Create) is explained
    if isinstance(found, Create):
        assert (found.draft.rounding, found.total) == (D(off) / 100, total)


@settings(max_examples=100, deadline=None)
@given(DOCS)
def test_every_document_of_xeros_has_a_state(doc: dict[str, object]) -> None:
    held = read_xero_invoice(doc)
    assert lock(held, BOOKS).state in ("locked", "editable")
    assert payment_word(held.status, held.paid, held.credited, held.due_date, BOOKS.today)


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, st.none() | CONTACTS, st.lists(CONTACTS, max_size=4))
def test_every_customer_gets_an_answer(
    account_id: str, name: str, linked: dict[str, object] | None, candidates: list[dict[str, object]]
) -> None:
    found = choose(Known(account_id, name), linked, candidates)
    if isinstance(found, NewContact):
        body = contact_body(found)
        assert body["Name"] == " ".join(str(body["Name"]).split())
        assert 0 < len(str(body["Name"])) <= 255
    elif isinstance(found, UseContact):
        assert found.contact_id
    else:
        assert found.reasons


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_every_sentence_of_xeros_is_told(sentence: str) -> None:
    found = translate(sentence)
    assert found.sentence and found.detail
    json.dumps(reason_json(found), ensure_ascii=False).encode("utf-8")
