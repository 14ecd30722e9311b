"""Do the invoice list and the edit form of the pretend CRM work in a real browser, for everybody?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.simulator.test_zoho_host import Stand

pytestmark = pytest.mark.browser
Doc = dict[str, Any]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    made = Stand(tmp_path)
    yield made
    made.close()


def rows(stand: Stand) -> list[Doc]:
    query = {"zgid": stand.org["zgid"], "module": "Invoices", "id": stand.record}
    found: list[Doc] = stand.control.get("/_control/records", query_string=query).get_json()["Invoiced_Items"]
    return found


def test_lines_are_changed_added_and_removed(stand: Stand, page: Page) -> None:
    """A tax swapped, a line taken away, a new one whose product brings its price."""
    page.goto(stand.address())
    page.get_by_role("link", name="Edit", exact=True).click()
    first = page.get_by_role("group", name="Line 1", exact=True)
    first.get_by_label("GST 10%").uncheck()
    first.get_by_label("GST free").check()
    page.get_by_role("group", name="Line 2", exact=True).get_by_role("button", name="Remove").click()
    expect(page.locator("[data-line]")).to_have_count(3)
    page.get_by_role("button", name="Add line").click()
    new = page.get_by_role("group", name="Line 4", exact=True)
    expect(new.get_by_label("Product")).to_be_focused()
    new.get_by_label("Product").select_option(label="Standing desk")
    expect(new.get_by_label("List price")).to_have_value("890.00")
    new.get_by_label("Quantity").fill("2")
    new.get_by_label("Discount").fill("5%")
    new.get_by_label("GST 10%").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(stand.address())
    found = rows(stand)
    assert [row["Line_Tax"][0]["name"] for row in found] == ["GST free", "GST 10%", "GST free", "GST 10%"]
    assert found[3]["Product_Name"]["name"] == "Standing desk"
    assert (found[3]["Discount"], found[3]["Net_Total"]) == (89, 1860.1)
    expect(page.locator("#goods")).to_contain_text("$1,860.10")


def test_the_list_knows_what_is_selected(stand: Stand, page: Page) -> None:
    """Clone needs one, Delete some; All takes all."""
    page.goto(stand.address().rsplit("/", 1)[0])
    clone, delete = (page.get_by_role("button", name=name) for name in ("Clone", "Delete"))
    expect(clone).to_be_disabled()
    page.get_by_label("Select INV-2042").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    expect(clone).to_be_enabled()
    page.get_by_label("Select INV-2041").check()
    expect(clone).to_be_disabled()
    delete.click()
    expect(page.get_by_text("2 moved to the recycle bin.")).to_be_visible()
    page.wait_for_load_state()  # its script listens by then
    page.get_by_label("All", exact=True).check()
    expect(page.get_by_text("24 selected")).to_be_visible()
    page.get_by_role("link", name="Recycle bin").click()
    page.get_by_role("button", name="Restore INV-2042").click()
    page.wait_for_url("**/tab/Invoices/*")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_are_for_everybody(stand: Stand, page: Page, width: int) -> None:
    """No serious trouble for assistive tools, no scrolling sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    start = stand.address().rsplit("/tab/", 1)[0]
    stand.control.post(
        "/_control/records/delete", json={"zgid": stand.org["zgid"], "module": "Invoices", "id": stand.record}
    )
    query = {"zgid": stand.org["zgid"], "module": "Invoices"}
    left = stand.control.get("/_control/records", query_string=query).get_json()["records"]
    other = f"{start}/tab/Invoices/{left[0]['id']}"
    for address in (f"{start}/tab/Invoices", f"{start}/bin", f"{other}/edit"):
        page.goto(address)
        expect(page.get_by_text("INV-20").first).to_be_attached()
        found = Axe().run(page).response["violations"]
        assert [
            (v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")
        ] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
