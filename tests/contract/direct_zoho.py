"""What does the pretend CRM answer on every route it serves?"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import Flask

from tests.simulator.zoho_stage import Api, Stage


def zoho(folder: Path) -> Flask:
    """Every route of the pretend CRM."""
    stage = Stage(folder)
    stage.switch(locking="configured")
    org = stage.org(name="Test", multi_currency=True)
    user = org["administrator"]["id"]
    api = stage.api(user)
    for query in ({}, *({"type": kind} for kind in ("CurrentUser", "AdminUsers", "AllUsers", "X"))):
        api.get("/users", **query)
    for path in ("/org", "/org/currencies", "/org/taxes", f"/users/{user}", "/users/1", "/settings/modules"):
        api.get(path)
    api.get("/settings/modules/Invoices")
    for module in ("Invoices", "Accounts", "Products", "Nothing"):
        listed = api.get("/settings/fields", module=module).get_json().get("fields") or [{"id": "1"}]
        api.get(f"/settings/fields/{listed[0]['id']}", module=module)
        api.get("/settings/layouts", module=module)
    wish = {"field_label": "Extra", "data_type": "text", "length": 50}
    for wishes in ([wish], [wish], [{"data_type": "x"}], []):
        api.post("/settings/fields", {"fields": wishes}, module="Invoices")
    for each in (_records, _beside_records, _variables, _notifications):
        each(api)
    stage.places["au"].post("/_control/faults", json={"kind": "429", "method": "GET", "path": "/crm/v8/org"})
    api.get("/org")
    return stage.apps["au"]


def _records(api: Api) -> None:
    """Made, read, changed, copied, deleted."""

    account = made(api.post("/Accounts", {"data": [{"Account_Name": "Müller"}]}))
    product = made(api.post("/Products", {"data": [{"Product_Name": "Desk"}]}))
    row = {"Product_Name": {"id": product}, "Quantity": 1, "List_Price": 10}
    wanted = {"Subject": "S", "Account_Name": {"id": account}, "Invoiced_Items": [row]}
    record = made(api.post("/Invoices", {"data": [wanted], "trigger": []}))
    api.post("/Invoices", {"data": [{"Subject": 5}, wanted]})
    api.put("/Invoices", {"data": [{"id": record, "Subject": "T"}], "trigger": ["workflow"]})
    api.put("/Invoices", {"data": [{"id": "1", "Subject": "T"}]})
    api.put(f"/Invoices/{record}", {"data": [{"Subject": "U"}]})
    for query in ({"fields": "Subject"}, {"fields": "Subject", "page": "1", "per_page": "2"}, {"ids": record}, {}):
        api.get("/Invoices", **query)
    views = api.get("/settings/custom_views", module="Invoices").get_json()["custom_views"]
    for cvid in (views[0]["id"], views[2]["id"], "1"):
        api.get("/Invoices", fields="id", cvid=cvid)
    for query in ({}, {"module": "Nothing"}, {"module": "Accounts"}):
        api.get("/settings/custom_views", **query)
    for path in (f"/Invoices/{record}", "/Invoices/1", "/Nothing/1", "/Invoices/deleted"):
        api.get(path)
    copy = made(api.post(f"/Invoices/{record}/actions/clone", {"data": [{"Subject": "Copy"}]}))
    api.client.delete(f"/crm/v8/Invoices/{copy}", headers=api.headers)
    api.client.delete(f"/crm/v8/Invoices?ids={record}", headers=api.headers)
    api.get("/Invoices/deleted", type="all")


def made(answer: Any, named: str = "data") -> str:
    """The id of the first thing that an answer tells of."""
    rows = (answer.get_json(silent=True) or {}).get(named) or [{}]
    return str((rows[0].get("details") or {}).get("id", 1))


def _beside_records(api: Api) -> None:
    """What hangs on a record: files and locks."""
    record = made(api.post("/Accounts", {"data": [{"Account_Name": "With a lock"}]}))
    files, locks = f"/Accounts/{record}/Attachments", f"/Accounts/{record}/Locking_Information__s"
    sent = {"file": (io.BytesIO(b"text"), "a.txt")}
    file = made(api.client.post(f"/crm/v8{files}", data=sent, headers=api.headers))
    api.client.post(f"/crm/v8{files}", data={"attachmentUrl": "http://a.example/b", "title": "b"}, headers=api.headers)
    api.get(files)
    api.get(files, fields="id,File_Name,Size,Created_Time")
    api.get(f"{files}/{file}")
    api.client.delete(f"/crm/v8{files}/{file}", headers=api.headers)
    lock = made(api.post(locks, {"data": [{"Locked_Reason__s": "why"}]}))
    api.put(f"{locks}/{lock}", {"data": [{"Locked_Reason__s": "because"}]})
    api.put(f"/Accounts/{record}", {"data": [{"Account_Name": "no"}]})
    api.get(locks)
    api.get(locks, fields="Locked_Reason__s,Locked_Time__s")
    api.get(f"{locks}/{lock}")
    api.client.delete(f"/crm/v8{locks}/{lock}", headers=api.headers)
    api.get("/settings/record_locking_configurations", module="Invoices")


def _variables(api: Api) -> None:
    """Values that an org keeps for its programs."""
    one = {"name": "A", "api_name": "a", "type": "text", "value": "1", "description": "d"}
    groups = (api.get("/settings/variable_groups").get_json(silent=True) or {}).get("variable_groups") or [{}]
    group = {"variable_group": {"id": groups[0].get("id"), "name": "General"}}
    both = [one | group, one | group | {"name": "B", "api_name": "b"}]
    ids = [made(api.post("/settings/variables", {"variables": [each]}), "variables") for each in both]
    api.post("/settings/variables", {"variables": [one]})
    api.put("/settings/variables", {"variables": [{"id": ids[0], "value": "2"}]})
    api.put(f"/settings/variables/{ids[0]}", {"variables": [{"value": "3"}]})
    api.get("/settings/variables")
    for each in (ids[0], "a", "1"):
        api.get(f"/settings/variables/{each}", group="General")
    api.client.delete(f"/crm/v8/settings/variables/{ids[0]}", headers=api.headers)
    api.client.delete(f"/crm/v8/settings/variables?ids={ids[1]}", headers=api.headers)


def _notifications(api: Api) -> None:
    """Channels over which the CRM tells of changes."""
    channel = {"channel_id": "1000000068001", "events": ["Invoices.edit"], "notify_url": "http://127.0.0.1:9/told"}
    api.get("/actions/watch")
    for wishes in ([channel], [channel, {"channel_id": "2"}], [{"channel_id": "2"}], []):
        api.post("/actions/watch", {"watch": wishes})
    api.put("/actions/watch", {"watch": [channel | {"events": ["Invoices.all"], "token": "made-up"}]})
    api.get("/actions/watch")
    api.get("/actions/watch", channel_id=channel["channel_id"], module="Invoices")
    gone = {"channel_id": channel["channel_id"], "events": ["Invoices.edit"], "_delete_events": True}
    api.client.patch("/crm/v8/actions/watch", json={"watch": [gone]}, headers=api.headers)
    for ids in ("", "1", f"{channel['channel_id']},1", channel["channel_id"]):
        api.client.delete(f"/crm/v8/actions/watch?channel_ids={ids}", headers=api.headers)
