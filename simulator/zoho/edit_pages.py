"""How does a person change an invoice, copy it, throw it away and bring it back, on the pages?"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from simulator.zoho.answers import RefusedError
from simulator.zoho.centre import here
from simulator.zoho.edit_form import Form, form_of, sent_form, wish_of
from simulator.zoho.edit_view import edit_page, edited_fields, open_fields
from simulator.zoho.fields import fields_of
from simulator.zoho.lifecycle import clone, delete, purge, restore
from simulator.zoho.page_view import bin_page
from simulator.zoho.pages import hidden_page, page, visitor
from simulator.zoho.records import bin_view, fetch, peek, visible
from simulator.zoho.schema import ROWS, standard_fields
from simulator.zoho.writes import change

Doc = dict[str, Any]
routes = Blueprint("zoho_edit_pages", __name__, url_prefix="/crm/<domain>")
_ROW = re.compile(rf"{ROWS}\[(\d+)\]")


@routes.get("/tab/Invoices/<record_id>/edit")
def edit(domain: str, record_id: str) -> Response:
    """The invoice as a form."""
    org, user = visitor(domain)
    record = peek(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return hidden_page(org, user, record is None)
    return _form(org, user, record, form_of(record, edited_fields(here(), org, user)))


@routes.post("/tab/Invoices/<record_id>/edit")
def save(domain: str, record_id: str) -> AnyResponse:
    """Save what was changed, through the same rules as the API; only the number is a person's to set."""
    org, user = visitor(domain)
    record = fetch(here(), org["zgid"], "Invoices", record_id)
    if record is None or not visible(record, user):
        return hidden_page(org, user, record is None)
    fields = edited_fields(here(), org, user)
    before = form_of(record, fields)
    after = sent_form(request.form, before)
    try:
        wish = wish_of(record, open_fields(here(), user, fields), *_open(user, fields, before, after))
        if wish:
            change(here(), org, user, "Invoices", {"id": record_id, **wish}, "$", None, by_hand=True)
    except RefusedError as refusal:
        return _form(org, user, record, after, refusal)
    return redirect(f"/crm/{domain}/tab/Invoices/{record_id}")


@routes.post("/tab/Invoices/actions")
def act(domain: str) -> AnyResponse:
    """Clone or Delete what is ticked in the list, or the one record whose page this came from."""
    org, user = visitor(domain)
    deed, ids = request.form.get("deed"), request.form.getlist("record")
    start = f"/crm/{domain}/tab/Invoices"
    if not ids or deed not in ("clone", "delete"):
        return redirect(start)
    try:
        if deed == "clone":
            made = clone(here(), org, user, "Invoices", ids[0])
            return redirect(f"{start}/{made['id']}?{urlencode({'copy_of': ids[0]})}")
        for record_id in ids:
            delete(here(), org, user, "Invoices", record_id)
    except RefusedError as refusal:
        return redirect(f"{start}?{urlencode({'refused': refusal.body['message']})}")
    return redirect(f"{start}?{urlencode({'deleted': len(ids)})}")


@routes.get("/bin")
def recycle_bin(domain: str) -> Response:
    """What was deleted and can come back."""
    org, user = visitor(domain)
    found = [one for one in bin_view(here(), org["zgid"], "Invoices") if not one["gone"] and visible(one, user)]
    found.sort(key=lambda one: one["deleted"], reverse=True)
    return page(org, user, "zoho/bin.html", **bin_page(here(), org, user, found))


@routes.post("/bin")
def bin_act(domain: str) -> AnyResponse:
    """Restore, or delete for good."""
    org, user = visitor(domain)
    deed, ids = request.form.get("deed"), request.form.getlist("record")
    if deed not in ("restore", "purge"):
        abort(400)
    for record_id in ids:
        try:
            if deed == "restore":
                restore(here(), org, user, "Invoices", record_id)
            else:
                purge(here(), org, "Invoices", record_id)
        except RefusedError:
            continue  # Somebody else was quicker.
    start = f"/crm/{domain}/tab/Invoices"
    return redirect(f"{start}/{ids[0]}" if deed == "restore" and len(ids) == 1 else f"/crm/{domain}/bin")


def _open(user: Doc, fields: list[Doc], before: Form, after: Form) -> tuple[Form, Form]:
    """Both forms without what this user may not write, whatever his browser sent."""
    names = [field["api_name"] for field in open_fields(here(), user, fields)]
    pick = [{name: form.fields[name] for name in names} for form in (before, after)]
    return Form(pick[0], before.taxes, before.lines), Form(pick[1], after.taxes, after.lines)


def _form(org: Doc, user: Doc, record: Doc, form: Form, refusal: RefusedError | None = None) -> Response:
    shown = edit_page(here(), org, user, record, form)
    made = page(org, user, "zoho/edit.html", wrong=_wrong(org, refusal) if refusal else None, **shown)
    made.status_code = 400 if refusal else 200
    return made


def _wrong(org: Doc, refusal: RefusedError) -> Doc:
    """The refusal for people: its words, which field, which line."""
    details = refusal.body["details"]
    name, row = details.get("api_name"), _ROW.search(str(details.get("json_path")))
    field = (standard_fields(ROWS) if row else fields_of(here(), org, "Invoices")).get(str(name))
    return {
        "words": refusal.body["message"],
        "field": name,
        "label": field["label"] if field else name,
        "line": int(row[1]) + 1 if row else None,
    }
