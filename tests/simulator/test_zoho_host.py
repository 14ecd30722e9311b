"""Does the pretend CRM's page speak with a widget as Z3.2 to 3.7 say? In a real browser, frame on another origin."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response
from playwright.sync_api import Browser, Frame, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from simulator.calls import Calls
from simulator.faults import Faults
from simulator.options import Options
from simulator.state import State
from simulator.zoho.app import create_app

pytestmark = pytest.mark.browser
Doc = dict[str, Any]
WIDGET = """<!doctype html><html lang="en"><title>Trial widget</title><body><p>Trial widget</p>
<script src="{sdk}"></script><script src="/widget/trial.js"></script></body></html>"""
TRIAL = """
window.loads = [];
window.started = false;
if (window.ZOHO) {
  ZOHO.embeddedApp.on("PageLoad", (data) => window.loads.push(data));
  window.first = ZOHO.embeddedApp.init();
  window.first.then(() => { window.started = true; });
}
"""


class Stand:
    """The pretend CRM and a trial widget, on free ports."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.widget = _serve(self._widget())
        bare = make_server("127.0.0.1", 0, Flask("free"))
        port = bare.server_port
        bare.server_close()
        options = Options(public_base=f"http://localhost:{self.widget.server_port}", zoho_port=port)
        self.app = create_app(self.state, Faults(), Calls(), options, "au")
        self.crm = _serve(self.app, port)
        self.base = f"http://127.0.0.1:{port}"
        self.control = self.app.test_client()
        self.org = self.control.get("/_control/orgs").get_json()["orgs"][0]
        found = self.control.get("/_control/records", query_string={"zgid": self.org["zgid"], "module": "Invoices"})
        self.record = found.get_json()["records"][0]["id"]

    def _widget(self) -> Flask:
        app = Flask("trial")

        @app.get("/widget/<name>.html")
        def widget(name: str) -> str:
            return WIDGET.format(sdk=f"{self.base}/sdk/ZohoEmbededAppSDK.min.js")

        @app.get("/widget/trial.js")
        def trial() -> Response:
            return Response(TRIAL, mimetype="text/javascript")

        return app

    def address(self, query: str = "") -> str:
        return f"{self.base}/crm/{self.org['domain_name']}/tab/Invoices/{self.record}{query}"

    def patch(self, **record: Any) -> None:
        body = {"zgid": self.org["zgid"], "module": "Invoices", "id": self.record, "record": record}
        answer = self.control.patch("/_control/records", json=body)
        assert answer.status_code == 200, answer.text

    def close(self) -> None:
        self.crm.shutdown()
        self.widget.shutdown()
        self.state.close()


def _serve(app: Flask, port: int = 0) -> BaseWSGIServer:
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    made = Stand(tmp_path_factory.mktemp("crm"))
    yield made
    made.close()


@pytest.fixture
def frame_of(stand: Stand, page: Page) -> Callable[..., Frame]:
    """Opens the invoice and gives the panel's frame once the widget has started."""

    def open_it(query: str = "", *, started: bool = True) -> Frame:
        page.goto(stand.address(query))
        frame = wait_for_frame(page, "panel.html")
        if started:
            frame.wait_for_function("window.started && window.loads.length > 0")
        return frame

    return open_it


def wait_for_frame(page: Page, name: str) -> Frame:
    page.wait_for_function("name => [...document.querySelectorAll('iframe')].some(f => f.src.includes(name))", arg=name)
    for _ in range(100):
        found = [frame for frame in page.frames if name in frame.url]
        if found:
            found[0].wait_for_load_state()
            return found[0]
        page.wait_for_timeout(20)
    raise AssertionError(f"no frame {name}")


def test_the_related_list_gets_its_record_as_text(stand: Stand, frame_of: Callable[..., Frame]) -> None:
    """REGISTER, SET_CONTEXT, get_zdk_url refused, PageLoad once; init() twice is one promise."""
    frame = frame_of()
    assert "serviceOrigin=http%3A%2F%2F127.0.0.1" in frame.url
    assert frame.evaluate("window.loads") == [{"Entity": "Invoices", "EntityId": stand.record}]
    assert frame.evaluate("ZOHO.embeddedApp.init() === window.first")
    frame.page.wait_for_timeout(600)
    assert len(frame.evaluate("window.loads")) == 1


