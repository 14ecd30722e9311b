"""What does a write do to a record, and when is it refused? (Z5.5, Z5.6, Z5.10)"""

from __future__ import annotations

from typing import Any

from simulator.zoho import currencies
from simulator.zoho.answers import RefusedError, invalid_data, mandatory, not_permitted
from simulator.zoho.centre import Centre
from simulator.zoho.fields import fields_of
from simulator.zoho.people import new_id, user_of
from simulator.zoho.profiles import read_only
from simulator.zoho.records import blank, fetch, peek, save, touch, view, visible
from simulator.zoho.rows import compute, header_taxes, merged, unit_of
from simulator.zoho.schema import ROWS
from simulator.zoho.values import kept
from simulator.zoho.watches import happened

Doc = dict[str, Any]
_MONEY = {ROWS, "Discount", "Adjustment", "$line_tax"}
_KEYS = ("id", "Tag", "Layout")
_BAD_ID = "the id given seems to be invalid"


def insert(centre: Centre, org: Doc, user: Doc, module: str, wish: Doc, path: str, *, trusted: bool = False) -> Doc:
    """A new record of the user; `trusted` (control API) may also set what the API may not."""
    record = blank(org["zgid"], module, "", user)
    for name, field in fields_of(centre, org, module).items():
        if field["mandatory"] and not wish.get(name) and not (trusted and name == ROWS):
            raise mandatory(name, f"{path}.{name}")
    with centre.state.together():
        fill(centre, org, user, record, wish, path, trusted=trusted)
        record["id"] = new_id(centre, org["zgid"])
        if module == "Invoices" and not record["values"].get("Invoice_Number"):
            record["values"]["Invoice_Number"] = next_number(centre, org)
        save(centre, record)
        happened(centre.state, record, "create", [])
    return record


def change(
    centre: Centre,
    org: Doc,
    user: Doc,
    module: str,
    wish: Doc,
    path: str,
    trigger: Any,
    *,
    trusted: bool = False,
    by_hand: bool = False,
) -> Doc:
    """A changed record: absent fields stay, null clears (Z5.5). `by_hand`: on a page, not by the API."""
    where = {"api_name": "id", "json_path": f"{path}.id"}
    record_id = wish.get("id")
    if record_id is None:
        raise mandatory("id", f"{path}.id")
    with centre.state.together():
        record = fetch(centre, org["zgid"], module, record_id) if isinstance(record_id, str) else None
        if record is None:
            raise invalid_data(where, _BAD_ID)
        if not trusted:
            _may_change(centre, record, user, wish, where)
        if by_hand and _MONEY & set(wish):
            record["forced"] = {}  # who saves the form lets the CRM work the totals out anew
        fill(centre, org, user, record, wish, path, trusted=trusted, by_hand=by_hand)
        fields = sorted(set(wish) - {"id"})
        touch(record, user, trigger, fields)
        save(centre, record)
        happened(centre.state, record, "edit", fields)
    return record


def next_number(centre: Centre, org: Doc) -> str:
    """The number the CRM gives to a new invoice."""
    return f"INV-{centre.state.next('zoho:number:' + org['zgid'], 2101)}"


def _may_change(centre: Centre, record: Doc, user: Doc, wish: Doc, where: Doc) -> None:
    if not visible(record, user):
        raise not_permitted(f"Crm_Implied_Edit_{record['module']}")
    may_write(centre, record, set(wish), where)


def may_write(centre: Centre, record: Doc, names: set[str], where: Doc) -> None:
    """A lock stops every write but that of the excluded fields, and a delete (Z5.10)."""
    free = {"id", *centre.switches["lock_excluded_fields"]}
    if record["locked"] and not names <= free:
        message = "Sorry, you cannot perform this operation as the record is locked."
        raise RefusedError(400, "RECORD_LOCKED", message, {**where, "action": "record_locking"})


def fill(
    centre: Centre,
    org: Doc,
    user: Doc,
    record: Doc,
    wish: Doc,
    path: str,
    *,
    trusted: bool = False,
    by_hand: bool = False,
) -> None:
    """Put what is wished into a record that is not yet saved, and let the CRM compute the rest."""
    fields = fields_of(centre, org, record["module"])
    for name, value in wish.items():
        field = fields.get(name)
        if name in _KEYS or name == ROWS:
            continue
        if trusted and _set_by_control(record, name, value):
            continue
        if name == "$line_tax" and record["module"] == "Invoices":
            record["taxes"] = header_taxes(org, value, f"{path}.$line_tax")
        elif field is None or not (trusted or _writable(centre, user, record["module"], field, by_hand=by_hand)):
            _unknown(centre, name, path, refuse=trusted)
        elif not field["read_only"]:
            _set(centre, org, record, field, value, f"{path}.{name}")
    if record["module"] == "Invoices":
        _work_out(centre, org, user, record, wish, path, trusted=trusted)
    if record["module"] == "Contacts":
        _full_name(record)


