"""How are amounts, numbers and days written in the JSON of a preview? As text that keeps them exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from server.domain.money import cents, trimmed

Json = dict[str, object]


def money(amount: Decimal | None) -> str | None:
    """Two decimals at the least, more only where there are more; no minus before nothing."""
    if amount is None:
        return None
    plain_zero = abs(amount) if amount == 0 else amount
    return f"{plain_zero:.2f}" if plain_zero == cents(plain_zero) else plain(plain_zero)


def plain(amount: Decimal) -> str:
    return f"{trimmed(amount):f}"


def day_or_none(day: date | None) -> str | None:
    return day.isoformat() if day else None
