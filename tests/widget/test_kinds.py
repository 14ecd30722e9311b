"""Does the popup show an invoice of every kind so that nothing surprises: our lines, both totals, what goes along?"""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.widget import kinds
from tests.widget.conftest import Opened
from tests.widget.kinds import KINDS
from tests.widget.mock_server import Script
from tests.widget.samples import a_link, a_record, compared, draft_link
from tests.widget.seen import at_rest, button, headline, press, violations
from tests.widget.state import picture

pytestmark = pytest.mark.browser
CREATE = "A new invoice will be created in Xero"


def rows(frame: Frame, table: str) -> list[list[str]]:
    """The cells of a table, the first of each row by its first line."""
    found = frame.locator(f"{table} tbody tr").evaluate_all(
        "all => all.map(row => [...row.children].map(cell => (cell.querySelector('.text') ?? cell).textContent))"
    )
    return [[str(cell) for cell in row] for row in found]


def sums(frame: Frame) -> dict[str, list[str]]:
    """Part -> CRM, Xero, difference."""
    return {first: rest for first, *rest in rows(frame, ".totals")}


@pytest.fixture
def shows(script: Script, opened: Opened) -> object:
    def open_it(kind: str, width: int = 800) -> Frame:
        script.play["preview"] = [KINDS[kind]()]
        frame = opened("popup", width=width)
        headline(frame, CREATE)
        return frame

    return open_it


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_look(shows: Opened, page: Page, kind: str) -> None:
    """Wide and narrow, light and dark: nothing cut, no barrier, both totals the same, and said so."""
    frame = shows(kind)
    (total,) = (row for row in rows(frame, ".totals") if row[0].startswith("Total, "))
    assert total[1] == total[2]
    expect(frame.locator("main")).to_contain_text("The totals agree")
    for width, scheme in ((800, "light"), (800, "dark"), (320, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        at_rest(frame)
        if (width, scheme) in ((800, "light"), (320, "dark")):
            assert violations(frame) == []
            assert frame.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
            assert frame.evaluate(SPILLS) == []
        picture(page, f"kind {kind} {width} {scheme}")


SPILLS = """(() => {
  const end = e => e.getBoundingClientRect().right - parseFloat(getComputedStyle(e).paddingRight);
  return [...document.querySelectorAll('.lines :is(th, td), .totals :is(th, td), .notice p, .fact')]
    .filter(e => e.offsetWidth > 1 && !e.querySelector('.unseen') && end(e) > innerWidth - 15.5)
    .map(e => e.textContent);
})()"""


def test_lines_of_ours_are_told_apart_by_words(shows: Opened) -> None:
    frame = shows("row taxes")
    expect(frame.get_by_role("columnheader", name="4 lines, 3 added")).to_be_visible()
    ours = frame.locator(".lines .ours")
    assert [each.locator(".note").inner_text() for each in ours.all()] == [
        "Added for CRM’s discount",
        "Added for CRM’s discount",
        "Added for CRM’s adjustment",
    ]
    assert [row[0] for row in rows(frame, ".lines")][4:] == [
        "Discount, GST on Income",
        "Discount, GST Free Income",
        "Adjustment",
    ]


def test_totals_of_taxed_lines_with_a_discount_are_explained(shows: Opened) -> None:
    """Each column adds up; that CRM takes the discount off gross amounts is said."""
    frame = shows("row taxes")
    assert sums(frame) == {
        "Lines": ["$2,987.50", "$2,987.50", "$0.00"],
        "Discount": ["−$100.00", "−$91.24", "$8.76"],
        "GST on Income on $2,779.92": ["$286.75", "$277.99", "−$8.76"],
        "GST Free Income on $121.59": ["$0.00", "$0.00", "$0.00"],
        "Adjustment": ["$5.25", "$5.25", "$0.00"],
        "Total, AUD": ["$3,179.50", "$3,179.50", "$0.00"],
    }
    expect(frame.locator(".verdict")).to_contain_text("CRM takes the discount off after tax, Xero before it.")


def test_a_rounding_line_is_explained_before_it_is_sent(shows: Opened) -> None:
    """How large, on which account, why, and that the totals agree with it; the question names it, too."""
    frame = shows("rounding")
    expect(frame.get_by_role("listitem")).to_have_text(
        "1 cent apart: a visible rounding line. "
        "CRM and Xero round differently. −$0.01 on account 860 Rounding makes the totals agree."
    )
    assert rows(frame, ".lines")[-1] == ["Rounding", "860 Rounding", "", "", "", "GST Free Income", "−$0.01"]
    expect(frame.locator(".lines .ours .note")).to_have_text("Added so that both totals agree")
    assert sums(frame) == {
        "Lines": ["$0.50", "$0.50", "$0.00"],
        "GST on Income on $0.50": ["$0.05", "$0.06", "$0.01"],
        "Rounding, account 860": ["–", "−$0.01", "−$0.01"],
        "Total, AUD": ["$0.55", "$0.55", "$0.00"],
    }
    press(frame, "Continue")
    expect(frame.locator("main")).to_contain_text("Adds a rounding line of −$0.01, so that the totals agree.")


def test_prices_that_include_tax_are_said_to(shows: Opened) -> None:
    """The tax stands below the total that holds it; CRM counts none."""
    frame = shows("inclusive")
    expect(frame.get_by_role("listitem")).to_have_text(
        "Prices include tax. Xero takes it out of each line: $65.25 in all."
    )
    expect(frame.get_by_role("columnheader", name="Amount incl. tax")).to_be_visible()
    assert list(sums(frame).items()) == [
        ("Lines, tax included", ["$541.25", "$541.25", "$0.00"]),
        ("Discount", ["−$41.00", "−$41.00", "$0.00"]),
        ("Total, AUD", ["$500.25", "$500.25", "$0.00"]),
        ("Included: GST on Income 15 on $435.00", ["–", "$65.25", "–"]),
    ]


def test_currencies_are_shown_in_their_own_decimals(shows: Opened) -> None:
    frame = shows("yen")
    assert sums(frame)["Total, JPY"] == ["¥128,000", "¥128,000", "¥0"]
    expect(frame.locator(".verdict")).to_contain_text("The totals agree exactly")


def test_three_decimals(shows: Opened) -> None:
    frame = shows("dinar")
    assert [text.replace("\xa0", " ") for text in sums(frame)["Total, KWD"]] == [
        "KWD 12.350",
        "KWD 12.350",
        "KWD 0.000",
    ]
    expect(frame.get_by_role("listitem")).to_have_text(
        "Xero’s exchange rate of the day. KWD is turned into AUD when it arrives."
    )


def test_crms_exchange_rate_is_named(shows: Opened) -> None:
    frame = shows("crm rate")
    expect(frame.get_by_role("listitem")).to_have_text("1 AUD = 0.625 EUR. CRM’s exchange rate goes along.")


def test_products_tracking_and_reference(shows: Opened) -> None:
    """What comes into Xero besides the invoice is named before, and asked about."""
    frame = shows("mapped")
    expect(frame.get_by_role("listitem")).to_have_text(
        "2 products will be created in Xero: Visitor chair (CHAIR-V) and Lamp with a long arm (LAMP-LONG)"
    )
    first = frame.locator(".lines tbody tr").first
    expect(first).to_contain_text("CHAIR-V, new in Xero")
    expect(first).to_contain_text("Region: North, Department: Retail")
    expect(frame.locator(".lines tbody tr").last.locator(".code")).to_have_text("DESK-OAK")
    expect(frame.locator(".facts")).to_contain_text("PO 2026-118, second floor")
    press(frame, "Continue")
    expect(frame.locator("main")).to_contain_text("Creates 2 products in Xero too: Visitor chair (CHAIR-V)")


def test_one_total_says_what_it_was_worked_out_from(shows: Opened) -> None:
    """On lines of their own below the name."""
    frame = shows("one total")
    name = frame.locator(".lines tbody tr").first.locator("th")
    assert name.inner_text().split("\n") == ["Copper wire, per metre", "Cut to length", "3 × 1.23456", "CHAIR-V"]


def test_many_lines_scroll_by_themselves(shows: Opened, page: Page) -> None:
    """Totals and buttons stay in reach; the lines are reached by keyboard, under headings that stay."""
    frame = shows("many")
    region = frame.get_by_role("region", name="34 lines, 3 added")
    assert frame.evaluate("document.documentElement.scrollHeight") < 1000
    region.focus()
    page.keyboard.press("End")
    page.wait_for_timeout(300)
    expect(frame.get_by_role("columnheader", name="Amount")).to_be_in_viewport()
    expect(region.get_by_text("Added so that both totals agree")).to_be_in_viewport()
    assert "17 cents apart" in frame.locator(".notices").inner_text()


def test_more_rounding_than_allowed_shows_both_totals_and_the_remedy(script: Script, opened: Opened) -> None:
    """Picture H: nothing can be sent; the figures, the setting and what an admin may allow."""
    script.play["preview"] = [kinds.beyond()]
    frame = opened("popup", width=800)
    headline(frame, "Not sent: 1 thing to fix")
    expect(frame.locator(".problem")).to_contain_text("Rounding makes 7 cents, more than you allow")
    expect(frame.locator(".problem .chip")).to_have_text("Settings › Rounding and rates")
    expect(frame.locator(".problem")).to_contain_text("Ask an admin to allow up to AUD 0.07.")
    assert sums(frame)["Total, AUD"] == ["$3.85", "$3.92", "$0.07"]
    expect(frame.locator(".verdict")).to_contain_text("The totals differ")
    expect(frame.locator(".lines")).to_have_count(0)
    expect(button(frame, "Continue")).to_have_count(0)
    assert violations(frame) == []


def test_an_update_says_it_too(script: Script, opened: Opened) -> None:
    """Also while its lines are folded away."""
    shown = kinds.rounding()["preview"]
    link = draft_link(total="0.50")
    more = {name: shown[name] for name in ("rounding", "lines", "totals", "way", "amounts", "currency")}
    script.record = a_record(link=link)
    script.play["preview"] = [compared(link, "update", **more)]
    frame = opened("popup", width=800)
    headline(frame, "The draft in Xero will be updated")
    expect(frame.locator(".notices")).to_contain_text("1 cent apart: a visible rounding line")
    expect(frame.locator(".verdict")).to_have_count(1)
    press(frame, "Show all lines")
    expect(frame.locator(".notices")).to_have_count(1)
    assert sums(frame)["Rounding, account 860"] == ["–", "−$0.01", "−$0.01"]


def test_the_panel_says_it_before_its_own_push(script: Script, opened: Opened) -> None:
    """Nobody has to open the preview to hear of a line that we add."""
    script.play["preview"] = [kinds.rounding()]
    frame = opened()
    expect(frame.locator(".notices")).to_contain_text("1 cent apart: a visible rounding line")
    assert violations(frame) == []
    press(frame, "Preview")
    expect(frame.locator(".notices")).to_have_count(1)
    expect(frame.locator(".lines .ours")).to_have_count(1)


def test_xeros_own_total_apart_is_told_in_the_currencys_own_words(script: Script, opened: Opened) -> None:
    """A yen is no cent."""
    warning = {"code": "total_differs", "sentence": "Xero’s total differs from CRM’s", "detail": "Sent.", "field": None}
    link = a_link(currency="JPY", total="3275.00", crm_total="3274.00")
    last = kinds.no_tax() | {"outcome": "created", "warnings": [warning], "preview": None}
    script.record = a_record(link=link, last=last, check=None)
    frame = opened()
    headline(frame, "Xero’s total is ¥1 different")
