"""A stand-in for the whole application: the real shell, three people in memory, and pages that fail in every way."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, render_template_string, request
from flask_security import RoleMixin, UserDatastore, UserMixin
from markupsafe import escape

from coach import errors
from coach.domain.language import Language
from coach.domain.people import Person, Role
from coach.web.auth import install_auth, who_is_logged_in
from coach.web.shared import ShellSettings, for_people, install_shell

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
HOME = '{% extends "base.html" %}{% block title %}Home{% endblock %}{% block main %}<h1>Home</h1>{% endblock %}'
SWAP = """{% extends "base.html" %}{% block title %}Swap{% endblock %}{% block main %}<h1>Swap</h1>
<form hx-post="/swap" hx-target="#answer">
<label for="text">Text</label><input id="text" name="text"><button>Send</button></form>
<div id="answer"></div>{% endblock %}"""
PASSWORD = "three calm words"


class MemoryRole(RoleMixin):
    def __init__(self, name: str) -> None:
        self.name = name


@dataclass(eq=False)
class Account(UserMixin):
    id: int
    email: str
    name: str
    password: str
    role: Role
    language: Language | None = Language.EN
    active: bool = True
    fs_uniquifier: str = ""
    roles: list[Any] = field(default_factory=list)


class MemoryDatastore(UserDatastore):
    """As much of a Flask-Security datastore as logging in needs."""

    def __init__(self, accounts: list[Account]) -> None:
        super().__init__(Account, MemoryRole)
        self.accounts = accounts

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:
        (name, value), *_ = wanted.items()
        return next((a for a in self.accounts if str(getattr(a, name)).lower() == str(value).lower()), None)

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        pass


def person_of(account: Account) -> Person:
    return Person(account.id, account.email, account.name, account.language or Language.EN, frozenset({account.role}))


def make_app(*, secure: bool = False, default: Language = Language.EN) -> tuple[Flask, MemoryDatastore]:
    app = Flask("coach", template_folder=str(TEMPLATES), static_folder=None)
    app.config.update(
        SECRET_KEY="only for these tests, but long enough",
        # A cheap hash, or every log-in of the tests would take half a second.
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={"argon2__time_cost": 1, "argon2__memory_cost": 64},
        PROPAGATE_EXCEPTIONS=False,
    )
    store = MemoryDatastore([])
    settings = ShellSettings(secure=secure, demo=True, default_language=default)
    install_shell(
        app,
        settings,
        find_person=who_is_logged_in(person_of),
        set_language=lambda id, language: _set(store, id, language),
    )
    install_auth(app, store)
    with app.app_context():
        from flask_security import hash_password

        hashed = hash_password(PASSWORD)
    for n, role in enumerate((Role.TRAINEE, Role.MENTOR), start=1):
        store.accounts.append(Account(n, f"{role}@example.com", f"The {role}", hashed, role, fs_uniquifier=f"uniq-{n}"))
    app.register_blueprint(_pages())
    return app, store


def _set(store: MemoryDatastore, id: int, language: Language) -> None:
    next(a for a in store.accounts if a.id == id).language = language


def _pages() -> Blueprint:
    pages = Blueprint("trainee", __name__)

    @pages.get("/")
    @for_people()
    def home() -> str:
        return render_template_string(HOME)

    @pages.get("/practise")
    @for_people(Role.TRAINEE)
    def scenarios() -> str:
        return "practise"

    @pages.get("/mentors-only")
    @for_people(Role.MENTOR)
    def mentors() -> str:
        return "mentors"

    @pages.get("/fails/<int:status>")
    @pages.get("/api/v1/fails/<int:status>", endpoint="api_fails")
    def fails(status: int) -> str:
        abort(status)

    @pages.get("/raises/<name>")
    @pages.get("/api/v1/raises/<name>", endpoint="api_raises")
    def raises(name: str) -> str:
        raise getattr(errors, name)("for developers only", limit=7)

    @pages.route("/swap", methods=["GET", "POST"])
    def swap() -> str:
        if request.method == "POST":
            if request.form["text"] == "late":
                raise errors.CallEnded
            return f"<p>heard {escape(request.form['text'])}</p>"
        return render_template_string(SWAP)

    @pages.get("/breaks")
    @pages.get("/api/v1/breaks", endpoint="api_breaks")
    def breaks() -> str:
        raise ZeroDivisionError("the secret is 42")

    return pages
