"""Have the parts that a mapping brings words: what differs, what a push leaves alone, which setting mends them?"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from server.domain.reasons import SETTING_LABELS, Code
from tests.widget.conftest import Opened
from tests.widget.mock_server import Script
from tests.widget.samples import (
    TOM,
    Doc,
    a_check,
    a_difference,
    a_reason,
    a_record,
    compared,
    draft_link,
    line_difference,
)
from tests.widget.seen import headline, press, violations

pytestmark = pytest.mark.browser
REFERENCE = a_difference("reference", "PO 12", None, by="both")
AMOUNTS = a_difference("amounts", "Tax inclusive", "Tax exclusive")
PRODUCT = line_difference(1, "Desk", "product", "DESK-OAK", "LAMP", kind="text", by="xero")
TRACKING = line_difference(1, "Desk", "tracking", "Region: North", "Region: South", kind="text", by="xero")
STAYS = line_difference(2, "Lamp", "tracking", None, "Region: South", kind="text", by="xero", stays=True)

VALUES = {"line": 1, "product": "Desk"}
WITH_SETTINGS = [
    a_reason(Code.LINE_ACCOUNT_UNUSABLE, account="210", **VALUES),
    a_reason(Code.AMOUNTS_UNCLEAR, that_field="Prices", value="perhaps"),
    a_reason(Code.TERMS_MISSING),
    a_reason(Code.PRODUCT_UNKNOWN, product_code="LAMP", **VALUES),
    a_reason(Code.RATE_UNPROVED, that_field="Home_Total"),
    a_reason(Code.ROUNDING_BEYOND_LIMIT, apart="7 cents", crm="1", xero="2", allow="AUD 0.07", limit="AUD 0.05"),
    a_reason(Code.THEME_UNKNOWN, theme="Festive"),
    a_reason(Code.LINE_TRACKING_UNKNOWN, option="West", category="Region", **VALUES),
]


def conflict() -> Doc:
    link = draft_link(crm_changed=True)
    return a_record(link=link, check=compared(link, "conflict", REFERENCE, AMOUNTS, PRODUCT, TRACKING, STAYS))


@pytest.mark.parametrize("name", ["panel", "popup"])
def test_both_sides_of_every_part_have_words(script: Script, opened: Opened, name: str) -> None:
    script.record = conflict()
    script.play["preview"] = [script.record["check"]]
    frame = opened(name, width=800)
    headline(frame, "Changed in Xero since the last push")
    said = [row.inner_text().split() for row in frame.locator(".sides tbody tr").all()]
    assert [" ".join(words) for words in said] == [
        "Reference PO 12 None on both sides",
        "Amounts Tax inclusive Tax exclusive in CRM",
        "Line 1, Desk: product code DESK-OAK LAMP in Xero",
        "Line 1, Desk: tracking Region: North Region: South in Xero",
        "Line 2, Lamp: tracking None Region: South in Xero",
    ]
    assert violations(frame) == []


def test_the_question_names_what_is_replaced_and_leaves_out_what_stays(script: Script, opened: Opened) -> None:
    script.record = conflict()
    frame = opened(width=800)
    press(frame, "Send CRM’s")
    points = [point.inner_text() for point in frame.locator(".consequences li").all()]
    assert points == [
        "Reference: None in Xero becomes PO 12.",
        "Amounts: Tax exclusive in Xero becomes Tax inclusive.",
        "Line 1, Desk: product code: LAMP in Xero becomes DESK-OAK.",
        "Line 1, Desk: tracking: Region: South in Xero becomes Region: North.",
    ]


def test_every_setting_that_mends_something_is_named_by_its_label(script: Script, opened: Opened) -> None:
    """For whoever may change it and whoever has to ask; the step may name a figure."""
    script.user = TOM
    script.record = a_record(viewer=TOM, check=a_check(*WITH_SETTINGS))
    frame = opened()
    headline(frame, f"Not sent: {len(WITH_SETTINGS)} things to fix")
    chips = {chip.inner_text() for chip in frame.locator(".problem .chip").all()}
    new = {"accounts", "amounts", "due", "products", "rate", "rounding", "theme", "tracking"}
    assert {SETTING_LABELS[name] for name in new} <= chips
    expect(frame.locator(".problem").nth(5)).to_contain_text("Ask an admin to allow up to AUD 0.07.")
    expect(frame.locator("main")).not_to_contain_text("{")
    assert violations(frame) == []


def test_a_setting_that_the_text_does_not_name_stands_behind_it(script: Script, opened: Opened) -> None:
    found = a_reason(Code.THEME_UNKNOWN, theme="Festive") | {"detail": "Xero has two others."}
    script.record = a_record(check=a_check(found))
    frame = opened()
    expect(frame.locator(".problem .grey").first).to_have_text("Xero has two others. Settings › Tracking and themes")
