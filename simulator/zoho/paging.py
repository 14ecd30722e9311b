"""Which page of a list is asked for: by number up to 2,000 records, by token beyond? (Z5.5, Z7.11)"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import request

from simulator.zoho.access import Caller
from simulator.zoho.answers import RefusedError, invalid_data
from simulator.zoho.centre import here
from simulator.zoho.moments import after, passed, shown

Doc = dict[str, Any]
Key = Callable[[Doc], tuple[str, str]]
PAGE = 200
REACH = 2000
TOKEN_REACH = 100_000


def paged(found: list[Doc]) -> tuple[list[Doc], Doc]:
    """The page of the records that `page` names, and `info`."""
    page, per_page = _page()
    shown_now = found[(page - 1) * per_page : page * per_page]
    return shown_now, _info(page, per_page, len(shown_now), more=len(found) > page * per_page)


def sorted_page(who: Caller, found: list[Doc], key: Key, *, down: bool) -> tuple[list[Doc], Doc]:
    """The page that `page` or `page_token` names; `info` has the token of the next one."""
    found = sorted(found, key=key, reverse=down)
    text = request.args.get("page_token")
    if text is None:
        page, per_page = _page()
        start, seen = (page - 1) * per_page, (page - 1) * per_page
    else:
        token = _read(who, text)
        page, per_page, seen = token["page"], _per_page(), token["seen"]
        last = tuple(token["last"])
        # A token goes on after the record it ended with, whatever came or went since.
        start = next((n for n, one in enumerate(found) if (key(one) < last) == down and key(one) != last), len(found))
    shown_now = found[start : start + per_page]
    more = len(found) > start + per_page
    info = _info(page, per_page, len(shown_now), more=more)
    if more:
        info |= _next(who, key(shown_now[-1]), page, seen + len(shown_now))
    return shown_now, info


def _next(who: Caller, last: tuple[str, str], page: int, seen: int) -> Doc:
    until = after(here().switches["page_token_seconds"])
    token = {
        "user": who.user["id"],
        "query": _query(),
        "last": last,
        "page": page + 1,
        "seen": seen,
        "until": until,
    }
    text = base64.urlsafe_b64encode(json.dumps(token).encode()).decode().rstrip("=")
    return {"next_page_token": text, "page_token_expiry": shown(until, who.user["time_zone"])}


def _read(who: Caller, text: str) -> Doc:
    """What a token says; it is bound to its user and to the same parameters, and dies after a day."""
    where: Doc = {"param_name": "page_token"}
    if "page" in request.args:
        details = {"ambiguity_due_to": [{"param_name": "page"}, where]}
        raise RefusedError(400, "AMBIGUITY_DURING_PROCESSING", "give page or page_token, not both", details)
    try:
        token: Doc = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        user, query, until, seen = token["user"], token["query"], token["until"], token["seen"]
    except (ValueError, KeyError, TypeError):
        raise invalid_data(where) from None
    if user != who.user["id"] or query != _query():
        message = "page_token is bound to its user and to the parameters it was given for"
        raise RefusedError(400, "TOKEN_BOUND_DATA_MISMATCH", message, where)
    if passed(until):
        raise RefusedError(400, "EXPIRED_VALUE", "the page_token given has expired", where)
    if seen + _per_page() > TOKEN_REACH:
        beyond: Doc = {"limit": TOKEN_REACH, **where}
        raise RefusedError(400, "PAGINATION_LIMIT_EXCEEDED", "page_token reaches 100,000 records", beyond)
    return token


def _query() -> str:
    """The parameters of the call in short, without the page."""
    bound = sorted((k, v) for k, v in request.args.items() if k not in ("page", "page_token"))
    return hashlib.sha256(json.dumps([request.path, bound]).encode()).hexdigest()[:16]


def _page() -> tuple[int, int]:
    page, per_page = _count("page", 1), _per_page()
    if page * per_page > REACH:
        details = {"limit": REACH, "param_name": "page"}
        message = "page reaches 2,000 records; use page_token beyond"
        raise RefusedError(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", message, details)
    return page, per_page


def _per_page() -> int:
    per_page = _count("per_page", PAGE)
    if per_page > PAGE:
        details = {"limit": PAGE, "param_name": "per_page"}
        raise RefusedError(400, "LIMIT_EXCEEDED", "the per_page limit is exceeded", details)
    return per_page


def _count(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise invalid_data({"expected_data_type": "integer", "param_name": name})
    return int(text)


def _info(page: int, per_page: int, count: int, *, more: bool) -> Doc:
    return {
        "call": False,
        "per_page": per_page,
        "next_page_token": None,
        "count": count,
        "sort_by": request.args.get("sort_by", "id"),
        "page": page,
        "previous_page_token": None,
        "page_token_expiry": None,
        "sort_order": request.args.get("sort_order", "desc"),
        "email": False,
        "more_records": more,
    }
