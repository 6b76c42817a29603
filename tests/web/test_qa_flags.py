"""Quentin of QA reads and adds flags by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient

from coach.domain.language import Language
from coach.domain.people import Role
from tests.web.api_house import Caller, Centre, ok, open_centre


@dataclass
class Desk:
    centre: Centre
    quentin: Caller
    browser: FlaskClient


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_centre(tmp_path_factory.mktemp("centre")) as centre:
        centre.hire("alice")
        quentin = centre.hire("quentin", Role.QA)
        yield Desk(centre, quentin, centre.browser(quentin.person))


FILLED = {
    "agent": "alice@example.com",
    "call_reference": "C-17",
    "date": "2026-03-04",
    "step": "six-step:apologise",
    "error_code": "",
    "severity": "high",
    "note": "<b>No</b> apology at all",
}


def test_qa_starts_at_its_flags(desk: Desk, checked_get: Any) -> None:
    assert desk.browser.get("/").headers["Location"] == "/qa/flags"
    page = checked_get(desk.browser, "/qa/flags")
    assert page.h1 == "Flags"
    assert "No flags yet" in page.text
    assert [a for a in page.all("a", href="/qa/flags") if a.get("aria-current") == "page"]


def test_a_flag_is_added_and_shown(desk: Desk, checked_get: Any, checked_post: Any) -> None:
    checked_post(desk.browser, "/qa/flags", FILLED, page="/qa/flags", status=303)
    page = checked_get(desk.browser, "/qa/flags")
    assert "alice is flagged." in page.text
    (row,) = [text for text in page.texts["tr"] if "C-17" in text]
    assert all(words in row for words in ("alice", "Apologise", "Mar", "serious", "open", "<b>No</b> apology at all"))
    assert "<b>No</b>" not in page.text
    (kept,) = ok(desk.quentin.get("/flags"))["flags"]
    assert (kept["agent"], kept["step"], kept["severity"]) == ("alice@example.com", "six-step:apologise", "high")


def test_the_same_flag_again_changes_nothing(desk: Desk, checked_get: Any, checked_post: Any) -> None:
    for note in ("first", "second"):
        checked_post(desk.browser, "/qa/flags", {**FILLED, "note": note}, page="/qa/flags", status=303)
    page = checked_get(desk.browser, "/qa/flags")
    assert "This was flagged before" in page.text
    assert [f["note"] for f in ok(desk.quentin.get("/flags"))["flags"]] == ["first"]


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"agent": ""}, "agent", "This field is required."),
        ({"agent": "nobody@example.com"}, "agent", "Nobody with an active account has this e-mail address."),
        ({"call_reference": " "}, "call_reference", "This field is required."),
        ({"call_reference": "x" * 101}, "call_reference", "This is too long."),
        ({"date": ""}, "date", "This must be a date such as 2026-03-05."),
        ({"date": "soon"}, "date", "This must be a date such as 2026-03-05."),
        ({"date": "2999-01-01"}, "date", "This day has not come yet."),
        ({"step": ""}, "step", "Give either a step or an error code, not both."),
        ({"step": "six-step:juggle"}, "step", "Not a valid choice."),
        ({"step": "", "error_code": "no spaces"}, "error_code", "This holds characters that are not allowed here."),
        ({"severity": "awful"}, "severity", "Not a valid choice."),
        ({"note": "x" * 2001}, "note", "This is too long."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    desk: Desk, checked_post: Any, changes: dict[str, str], field: str, told: str
) -> None:
    page = checked_post(desk.browser, "/qa/flags", {**FILLED, **changes}, page="/qa/flags", status=422)
    (help,) = [text for (tag, a), text in _with_texts(page) if a.get("id") == f"{field}-help"]
    assert help == told
    wrong = [a["name"] for tag, a in page.elements if a.get("aria-invalid") == "true"]
    assert wrong == [field]
    assert ok(desk.quentin.get("/flags"))["flags"] == []
    if field != "call_reference":
        assert page.all("input", name="call_reference", value="C-17")  # what was filled in stays


def test_older_flags_are_a_page_further(desk: Desk, checked_get: Any) -> None:
    for n in range(51):
        ok(desk.quentin.post("/flags", {k: v for k, v in FILLED.items() if v} | {"call_reference": f"N-{n:02}"}), 201)
    page = checked_get(desk.browser, "/qa/flags")
    assert "N-50" in page.text
    assert "N-00" not in page.text
    (older,) = [a["href"] for tag, a in page.elements if tag == "a" and "before=" in a.get("href", "")]
    assert "N-00" in checked_get(desk.browser, older).text
    checked_get(desk.browser, "/qa/flags?before=nonsense")


@pytest.mark.parametrize(
    ("language", "heading", "step"), [(Language.ZH_HANS, "标记", "道歉"), (Language.ZH_HANT, "標記", "道歉")]
)
def test_the_page_speaks_chinese(desk: Desk, checked_get: Any, language: Language, heading: str, step: str) -> None:
    chen = desk.centre.hire("chen", Role.QA, language=language)
    ok(chen.post("/flags", {k: v for k, v in FILLED.items() if v}), 201)
    page = checked_get(desk.centre.browser(chen.person), "/qa/flags")
    assert heading in page.h1
    assert step in page.text
    assert "3月4日" in page.text


def _with_texts(page: Any) -> list[tuple[tuple[str, dict[str, str]], str]]:
    """Each element with its text; `texts` counts per tag, in the order of the page."""
    seen: dict[str, int] = {}
    found = []
    for tag, attributes in page.elements:
        n = seen.setdefault(tag, 0)
        seen[tag] += 1
        found.append(((tag, attributes), page.texts[tag][n]))
    return found
