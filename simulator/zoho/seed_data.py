"""What do the pretend companies sell, to whom, and what did they invoice lately?"""

from __future__ import annotations

from dataclasses import dataclass

GST, FREE, VAT19 = "GST 10%", "GST free", "VAT 19%"
VAT20 = "VAT 20%"
# product, quantity, discount, tax, description
Line = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Good:
    """A product of the company."""

    name: str
    code: str
    price: str


@dataclass(frozen=True)
class Invoice:
    """One invoice; `dated` and `due` are days from today."""

    number: str
    account: str
    subject: str
    status: str
    dated: int
    due: int
    rows: tuple[Line, ...]
    purchase_order: str | None = None


def address_of(street: str, city: str, state: str, code: str, country: str = "Australia") -> dict[str, str]:
    """Where to send the bill."""
    return {
        "Billing_Street": street,
        "Billing_City": city,
        "Billing_State": state,
        "Billing_Code": code,
        "Billing_Country": country,
    }


ACCOUNTS = {
    "Brightwater Dental Pty Ltd": address_of("12 Quay Street", "Newcastle", "NSW", "2300"),
    "Corner Café Pty Ltd": address_of("3 Elm Street", "Newtown", "NSW", "2042"),
    "Elm Street Studio": address_of("41 Elm Street", "Newtown", "NSW", "2042"),
    "Harbour View Hotel": address_of("1 Harbour Parade", "Wollongong", "NSW", "2500"),
    "Tidewater Surf Co": address_of("77 Beach Road", "Bondi", "NSW", "2026"),
    "Oakridge Primary School": address_of("200 School Lane", "Oakridge", "VIC", "3500"),
    "Müller Küchen GmbH": address_of("Hafenstraße 9", "Hamburg", "Hamburg", "20457", "Germany"),
    "Lakeside Clinic": address_of("8 Lakeside Drive", "Ballarat", "VIC", "3350"),
    "Northside Physio": address_of("64 High Street", "Preston", "VIC", "3072"),
    "Wattle & Co Architects": address_of("5/18 Wattle Grove", "Sydney", "NSW", "2000"),
}
PRODUCTS = {
    "desk": Good("Oak reception desk", "DESK-OAK", "1850.00"),
    "chair": Good("Visitor chair", "CHAIR-V", "145.00"),
    "fitting": Good("Delivery and fitting", "", "240.00"),
    "warranty": Good("Extended warranty, year 1", "WARR-1", "120.00"),
    "table": Good("Café table, round", "TABLE-R", "215.00"),
    "standing": Good("Standing desk", "DESK-S", "890.00"),
    "lounge": Good("Lounge chair", "CHAIR-L", "462.50"),
    "shelf": Good("Bookcase, five shelves", "SHELF-5", "384.00"),
    "counter": Good("Shop counter, 2 m", "COUNTER-2", "2400.00"),
    "panel": Good("Acoustic panel", "PANEL-A", "98.50"),
    "measure": Good("Site measure, per hour", "SVC-MEASURE", "95.00"),
}
INVOICES = (
    Invoice(
        "INV-2041",
        "Brightwater Dental Pty Ltd",
        "INV-2041, office fit-out",
        "Approved",
        -23,
        7,
        (
            ("desk", "1", "92.50", GST, ""),
            ("chair", "6", "0", GST, ""),
            ("fitting", "1", "0", GST, ""),
            ("warranty", "1", "0", FREE, ""),
        ),
        "PO-7731",
    ),
    Invoice(
        "INV-2042",
        "Corner Café Pty Ltd",
        "INV-2042, tables for the terrace",
        "Created",
        -2,
        28,
        (("table", "8", "86.00", GST, "Weatherproof top"), ("chair", "24", "174.00", GST, "")),
    ),
    Invoice(
        "INV-2043",
        "Elm Street Studio",
        "INV-2043, standing desks",
        "Submitted",
        -5,
        9,
        (("standing", "2", "0", GST, ""), ("panel", "4", "0", GST, ""), ("fitting", "1", "0", GST, "")),
    ),
    Invoice(
        "INV-2044",
        "Harbour View Hotel",
        "INV-2044, lobby seating",
        "Approved",
        -40,
        -10,
        (
            ("lounge", "7", "0", GST, "Sea green"),
            ("table", "2", "0", GST, ""),
            ("fitting", "1", "0", GST, ""),
        ),
        "HVH-2210",
    ),
    Invoice(
        "INV-2045",
        "Tidewater Surf Co",
        "INV-2045, shop counter",
        "Delivered",
        -16,
        14,
        (("counter", "1", "120.00", GST, ""), ("measure", "1.5", "0", GST, "")),
    ),
    Invoice(
        "INV-2046",
        "Oakridge Primary School",
        "INV-2046, library shelving",
        "Approved",
        -9,
        21,
        (
            ("shelf", "12", "230.40", GST, "Beech"),
            ("fitting", "2", "0", GST, ""),
            ("warranty", "12", "0", FREE, ""),
        ),
        "OPS 118/26",
    ),
    Invoice(
        "INV-2047",
        "Müller Küchen GmbH",
        "INV-2047, Ausstellungsstühle für Müller Küchen",
        "Created",
        -3,
        27,
        (("chair", "10", "0", FREE, "Export, Ausführung in Eiche geölt"), ("lounge", "2", "0", FREE, "")),
    ),
    Invoice(
        "INV-2048",
        "Lakeside Clinic",
        "INV-2048, waiting room",
        "Approved",
        -4,
        -12,
        (("chair", "8", "0", VAT19, ""), ("table", "1", "0", GST, "")),
    ),
    Invoice(
        "INV-2049",
        "Northside Physio",
        "INV-2049, treatment room",
        "Approved",
        -1,
        29,
        (("standing", "1", "44.50", GST, ""), ("panel", "6", "0", GST, "")),
    ),
    Invoice(
        "INV-2050",
        "Wattle & Co Architects",
        "INV-2050, studio refit",
        "Delivered",
        -12,
        18,
        (
            ("standing", "5", "222.50", GST, ""),
            ("shelf", "3", "0", GST, "Oak"),
            ("measure", "2.5", "0", GST, ""),
            ("fitting", "1", "0", GST, ""),
        ),
        "WC-0091",
    ),
)

EU_ACCOUNTS = {
    "Albion Interiors Ltd": address_of("22 Mill Lane", "Leeds", "West Yorkshire", "LS1 4AP", "United Kingdom"),
    "Fjord & Daughters Ltd": address_of("9 Dock Road", "Hull", "East Yorkshire", "HU1 2AA", "United Kingdom"),
}
EU_PRODUCTS = {
    "stairs": Good("Oak staircase", "STAIR-OAK", "4200.00"),
    "window": Good("Sash window", "WIN-SASH", "685.00"),
}
EU_INVOICES = (
    Invoice(
        "NJ-0301",
        "Albion Interiors Ltd",
        "NJ-0301, staircase",
        "Approved",
        -6,
        24,
        (("stairs", "1", "0", VAT20, ""),),
    ),
    Invoice(
        "NJ-0302",
        "Fjord & Daughters Ltd",
        "NJ-0302, six windows",
        "Created",
        -1,
        29,
        (("window", "6", "110.00", VAT20, ""),),
    ),
)