def test_requests_are_answered_with_the_users_rights(stand: Stand, frame_of: Callable[..., Frame]) -> None:
    """getRecord, getCurrentUser, getOrgInfo, environment, fields; a refusal rejects."""
    frame = frame_of()
    record = frame.evaluate("id => ZOHO.CRM.API.getRecord({Entity: 'Invoices', RecordID: id})", stand.record)
    assert record["data"][0]["Grand_Total"] == 3274.25
    assert frame.evaluate("ZOHO.CRM.CONFIG.getCurrentUser()")["users"][0]["full_name"] == "Tom Alvarez"
    assert frame.evaluate("ZOHO.CRM.CONFIG.getOrgInfo()")["org"][0]["zgid"] == "600000001"
    assert frame.evaluate("ZOHO.CRM.CONFIG.GetCurrentEnvironment()")["deployment"] == "AU"
    fields = frame.evaluate("ZOHO.CRM.META.getFields({Entity: 'Invoices'})")["fields"]
    assert "Due_Date" in [field["api_name"] for field in fields]
    wrong = "ZOHO.CRM.API.getOrgVariable('none').catch((refusal) => refusal.code)"
    assert frame.evaluate(wrong) == "INVALID_DATA"
    wrong = "ZOHO.CRM.META.getFields({Entity: 'Dragons'}).catch((refusal) => refusal.code)"
    assert frame.evaluate(wrong) == "INVALID_MODULE"


def test_the_user_switch_changes_whose_rights(stand: Stand, page: Page, frame_of: Callable[..., Frame]) -> None:
    """Mia after the switch, and back on the same page."""
    frame_of()
    with page.expect_navigation():
        page.get_by_label("Signed in as").select_option(label="Mia Chen, standard")
    assert page.url == stand.address()
    frame = wait_for_frame(page, "panel.html")
    frame.wait_for_function("window.started")
    assert frame.evaluate("ZOHO.CRM.CONFIG.getCurrentUser()")["users"][0]["full_name"] == "Mia Chen"


def test_strangers_are_not_answered(page: Page, frame_of: Callable[..., Frame]) -> None:
    """A message from the page itself, or with a made-up uniqueID, gets nothing back."""
    frame = frame_of()
    frame.evaluate(
        """() => { window.heard = [];
            addEventListener("message", (event) => window.heard.push(event.data.eventName));
            parent.postMessage({type: "SDK.EVENT", eventName: "CRM_EVENT", uniqueID: "w-999", promiseid: "Promise1",
                data: {category: "CONFIG", type: "ORG"}}, "*"); }"""
    )
    page.evaluate("postMessage({type: 'SDK.EVENT', eventName: 'REGISTER', appOrigin: 'x'}, '*')")
    page.wait_for_timeout(150)
    assert frame.evaluate("window.heard") == []


def test_messages_may_be_json_text(frame_of: Callable[..., Frame]) -> None:
    """Objects or text, in both directions (Z3.2)."""
    frame = frame_of()
    heard = frame.evaluate(
        """() => new Promise((resolve) => {
            addEventListener("message", (event) => resolve(event.data.eventName));
            parent.postMessage(JSON.stringify({type: "SDK.EVENT", eventName: "REGISTER",
                appOrigin: encodeURIComponent(location.origin + "/widget/panel.html")}), "*"); })"""
    )
    assert heard == "SET_CONTEXT"


def test_the_panel_asks_for_its_height_only(page: Page, frame_of: Callable[..., Frame]) -> None:
    """UI.Resize: a related list keeps the page's width."""
    frame = frame_of()
    width = page.locator("#xero-panel-frame").bounding_box()["width"]  # type: ignore[index]
    frame.evaluate("ZOHO.CRM.UI.Resize({width: '100', height: '333'})")
    box = page.locator("#xero-panel-frame").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (width, 333)


def test_the_button_opens_a_popup_with_a_list_of_ids(stand: Stand, page: Page, frame_of: Callable[..., Frame]) -> None:
    """Record-view buttons send an array; Resize sets the layer's size; Esc closes it."""
    frame_of()
    page.get_by_role("button", name="Push to Xero").click()
    popup = wait_for_frame(page, "popup.html")
    popup.wait_for_function("window.started && window.loads.length")
    assert popup.evaluate("window.loads[0].EntityId") == [stand.record]
    layer = page.get_by_role("dialog", name="Push to Xero")
    assert layer.bounding_box()["width"] == 800  # type: ignore[index]
    popup.evaluate("ZOHO.CRM.UI.Resize({width: '544', height: '300'})")
    assert layer.bounding_box()["width"] == 544  # type: ignore[index]
    page.keyboard.press("Escape")
    expect(layer).to_be_hidden()
    expect(page.locator("#popup-frame")).to_have_count(0)
    expect(page.get_by_role("button", name="Push to Xero")).to_be_focused()


