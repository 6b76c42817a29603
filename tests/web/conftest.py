"""Web tests: a small app with the real shell, and pages that are checked as they are fetched.

Fixtures for everybody who tests pages: `checked_get` and `checked_post` fetch a page with a test client and fail on
broken HTML, missing headings, double ids, inline scripts or missing security headers, whatever the test is about.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parents[2]
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
LANGUAGES = frozenset({"zh-Hans", "zh-Hant", "en"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; ",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self)",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "",
}


@pytest.fixture(scope="session", autouse=True)
def _front_end_is_built() -> None:
    """The build and the catalogues, as `make` leaves them; both are quick when nothing changed."""
    for tool in (["build_frontend.py", "--quiet"], ["translations.py", "compile"]):
        subprocess.run([sys.executable, str(ROOT / "tools" / tool[0]), *tool[1:]], check=True)


@dataclass
class Page:
    """A page that passed all checks. `texts[tag]` are the texts of the elements of that name."""

    status: int
    text: str
    headers: Any
    lang: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def h1(self) -> str:
        return self.texts["h1"][0]

    @property
    def title(self) -> str:
        return self.texts["title"][0]

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """Attributes of the elements of this name that have these attributes (`class_` for class)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [a for t, a in self.elements if t == tag and all(a.get(n) == v for n, v in wanted.items())]


class _Checker(HTMLParser):
    """Collects elements and objects to what a browser would quietly mend."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.open, self.faults = page, [], []
        self.declared = ""

    def handle_decl(self, decl: str) -> None:
        self.declared = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        self.page.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.page.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self.open.append((tag, len(self.page.texts[tag]) - 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1][0] if self.open else 'nothing'} at {self.getpos()}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for tag, n in self.open:
            self.page.texts[tag][n] += data


def check_page(page: Page) -> Page:
    """All rules for a whole page; lists every fault at once."""
    checker = _Checker(page)
    checker.feed(page.text)
    faults = [*checker.faults, *(f"<{tag}> is never closed" for tag, _ in checker.open)]
    faults += _frame_faults(page, checker.declared) + _reference_faults(page) + _inline_faults(page)
    assert not faults, "\n".join(faults)
    return page


def _frame_faults(page: Page, declared: str) -> list[str]:
    faults = [] if declared.lower() == "doctype html" else ["no doctype"]
    page.lang = next((a.get("lang", "") for tag, a in page.elements if tag == "html"), "")
    if page.lang not in LANGUAGES:
        faults.append(f"lang is {page.lang!r}")
    for tag in ("h1", "title", "main"):
        found = [text.strip() for text in page.texts.get(tag, [])]
        if len(found) != 1 or not found[0] or found[0].startswith("|"):
            faults.append(f"there must be one <{tag}> with words in it: {found}")
    return faults


def _reference_faults(page: Page) -> list[str]:
    ids = Counter(a["id"] for _, a in page.elements if "id" in a)
    faults = [f"id {id!r} stands {n} times" for id, n in ids.items() if n > 1]
    for tag, a in page.elements:
        named = [*a.get("aria-labelledby", "").split(), *a.get("aria-describedby", "").split()]
        named += [a["for"]] if tag == "label" and "for" in a else []
        named += [a["href"][1:]] if a.get("href", "").startswith("#") and len(a["href"]) > 1 else []
        faults += [f"<{tag}> points to #{id}, which is not there" for id in named if id not in ids]
        if tag == "img" and "alt" not in a:
            faults.append(f"an image without alt: {a}")
        if tag in ("a", "link") and tag == "a" and "href" not in a:
            faults.append(f"a link to nowhere: {a}")
    return faults


def _inline_faults(page: Page) -> list[str]:
    faults = []
    for tag, a in page.elements:
        if tag == "style" or "style" in a or any(name.startswith("on") for name in a):
            faults.append(f"inline style or handler: <{tag} {a}>")
        if any(value.strip().lower().startswith("javascript:") for value in a.values()):
            faults.append(f"a script in an address: <{tag} {a}>")
    faults += [f"inline script: {text[:60]!r}" for text in page.texts.get("script", []) if text.strip()]
    addresses = [a.get("src", "") or a.get("href", "") for tag, a in page.elements if tag in ("script", "link", "img")]
    faults += [f"from somewhere else: {address}" for address in addresses if re.match(r"(https?:)?//", address)]
    return faults


def check_headers(headers: Any) -> None:
    for name, start in HEADERS.items():
        assert headers.get(name, "<missing>").startswith(start), f"{name}: {headers.get(name)}"
    assert "unsafe" not in headers["Content-Security-Policy"]


Fetch = Callable[..., Page]


@pytest.fixture
def checked_get() -> Fetch:
    """`checked_get(client, "/path", status=200, **kwargs)` → Page. Redirects are not followed."""

    def get(client: FlaskClient, path: str, status: int = 200, **kwargs: Any) -> Page:
        return _checked(client.get(path, **kwargs), status)

    return get


@pytest.fixture
def checked_post() -> Fetch:
    """`checked_post(client, "/path", {"field": "value"}, page="/where/the/form/is", status=302)` → Page or redirect.

    Fetches the CSRF token from `page` first, as a browser would have it.
    """

    def post(
        client: FlaskClient, path: str, fields: dict[str, str], *, page: str, status: int = 302, **kwargs: Any
    ) -> Page:
        token = csrf_token(client, page)
        return _checked(client.post(path, data={**fields, "csrf_token": token}, **kwargs), status)

    return post


def csrf_token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).get_data(as_text=True))
    assert found, f"no CSRF token on {page}"
    return found[1]


def _checked(response: Any, status: int) -> Page:
    text = response.get_data(as_text=True)
    assert response.status_code == status, f"{response.status_code} instead of {status}: {text[:500]}"
    check_headers(response.headers)
    page = Page(response.status_code, text, response.headers)
    return page if status in (204, 301, 302, 303, 304) else check_page(page)
