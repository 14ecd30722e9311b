"""What of an organisation do only some settings need? Its currencies, products, tracking categories and themes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from server.clients.xero import BooksRef
from server.domain.fields import rows, text
from server.domain.mapping import PRODUCTS_OFF
from server.domain.values import Settings
from server.sync.services import Services

CURRENCIES, PRODUCTS, TRACKING, THEMES = "currencies", "products", "tracking", "themes"
Kept = dict[str, Any]


def needs_of(settings: Settings) -> set[str]:
    """What a tenant's rules ask for; other organisations cost no call."""
    wanted = {
        PRODUCTS: settings.products != PRODUCTS_OFF,
        TRACKING: bool(settings.tracking),
        THEMES: settings.theme is not None,
    }
    return {name for name, is_wanted in wanted.items() if is_wanted}


def read_more(s: Services, ref: BooksRef, needs: Collection[str]) -> Kept:
    """One call each, and no names of people. Raises the ladder of clients/errors.py."""
    found: Kept = {}
    if CURRENCIES in needs:
        found[CURRENCIES] = _texts(s.xero.currencies(ref), "Code")
    if PRODUCTS in needs:
        found[PRODUCTS] = _texts(s.xero.price_list(ref), "Code")
    if TRACKING in needs:
        categories = [each for each in s.xero.tracking_categories(ref) if _is_active(each)]
        found[TRACKING] = [[text(each.get("Name")) or "", _options(each)] for each in categories]
    if THEMES in needs:
        named = [(text(each.get("Name")), text(each.get("BrandingThemeID"))) for each in s.xero.branding_themes(ref)]
        found[THEMES] = [[name, theme_id] for name, theme_id in named if name and theme_id]
    return found


def _options(category: Mapping[str, Any]) -> list[str]:
    return _texts([each for each in rows(category.get("Options")) if _is_active(each)], "Name")


def _is_active(row: Mapping[str, Any]) -> bool:
    return bool(row.get("Status", "ACTIVE") == "ACTIVE")


def _texts(several: list[Any], name: str) -> list[str]:
    return [found for each in several if (found := text(each.get(name)))]
