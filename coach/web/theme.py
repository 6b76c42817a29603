"""Light, dark, or as the system has it: a cookie, so that the server sends the right page at once."""

from __future__ import annotations

from enum import StrEnum

from flask import request

COOKIE = "theme"


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def theme_of_request() -> Theme:
    return parsed(request.cookies.get(COOKIE, ""))


def parsed(value: str) -> Theme:
    """Anything unknown means the system's."""
    try:
        return Theme(value)
    except ValueError:
        return Theme.SYSTEM
