"""What may a save of the settings hold? Any of the parts, each of a checked shape; bounds are those of X6 and X8."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import marshmallow as ma
from marshmallow import validate

from server.api.shapes import Request
from server.domain.rounding import LARGEST_LIMIT
from server.domain.values import MOST_TRACKING

_CODE = validate.Length(min=1, max=10)
_NAME = validate.Length(min=1, max=120)
_TYPE = validate.Length(min=1, max=50)


def _field(**more: Any) -> ma.fields.String:
    """The API name of a CRM field."""
    return ma.fields.String(validate=validate.Regexp(r"\A[A-Za-z0-9_]{1,100}\Z"), allow_none=True, **more)


class Amount(ma.fields.String):
    """A decimal number as text within bounds, kept without zeros at its end."""

    def __init__(self, most: Decimal, what: str, **more: Any) -> None:
        super().__init__(**more)
        self._most, self._what = most, what

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise ma.ValidationError(f"is no {self._what}") from None
        if not amount.is_finite() or not 0 <= amount <= self._most or len(text) > 12:
            raise ma.ValidationError(f"must be between 0 and {self._most}")
        return f"{amount.normalize():f}"


class Day(ma.fields.String):
    """A calendar day, `2026-11-23`, kept as such."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ma.ValidationError("is no day like 2026-11-23") from None
        if len(text) != 10 or not 2000 <= day.year <= 2100:
            raise ma.ValidationError("is no day like 2026-11-23")
        return text


class TaxRuleShape(Request):
    """A set of CRM's taxes by name, or every other set of this rate."""

    rate = Amount(Decimal(100), "percentage", required=True)
    tax_type = ma.fields.String(required=True, validate=_TYPE)
    taxes = ma.fields.List(ma.fields.String(validate=_NAME), validate=validate.Length(max=10), allow_none=True)

    @ma.post_load
    def _as_kept(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None}


