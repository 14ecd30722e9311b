"""Which origin may a result be handed to, and where did this request come from?"""

from __future__ import annotations

from flask import request

from server.api.context import services
from server.api.errors import Problem


def demand_widget_origin(origin: str) -> None:
    """The widget is served by us, so its origin is ours. Raises 422."""
    if origin != services().config.public_base:
        told = "must be the origin that the widget was loaded from"
        raise Problem(422, "not_valid", "Some fields are not right.", {"widget_origin": told})


def came_from_elsewhere() -> bool:
    """Whether a browser says that this page was not opened by one of ours: a link in a mail, another site.

    Every browser since 2023 says it. Programs do not, and no stranger can make a person's browser leave it out.
    """
    return request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
