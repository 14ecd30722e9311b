"""How do JSON bodies come in and go out? Unknown fields are refused; instants are written in UTC."""

from __future__ import annotations

import marshmallow as ma


class Request(ma.Schema):
    """A body from outside: a field that we do not know is told, not ignored."""

    class Meta:
        unknown = ma.RAISE


class Shape(ma.Schema):
    """A body of ours."""
