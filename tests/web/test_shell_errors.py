"""Every error is a plain sentence with what to do, on pages and in the API."""

from __future__ import annotations

import inspect
import logging
from typing import Any

import pytest
from flask.testing import FlaskClient

from coach import errors
from coach.domain.language import Language
from coach.web.errors_pages import SENTENCES
from tests.web.conftest import check_headers
from tests.web.shell_app import make_app

STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)
KINDS = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.CoachError) and "code" in vars(kind)
]  # fmt: skip


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return make_app()[0].test_client()


def test_every_code_has_its_own_sentence() -> None:
    assert {kind.code for kind in KINDS} - set(SENTENCES) == set()
    assert len(KINDS) > 20, "the list was found"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("status", STATUSES)
def test_pages_say_what_happened_and_what_to_do(
    client: FlaskClient, checked_get: Any, status: int, language: Language
) -> None:
    page = checked_get(client, f"/fails/{status}", status=status, headers={"Accept-Language": language.value})
    assert page.lang == language
    assert page.all("a", href="/"), "a way out"
    assert page.texts["p"][-2] or page.texts["p"][-1]
    assert (language is Language.EN) == page.h1.isascii()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_api_answers_in_problem_json(client: FlaskClient, kind: type[errors.CoachError]) -> None:
    path = f"/api/v1/raises/{kind.__name__}"
    response = client.get(path, headers={"Accept-Language": "zh-TW"})
    check_headers(response.headers)
    body = response.get_json(force=True)
    assert response.content_type == "application/problem+json"
    assert (response.status_code, body["status"], body["code"]) == (kind.status, kind.status, kind.code)
    assert body["instance"].startswith(path)
    assert not body["title"].isascii()
    assert not body["detail"].isascii()
    assert response.headers["Content-Language"] == "zh-Hant"
    assert "for developers only" not in response.get_data(as_text=True)
    assert body.get("details") == ({"limit": 7} if kind.status < 500 else None)


@pytest.mark.parametrize("status", STATUSES)
def test_the_api_answers_framework_errors_alike(client: FlaskClient, status: int) -> None:
    response = client.get(f"/api/v1/fails/{status}")
    assert response.status_code == status
    assert response.get_json(force=True)["code"] == f"http-{status}"


def test_the_api_does_not_follow_the_cookie_of_a_browser(client: FlaskClient) -> None:
    other = make_app()[0].test_client()
    other.set_cookie("language", "zh-Hant")
    assert other.get("/api/v1/fails/404", headers={"Accept-Language": "en"}).get_json(force=True)["title"].isascii()


@pytest.mark.parametrize("path", ["/breaks", "/api/v1/breaks", "/fails/500", "/raises/StoreUnavailable"])
def test_our_faults_carry_a_number_that_is_in_the_log(client: FlaskClient, caplog: Any, path: str) -> None:
    with caplog.at_level(logging.ERROR, logger="coach.web"):
        text = client.get(path).get_data(as_text=True)
    incident = caplog.records[0].args[0]
    assert incident in text
    assert caplog.records[0].exc_info is not None
    assert "the secret is" not in text
    assert "Traceback" not in text


def test_a_broken_frame_still_gives_a_sentence(checked_get: Any, caplog: Any) -> None:
    app, _store = make_app()

    def broken(*_args: Any, **_wanted: Any) -> None:
        raise errors.StoreUnavailable("the database is away")

    app.extensions["coach-shell"].find_person = broken
    page = checked_get(app.test_client(), "/login", status=503)
    assert page.h1 == "Your work could not be saved just now."


def test_wrong_methods_say_which_are_right(client: FlaskClient) -> None:
    response = client.delete("/practise")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_fragment_gets_a_note_and_not_a_page_in_a_page(client: FlaskClient) -> None:
    text = client.get("/raises/CallEnded", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert 'role="alert"' in text
    assert "<html" not in text


def test_hostile_addresses_are_written_as_text(client: FlaskClient, checked_get: Any) -> None:
    page = checked_get(client, "/%3Cscript%3Ealert(1)%3C/script%3E?<script>=%22%3E", status=404)
    assert "<script>alert" not in page.text