def _work_out(centre: Centre, org: Doc, user: Doc, record: Doc, wish: Doc, path: str, *, trusted: bool) -> None:
    """The invoice's currency, its goods and every number that follows from them."""
    if org["multi_currency"]:
        _in_its_currency(centre, org, record, wish)
    if ROWS in wish and _takes_rows(centre, user, path, trusted=trusted):
        record["rows"] = merged(centre, org, record, wish[ROWS], f"{path}.{ROWS}")
    compute(record, centre.switches["rounding"], unit_of(centre, org, record))


def _in_its_currency(centre: Centre, org: Doc, record: Doc, wish: Doc) -> None:
    """With several currencies on every invoice has one, and its rate (Z6): the org's where nothing is said."""
    values = record["values"]
    values["Currency"] = values.get("Currency") or org["currency"]
    if not values.get("Exchange_Rate") or ("Currency" in wish and "Exchange_Rate" not in wish):
        means = centre.switches["exchange_rate_means"]
        values["Exchange_Rate"] = f"{currencies.rate(org['currency'], values['Currency'], means).normalize():f}"


def _takes_rows(centre: Centre, user: Doc, path: str, *, trusted: bool) -> bool:
    if trusted or not read_only(centre, user, "Invoices", ROWS):
        return True
    _unknown(centre, ROWS, path, refuse=False)
    return False


def _set_by_control(record: Doc, name: str, value: Any) -> bool:
    if name == "hidden_from" and isinstance(value, list):
        record["hidden_from"] = [str(one) for one in value]
    elif name == "Locked__s":
        record["locked"] = bool(value)
    elif name == "force" and isinstance(value, dict):
        # Totals that no arithmetic explains, as an org's own rules and old imports leave them.
        record["forced"] = {key: str(amount) for key, amount in value.items()}
    else:
        return False
    return True


def _writable(centre: Centre, user: Doc, module: str, field: Doc, *, by_hand: bool) -> bool:
    if read_only(centre, user, module, field["api_name"]):
        return False
    if field["api_name"] == "Invoice_Number" and not by_hand:
        return bool(centre.switches["invoice_number_writable"])
    return not field["read_only"]


def _unknown(centre: Centre, name: str, path: str, *, refuse: bool) -> None:
    """A field that is not there or not writable is left out in silence, or refused (Z7.21)."""
    if refuse or centre.switches["unknown_field"] == "invalid_data":
        raise invalid_data({"api_name": name, "json_path": f"{path}.{name}"})


def _set(centre: Centre, org: Doc, record: Doc, field: Doc, value: Any, path: str) -> None:
    name = field["api_name"]
    if field["mandatory"] and value in (None, ""):
        raise mandatory(name, path)
    new = kept(field, value, path)
    if new is not None and field["lookup"] and peek(centre, org["zgid"], field["lookup"], new) is None:
        raise invalid_data({"api_name": name, "json_path": f"{path}.id"}, _BAD_ID)
    if name == "Owner":
        owner = user_of(centre, new)
        if owner is None or owner["zgid"] != org["zgid"]:
            raise invalid_data({"api_name": name, "json_path": f"{path}.id"}, _BAD_ID)
        record["owner"] = owner["id"]
        return
    if field["unique"] and new is not None:
        _only_one(centre, record, name, new, path)
    record["values"][name] = new


def _only_one(centre: Centre, record: Doc, name: str, new: Any, path: str) -> None:
    for other in view(centre, record["zgid"], record["module"]):
        same = str(other["values"].get(name) or "").casefold() == str(new).casefold()
        if same and other["id"] != record["id"]:
            duplicate = {"id": other["id"], "module": {"api_name": record["module"]}}
            details = {"api_name": name, "json_path": path, "duplicate_record": duplicate}
            raise RefusedError(400, "DUPLICATE_DATA", "duplicate data", details)


def _full_name(record: Doc) -> None:
    values = record["values"]
    values["Full_Name"] = " ".join(p for p in (values.get("First_Name"), values.get("Last_Name")) if p)