class NumberRuleShape(Request):
    """Whose number an invoice bears: a CRM field's, or the next of Xero's, which may be written to a field."""

    source = ma.fields.String(data_key="from", required=True, validate=validate.OneOf(["field", "xero"]))
    field = _field()
    write_to = _field()

    @ma.validates_schema
    def _field_with_its_source(self, data: Mapping[str, Any], **_more: Any) -> None:
        if (data.get("source") == "field") != bool(data.get("field")):
            raise ma.ValidationError("is needed with from: field, and only then", "field")
        if data.get("source") == "field" and data.get("write_to"):
            raise ma.ValidationError("goes with from: xero only", "write_to")

    @ma.post_load
    def _as_kept(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {"from": data["source"], **{name: data[name] for name in ("field", "write_to") if data.get(name)}}


class AmountsShape(Request):
    """Whether prices hold the tax, which one, and the CRM field of an invoice that says otherwise."""

    inclusive = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    tax_type = ma.fields.String(load_default=None, allow_none=True, validate=_TYPE)
    field = _field(load_default=None)

    @ma.validates_schema
    def _which_tax(self, data: Mapping[str, Any], **_more: Any) -> None:
        if (data.get("inclusive") or data.get("field")) and not data.get("tax_type"):
            raise ma.ValidationError("say which tax prices hold", "tax_type")


class AccountsShape(Request):
    """Accounts besides the usual one: by a product's field or category, for discounts, for adjustments."""

    product_field = _field(load_default=None)
    by_category = ma.fields.Dict(
        keys=ma.fields.String(validate=_NAME),
        values=ma.fields.String(validate=_CODE),
        validate=validate.Length(max=200),
        load_default=dict,
    )
    discount = ma.fields.String(load_default=None, allow_none=True, validate=_CODE)
    adjustment = ma.fields.String(load_default=None, allow_none=True, validate=_CODE)


class DueShape(Request):
    """Whose due date: CRM's, by the contact's terms in Xero, or so many days on."""

    source = ma.fields.String(data_key="from", required=True, validate=validate.OneOf(["crm", "terms", "days"]))
    days = ma.fields.Integer(strict=True, validate=validate.Range(0, 365), load_default=None, allow_none=True)

    @ma.validates_schema
    def _days_with_their_source(self, data: Mapping[str, Any], **_more: Any) -> None:
        if (data.get("source") == "days") != (data.get("days") is not None):
            raise ma.ValidationError("is needed with from: days, and only then", "days")

    @ma.post_load
    def _as_kept(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {"from": data["source"], **({"days": data["days"]} if data["days"] is not None else {})}


class RateShape(Request):
    """Whose exchange rate. CRM's is believed once a field with the total in the home currency has proved it."""

    source = ma.fields.String(data_key="from", required=True, validate=validate.OneOf(["xero", "crm"]))
    field = _field(load_default=None)
    home_total = _field(load_default=None)

    @ma.validates_schema
    def _proof(self, data: Mapping[str, Any], **_more: Any) -> None:
        if data.get("source") == "crm" and not data.get("home_total"):
            raise ma.ValidationError("name the field that holds the total in your home currency", "home_total")

    @ma.post_load
    def _as_kept(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {"from": data["source"], **{name: data[name] for name in ("field", "home_total") if data[name]}}


class TrackingShape(Request):
    """Which option of one of Xero's tracking categories goes on a line."""

    category = ma.fields.String(required=True, validate=validate.Length(min=1, max=100))
    source = ma.fields.String(
        data_key="from", required=True, validate=validate.OneOf(["invoice", "line", "product", "fixed"])
    )
    field = _field(load_default=None)
    option = ma.fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=100))

    @ma.validates_schema
    def _from_where(self, data: Mapping[str, Any], **_more: Any) -> None:
        name = "option" if data.get("source") == "fixed" else "field"
        if not data.get(name):
            raise ma.ValidationError(f"is needed with from: {data.get('source')}", name)

    @ma.post_load
    def _as_kept(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        name = "option" if data["source"] == "fixed" else "field"
        return {"category": data["category"], "from": data["source"], name: data[name]}


class ThemeShape(Request):
    """The branding theme by name: of a CRM field, else the one given here."""

    field = _field(load_default=None)
    name = ma.fields.String(load_default=None, allow_none=True, validate=_NAME)


class CustomersShape(Request):
    """Whom an invoice goes to, and what a new contact in Xero is told of that customer besides the name."""

    source = ma.fields.String(data_key="from", required=True, validate=validate.OneOf(["account", "contact"]))
    address = ma.fields.Boolean(load_default=True, truthy={True}, falsy={False})
    phone = ma.fields.Boolean(load_default=True, truthy={True}, falsy={False})
    tax_number_field = _field(load_default=None)

    @ma.post_load
    def _as_kept(self, data: Mapping[str, Any], **_more: Any) -> dict[str, Any]:
        return {"from" if name == "source" else name: value for name, value in data.items()}


def _profiles() -> ma.fields.Field[Any]:
    """Ids of CRM profiles; null: as usual."""
    one = ma.fields.String(validate=validate.Regexp(r"\A[0-9]{1,20}\Z", error="is no profile's id"))
    return ma.fields.List(one, validate=validate.Length(max=200), allow_none=True)


class RightsShape(Request):
    """Who may, by profile. What is left out is as usual: everybody previews and pushes, administrators do the rest."""

    preview = _profiles()
    push = _profiles()
    approve = _profiles()
    overwrite = _profiles()
    choose = _profiles()
    remove = _profiles()


class SettingsRequest(Request):
    """Any of the parts; each given one replaces what was there."""

    organisation = ma.fields.String(allow_none=True, validate=validate.Length(min=1, max=40))
    organisation_confirmed = ma.fields.Boolean(
        truthy={True}, falsy={False}, metadata={"description": "After 409 confirm_organisation: it is meant; not kept"}
    )
    account = ma.fields.String(allow_none=True, validate=_CODE)
    taxes = ma.fields.List(ma.fields.Nested(TaxRuleShape), validate=validate.Length(max=50))
    statuses = ma.fields.Dict(
        keys=ma.fields.String(validate=_NAME),
        values=ma.fields.String(validate=validate.OneOf(["DRAFT", "SUBMITTED", "AUTHORISED", "REMOVED", ""])),
        validate=validate.Length(max=100),
    )
    number = ma.fields.Nested(NumberRuleShape, allow_none=True)
    amounts = ma.fields.Nested(AmountsShape, allow_none=True)
    accounts = ma.fields.Nested(AccountsShape, allow_none=True)
    rounding_limit = Amount(LARGEST_LIMIT, "amount", allow_none=True)
    due = ma.fields.Nested(DueShape, allow_none=True)
    rate = ma.fields.Nested(RateShape, allow_none=True)
    products = ma.fields.String(allow_none=True, validate=validate.OneOf(["off", "without", "block", "create"]))
    tracking = ma.fields.List(
        ma.fields.Nested(TrackingShape), validate=validate.Length(max=MOST_TRACKING), allow_none=True
    )
    theme = ma.fields.Nested(ThemeShape, allow_none=True)
    reference_field = _field()
    start_date = Day(allow_none=True)
    rights = ma.fields.Nested(RightsShape, allow_none=True)
    customers = ma.fields.Nested(CustomersShape, allow_none=True)

    @ma.validates("taxes")
    def _each_set_once(self, rules: list[dict[str, Any]], **_more: Any) -> None:
        good = [rule for rule in rules if rule and "rate" in rule]  # a bad one is told by its own field
        rates = [rule["rate"] for rule in good if rule.get("taxes") is None]
        if len(set(rates)) != len(rates):
            raise ma.ValidationError("each rate may stand there once")
        sets = [frozenset(rule["taxes"]) for rule in good if rule.get("taxes") is not None]
        if len(set(sets)) != len(sets):
            raise ma.ValidationError("each set of taxes may stand there once")

    @ma.validates("tracking")
    def _each_category_once(self, rules: list[dict[str, Any]] | None, **_more: Any) -> None:
        names = [str(rule.get("category")).casefold() for rule in rules or () if rule]
        if len(set(names)) != len(names):
            raise ma.ValidationError("each category may stand there once")
