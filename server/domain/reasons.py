"""Why is an invoice not sent, and who can mend it? The closed list of reasons, in a salesperson's words.

Each has: the bold sentence, the grey detail, the CRM field or the setting to fix, the next step, and whose news it is.
`{field}` and `{setting}` in a detail mark where the screen puts the chip; all other braces are filled from values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from server.domain.wording import quoted

SALES, ADMINISTRATOR, BOOKKEEPER = "sales", "administrator", "bookkeeper"


class Spec(NamedTuple):
    owner: str
    sentence: str
    detail: str
    field: str | None = None
    setting: str | None = None
    next_step: str | None = None


class Code(Enum):
    """Stable codes; the API and the log go by the lower-case name."""

    NOT_SET_UP = Spec(
        ADMINISTRATOR,
        "InvoiceBridge is not set up yet",
        "Complete {setting} first.",
        setting="set_up",
        next_step="Ask an admin to finish the set-up.",
    )
    CRM_GONE = Spec(
        SALES,
        "This invoice is not in CRM any more",
        "Somebody deleted it, or the connection may not see it.",
        next_step="Look in CRM's recycle bin, or ask an admin.",
    )
    CRM_REFUSED = Spec(
        ADMINISTRATOR,
        "CRM did not hand the record over",
        "CRM says: {sentence}",
        next_step="Ask an admin to look at the connection to CRM.",
    )
    CHANGED_SINCE_PREVIEW = Spec(
        SALES,
        "The invoice changed since you saw it",
        "Nothing was sent. Look at it as it is now.",
        next_step="Check the new preview, then push again.",
    )
    MAY_NOT_APPROVE = Spec(
        SALES,
        "It would arrive approved, which you may not do",
        "Who may approve stands in {setting}.",
        setting="rights",
        next_step="Ask an admin to push it, or choose a draft status.",
    )
    CONFIRM_REMOVAL = Spec(
        SALES,
        "Removing it from Xero needs a confirmation",
        "{field} is “{status}”. Nothing was removed.",
        "Status",
        next_step="Open the invoice and confirm it there.",
    )
    NUMBER_USED = Spec(
        SALES,
        "Xero keeps the number {number} for the {status} invoice",
        "A new invoice needs a new number. Change {field}.",
        "{number_field}",
        next_step="Give the invoice a new number, then send it as new.",
    )
    GONE_FROM_XERO = Spec(
        BOOKKEEPER,
        "Xero does not show the linked invoice",
        "We sent it before, but Xero doesn't return it now.",
        next_step="Ask your bookkeeper whether it still exists.",
    )
    STATUS_BLANK = Spec(SALES, "The invoice has no status", "Choose a {field} in CRM.", "Status")
    STATUS_UNMAPPED = Spec(
        ADMINISTRATOR,
        "Status “{status}” is not sent to Xero",
        "Match it in {setting}, or change {field}.",
        "Status",
        "statuses",
    )
    CANCELLED = Spec(SALES, "A cancelled invoice is not sent", "{field} is “{status}”.", "Status")
    NOT_APPROVED_IN_CRM = Spec(
        SALES,
        "CRM has not approved it yet",
        "Its approval in CRM: {state}.",
        next_step="Have it approved in CRM, then check again.",
    )
    IN_REVIEW = Spec(
        SALES,
        "CRM is still reviewing it",
        "Somebody reviews or merges this record right now.",
        next_step="Finish the review in CRM, then check again.",
    )
    NUMBER_MISSING = Spec(SALES, "The invoice has no number", "Fill in {field}.", "{number_field}")
    NUMBER_UNFIT = Spec(
        SALES,
        "Xero can't take the number “{number}”",
        "Use plain letters, digits and signs, at most 255, in {field}.",
        "{number_field}",
    )
    NUMBER_TAKEN = Spec(
        SALES,
        "Xero already has an invoice {number}",
        "It did not come from this record. Change {field}.",
        "{number_field}",
        next_step="Use another number, or ask your bookkeeper about that invoice.",
    )
    IN_XERO_ALREADY = Spec(
        SALES,
        "Xero already has this invoice: {number}",
        "Number, customer and total agree. It did not come from this record.",
        "{number_field}",
        next_step="Link to it, or give this one another number.",
    )
    TWO_IN_XERO = Spec(
        BOOKKEEPER,
        "Xero holds this invoice twice",
        "Both came from this record{numbers}.",
        next_step="Ask your bookkeeper to void one of them, then check again.",
    )
    CUSTOMER_MISSING = Spec(SALES, "The invoice has no account", "Choose the {field}.", "Account_Name")
    PERSON_MISSING = Spec(SALES, "The invoice has no contact", "Choose the {field}.", "Contact_Name")
    CUSTOMER_NAMELESS = Spec(SALES, "The account has no name that Xero takes", "Look at {field}.", "Account_Name")
    CUSTOMER_ARCHIVED = Spec(
        BOOKKEEPER,
        "{name} is archived in Xero",
        "Xero takes no new invoices for {field} until it is restored.",
        "Account_Name",
        next_step="Ask your bookkeeper to restore the contact.",
    )
    CUSTOMER_NAME_TAKEN = Spec(
        BOOKKEEPER,
        "Xero has another contact with this name",
        "We could not tell whether it is {field}.",
        "Account_Name",
        next_step="Ask your bookkeeper to merge or rename the contact.",
    )
    CHOOSE_CUSTOMER = Spec(
        ADMINISTRATOR,
        "Choose which contact in Xero {name} is",
        "We don't guess who {field} is.{why}",
        "Account_Name",
        next_step="Choose the contact, or ask an admin to choose it.",
    )
    DATE_MISSING = Spec(SALES, "The invoice has no date", "Fill in {field}.", "Invoice_Date")
    DUE_MISSING = Spec(SALES, "An approved invoice needs a due date", "Fill in {field}.", "Due_Date")
    DUE_BEFORE_DATE = Spec(
        SALES,
        "The due date is before the invoice date",
        "Due {due}, invoice dated {date}. Change {field} on this invoice.",
        "Due_Date",
    )
    PERIOD_CLOSED = Spec(
        BOOKKEEPER,
        "Its period is closed in Xero",
        "Closed up to {closed}{dated}. Change {field}, or keep it a draft.",
        "Invoice_Date",
        next_step="Use a later date, or ask your bookkeeper.",
    )
    BEFORE_START_DATE = Spec(
        SALES,
        "It is dated before InvoiceBridge started here",
        "{field} is {date}; invoices are sent from {start} on. See {setting}.",
        "Invoice_Date",
        "start",
        next_step="If it is in Xero already, link it there. Else ask your bookkeeper.",
    )
    CURRENCY_UNKNOWN = Spec(
        ADMINISTRATOR,
        "We don't know the invoice's currency",
        "Neither {field} nor the CRM org names one.",
        "Currency",
        next_step="Ask an admin to sign in again, then check again.",
    )
    CURRENCY_NOT_IN_XERO = Spec(
        ADMINISTRATOR,
        "Xero has no currency {currency}",
        "{organisation} has not subscribed to it. Look at {field}.",
        "Currency",
        next_step="Ask your bookkeeper to add the currency, then check again.",
    )
    CURRENCY_PRECISION = Spec(
        SALES,
        "The total {total} is finer than Xero keeps it",
        "{currency} has {most} there. Change the lines until {field} fits.",
        "Grand_Total",
    )
    RATE_MISSING = Spec(
        SALES,
        "The invoice has no exchange rate",
        "Fill in {field}, or leave it to Xero in {setting}.",
        "{that_field}",
        "rate",
    )
    RATE_UNPROVED = Spec(
        ADMINISTRATOR,
        "We can't tell which way CRM's rate is meant",
        "The total in {field} does not prove it. Look at {setting}.",
        "{that_field}",
        "rate",
    )
    THEME_UNKNOWN = Spec(
        ADMINISTRATOR,
        "Xero has no branding theme “{theme}”",
        "Choose another in {setting}.",
        setting="theme",
    )
    THEME_MISSPELT = Spec(
        SALES,
        "Xero has no branding theme “{theme}”",
        "Change {field}, or look at {setting}.",
        "{that_field}",
        "theme",
    )
    REFERENCE_LONG = Spec(
        SALES, "The reference is too long for Xero", "Shorten {field} to 255 characters.", "{that_field}"
    )
    TRACKING_GONE = Spec(
        ADMINISTRATOR,
        "Xero has no tracking category “{category}”",
        "Choose another in {setting}.",
        setting="tracking",
    )
    TRACKING_UNKNOWN = Spec(
        SALES,
        "“{option}” is no option of Xero's {category}",
        "Change {field}, or look at {setting}.",
        "{that_field}",
        "tracking",
        next_step="Ask your bookkeeper to add the option, then check again.",
    )
    TRACKING_OPTION_GONE = Spec(
        ADMINISTRATOR,
        "“{option}” is no option of Xero's {category}",
        "Choose another in {setting}.",
        setting="tracking",
    )
    AMOUNT_LARGE = Spec(
        SALES,
        "{label} is too large for Xero",
        "Xero takes at most 9,999,999,999.99. Look at {field}.",
        "{that_field}",
    )
    FIELD_MISREAD = Spec(SALES, "{label} can't be read", "Enter {field} again in CRM.", "{that_field}")
    AMOUNT_UNREADABLE = Spec(SALES, "{label} is not a number", "Enter {field} again in CRM.", "{that_field}")
    NO_LINES = Spec(SALES, "The invoice has no lines", "Add at least one product.", "Invoiced_Items")
    TOO_MANY_LINES = Spec(
        SALES,
        "The invoice has {count} lines{more}",
        "Split it: at most 200 {field} fit in one invoice.",
        "Invoiced_Items",
    )
    LINE_UNREADABLE = Spec(
        SALES, "Line {line}{product}: {what}", "Fill it in among the {field} of this invoice.", "Invoiced_Items"
    )
    LINE_TEXT_LONG = Spec(
        SALES,
        "Line {line}{product}: the text is too long",
        "Shorten it to 4,000 characters in the {field}.",
        "Invoiced_Items",
    )
    LINE_LARGE = Spec(
        SALES,
        "Line {line}{product}: the figures are too large for Xero",
        "Split the line: Xero takes at most 9,999,999,999.99.",
        "Invoiced_Items",
    )
    LINE_ACCOUNT_UNUSABLE = Spec(
        ADMINISTRATOR,
        "Line {line}{product}: account {account} can't take invoices",
        "It is archived, missing, or not for sales. Look at {setting}.",
        "Invoiced_Items",
        "accounts",
    )
    PRODUCT_HIDDEN = Spec(
        ADMINISTRATOR,
        "Line {line}{product}: CRM does not show its product",
        "It was deleted, or the connection may not see it. {setting} needs it.",
        "Invoiced_Items",
        "accounts",
        next_step="Choose another product, or ask an admin.",
    )
    PRODUCT_UNKNOWN = Spec(
        ADMINISTRATOR,
        "Line {line}{product}: Xero has no product “{product_code}”",
        "Add it in Xero, or look at {setting}.",
        "Invoiced_Items",
        "products",
        next_step="Ask your bookkeeper to add the product, then check again.",
    )
    PRODUCTS_NOT_ALLOWED = Spec(
        ADMINISTRATOR,
        "Line {line}{product}: Xero has no product “{product_code}”",
        "The connection may read products, not make them. Look at {setting}.",
        "Invoiced_Items",
        "products",
        next_step="Ask an admin to reconnect Xero, which then asks for it.",
    )
    PRODUCT_REFUSED = Spec(
        BOOKKEEPER,
        "Xero did not take the product “{product_code}”",
        "Xero says: {sentence}",
        next_step="Ask your bookkeeper to add the product, then check again.",
    )
    LINE_TRACKING_UNKNOWN = Spec(
        SALES,
        "Line {line}{product}: “{option}” is not in Xero's {category}",
        "Change it on the line or its product, or in {setting}.",
        "Invoiced_Items",
        "tracking",
        next_step="Ask your bookkeeper to add the option, then check again.",
    )
    TAX_ON_TAX = Spec(
        SALES,
        "Tax stands on lines and on the whole invoice",
        "Clear {field}, or take the taxes off the lines.",
        "Tax",
    )
    TAX_BOTH_WAYS = Spec(
        SALES,
        "Prices hold the tax, and the invoice adds it again",
        "Take the taxes off the {field}, or look at {setting}.",
        "Invoiced_Items",
        "amounts",
    )
    AMOUNTS_UNCLEAR = Spec(
        SALES,
        "We can't tell whether prices hold the tax",
        "{field} says “{value}”. Look at {setting}.",
        "{that_field}",
        "amounts",
    )
    INCLUSIVE_UNMAPPED = Spec(
        ADMINISTRATOR,
        "The tax in the prices has no Xero rate",
        "Choose the rate that prices hold in {setting}.",
        setting="amounts",
    )
    ZERO_RATE_UNMAPPED = Spec(
        ADMINISTRATOR,
        "There is no 0 % rate for {what}",
        "Choose the Xero rate for lines without tax in {setting}.",
        setting="taxes",
    )
    TAX_UNMAPPED = Spec(
        ADMINISTRATOR,
        "Line {line}{product}: tax “{tax}” is not matched",
        "Choose its Xero rate in {setting}, or change the line's tax.",
        "Invoiced_Items",
        "taxes",
    )
    TAX_NONE_UNMAPPED = Spec(
        ADMINISTRATOR,
        "Line {line}{product} has no tax, and 0 % is not matched",
        "Choose its Xero rate in {setting}.",
        "Invoiced_Items",
        "taxes",
    )
    HEADER_TAX_UNMAPPED = Spec(
        ADMINISTRATOR,
        "The invoice's tax “{tax}” is not matched",
        "Choose its Xero rate in {setting}, or change {field}.",
        "Tax",
        "taxes",
    )
    TAX_TYPE_GONE = Spec(
        ADMINISTRATOR,
        "Xero's rate “{tax_type}” can't be used any more",
        "Choose another for {rate} % in {setting}.",
        setting="taxes",
    )
    TAX_RATE_MOVED = Spec(
        ADMINISTRATOR,
        "Xero's rate “{tax_type}” is {actual} %, not {rate} %",
        "Match {rate} % anew in {setting}.",
        setting="taxes",
    )
    ACCOUNT_UNUSABLE = Spec(
        ADMINISTRATOR,
        "Account {account} can't take invoices",
        "It is archived, missing, or not for sales. Choose another in {setting}.",
        setting="account",
    )
    OWN_ACCOUNT_UNUSABLE = Spec(
        ADMINISTRATOR,
        "Account {account} can't take invoices",
        "It is archived, missing, or not for sales. Choose another in {setting}.",
        setting="accounts",
    )
    TAX_ACCOUNT_PAIR = Spec(
        ADMINISTRATOR,
        "Xero's rate {tax_type} can't go on account {account}",
        "Choose another rate in {setting}.",
        setting="taxes",
        next_step="Ask an admin to match the tax or the account anew.",
    )
    TERMS_MISSING = Spec(
        ADMINISTRATOR,
        "Neither the customer nor the organisation has payment terms",
        "An approved invoice needs a due date. Look at {setting}.",
        setting="due",
        next_step="Ask your bookkeeper for the customer's terms, then check again.",
    )
    CRM_TOTAL_UNEXPLAINED = Spec(
        SALES,
        "{label} does not follow from the lines",
        "CRM says {crm}, its lines make {expected}. Look at {field}.",
        "{that_field}",
        next_step="Enter one of its amounts again, to have it counted.",
    )
    TOTAL_MISSING = Spec(
        SALES, "CRM shows no grand total", "Save the invoice in CRM to have {field} counted.", "Grand_Total"
    )
    TOTAL_NEGATIVE = Spec(
        BOOKKEEPER,
        "The invoice's total is below zero",
        "Xero takes {total} as a credit note only.",
        next_step="Ask your bookkeeper for a credit note.",
    )
    TOTAL_ZERO = Spec(SALES, "The invoice's total is zero", "Nothing would be owed. Look at {field}.", "Grand_Total")
    TOTALS_DIFFER = Spec(
        SALES,
        "{apart} apart: not sent",
        "CRM says {crm}, Xero would make it {xero}. Most of it: {part}. Look at {field}.",
        "Grand_Total",
        next_step="Change what CRM rounds otherwise, or ask your bookkeeper.",
    )
    ROUNDING_BEYOND_LIMIT = Spec(
        ADMINISTRATOR,
        "Rounding makes {apart}, more than you allow",
        "CRM says {crm}, Xero would make it {xero}. {setting} allows {limit}.",
        setting="rounding",
        next_step="Ask an admin to allow up to {allow}.",
    )
    ROUNDING_TOO_LARGE = Spec(
        BOOKKEEPER,
        "Rounding makes {apart}, more than one line may bear",
        "CRM says {crm}, Xero would make it {xero}. Look at {field}.",
        "Grand_Total",
        next_step="Put fewer lines on it, or ask your bookkeeper.",
    )
    ROUNDING_ACCOUNT_MISSING = Spec(
        BOOKKEEPER,
        "Rounding makes {apart}, and Xero has no account for it",
        "The organisation's rounding account is missing or archived.",
        next_step="Ask your bookkeeper to restore it, then check again.",
    )
    TOTAL_DIFFERS = Spec(
        BOOKKEEPER,
        "Xero's total differs from CRM's",
        "Sent, but Xero answered {xero} where CRM says {crm}.",
        next_step="Ask your bookkeeper to look at the lines.",
    )
    XERO_REFUSED = Spec(
        BOOKKEEPER,
        "Xero did not take it",
        "Xero says: {sentence}",
        next_step="Ask your bookkeeper what it means, then check again.",
    )
    XERO_LOCKED = Spec(
        SALES,
        "Xero does not let it be changed any more",
        "Xero says: {sentence}",
        next_step="Press Refresh to see how it stands now.",
    )
    XERO_COUNTS_OTHERWISE = Spec(
        BOOKKEEPER,
        "Xero counts a line otherwise than we expected",
        "Xero says: {sentence}",
        next_step="Ask your bookkeeper to enter it, and tell whoever runs InvoiceBridge.",
    )
    XERO_RIGHTS = Spec(
        ADMINISTRATOR,
        "The connected Xero person may not do this",
        "Xero says: {sentence}",
        next_step="Reconnect with a person who may, or ask your bookkeeper.",
    )
    XERO_PLAN_CAP = Spec(
        BOOKKEEPER,
        "Xero's plan allows no more approved invoices now",
        "Xero says: {sentence}",
        next_step="Send it as a draft, or ask your bookkeeper.",
    )
    WAITED_TOO_LONG = Spec(
        ADMINISTRATOR, "The service could not be reached for a day", "Nothing was sent.", next_step="Push it again."
    )
    UNEXPECTED = Spec(
        ADMINISTRATOR,
        "Something went wrong on our side",
        "Nothing was sent for this record.",
        next_step="Push it again. If it happens again, tell whoever runs InvoiceBridge.",
    )


# The screen shows values within one sentence; Xero's own sentences may be longer.
LONGEST_VALUE = 80
LONGEST = {"sentence": 500, "numbers": 200, "tax": 200}
JOINED = {"product": ",", "numbers": ":", "why": ""}
AS_GIVEN = ("number_field", "that_field", "dated", "more")

FIELD_LABELS = {
    "Account_Name": "Account",
    "Adjustment": "Adjustment",
    "Contact_Name": "Contact",
    "Currency": "Currency",
    "Discount": "Discount",
    "Due_Date": "Due Date",
    "Grand_Total": "Grand Total",
    "Invoice_Date": "Invoice Date",
    "Invoiced_Items": "Invoiced lines",
    "Invoice_Number": "Invoice Number",
    "Status": "Status",
    "Tax": "Tax",
}
SETTING_LABELS = {  # by the names that the sections have on the settings page
    "account": "Settings › Accounts and products",
    "accounts": "Settings › Accounts and products",
    "amounts": "Settings › Tax handling",
    "due": "Settings › Due date",
    "products": "Settings › Accounts and products",
    "rate": "Settings › Rounding and rates",
    "rights": "Settings › Who may",
    "rounding": "Settings › Rounding and rates",
    "set_up": "Settings",
    "start": "Settings › Start and numbers",
    "statuses": "Settings › Invoice status",
    "taxes": "Settings › Taxes",
    "theme": "Settings › Tracking and themes",
    "tracking": "Settings › Tracking and themes",
}


@dataclass(frozen=True)
class Reason:
    """One problem of one record. `line` counts from 1; values are texts or numbers for the sentence."""

    code: Code
    line: int | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.code.name.lower()

    @property
    def sentence(self) -> str:
        return _filled(self.code.value.sentence, self.values)

    @property
    def detail(self) -> str:
        return _filled(self.code.value.detail, self.values)

    @property
    def next_step(self) -> str | None:
        step = self.code.value.next_step
        return None if step is None else _filled(step, self.values)

    @property
    def field_name(self) -> str | None:
        """The CRM field to fix; the number's field is the tenant's choice."""
        spec = self.code.value.field
        return None if spec is None else _filled(spec, {"number_field": "Invoice_Number", **self.values})


class _Kept(dict[str, object]):
    """Leaves marks that have no value as they are: {field} and {setting} are the screen's."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _filled(template: str, values: Mapping[str, object]) -> str:
    return template.format_map(_Kept(values))


def reason(code: Code, *, line: int | None = None, **values: str | int) -> Reason:
    """A reason with its values, which may be anybody's words. Lists like `product` are joined on by their sign."""
    named = {name: _quoted(name, value) for name, value in values.items()}
    for name, sign in JOINED.items():
        named[name] = f"{sign} {named[name]}" if named.get(name) else ""
    return Reason(code, line, named if line is None else {**named, "line": line})


def _quoted(name: str, value: str | int) -> str | int:
    if isinstance(value, int) or name in AS_GIVEN:
        return value
    said = quoted(str(value), LONGEST.get(name, LONGEST_VALUE))
    return said or ("nothing more" if name == "sentence" else "")
