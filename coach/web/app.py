"""The Flask app: the shell, the audiences, the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from coach.domain.language import Language
from coach.domain.people import Person, Role
from coach.web.api import install_api
from coach.web.auth import install_auth
from coach.web.health import health, install_metrics
from coach.web.mentor import mentor
from coach.web.page_words import install_page_words
from coach.web.qa import qa
from coach.web.services import Services
from coach.web.shared import ShellSettings, current_person, install_shell, to_login
from coach.web.trainee import trainee

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """`trusted_proxies`: how many proxies in front may name the client's address; 0 believes no header."""

    secret_key: str
    secure: bool
    demo: bool
    trusted_proxies: int = 0
    testing: bool = False


def create_web(
    settings: WebSettings,
    services: Services,
    *,
    datastore: Any,
    find_person: Callable[[], Person | None],
    set_language: Callable[[int, Language], None],
    end_request: Callable[[], None],
) -> Flask:
    """The app. `find_person` says who is logged in; `end_request` gives back what the accounts held."""
    app = Flask("coach.web", template_folder=str(TEMPLATES), static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, TESTING=settings.testing)
    app.extensions["coach-services"] = services
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    shell = install_shell(
        app,
        ShellSettings(secure=settings.secure, demo=settings.demo),
        find_person=find_person,
        set_language=set_language,
    )
    install_auth(app, datastore)
    install_metrics(app)
    install_page_words(app)
    app.register_blueprint(trainee)
    app.register_blueprint(mentor)
    app.register_blueprint(qa)
    app.register_blueprint(health)
    install_api(app, shell.csrf)
    app.add_url_rule("/", "home", home)
    app.teardown_appcontext(lambda _error: end_request())
    app.extensions["coach-csrf"] = shell.csrf
    return app


def home() -> ResponseReturnValue:
    """To where this person's work is."""
    person = current_person()
    if person is None:
        return to_login()
    return redirect(url_for(_start_of(person)))


def _start_of(person: Person) -> str:
    if person.has(Role.TRAINEE):
        return "trainee.scenarios"
    if person.has(Role.MENTOR) or person.has(Role.ADMIN):
        return "mentor.trainees"
    return "qa.flags" if person.has(Role.QA) else "trainee.scenarios"
