"""Does what the popup shows of every kind of invoice come true in Xero: our lines, both totals, inclusive prices?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.popup.scenes import NEW, Doc, Popup, fits_across, invoice, line, no_violations, picture
from tests.tenants import Tenant

pytestmark = pytest.mark.browser
WHOLE = {"$line_tax": [{"name": "GST 10%"}]}
Open = Callable[..., Popup]


@pytest.fixture
def over(page: Page, tenant: Callable[..., Tenant]) -> Open:
    """The popup over a draft of these rows; `settings`: what the tenant's mapping says besides."""

    def open_it(rows: list[tuple[str, float, float]], settings: Doc | None = None, **more: Any) -> Popup:
        home = tenant(**(settings or {}))
        taxes = more.pop("taxes", [])
        lines = [line(home, name, name.upper(), count, price, Line_Tax=taxes) for name, count, price in rows]
        record = invoice(home, Invoiced_Items=lines, Status="Created", **more)
        opened = Popup(page, home, record).open().sign_in()
        opened.shows(NEW)
        return opened

    return open_it


def total(p: Popup) -> list[str]:
    row = p.frame.get_by_role("row", name="Total, AUD")
    return [cell.inner_text() for cell in row.get_by_role("cell").all()]


def sent(p: Popup) -> Doc:
    """What Xero holds once it was pushed."""
    p.press("Push to Xero")
    p.shows("Created in Xero")
    (made,) = p.in_xero()
    return made


def looked_at(p: Popup, name: str) -> None:
    """Wide and at 320 pixels, light and dark."""
    no_violations(p)
    for scheme in ("light", "dark"):
        p.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        picture(p, f"kind-{name}-{scheme}")
        p.page.set_viewport_size({"width": 344, "height": 1100})
        p.page.wait_for_timeout(200)
        fits_across(p)
        picture(p, f"kind-{name}-narrow-{scheme}")
        p.page.set_viewport_size({"width": 1280, "height": 1100})
    p.page.emulate_media(color_scheme="light")


def test_a_rounding_line_is_seen_before_it_is_sent(over: Open) -> None:
    p = over([("Sticker", 1, 0.05)] * 3, **WHOLE)
    expect(p.frame.get_by_text("1 cent apart: a visible rounding line.")).to_be_visible()
    expect(p.frame.get_by_text("Added so that both totals agree")).to_be_visible()
    assert total(p) == ["$0.17", "$0.17", "$0.00"]
    looked_at(p, "rounding")
    made = sent(p)
    assert (Decimal(made["Total"]), Decimal(made["Lines"][-1]["LineAmount"])) == (Decimal("0.17"), Decimal("-0.01"))


def test_a_discount_and_an_adjustment_are_lines_of_ours(over: Open) -> None:
    gst = [{"name": "GST 10%", "percentage": 10}]
    p = over([("Desk", 1, 600), ("Chair", 2, 145)], taxes=gst, Discount=110, Adjustment=2.5)
    expect(p.frame.get_by_role("columnheader", name="2 lines, 2 added")).to_be_visible()
    expect(p.frame.get_by_text("CRM takes the discount off after tax, Xero before it.")).to_be_visible()
    assert total(p) == ["$871.50", "$871.50", "$0.00"]
    looked_at(p, "discount")
    assert Decimal(sent(p)["Total"]) == Decimal("871.50")


def test_prices_that_include_tax_say_so(over: Open) -> None:
    p = over([("Catering", 1, 541.25)], {"amounts": {"inclusive": True, "tax_type": "OUTPUT"}})
    expect(p.frame.get_by_text("Prices include tax.")).to_be_visible()
    assert total(p) == ["$541.25", "$541.25", "$0.00"]
    looked_at(p, "inclusive")
    made = sent(p)
    assert (made["LineAmountTypes"], Decimal(made["Total"])) == ("Inclusive", Decimal("541.25"))


def test_many_lines_keep_the_totals_and_the_button_in_reach(over: Open) -> None:
    p = over([(f"Part {at}", 1, 3.35) for at in range(33)], {"rounding_limit": "0.20"}, **WHOLE)
    expect(p.frame.get_by_role("region", name="33 lines, 1 added")).to_be_visible()
    assert p.inside().evaluate("document.documentElement.scrollHeight") < 1000
    looked_at(p, "many")
