"""Do the pretend CRM's pages show and save what they should, to whom they should?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.zoho_stage import Stage

Doc = dict[str, Any]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


def org_of(stage: Stage) -> Doc:
    found: Doc = stage.places["au"].get("/_control/orgs").get_json()["orgs"][0]
    return found


def invoices(stage: Stage) -> list[Doc]:
    query = {"zgid": org_of(stage)["zgid"], "module": "Invoices"}
    found: list[Doc] = stage.places["au"].get("/_control/records", query_string=query).get_json()["records"]
    return found


def test_ten_invoices_a_real_company_would_have(stage: Stage) -> None:
    """Line taxes only; one has the wrong tax and is due before it is dated; one has an umlaut. The rest: every kind."""
    found, more = invoices(stage)[:10], invoices(stage)[10:]
    assert [i["Invoice_Number"] for i in found] == [f"INV-{number}" for number in range(2041, 2051)]
    assert [i["Invoice_Number"] for i in more] == [f"INV-{number}" for number in range(2051, 2067)]
    assert all((i["Discount"], i["Tax"], i["Adjustment"]) == (0, 0, 0) for i in found)
    late = [i["Invoice_Number"] for i in found if i["Due_Date"] < i["Invoice_Date"]]
    foreign = [i["Invoice_Number"] for i in found if "VAT 19%" in str(i["Invoiced_Items"])]
    assert late == foreign == ["INV-2048"]
    assert any("ü" in i["Account_Name"]["name"] for i in found)
    assert {i["Status"] for i in found} == {"Created", "Submitted", "Approved", "Delivered"}


def test_the_list_links_to_the_records(stage: Stage) -> None:
    """Number, customer and total of each, newest first; the front page leads there."""
    au = stage.places["au"]
    page = au.get("/", follow_redirects=True)
    one = invoices(stage)[0]
    assert f"/crm/org600000001/tab/Invoices/{one['id']}" in page.text
    assert "$3,274.25" in page.text
    assert page.text.index("INV-2050") < page.text.index("INV-2041")


def test_user_text_is_text(stage: Stage) -> None:
    """Markup in a subject is shown, not obeyed; the policy lets no foreign script run."""
    body = {"zgid": "600000001", "module": "Invoices", "record": {"Subject": "<script>alert(1)</script>"}}
    made = stage.places["au"].post("/_control/records", json=body).get_json()["id"]
    page = stage.places["au"].get(f"/crm/org600000001/tab/Invoices/{made}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]


def test_a_hidden_invoice_is_not_shown_to_that_user(stage: Stage) -> None:
    """Neither page nor data; the list leaves it out."""
    org, one = org_of(stage), invoices(stage)[0]["id"]
    body = {"zgid": org["zgid"], "module": "Invoices", "id": one, "record": {"hidden_from": [org["salesperson"]["id"]]}}
    au, start = stage.places["au"], "/crm/org600000001"
    au.patch("/_control/records", json=body)
    assert au.get(f"{start}/tab/Invoices/{one}").status_code == 200
    back = au.post(f"{start}/user", data={"user": org["salesperson"]["id"], "back": f"{start}/tab/Invoices"})
    assert back.location == f"{start}/tab/Invoices"
    assert au.get(f"{start}/tab/Invoices/{one}").status_code == 403
    assert au.get(f"{start}/page/records/Invoices/{one}").status_code == 403
    assert one not in au.get(f"{start}/tab/Invoices").text


def test_the_user_switch_stays_in_the_org(stage: Stage) -> None:
    """Nobody of another org, and no way out to another address."""
    au = stage.places["au"]
    stranger = stage.org()["administrator"]["id"]
    assert au.post("/crm/org600000001/user", data={"user": stranger}).status_code == 404
    mia = org_of(stage)["salesperson"]["id"]
    out = au.post("/crm/org600000001/user", data={"user": mia, "back": "//evil.example/crm/org600000001/x"})
    assert out.location == "/crm/org600000001/x"


def test_the_edit_form_saves_by_the_rules_of_the_api(stage: Stage) -> None:
    """A due date is put right; a subject that is too long is refused with its field, the entry kept."""
    one = next(i for i in invoices(stage) if i["Invoice_Number"] == "INV-2048")
    address = f"/crm/org600000001/tab/Invoices/{one['id']}/edit"
    form = {"Subject": one["Subject"], "Due_Date": "2031-05-06", "Account_Name": one["Account_Name"]["id"]}
    assert stage.places["au"].post(address, data=form).status_code == 302
    assert next(i for i in invoices(stage) if i["id"] == one["id"])["Due_Date"] == "2031-05-06"
    refused = stage.places["au"].post(address, data={**form, "Subject": "x" * 300})
    assert refused.status_code == 400
    assert "(Subject)" in refused.text
    assert "x" * 300 in refused.text


def test_an_org_lives_at_its_own_data_centre(stage: Stage) -> None:
    """The other one has no such pages."""
    assert stage.places["eu"].get("/crm/org600000001/tab/Invoices").status_code == 404
    assert stage.places["eu"].get("/crm/org600000002/tab/Invoices").status_code == 200


def test_control_answers_this_machine_only(stage: Stage) -> None:
    """A page of another name that resolves here is refused."""
    answer = stage.places["au"].get("/_control/orgs", headers={"Host": "evil.example"})
    assert answer.status_code == 403
