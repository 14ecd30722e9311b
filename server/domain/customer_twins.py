"""May these customers, decided side by side, stand beside each other? No contact for two, no two new ones of a name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from server.domain.customer import Customer, NewContact, UseContact, blocked
from server.domain.customer_facts import Known, name_key

# What names one contact alone; a name or an e-mail may be several customers'.
_STRONG = ("number", "account_number")


def apart(knowns: Mapping[str, Known], found: Mapping[str, Customer]) -> dict[str, Customer]:
    """Where several customers would have one contact, the one whom a number names keeps it; without such a one nobody
    does. Where several of one name are new, the first gets the contact, as if it had come alone."""
    kept = dict(found)
    for several in _shared(found, _contact):
        strong = [each for each in several if _matched_by(found[each]) in _STRONG]
        first = strong[0] if len(strong) == 1 else None
        for each in several:
            if each != first:
                kept[each] = blocked(knowns[each], "linked" if first else "namesake")
    for several in _shared(found, _new_name):
        for each in several[1:]:
            kept[each] = blocked(knowns[each], "namesake")
    return kept


def _shared(found: Mapping[str, Customer], what: Callable[[Customer], Hashable]) -> list[list[str]]:
    """The records that have it in common, by id."""
    groups: dict[Hashable, list[str]] = {}
    for record_id in sorted(found):
        key = what(found[record_id])
        if key is not None:
            groups.setdefault(key, []).append(record_id)
    return [each for each in groups.values() if len(each) > 1]


def _contact(customer: Customer) -> str | None:
    return customer.contact_id if isinstance(customer, UseContact) else None


def _matched_by(customer: Customer) -> str | None:
    return customer.matched_by if isinstance(customer, UseContact) else None


def _new_name(customer: Customer) -> str | None:
    return name_key(customer.name) if isinstance(customer, NewContact) else None
