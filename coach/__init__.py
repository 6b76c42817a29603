"""Coach: an agent training and coaching simulator for call centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app() -> Flask:
    """The web application, wired by the settings in the environment. BadSettings when they are unsafe."""
    from coach.bootstrap import create_app as create

    return create()
