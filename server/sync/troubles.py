"""What is the matter with a connection, in words? One table: stable code, what a person reads and can do."""

from __future__ import annotations

from enum import Enum, unique

_RECONNECT = "Connect it again; waiting invoices then go out by themselves."


@unique
class Trouble(Enum):
    """The name is the code that a connection keeps; `{service}` is Zoho CRM or Xero."""

    token_refused = f"{{service}} took the consent back. {_RECONNECT}"
    app_disconnected = f"InvoiceBridge was disconnected inside {{service}}. {_RECONNECT}"
    scope_missing = f"{{service}} lacks a right that is needed. {_RECONNECT}"
    forbidden = "{service} lets the connected user in no more. Check that user's access, then press Test."
    no_api_access = "The profile of the user behind {service} has no API access. Switch it on there, then press Test."
    org_moved = f"This CRM moved to another Zoho data centre. {_RECONNECT}"
    unknown_grant = f"The consent for {{service}} is gone. {_RECONNECT}"
    secrets_lost = f"The stored keys for {{service}} can't be read any more. {_RECONNECT}"
    disconnected = f"{{service}} is disconnected. {_RECONNECT}"
    no_invoices_module = "This CRM shows no module Invoices. Switch it on in CRM, then connect again."
    fields_full = "Your CRM has no room for the Xero fields. Delete a field there, then connect again."
    fields_taken = "Other fields of your CRM have the names of ours. Rename them, then connect again."
    fields_not_supported = "Your CRM edition takes no further fields. Pushing works; the list shows less."
    fields_not_permitted = "The connected user may not add fields in CRM. An administrator must connect."
    fields_not_checked = "CRM did not answer when the Xero fields were added. Connect again."
    fields_missing = "Some Xero fields are missing in CRM. Connect again to add them."
    # What no connection keeps, but what a look at it finds.
    rights_lacking = "{service} has not granted all that your settings need. Connect it again."
    person_left = "{person} connected {service} and is no active CRM user any more. Connect it as yourself."
    away = "{service} did not answer just now. Nothing is lost; it goes on by itself."
    refused = "{service} answered, but refused this. Connect it again if that stays."
    not_connected = "{service} is not connected yet."


SERVICES = {"zoho": "Zoho CRM", "xero": "Xero"}


def told_of(code: str | None, service: str, person: str = "") -> str | None:
    """The sentence of a code; of one that is not known the general one, None where nothing is the matter."""
    if code is None:
        return None
    found = Trouble.__members__.get(code, Trouble.disconnected)
    return found.value.format(service=SERVICES[service], person=person or "Somebody")
