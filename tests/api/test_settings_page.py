"""Does the settings page get all it needs: the choices of both sides, what is likely, how far it is?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests

from server.domain.crm_fields import CORE_FIELDS
from simulator.stack.whole import Stack
from tests.flow.scenes import calls, invoice, switched
from tests.tenants import Tenant

Make = Callable[..., Tenant]
Doc = dict[str, Any]


def page(mine: Tenant, **asked: Any) -> Doc:
    answer = mine.api.get("/settings", params=asked)
    assert answer.status_code == 200, answer.text
    found: Doc = answer.json()
    return found


def gates(found: Doc) -> dict[str, str]:
    return {each["gate"]: each["state"] for each in found["checklist"]}


def test_an_unconnected_tenant_is_told_where_to_begin(tenant: Make) -> None:
    found = page(tenant(ready=False))
    states = gates(found)
    assert list(states) == [
        "crm", "xero", "organisation", "start", "accounts", "taxes", "statuses", "may", "preview", "live"
    ]  # fmt: skip
    assert states.pop("crm") == "now"
    assert set(states.values()) == {"later"}
    assert found["crm"] is None and found["suggested"] == {} and found["choices"]["accounts"] == []


def test_a_crm_without_invoices_is_told_so(tenant: Make, stack: Stack) -> None:
    """Its edition has none, or they are switched off: the first gate stays shut, and says why."""
    mine = tenant(ready=False)
    with switched(stack.zoho, invoices_module=False):
        mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
        found = page(mine, fresh="true")
        assert next(each for each in found["checklist"] if each["gate"] == "crm") == {
            "gate": "crm", "state": "now", "told": ["no_invoices_module"]
        }  # fmt: skip
        assert found["crm"]["fields"]["Invoices"] == [] and found["crm"]["taxes"] == []
        health = mine.api.get("/connections").json()
        assert "no module Invoices" in str(health)
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    assert gates(page(mine, fresh="true"))["crm"] == "done"


def test_what_crm_offers_stands_there_with_examples(tenant: Make) -> None:
    mine = tenant()
    invoice(mine, Invoice_Number="R-7001")
    crm = page(mine, fresh="true")["crm"]
    assert {"value": "Created"} in crm["statuses"]
    fields = {each["api_name"]: each for each in crm["fields"]["Invoices"]}
    assert fields["Invoice_Number"]["examples"][0] == "R-7001"
    assert [tax["name"] for tax in crm["taxes"]] == ["GST 10%"]
    assert {each["name"] for each in crm["profiles"]} >= {"Administrator", "Standard"}
    assert crm["edition"] == "Enterprise"
    contacts = {each["api_name"] for each in crm["fields"]["Contacts"]}
    assert "Email" in contacts  # theirs may hold the tax number where contacts are invoiced


def test_what_we_write_ourselves_is_not_offered_to_be_read(tenant: Make) -> None:
    """Whoever took Payment Status for the reference was told of every payment as a difference to Xero."""
    offered = page(tenant(), fresh="true")["crm"]["fields"]["Invoices"]
    labels = {each["label"] for each in offered}
    assert "Subject" in labels
    assert not labels & {field.label for field in CORE_FIELDS}


def test_a_layout_without_our_fields_is_named_until_they_are_on_it(tenant: Make) -> None:
    """Fields that are made by API come to the standard layout alone (Z5.9): whoever uses another one sees nothing."""
    mine = tenant(ready=False)
    control = f"{mine.stack.zoho}/_control/layouts"
    made = requests.post(control, json={"zgid": mine.zgid, "name": "Retail"}, timeout=5).json()
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    standard, retail = (
        {"name": name, "has_our_fields": shows} for name, shows in (("Standard", True), ("Retail", False))
    )
    assert page(mine, fresh="true")["crm"]["layouts"] == [standard, retail]
    answer = requests.post(f"{control}/{made['id']}", json={"zgid": mine.zgid}, timeout=5)
    assert answer.status_code == 200, answer.text
    assert page(mine, fresh="true")["crm"]["layouts"] == [standard, retail | {"has_our_fields": True}]


def test_what_is_likely_is_suggested_until_it_is_set(tenant: Make) -> None:
    mine = tenant(ready=False)
    invoice(mine, Invoice_Number="R-7001")
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    mine.walk.connect_xero(mine.api, mine.person, mine.organisation)
    found = page(mine)
    assert found["suggested"]["account"] == "200"
    assert {"rate": "10", "tax_type": "OUTPUT"} in found["suggested"]["taxes"]
    assert found["suggested"]["number"] == {"from": "field", "field": "Invoice_Number"}
    assert gates(found)["start"] == "now" and found["start_date"] is not None
    etag = mine.api.get("/settings").headers["ETag"]
    saved = mine.api.put("/settings", found["suggested"], headers={"If-Match": etag})
    assert saved.status_code == 200, saved.text
    assert saved.json()["suggested"] == {}
    assert gates(saved.json())["statuses"] == "done"


def test_the_start_date_cannot_be_taken_away(tenant: Make) -> None:
    """Six years of invoices would be let through."""
    mine = tenant()
    etag = mine.api.get("/settings").headers["ETag"]
    answer = mine.api.put("/settings", {"start_date": None}, headers={"If-Match": etag})
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"start_date"}


def test_others_read_only(tenant: Make) -> None:
    """What is set and what it is called; not all there is in the books, and no value of a record of somebody else's."""
    mine = tenant()
    invoice(mine, Invoice_Number="R-7001", Subject="Not for everybody's eyes")
    assert "Not for everybody" in mine.api.get("/settings", params={"fresh": "true"}).text
    answer = mine.sales.get("/settings")
    found = answer.json()
    assert "Not for everybody" not in answer.text and "R-7001" not in answer.text
    assert {each["api_name"] for each in found["crm"]["fields"]["Invoices"]} >= {"Invoice_Number", "Subject"}
    assert found["may_change"] is False
    assert [each["code"] for each in found["choices"]["accounts"]] == ["200"]
    assert found["choices"]["organisations"] == [] and found["suggested"] == {}
    assert mine.sales.put("/settings", {"account": "260"}, headers={"If-Match": '"v1"'}).status_code == 403


