"""The HTTP API for other programs: everything below `/api/v1/`, by bearer token. See docs/api.md."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from coach.web.api import flags, rehearsals, scenarios, specification
from coach.web.api.door import api

__all__ = ["flags", "install_api", "rehearsals", "scenarios", "specification"]


def install_api(app: Flask, csrf: CSRFProtect) -> None:
    """Adds the API to an app that has the shell. Its callers carry a token, so that CSRF is no matter here."""
    csrf.exempt(api)
    app.register_blueprint(api)
