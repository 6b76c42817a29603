"""Static files: hashed names that browsers may keep for ever, served by WhiteNoise in front of Flask."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATIC = Path(__file__).with_name("static")
BUILD = STATIC / "build"
_HASHED = re.compile(r"^/static/build/.+\.[0-9a-f]{12}\.(?:js|css)$")


class Assets:
    """Addresses of static files by their plain names. Reads the manifest again when the front end was built anew."""

    def __init__(self, static: Path = STATIC) -> None:
        self.static = static
        self._manifest: dict[str, str] = {}
        self._read_at = 0

    def address(self, name: str) -> str:
        """`asset("coach.css")` → `/static/build/coach.0123456789ab.css`; LookupError with a hint if there is none."""
        built = self._names().get(name)
        if built is not None:
            return f"/static/build/{built}"
        if (self.static / name).is_file():
            return f"/static/{name}"
        raise LookupError(
            f"no asset {name!r}: run `make build` (python tools/build_frontend.py), or is the name wrong?"
        )

    def _names(self) -> dict[str, str]:
        path = self.static / "build" / "manifest.json"
        try:
            changed = path.stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if changed != self._read_at:
            self._manifest = json.loads(path.read_text(encoding="utf-8"))
            self._read_at = changed
        return self._manifest


def is_immutable(_path: str, url: str) -> bool:
    """Whether the name carries the hash of the content."""
    return _HASHED.match(url) is not None


def install_static(app: Flask, *, watch: bool = False) -> None:
    """Serves `/static/` and gives templates `asset(name)`. `watch`: look at the files at each request (development)."""
    app.jinja_env.globals["asset"] = Assets().address
    app.wsgi_app = front(app.wsgi_app, watch=watch)  # type: ignore[method-assign]


def front(app: WSGIApplication, *, watch: bool = False) -> WhiteNoise:
    return WhiteNoise(
        app,
        root=str(STATIC),
        prefix="static/",
        max_age=3600,
        autorefresh=watch,
        immutable_file_test=is_immutable,
        allow_all_origins=False,
    )
