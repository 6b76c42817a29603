"""The frame of every page: menu, language, theme, parts."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from coach.domain.language import Language
from tests.web.shell_app import PASSWORD, MemoryDatastore, make_app


@pytest.fixture
def house() -> tuple[FlaskClient, MemoryDatastore]:
    app, store = make_app()
    return app.test_client(), store


@pytest.fixture
def client(house: tuple[FlaskClient, MemoryDatastore]) -> FlaskClient:
    return house[0]


@pytest.fixture
def log_in(checked_post: Any) -> Any:
    def as_role(client: FlaskClient, role: str = "trainee") -> None:
        checked_post(
            client, "/login", {"email": f"{role}@example.com", "password": PASSWORD}, page="/login", status=302
        )

    return as_role


@pytest.mark.parametrize("language", list(Language))
def test_parts_are_sound_in_every_language(client: FlaskClient, checked_get: Any, language: Language) -> None:
    client.set_cookie("language", language.value)
    page = checked_get(client, "/parts?toast&reason=")
    assert page.lang == language
    words = {Language.EN: "Partly", Language.ZH_HANS: "部分达成", Language.ZH_HANT: "部分達成"}
    assert any(words[language] in text for text in page.texts["span"])
    assert page.all("textarea", aria_invalid="true"), "the missing reason is told at its field"


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,zh;q=0.9", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hant-CN", "zh-Hant"),
        ("fr-FR,zh-HK;q=0.7,en;q=0.3", "zh-Hant"),
        ("en-GB,zh;q=0.4", "en"),
        ("fr-FR", "en"),
        ("*", "en"),
        (";;;q=x,\u00e9", "en"),
    ],
)
def test_a_browser_reads_the_script_it_asks_for(client: FlaskClient, checked_get: Any, asked: str, lang: str) -> None:
    assert checked_get(client, "/login", headers={"Accept-Language": asked}).lang == lang


def test_language_is_switched_on_the_same_page_and_kept(
    client: FlaskClient, checked_get: Any, checked_post: Any
) -> None:
    answer = checked_post(
        client, "/language", {"language": "zh-Hant", "next": "/login?next=/practise"}, page="/login", status=303
    )
    assert answer.headers["Location"] == "/login?next=/practise"
    page = checked_get(client, "/login", headers={"Accept-Language": "en"})
    assert (page.lang, page.h1) == ("zh-Hant", "登入")


def test_a_person_s_own_setting_wins_over_the_cookie_and_is_stored(
    house: Any, checked_get: Any, checked_post: Any, log_in: Any
) -> None:
    client, store = house
    log_in(client)
    client.set_cookie("language", "zh-Hant")
    assert checked_get(client, "/").lang == "en"
    checked_post(client, "/language", {"language": "zh-Hans", "next": "/"}, page="/", status=303)
    assert store.accounts[0].language is Language.ZH_HANS
    client.delete_cookie("language")
    assert checked_get(client, "/").lang == "zh-Hans"


def test_an_unknown_language_changes_nothing(client: FlaskClient, checked_post: Any, checked_get: Any) -> None:
    answer = checked_post(client, "/language", {"language": "../../etc", "next": "/login"}, page="/login", status=302)
    assert "Set-Cookie" not in answer.headers or "language=" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/language", "/theme", "/login", "/logout"])
def test_nothing_changes_without_the_token_of_the_page(client: FlaskClient, checked_get: Any, path: str) -> None:
    response = client.post(path, data={"language": "en", "theme": "dark", "next": "/"})
    assert response.status_code == 400
    assert "open for too long" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/%09/evil.example",
     "/\t/evil.example", "javascript:alert(1)", "https:evil.example", "/%2F/evil.example",
     "/a\r\nSet-Cookie: x=1", "@evil.example", "", "evil"],
)  # fmt: skip
def test_the_way_back_never_leads_to_another_site(client: FlaskClient, checked_post: Any, target: str) -> None:
    answer = checked_post(client, "/theme", {"theme": "dark", "next": target}, page="/login", status=303)
    assert answer.headers["Location"] == "/"


def test_theme_is_on_the_page_itself_so_that_nothing_flashes(
    client: FlaskClient, checked_get: Any, checked_post: Any
) -> None:
    assert "data-theme" not in checked_get(client, "/login").all("html")[0]
    checked_post(client, "/theme", {"theme": "dark", "next": "/login"}, page="/login", status=303)
    assert checked_get(client, "/login").all("html", data_theme="dark")
    checked_post(client, "/theme", {"theme": "system", "next": "/login"}, page="/login", status=303)
    assert "data-theme" not in checked_get(client, "/login").all("html")[0]


def test_a_script_that_sets_the_theme_gets_no_page(client: FlaskClient, checked_post: Any) -> None:
    answer = checked_post(
        client, "/theme", {"theme": "dark"}, page="/login", status=204, headers={"X-Requested-With": "fetch"}
    )
    assert "theme=dark" in answer.headers["Set-Cookie"]


def test_the_menu_shows_what_a_role_may_open_and_where_one_is(
    client: FlaskClient, checked_get: Any, log_in: Any
) -> None:
    log_in(client, "trainee")
    page = checked_get(client, "/parts")
    assert [a["href"] for a in page.all("a") if a["href"] == "/practise"] == ["/practise", "/practise"], "bar and menu"
    assert "The trainee" in page.text
    log_in_again, _ = make_app()
    mentor = log_in_again.test_client()
    log_in(mentor, "mentor")
    assert checked_get(mentor, "/parts").all("a", href="/practise"), "mentors practise too"
    nobody = log_in_again.test_client()
    assert not checked_get(nobody, "/parts").all("a", href="/practise")


def test_pages_are_for_their_roles(client: FlaskClient, checked_get: Any, log_in: Any) -> None:
    sent_to = checked_get(client, "/mentors-only?x=1", status=302).headers["Location"]
    assert sent_to == "/login?next=/mentors-only?x%3D1"
    log_in(client, "trainee")
    assert checked_get(client, "/mentors-only", status=403).h1 == "This is not open to you."
