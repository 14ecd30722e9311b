"""Are only known addresses used, and is a wrong table refused with one sentence?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.clients.places import xero_places, zoho_places

HOSTED = "https://invoices.example.com"
LOCAL = "http://localhost:8080"
DEMO = {"accounts": "http://127.0.0.1:8091", "api": "http://127.0.0.1:8091", "crm": ["http://127.0.0.1:8091"]}


def demo(**changes: object) -> str:
    return json.dumps({"sdk": "http://127.0.0.1:8091/sdk.js", "start": "au", "data_centres": {"au": DEMO}} | changes)


def test_without_a_setting_it_is_zohos_own_table() -> None:
    """Nine documented data centres, and a sign-in starts in the US, from where Zoho moves people on (Z5.1)."""
    places = zoho_places(None, HOSTED)
    assert sorted(places.data_centres) == ["au", "ca", "cn", "eu", "in", "jp", "sa", "uk", "us"]
    assert places.start == "us"
    assert places.of_accounts("https://accounts.zoho.com.au/") == "au"
    assert places.of_api("https://www.zohoapis.eu") == "eu"
    assert "https://crm.zoho.com" in places.crm_hosts()


@pytest.mark.parametrize(
    "address",
    [
        "https://accounts.zoho.com.evil.example",
        "https://accounts.zoho.com@evil.example",
        "http://accounts.zoho.com",
        "https://accounts.zoho.com:444",
        "https://accounts.zoho.ae",
        "",
    ],
)
def test_what_only_looks_like_zoho_is_not_on_the_table(address: str) -> None:
    """A callback may name any server; only an exact one is used."""
    places = zoho_places(None, HOSTED)
    assert places.of_accounts(address) is None
    assert places.of_api(address) is None


def test_without_a_setting_it_is_xeros_own_addresses() -> None:
    """The documented ones, and an invoice opens in the right organisation (X1)."""
    places = xero_places(None, HOSTED)
    assert places.token == "https://identity.xero.com/connect/token"
    assert places.invoice_address("!ab12", "60aa-1") == (
        "https://go.xero.com/organisationlogin/default.aspx?shortcode=!ab12"
        "&redirecturl=/AccountsReceivable/View.aspx?InvoiceID=60aa-1"
    )


def test_the_demo_comes_in_by_loopback_addresses(tmp_path: Path) -> None:
    """As JSON or as a file; what XERO_PLACES leaves out stays Xero's own."""
    file = tmp_path / "places.json"
    file.write_text(demo())
    assert zoho_places(str(file), LOCAL) == zoho_places(demo(), LOCAL)
    assert zoho_places(demo(), LOCAL).data_centres["au"].crm == ("http://127.0.0.1:8091",)
    places = xero_places('{"api": "http://localhost:8090/api.xro/2.0/"}', LOCAL)
    assert places.api == "http://localhost:8090/api.xro/2.0"
    assert places.revoke == "https://identity.xero.com/connect/revocation"


@pytest.mark.parametrize(
    ("text", "base", "about"),
    [
        (demo(), HOSTED, "https"),
        (demo(sdk="http://sdk.example.com/x.js"), LOCAL, "https"),
        (demo(sdk="http://localhost.evil.example/x.js"), LOCAL, "https"),
        (demo(sdk="ftp://127.0.0.1/x.js"), LOCAL, "web address"),
        (demo(sdk="https://a@evil.example/x.js"), LOCAL, "web address"),
        (demo(sdk="https://sdk.example.com/x.js; script-src *"), LOCAL, "web address"),
        (demo(sdk=7), LOCAL, "web address"),
        (demo(start="mars"), LOCAL, "start"),
        (demo(data_centres={}), LOCAL, "data centre"),
        (demo(data_centres={"au": {**DEMO, "api": "http://127.0.0.1:8091/crm"}}), LOCAL, "without a path"),
        (demo(data_centres={"au": {"accounts": "https://a.example"}}), LOCAL, "exactly"),
        (demo(data_centres={"au": {**DEMO, "crm": []}}), LOCAL, "crm"),
        (demo(more=1), LOCAL, "unknown key 'more'"),
        ("{", LOCAL, "JSON"),
        ("/no/such/file.json", LOCAL, "JSON"),
    ],
)
def test_a_wrong_zoho_table_is_refused(text: str, base: str, about: str) -> None:
    """With one line that says what is wrong; http only where everything is on this machine."""
    with pytest.raises(ValueError, match=about) as caught:
        zoho_places(text, base)
    assert str(caught.value).startswith("ZOHO_PLACES")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"token": "http://identity.xero.com/connect/token"}',
        '{"invoice_page": "https://go.xero.com/"}',
        "[1]",
        '{"tokens": ""}',
    ],
)
def test_a_wrong_xero_table_is_refused(text: str) -> None:
    """The same for Xero; a page that could not hold the invoice's id would open the wrong thing."""
    with pytest.raises(ValueError, match="XERO_PLACES"):
        xero_places(text, LOCAL)
