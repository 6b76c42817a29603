"""Logging in, staying safe, logging out, changing the password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from coach.domain.language import Language
from coach.web.auth import hash_password
from tests.web.conftest import csrf_token
from tests.web.shell_app import PASSWORD, make_app


@pytest.fixture
def house() -> Any:
    return make_app()


@pytest.fixture
def client(house: Any) -> FlaskClient:
    return house[0].test_client()


def log_in(
    client: FlaskClient, checked_post: Any, email: str = "trainee@example.com", password: str = PASSWORD, **more: Any
) -> Any:
    return checked_post(client, "/login", {"email": email, "password": password}, page="/login", **more)


def test_a_trainee_logs_in_and_out(client: FlaskClient, checked_get: Any, checked_post: Any) -> None:
    assert log_in(client, checked_post).headers["Location"] == "/"
    assert "The trainee" in checked_get(client, "/").text
    checked_post(client, "/logout", {}, page="/")
    assert checked_get(client, "/", status=302).headers["Location"].startswith("/login")


def test_login_leads_to_where_one_wanted_to_go(client: FlaskClient, checked_post: Any) -> None:
    answer = checked_post(
        client,
        "/login?next=/practise",
        {"email": "trainee@example.com", "password": PASSWORD},
        page="/login?next=/practise",
    )
    assert answer.headers["Location"] == "/practise"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/x", "/\\evil.example", "\\\\evil.example"])
def test_login_never_leads_elsewhere(client: FlaskClient, checked_post: Any, target: str) -> None:
    answer = client.post(
        "/login",
        query_string={"next": target},
        data={"email": "trainee@example.com", "password": PASSWORD, "csrf_token": csrf_token(client, "/login")},
    )
    where = answer.headers.get("Location", "/")
    assert urlsplit(urljoin("http://localhost/login", where)).netloc == "localhost"
    assert "\\" not in where


@pytest.mark.parametrize("language", list(Language))
def test_a_wrong_password_and_an_unknown_address_get_the_same_page(
    client: FlaskClient, checked_post: Any, language: Language
) -> None:
    client.set_cookie("language", language.value)
    wrong = log_in(client, checked_post, password="wrong", status=200)
    unknown = log_in(client, checked_post, email="nobody@example.com", status=200)
    sentence = {
        Language.EN: "This e-mail address and password do not belong together. Please check both.",
        Language.ZH_HANS: "邮箱和密码对不上，请检查这两项。",
        Language.ZH_HANT: "電子郵件地址和密碼對不起來，請檢查這兩項。",
    }[language]
    for page in (wrong, unknown):
        assert sentence in page.text
    assert wrong.text.replace("trainee@", "nobody@") == unknown.text


def test_guessing_is_stopped_for_the_guesser_and_not_for_the_owner(house: Any, checked_post: Any) -> None:
    guesser, owner = house[0].test_client(), house[0].test_client()
    for _ in range(10):
        log_in(guesser, checked_post, password="guess", status=200)
    page = log_in(guesser, checked_post, status=429)
    assert page.h1 == "That was too many tries in a short time."
    assert int(page.headers["Retry-After"]) > 0
    log_in(owner, checked_post, environ_base={"REMOTE_ADDR": "10.0.0.9"})


def test_a_forged_forwarding_header_does_not_free_the_guesser(client: FlaskClient, checked_post: Any) -> None:
    for n in range(10):
        log_in(client, checked_post, password="guess", status=200, headers={"X-Forwarded-For": f"10.1.1.{n}"})
    log_in(client, checked_post, status=429, headers={"X-Forwarded-For": "10.1.1.99"})


def test_logging_in_often_and_rightly_is_no_guessing(house: Any, checked_post: Any) -> None:
    for _ in range(12):
        log_in(house[0].test_client(), checked_post)


def test_nothing_planted_before_the_login_survives_it(client: FlaskClient, checked_post: Any) -> None:
    with client.session_transaction() as planted:
        planted["_id"] = "planted"
        planted["anything"] = "planted"
    before = csrf_token(client, "/login")
    log_in(client, checked_post)
    with client.session_transaction() as now:
        assert "anything" not in now
        assert now.get("_id") != "planted"
    refused = client.post("/logout", data={"csrf_token": before})
    assert refused.status_code == 400, "the token from before the login is worth nothing"


def test_a_copied_cookie_is_worth_nothing_after_logout(house: Any, checked_get: Any, checked_post: Any) -> None:
    client, thief = house[0].test_client(), house[0].test_client()
    log_in(client, checked_post)
    thief.set_cookie("coach", client.get_cookie("coach").value)
    checked_get(thief, "/")
    checked_post(client, "/logout", {}, page="/")
    checked_get(thief, "/", status=302)


def test_a_switched_off_account_is_out_at_once(house: Any, checked_get: Any, checked_post: Any) -> None:
    app, store = house
    client = app.test_client()
    log_in(client, checked_post)
    store.accounts[0].active = False
    checked_get(client, "/", status=302)
    log_in(app.test_client(), checked_post, status=200)


def test_the_password_is_changed_and_other_browsers_are_out(house: Any, checked_get: Any, checked_post: Any) -> None:
    app, _ = house
    client, elsewhere = app.test_client(), app.test_client()
    log_in(client, checked_post)
    log_in(elsewhere, checked_post)
    new = "four other quiet words"
    fields = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    checked_post(client, "/password", fields, page="/password")
    assert "Your password is changed." in checked_get(client, "/").text
    checked_get(elsewhere, "/", status=302)
    log_in(app.test_client(), checked_post, password=new)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (("wrong", "four other quiet words", "four other quiet words"), "This is not your present password."),
        (
            (PASSWORD, "four other quiet words", "four other words"),
            "The two new passwords differ. Please type them again.",
        ),
        ((PASSWORD, "short", "short"), "Please use at least 10 characters."),
        ((PASSWORD, PASSWORD, PASSWORD), "Please choose a password that differs from the old one."),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(
    client: FlaskClient, checked_post: Any, fields: tuple[str, str, str], sentence: str
) -> None:
    log_in(client, checked_post)
    names = ("password", "new_password", "new_password_confirm")
    page = checked_post(client, "/password", dict(zip(names, fields, strict=True)), page="/password", status=200)
    assert sentence in page.text


def test_hashes_made_outside_of_a_request_are_accepted(house: Any, checked_post: Any) -> None:
    app, store = house
    store.accounts[0].password = hash_password("三个平静的词 ﬁne")
    log_in(app.test_client(), checked_post, password="三个平静的词 ﬁne")
    assert store.accounts[0].password.startswith("$argon2id$")


def test_cookies_are_strict_where_pages_come_by_https(checked_post: Any) -> None:
    app, _ = make_app(secure=True)
    response = app.test_client().get("/login", base_url="https://coach.test")
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("__Host-coach="))
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
