"""Which invoice shows each way in which a CRM can count: discounts, taxes, adjustments, currencies, odd lines? (Z6)"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulator.zoho.seed_data import FREE, GST, Good, address_of

LEVY = "Building levy"
REGIONS = ("North", "South")


@dataclass(frozen=True)
class Row:
    """One line; `price` stands in for the product's own, `taxes` are names."""

    product: str
    quantity: str = "1"
    price: str | None = None
    discount: str = "0"
    taxes: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Kind:
    """One invoice, dated yesterday and due in four weeks. `taxes`: on the whole of it. `force`: totals that the rows do
    not explain. `more`: other fields as they are."""

    number: str
    account: str
    shows: str
    rows: tuple[Row, ...]
    taxes: tuple[str, ...] = ()
    discount: str = "0"
    adjustment: str = "0"
    status: str = "Created"
    force: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"{self.number}, {self.shows}"


MORE_ACCOUNTS = {"Aoyama Tea Rooms KK": address_of("2-7 Minami Aoyama", "Tokyo", "Tokyo", "107-0062", "Japan")}
MORE_PRODUCTS = {
    "other": Good("Other work", "", "65.00"),
    "screw": Good("Brass screw, by the piece", "SCREW-B", "0.12345"),
}
# Category and, where it has one of its own, the account in the books.
FILED: dict[str, tuple[str, str | None]] = {
    **dict.fromkeys(("desk", "chair", "table", "standing", "lounge", "shelf", "counter", "panel"), ("Furniture", None)),
    **dict.fromkeys(("fitting", "measure", "other"), ("Services", "210")),
    "warranty": ("Warranties", "215"),
    "screw": ("Furniture", None),
}
CUSTOM_FIELDS: dict[str, list[dict[str, Any]]] = {
    "Products": [{"field_label": "Sales Account", "data_type": "text", "length": 10}],
    "Invoices": [
        {
            "field_label": "Region",
            "data_type": "picklist",
            "pick_list_values": [{"display_value": name, "actual_value": name} for name in REGIONS],
        },
        {"field_label": "Prices Include Tax", "data_type": "boolean"},
        {"field_label": "Home Total", "data_type": "currency"},
    ],
}
_ODD_CENTS = ("98.55", "145.15", "95.25", "240.45")
# Fourteen prices whose tax of 10 % ends on half a cent: Xero rounds each one up, the CRM their sum.
_SMALL_PARTS = (
    ("Door stop", "4.35"),
    ("Hook, steel", "8.15"),
    ("Hook, brass", "12.25"),
    ("Felt pads, 20", "3.45"),
    ("Cable clip, 10", "6.55"),
    ("Cable tray", "9.65"),
    ("Wood filler", "2.75"),
    ("Touch-up pen", "5.85"),
    ("Wax, small tin", "7.95"),
    ("Hex key", "1.05"),
    ("Castor, braked", "11.15"),
    ("Castor, plain", "10.25"),
    ("Drawer lock", "13.35"),
    ("Desk grommet", "14.45"),
)
KINDS = (
    Kind(
        "INV-2051",
        "Wattle & Co Architects",
        "100 off across two tax rates",
        (Row("desk", taxes=(GST,)), Row("warranty", "2", taxes=(FREE,))),
        discount="100",
        status="Approved",
        more={"Region": "North"},
    ),
    Kind(
        "INV-2052",
        "Elm Street Studio",
        "one tax on the whole, with a discount",
        (Row("desk"), Row("chair", "4")),
        taxes=(GST,),
        discount="130",
        more={"Region": "South"},
    ),
    Kind(
        "INV-2053",
        "Northside Physio",
        "tax on the whole invoice, two cents apart",
        tuple(map(Row, ("panel", "chair", "measure", "fitting"), ("1",) * 4, _ODD_CENTS)),
        taxes=(GST,),
        more={"Region": "North"},
    ),
    Kind(
        "INV-2054",
        "Corner Café Pty Ltd",
        "rounded down for a regular",
        (Row("table", "3", taxes=(GST,)), Row("chair", "7", discount="15.15", taxes=(GST,))),
        adjustment="-4.34",
    ),
    Kind(
        "INV-2055",
        "Oakridge Primary School",
        "GST and the building levy on one line",
        (Row("shelf", "2", "150.00", taxes=(GST, LEVY)), Row("fitting", taxes=(GST,))),
        more={"Region": "South"},
    ),
    Kind(
        "INV-2056",
        "Tidewater Surf Co",
        "screws at a fraction of a cent",
        (Row("screw", "250", taxes=(GST,)), Row("counter", taxes=(GST,))),
    ),
    Kind(
        "INV-2057",
        "Brightwater Dental Pty Ltd",
        "other work and a trade-in",
        (
            Row("desk", taxes=(GST,)),
            Row("other", "3", taxes=(GST,), text="Oiling two older desks on site\nAgreed by phone with Ms Okafor"),
            Row("other", price="-120.00", taxes=(GST,), text="Trade-in of the old counter"),
        ),
    ),
    Kind(
        "INV-2058",
        "Lakeside Clinic",
        "a line with nothing delivered yet",
        (Row("standing", taxes=(GST,)), Row("chair", "0", taxes=(GST,), text="Six to follow in spring")),
    ),
    Kind(
        "INV-2059",
        "Harbour View Hotel",
        "prices that include GST",
        (Row("lounge", price="541.25"), Row("table", "2", "250.00")),
        more={"Prices_Include_Tax": True},
    ),
    Kind(
        "INV-2060",
        "Müller Küchen GmbH",
        "chairs in euros",
        (Row("lounge", "4", "280.50", taxes=(FREE,), text="Export"),),
        more={"Currency": "EUR", "Home_Total": "1870.00"},
    ),
    Kind(
        "INV-2061",
        "Aoyama Tea Rooms KK",
        "chairs in yen",
        (Row("chair", "12", "14500", "8700", taxes=(FREE,), text="Export"),),
        more={"Currency": "JPY", "Home_Total": "1653.00"},
    ),
    Kind(
        "INV-2062",
        "Northside Physio",
        "taxed on the lines and again on the whole",
        (Row("standing", taxes=(GST,)), Row("panel", "2", taxes=(GST,))),
        taxes=(GST,),
    ),
    Kind(
        "INV-2063",
        "Corner Café Pty Ltd",
        "chairs taken back",
        (Row("chair", "-4", taxes=(GST,)), Row("fitting", taxes=(GST,))),
    ),
    Kind(
        "INV-2064",
        "Oakridge Primary School",
        "a total from the old system",
        (Row("shelf", "4", taxes=(GST,)),),
        force={"Grand_Total": "1650.00"},
    ),
    Kind(
        "INV-2065",
        "Tidewater Surf Co",
        "fourteen small parts, seven cents apart",
        tuple(Row("other", price=price, text=text) for text, price in _SMALL_PARTS),
        taxes=(GST,),
    ),
    Kind(
        "INV-2066",
        "Elm Street Studio",
        "GST inside the price and on the line",
        (Row("panel", "4", taxes=(GST,)),),
        more={"Prices_Include_Tax": True},
    ),
)