def test_unsaved_settings_are_tried_and_nothing_is_written(tenant: Make) -> None:
    """The same invoice, blocked as saved and fine as typed; no call but reads on either side."""
    mine = tenant(taxes=[{"rate": "0", "tax_type": "EXEMPTOUTPUT"}])
    record = invoice(mine)
    version = mine.api.get("/settings").headers["ETag"]
    wanted = {"taxes": [{"rate": "10", "tax_type": "OUTPUT"}, {"rate": "0", "tax_type": "EXEMPTOUTPUT"}]}
    tried = mine.api.post("/settings/try", {"settings": wanted, "record_id": record})
    assert tried.status_code == 200, tried.text
    found = tried.json()
    assert (found["outcome"], found["saved_outcome"]) == ("create", "blocked")
    totals = found["preview"]["totals"]
    assert totals["crm"]["total"] == totals["xero"]["total"]
    assert mine.api.get("/settings").headers["ETag"] == version
    assert mine.in_xero() == []
    written = [c for service in ("xero", "zoho") for c in calls(mine, service) if c["method"] not in ("GET", "HEAD")]
    assert [each for each in written if "/Invoices" in each["path"] or "/Contacts" in each["path"]] == []


def test_without_a_record_the_newest_one_is_tried(tenant: Make) -> None:
    mine = tenant()
    invoice(mine)
    newest = invoice(mine)
    assert mine.api.post("/settings/try", {}).json()["record_id"] == newest
    assert gates(page(mine))["preview"] == "done"


def test_a_try_before_there_is_an_organisation_says_so(tenant: Make) -> None:
    mine = tenant(ready=False)
    record = invoice(mine)
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    answer = mine.api.post("/settings/try", {"record_id": record})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_set_up")


def test_a_foreign_invoice_is_not_there(tenant: Make) -> None:
    mine, other = tenant(), tenant()
    record = invoice(other)
    assert mine.api.post("/settings/try", {"record_id": record}).status_code == 404


def test_bad_settings_are_named_and_not_tried(tenant: Make) -> None:
    answer = tenant().api.post("/settings/try", {"settings": {"taxes": "all"}})
    assert answer.status_code == 422
    assert "settings" in str(answer.json()["fields"])


def test_invoices_to_try_are_found_by_their_words(tenant: Make) -> None:
    mine = tenant()
    invoice(mine, Subject="Fit-out, floor 2")
    record = invoice(mine, Subject="Café chairs")
    [found] = mine.api.get("/settings/invoices", params={"search": "café"}).json()["invoices"]
    assert (found["id"], found["total"]) == (record, "198")


def live(mine: Tenant, wanted: bool, etag: str | None = None) -> Any:
    etag = etag or mine.api.get("/settings").headers["ETag"]
    return mine.api.post("/settings/live", {"live": wanted}, headers={"If-Match": etag})


def test_nobody_goes_live_before_the_gates_are_passed(tenant: Make) -> None:
    """What is still to be set is named."""
    mine = tenant(ready=False)
    mine.walk.connect_zoho(mine.api, mine.domain, mine.administrator["id"])
    refused = live(mine, True)
    assert (refused.status_code, refused.json()["code"]) == (409, "gates_open")
    assert set(refused.json()["fields"]) == {"xero", "organisation", "account", "taxes", "statuses", "number"}
    assert page(mine)["live"] == {"since": None, "by": None}


def test_going_live_is_said_with_who_and_when(tenant: Make) -> None:
    mine = tenant()
    before = page(mine)
    assert before["live"]["by"] in before["administrators"] and gates(before)["live"] == "done"
    assert live(mine, True).json()["live"] == before["live"]
    stopped = live(mine, False).json()
    assert stopped["live"]["since"] is None and gates(stopped)["live"] != "done"


def test_going_live_over_another_save_is_refused(tenant: Make) -> None:
    mine = tenant()
    assert live(mine, False, '"v1"').status_code == 412
    assert mine.sales.post("/settings/live", {"live": True}, headers={"If-Match": '"v1"'}).status_code == 403
    assert mine.api.post("/settings/live", {"live": "yes"}, headers={"If-Match": '"v1"'}).status_code == 422
