"""Why can a sign-in or a connect not go on? One catalogue: stable code, status of the page, what the person reads."""

from __future__ import annotations

from enum import Enum, unique
from typing import NamedTuple


class Told(NamedTuple):
    """`sentence` may name both sides by {wanted} and {found}."""

    status: int
    title: str
    sentence: str


_AGAIN = "Go back to your CRM page and start again."


@unique
class Why(Enum):
    """The name is the code; programs and tests go by it."""

    link_unknown = Told(404, "This link is not known", f"It may have been cut off or be long over. {_AGAIN}")
    link_expired = Told(410, "This link is over", f"A link works for ten minutes. {_AGAIN}")
    link_used = Told(410, "This link was already used", f"Each link works once. {_AGAIN}")
    state_unknown = Told(400, "This step is not known", f"It belongs to nothing that was started here. {_AGAIN}")
    other_browser = Told(403, "Started in another browser", f"A sign-in ends in the browser that began it. {_AGAIN}")
    denied = Told(403, "Not allowed", f"You did not allow it, so nothing was changed. {_AGAIN}")
    wrong_digits = Told(403, "Too many tries", f"The digits were wrong five times. {_AGAIN}")
    unknown_data_centre = Told(403, "Unknown Zoho address", "Zoho named an address that InvoiceBridge does not know.")
    not_active = Told(403, "Not an active user", "Zoho says that this CRM user is not active.")
    not_set_up = Told(
        403, "Not set up yet", "InvoiceBridge is not set up for {found} yet. Ask an administrator to sign in first."
    )
    not_administrator = Told(403, "Administrators only", "Only a CRM administrator can connect Zoho CRM.")
    other_org = Told(409, "Another CRM org", "These settings are those of {wanted}, but you signed in to {found}.")
    other_organisation = Told(
        409, "Another organisation", "This CRM works with {wanted}, but you allowed {found}. Choose {wanted} in Xero."
    )
    other_person = Told(
        409,
        "Another Xero user",
        "{wanted} was connected by another Xero user. Disconnect it first, then allow {found}.",
    )
    organisation_taken = Told(409, "Already connected", "{found} is already connected to the CRM of {wanted}.")
    no_organisation = Told(409, "No organisation", "You allowed no organisation in Xero, so nothing was connected.")
    connected_meanwhile = Told(409, "Changed meanwhile", f"Somebody else changed this connection. {_AGAIN}")
    zoho_away = Told(503, "Zoho can't be reached", f"Zoho did not answer in time. {_AGAIN}")
    xero_away = Told(503, "Xero can't be reached", f"Xero did not answer in time. {_AGAIN}")
    no_api_access = Told(
        403,
        "No API access",
        "Your CRM profile has no API access. Ask a CRM administrator to switch it on under Profiles.",
    )
    zoho_refused = Told(403, "Zoho refused", f"Zoho did not accept this. {_AGAIN}")
    xero_refused = Told(403, "Xero refused", f"Xero did not accept this. {_AGAIN}")


class TurnedAway(Exception):
    """Raise it where a flow cannot go on; the page and the widget tell why."""

    def __init__(self, why: Why, *, wanted: str = "", found: str = "") -> None:
        super().__init__(why.name)
        self.why = why
        self.sentence = why.value.sentence.format(wanted=wanted, found=found)


def sentence_of(code: str | None) -> str:
    """What a code kept in a ticket means, without names."""
    if code is None or code not in Why.__members__:
        return f"This sign-in is over. {_AGAIN}"
    return Why[code].value.sentence.format(wanted="another", found="this CRM org")