def test_close_reload_shows_the_new_values_glowing(stand: Stand, page: Page, frame_of: Callable[..., Frame]) -> None:
    """The record view is loaded again; what changed meanwhile glows."""
    frame_of()
    page.get_by_role("button", name="Push to Xero").click()
    popup = wait_for_frame(page, "popup.html")
    popup.wait_for_function("window.started")
    stand.patch(Purchase_Order="PO-9")
    with page.expect_navigation():
        popup.evaluate("() => { ZOHO.CRM.UI.Popup.closeReload(); }")
    cell = page.locator("[data-field=Purchase_Order]")
    expect(cell).to_have_text("PO-9")
    expect(cell).to_have_class(re.compile("glow"))
    expect(page.locator("dialog")).to_be_hidden()


def test_values_refresh_by_themselves(stand: Stand, page: Page, frame_of: Callable[..., Frame]) -> None:
    """A change made elsewhere, and a field that did not exist, come up within 2 s; markup stays text."""
    frame_of()
    stand.patch(Purchase_Order="<img src=x onerror=alert(1)>")
    expect(page.locator("[data-field=Purchase_Order]")).to_have_text("<img src=x onerror=alert(1)>", timeout=20_000)
    expect(page.locator("[data-field=Purchase_Order] img")).to_have_count(0)


@pytest.mark.parametrize(("query", "ids"), [("?entity=array", list), ("?entity=string", str)])
def test_entity_knob(page: Page, frame_of: Callable[..., Frame], query: str, ids: type) -> None:
    """Both shapes are met in the field."""
    assert isinstance(frame_of(query).evaluate("window.loads[0].EntityId"), ids)


def test_pageload_and_answer_knobs(frame_of: Callable[..., Frame]) -> None:
    """PageLoad twice; failing answers reject with Zoho's body."""
    frame = frame_of("?pageload=twice&answers=fail")
    assert len(frame.evaluate("window.loads")) == 2
    assert frame.evaluate("ZOHO.CRM.CONFIG.getOrgInfo().catch((r) => r.code)") == "INTERNAL_ERROR"


def test_a_missing_sdk(frame_of: Callable[..., Frame]) -> None:
    """The script is not there; the next page has it again."""
    assert frame_of("?sdk=missing", started=False).evaluate("typeof window.ZOHO") == "undefined"
    assert frame_of().evaluate("typeof window.ZOHO") == "object"


def test_the_theme_knob_reaches_the_frame(stand: Stand, browser: Browser) -> None:
    """The frame's colours follow the page's, where nobody overrides the browser's own."""
    context = browser.new_context(color_scheme="null")
    page = context.new_page()
    for theme, dark in (("dark", True), ("light", False)):
        page.goto(stand.address(f"?theme={theme}"))
        frame = wait_for_frame(page, "panel.html")
        assert frame.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
    context.close()


@pytest.mark.parametrize(
    ("where", "width", "scheme"),
    [
        ("", 1280, "light"),
        ("", 320, "dark"),
        ("list", 1280, "dark"),
        ("list", 320, "light"),
        ("edit", 320, "dark"),
        ("consent", 320, "light"),
    ],
)
def test_pages_are_accessible_and_never_scroll_sideways(
    stand: Stand, browser: Browser, where: str, width: int, scheme: Any
) -> None:
    """axe finds nothing on the page itself; nothing is wider than 320 px."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    start = f"{stand.base}/crm/{stand.org['domain_name']}/tab/Invoices"
    query = (
        f"response_type=code&client_id=1000.DEMOCLIENT&scope=ZohoCRM.org.READ&redirect_uri="
        f"http://localhost:{stand.widget.server_port}/oauth/zoho/callback"
    )
    addresses = {"": stand.address(), "list": start, "edit": f"{stand.address()}/edit"}
    page.goto(addresses.get(where, f"{stand.base}/oauth/v2/auth?{query}"))
    found = Axe().run(page, options={"rules": {"frame-tested": {"enabled": False}}}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
