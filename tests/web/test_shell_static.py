"""Headers on files as on pages, names that may be kept for ever, and a build that is repeatable."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from coach.web.static_files import BUILD, Assets
from tests.web.conftest import ROOT, check_headers
from tests.web.shell_app import make_app


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return make_app()[0].test_client()


def fetched(client: FlaskClient, path: str, **kwargs: Any) -> Any:
    response = client.get(path, **kwargs)
    check_headers(response.headers)
    return response


@pytest.mark.parametrize("name", ["coach.css", "shell.js"])
def test_built_files_may_be_kept_for_ever(client: FlaskClient, name: str) -> None:
    response = fetched(client, Assets().address(name))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    etag = response.headers["ETag"]
    assert fetched(client, Assets().address(name), headers={"If-None-Match": etag}).status_code == 304


def test_other_files_are_asked_for_again(client: FlaskClient) -> None:
    response = fetched(client, Assets().address("icon.svg"))
    assert "immutable" not in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/static/build/nothing.js", "/static/../app.py", "/static/%2e%2e/shared.py", "/static/"]
)
def test_what_is_not_there_is_a_page_with_all_headers(client: FlaskClient, checked_get: Any, path: str) -> None:
    checked_get(client, path, status=404)


def test_parts_of_a_file_can_be_asked_for(client: FlaskClient) -> None:
    response = fetched(client, Assets().address("coach.css"), headers={"Range": "bytes=0-9"})
    assert (response.status_code, len(response.data)) == (206, 10)


def test_pages_are_not_stored(client: FlaskClient) -> None:
    assert fetched(client, "/login").headers["Cache-Control"] == "no-store"


def test_transport_is_strict_only_where_it_is_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in fetched(client, "/login").headers


def test_a_wrong_name_tells_what_to_do() -> None:
    with pytest.raises(LookupError, match="make build"):
        Assets().address("no-such.js")


def test_a_new_build_is_seen_without_a_restart(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    manifest = tmp_path / "build" / "manifest.json"
    manifest.write_text('{"coach.css": "coach.1.css"}')
    assets = Assets(tmp_path)
    assert assets.address("coach.css").endswith("coach.1.css")
    time.sleep(0.01)
    manifest.write_text('{"coach.css": "coach.2.css"}')
    assert assets.address("coach.css").endswith("coach.2.css")


def test_an_unchanged_front_end_is_not_built_again() -> None:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "build_frontend.py")], text=True, capture_output=True, check=True
    )
    assert "unchanged" in done.stdout
    assert time.monotonic() - started < 1, "0.05 s alone; other tests may be running"


def test_names_carry_the_hash_of_the_content() -> None:
    import hashlib

    for name in json.loads((BUILD / "manifest.json").read_text(encoding="utf-8")).values():
        found = re.fullmatch(r".+\.([0-9a-f]{12})\.(js|css)", name)
        assert found
        assert hashlib.sha256((BUILD / name).read_bytes()).hexdigest().startswith(found[1])


def test_all_third_party_code_is_named_with_its_licence() -> None:
    vendor = json.loads((BUILD / "VENDOR.json").read_text(encoding="utf-8"))
    wanted = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {v["name"]: v["version"] for v in vendor} == wanted
    for entry in vendor:
        assert entry["integrity"].startswith("sha512-")
        assert all((BUILD / text).stat().st_size > 200 for text in entry["texts"])


def test_the_lock_file_names_no_address() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    assert text.count('"integrity"') > 20


def test_every_imported_style_is_there() -> None:
    css = ROOT / "frontend" / "css"
    imported = set(re.findall(r'@import url\("([^"]+)"\)', (css / "coach.css").read_text(encoding="utf-8")))
    assert imported == {str(p.relative_to(css)) for p in css.rglob("*.css")} - {"coach.css"}


# ---- colours ----


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    css = (ROOT / "frontend" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, *darks = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in _blocks(css))
    assert len(darks) == 2
    assert darks[0] == darks[1], "dark by system and dark by choice are the same"
    return {"light": light, "dark": {**light, **darks[0]}}


def _blocks(css: str) -> Iterator[str]:
    yield css.split("@media", maxsplit=1)[0]
    yield from css.split("color-scheme: dark;")[1:]


VERDICTS = ("met", "partly", "missed", "unsure", "unrated")
SOFT = ("accent", "anger", "patience", *VERDICTS)
GROUNDS = ("paper", "surface", "sunk")
TEXT = [
    (ink, ground)
    for ink in ("ink", "ink-2", "ink-3", "accent", "accent-hover", "stop", "anger", "patience")
    for ground in GROUNDS
]
TEXT += [(name, f"{name}-soft") for name in SOFT] + [("ink", f"{name}-soft") for name in SOFT]
TEXT += [(name, ground) for name in VERDICTS for ground in ("paper", "surface")]
TEXT += [("ink-2", "accent-soft"), ("ink-2", "missed-soft"), ("ink-3", "missed-soft"), ("on-accent", "accent")]
TEXT += [("on-accent", "accent-hover"), ("on-stop", "stop")]
TEXT += [(ink, f"h{n}") for ink in ("ink", "ink-2") for n in range(6)]
EDGES = [(edge, ground) for edge in ("line-strong", "focus", "anger", "patience") for ground in GROUNDS]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_edges_can_be_seen(theme: str) -> None:
    tokens = palettes()[theme]
    faint = [
        f"{front} on {back}: {contrast(tokens[front], tokens[back]):.2f} < {floor}"
        for floor, pairs in ((4.5, TEXT), (3.0, EDGES))
        for front, back in pairs
        if contrast(tokens[front], tokens[back]) < floor
    ]
    assert not faint


def test_the_contrast_formula_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
