"""Which modules and fields does a CRM org start with? (Z6)"""

from __future__ import annotations

from typing import Any

Doc = dict[str, Any]

# api name: singular, plural, name for the scope, field that names a record, subform of goods
MODULES: dict[str, tuple[str, str, str, str]] = {
    "Accounts": ("Account", "Accounts", "accounts", "Account_Name"),
    "Contacts": ("Contact", "Contacts", "contacts", "Full_Name"),
    "Products": ("Product", "Products", "products", "Product_Name"),
    "Invoices": ("Invoice", "Invoices", "invoices", "Subject"),
}
ROWS = "Invoiced_Items"
CATEGORIES = ("Furniture", "Services", "Warranties")
STATUSES = ("Created", "Submitted", "Approved", "Delivered", "Cancelled")
_VALUES = {"Status": STATUSES, "Product_Category": CATEGORIES}

NUMBERS = frozenset({"currency", "double", "percent", "integer"})
_JSON = {
    "boolean": "boolean",
    "bigint": "string",
    "lookup": "jsonobject",
    "ownerlookup": "jsonobject",
    "multiselectpicklist": "jsonarray",
    "subform": "jsonarray",
    "currency": "double",
    "double": "double",
    "percent": "double",
    "integer": "integer",
}
_SHAPES = {"text": ("text", 255), "name": ("text", 120), "area": ("textarea", 32000), "short": ("text", 30)}
# Letters after the colon: m mandatory, r read only (the CRM computes it), >X looks up module X.
_TABLE = {
    "Invoices": """
        Owner=ownerlookup Subject=text:m Invoice_Number=short Invoice_Date=date Due_Date=date
        Status=picklist Account_Name=lookup>Accounts Contact_Name=lookup>Contacts Purchase_Order=text
        Currency=picklist Exchange_Rate=double Invoiced_Items=subform:m Sub_Total=currency:r
        Discount=currency Tax=currency:r Adjustment=currency Grand_Total=currency:r
        Sales_Commission=currency Excise_Duty=currency Terms_and_Conditions=area Description=area
        Billing_Street=text Billing_City=text Billing_State=text Billing_Code=short Billing_Country=text
        Shipping_Street=text Shipping_City=text Shipping_State=text Shipping_Code=short
        Shipping_Country=text Created_By=ownerlookup:r Modified_By=ownerlookup:r
        Created_Time=datetime:r Modified_Time=datetime:r Locked__s=boolean:r""",
    "Accounts": """
        Owner=ownerlookup Account_Name=name:m Account_Number=bigint Account_Type=picklist
        Phone=short Website=text Industry=picklist Currency=picklist Billing_Street=text
        Billing_City=text Billing_State=text Billing_Code=short Billing_Country=text
        Shipping_Street=text Shipping_City=text Shipping_State=text Shipping_Code=short
        Shipping_Country=text Description=area Created_By=ownerlookup:r Modified_By=ownerlookup:r
        Created_Time=datetime:r Modified_Time=datetime:r Locked__s=boolean:r""",
    "Contacts": """
        Owner=ownerlookup First_Name=name Last_Name=name:m Full_Name=text:r Email=email Phone=short
        Mobile=short Account_Name=lookup>Accounts Mailing_Street=text Mailing_City=text
        Mailing_State=text Mailing_Zip=short Mailing_Country=text Description=area
        Created_By=ownerlookup:r Modified_By=ownerlookup:r Created_Time=datetime:r
        Modified_Time=datetime:r Locked__s=boolean:r""",
    "Products": """
        Owner=ownerlookup Product_Name=name:m Product_Code=text Unit_Price=currency
        Tax=multiselectpicklist Taxable=boolean Product_Active=boolean Product_Category=picklist
        Usage_Unit=picklist Qty_in_Stock=double Description=area Created_By=ownerlookup:r
        Modified_By=ownerlookup:r Created_Time=datetime:r Modified_Time=datetime:r Locked__s=boolean:r""",
    ROWS: """
        Product_Name=lookup>Products Quantity=double List_Price=currency Total=currency:r
        Discount=currency Tax=currency:r Line_Tax=text Net_Total=currency:r Description=area
        Sequence_Number=integer:r Parent_Id=lookup>Invoices:r""",
}
_LABELS = {
    "Account_Name": "Account Name",
    "Contact_Name": "Contact Name",
    "Owner": "Invoice Owner",
    "Locked__s": "Locked",
    "Invoiced_Items": "Invoiced Items",
}


def json_type(data_type: str) -> str:
    """How a field's value looks in JSON, as settings/fields names it."""
    return _JSON.get(data_type, "string")


def field(api_name: str, label: str, data_type: str, length: int | None = None, **more: Any) -> Doc:
    """One field with the properties everything else here reads."""
    plain: Doc = {
        "api_name": api_name,
        "label": label,
        "type": data_type,
        "length": length or {"text": 255, "textarea": 2000, "currency": 16, "email": 100}.get(data_type, 120),
        "read_only": False,
        "mandatory": False,
        "custom": False,
        "lookup": None,
        "values": [],
        "unique": False,
    }
    return plain | more


def standard_fields(module: str) -> dict[str, Doc]:
    """The fields every org has in a module, by API name."""
    return _STANDARD[module]


def _read(entry: str) -> Doc:
    name, _, rest = entry.partition("=")
    kind, _, flags = rest.partition(":")
    kind, _, lookup = kind.partition(">")
    shape, length = _SHAPES.get(kind, (kind, 0))
    return field(
        name,
        _LABELS.get(name, name.replace("_", " ")),
        shape,
        length,
        read_only="r" in flags,
        mandatory="m" in flags,
        lookup=lookup or None,
        values=list(_VALUES.get(name, ())),
    )


_STANDARD = {module: {made["api_name"]: made for made in map(_read, text.split())} for module, text in _TABLE.items()}
