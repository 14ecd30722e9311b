"""What does an organisation sell and buy, and may this item be kept?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from simulator.facts import Switches
from simulator.state import State
from simulator.xero import inputs
from simulator.xero.books import account_of, rate_of
from simulator.xero.refusals import ElementRefusalError, WholeRefusalError
from simulator.xero.wire import is_guid, new_id, not_imitated, now_stamp

Doc = dict[str, Any]
SIDES = ("SalesDetails", "PurchaseDetails")
_TEXTS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
# X8.1: which side a flag clears when it is set to false.
_FLAG_OF = {"SalesDetails": "IsSold", "PurchaseDetails": "IsPurchased"}
NO_SUCH_ITEM = "The item with the specified ItemID could not be found"


def parse(sent: Doc) -> Doc:
    """The known fields of a sent item, type-checked; tracked inventory (X8.1) is not imitated."""
    details = [sent.get(side) or {} for side in SIDES]
    if not all(isinstance(one, dict) for one in details):
        inputs.bad_data("SalesDetails and PurchaseDetails must be objects")
    if sent.get("InventoryAssetAccountCode") or any(one.get("COGSAccountCode") for one in details):
        raise WholeRefusalError(not_imitated("items tracked as inventory"))
    parsed: Doc = {name: inputs.text(sent, name) for name in _TEXTS if sent.get(name) is not None}
    parsed |= {n: inputs.boolean(sent, n) for n in _FLAG_OF.values() if sent.get(n) is not None}
    parsed |= {side: _side(sent[side]) for side in SIDES if sent.get(side) is not None}
    if sent.get("ItemID"):
        parsed["ItemID"] = inputs.guid(sent, "ItemID")
    return parsed


def _side(sent: Doc) -> Doc:
    texts = {name: inputs.text(sent, name) for name in ("AccountCode", "TaxType") if sent.get(name)}
    price = inputs.number(sent, "UnitPrice")
    return {**({"UnitPrice": str(price)} if price is not None else {}), **texts}


class PriceList:
    """The items of one organisation (X8.1)."""

    def __init__(self, state: State, org: Doc, switches: Switches) -> None:
        self._state, self._org, self._switches = state, org, switches
        self._kind = f"xero_item:{org['id']}"

    def all(self) -> list[Doc]:
        """Every item, oldest first, for reading only."""
        return self._state.view(self._kind)

    def by_code(self, code: str) -> Doc | None:
        """The item with that code; letter case by the switch."""
        return next((row for row in self.all() if self._folded(row["Code"]) == self._folded(code)), None)

    def by_id_or_code(self, text: str) -> Doc | None:
        """What a path names: GET and POST Items/{ItemID or Code} (X8.1)."""
        return self._state.peek(self._kind, text.lower()) if is_guid(text) else self.by_code(text)

    def _folded(self, code: str) -> str:
        return code.casefold() if self._switches["item_code_any_case"] else code

    def create(self, parsed: Doc) -> Doc:
        """PUT: a code in use is refused (X8.1)."""
        if parsed.get("ItemID"):
            raise ElementRefusalError(NO_SUCH_ITEM)
        if parsed.get("Code") and self.by_code(parsed["Code"]):
            raise ElementRefusalError(f"Price List Item with Code '{parsed['Code']}' already exists")
        return self._saved({"ItemID": new_id(), "IsSold": True, "IsPurchased": True}, parsed)

    def create_or_update(self, parsed: Doc) -> Doc:
        """POST: updates by ItemID or Code, else creates (X8.1)."""
        if not parsed.get("ItemID"):
            found = self.by_code(parsed["Code"]) if parsed.get("Code") else None
            return self._saved(found, parsed) if found else self.create(parsed)
        found = self._state.peek(self._kind, parsed["ItemID"])
        if found is None:
            raise ElementRefusalError(NO_SUCH_ITEM)
        holder = self.by_code(parsed["Code"]) if parsed.get("Code") else None
        if holder and holder["ItemID"] != found["ItemID"]:
            raise ElementRefusalError(f"Price List Item with Code '{parsed['Code']}' already exists")
        return self._saved(found, parsed)

    def delete(self, row: Doc) -> None:
        """X8.1: there is no archived state; lines keep what they took from it."""
        self._state.delete(self._kind, row["ItemID"])

    def _saved(self, old: Doc, parsed: Doc) -> Doc:
        doc = {**old, **parsed, "Updated": now_stamp()}
        for side, flag in _FLAG_OF.items():
            doc[side] = {**old.get(side, {}), **parsed.get(side, {})} if doc[flag] else {}
        messages = self._wrong(doc)
        if messages:
            raise ElementRefusalError(*messages)
        self._state.put(self._kind, doc["ItemID"], doc)
        return doc

    def _wrong(self, doc: Doc) -> list[str]:
        """Broken field rules of X8.1; no source has Xero's words for most of them."""
        messages = [] if doc.get("Code") else ["The item code must be specified."]
        messages += [
            f"{name} must be at most {most} characters long."
            for name, most in _TEXTS.items()
            if len(doc.get(name) or "") > most
        ]
        for side in SIDES:
            code, kind = doc[side].get("AccountCode"), doc[side].get("TaxType")
            account = account_of(self._org, code=code) if code else None
            if code and (account is None or account["Status"] != "ACTIVE"):
                messages.append(f"Account code '{code}' is not a valid code for this document.")
            if kind and rate_of(self._org, kind) is None:
                messages.append(f"The TaxType code '{kind}' does not exist or is archived.")
        return messages

    def fill(self, item: Doc, document: str) -> Doc:
        """What a line takes from an item when it does not say it itself (X6.1): sales or purchase side."""
        side = item["SalesDetails" if document.startswith("ACCREC") else "PurchaseDetails"]
        found: Doc = {"UnitAmount": Decimal(side["UnitPrice"])} if side.get("UnitPrice") else {}
        if side.get("AccountCode"):
            found["AccountCode"] = side["AccountCode"]
        if side.get("TaxType") and self._switches["item_fills_tax"]:
            found["TaxType"] = side["TaxType"]
        text = item.get("Description" if document.startswith("ACCREC") else "PurchaseDescription")
        if text and self._switches["item_fills_text"]:
            found["Description"] = text
        return found
