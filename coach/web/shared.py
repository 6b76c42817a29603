"""What all pages share: who is there, the menu, language and theme, and `install_shell`, which puts it on an app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFProtect

from coach.domain.language import Language
from coach.domain.people import Person, Role
from coach.errors import NotAllowed
from coach.web import curve, i18n, marks, theme, words
from coach.web.errors_pages import install_errors
from coach.web.headers import SecurityHeaders
from coach.web.static_files import install_static

YEAR = 365 * 24 * 3600
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the main menu, for people with any of `roles`. Left out while no such endpoint is registered."""

    endpoint: str
    label: LazyString
    roles: frozenset[Role]


_TRAINEE, _MENTOR = frozenset({Role.TRAINEE}), frozenset({Role.MENTOR, Role.ADMIN})
_WHO_CAN_PRACTISE = _TRAINEE | _MENTOR  # a mentor who has not talked to the customer cannot coach for it

NAV: tuple[NavItem, ...] = (
    NavItem("trainee.scenarios", _l("Practise"), _WHO_CAN_PRACTISE),
    NavItem("trainee.debriefs", _l("Debriefs"), _TRAINEE),
    NavItem("trainee.progress", _l("My progress"), _TRAINEE),
    NavItem("mentor.queue", _l("To review"), _MENTOR),
    NavItem("mentor.trainees", _l("Trainees"), _MENTOR),
    NavItem("mentor.cohort", _l("Cohorts"), _MENTOR),
    NavItem("mentor.studio", _l("Scenario studio"), _MENTOR),
    NavItem("qa.flags", _l("Flags"), frozenset({Role.QA, Role.ADMIN})),
    NavItem("mentor.report_card", _l("Grader report card"), frozenset({Role.MENTOR, Role.QA, Role.ADMIN})),
    NavItem("admin.people", _l("People"), frozenset({Role.ADMIN})),
)


@dataclass(frozen=True, slots=True)
class NavLink:
    """`is_current`: this page is it or lies below it. Pages elsewhere say `{% set nav_current = "its.endpoint" %}`."""

    endpoint: str
    href: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShellSettings:
    """`secure`: pages are reached by https, so cookies and transport are strict. `demo`: show /parts, watch files."""

    default_language: Language = Language.ZH_HANS
    secure: bool = False
    demo: bool = False
    nav: Sequence[NavItem] = field(default=NAV)


@dataclass(slots=True)
class Shell:
    """What was put on an app. `csrf.exempt(blueprint)` for the API, whose callers carry a token of their own."""

    settings: ShellSettings
    csrf: CSRFProtect
    find_person: Callable[[], Person | None]
    set_language: Callable[[int, Language], None]


def install_shell(
    app: Flask,
    settings: ShellSettings,
    *,
    find_person: Callable[[], Person | None],
    set_language: Callable[[int, Language], None] = lambda _person_id, _language: None,
) -> Shell:
    """Puts templates' globals, language, theme, CSRF, error pages, static files and headers on the app.

    `find_person` says who is logged in (asked at most once a request); `set_language` stores a person's choice.
    Call it before blueprints are registered. Nothing may wrap `app.wsgi_app` after it, or headers will be missing.
    """
    configure_cookies(app, secure=settings.secure)
    shell = Shell(settings, CSRFProtect(app), find_person, set_language)
    app.extensions["coach-shell"] = shell
    i18n.install_i18n(app, default=settings.default_language, setting=_language_setting)
    install_static(app, watch=settings.demo)
    install_errors(app)
    _install_template_words(app)
    app.register_blueprint(_blueprint())
    if settings.demo:
        from coach.web.parts import parts

        app.register_blueprint(parts)
    app.wsgi_app = SecurityHeaders(app.wsgi_app, secure=settings.secure)  # type: ignore[assignment, method-assign]
    return shell


def configure_cookies(app: Flask, *, secure: bool) -> None:
    """Session and CSRF settings. `__Host-` keeps other hosts of the domain from setting our cookie."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-coach" if secure else "coach",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the login: a call may be read for hours
        WTF_CSRF_SSL_STRICT=secure,
    )
    app.config.setdefault("MAX_CONTENT_LENGTH", 12 * 1024 * 1024)
    app.config.setdefault("MAX_FORM_MEMORY_SIZE", 500_000)
    app.config.setdefault("MAX_FORM_PARTS", 1_000)


def _install_template_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        marked=marks.marked,
        clauses=marks.clauses,
        quoted=quoted,
        curve=curve.draw,
        verdict_word=words.verdict_word,
        verdict_class=words.verdict_class,
        signed=words.signed,
    )
    app.jinja_env.globals.update(mood_word=words.mood_word, language_names=words.LANGUAGE_NAMES)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_page_words)


def _page_words() -> dict[str, Any]:
    person = current_person()
    return {"person": person, "theme": theme.theme_of_request(), "nav": nav_links(person), "here": here()}


def shell_of(app: Flask) -> Shell:
    shell: Shell = app.extensions["coach-shell"]
    return shell


# ---- who is there ----


def current_person() -> Person | None:
    """Who is logged in; asked once a request."""
    if "person" not in g:
        g.person = shell_of(current_app).find_person()
    return g.person  # type: ignore[no-any-return]


def the_person() -> Person:
    """Who is logged in, on pages behind `for_people`."""
    person = current_person()
    if person is None:
        raise NotAllowed("nobody is logged in")
    return person


def for_people(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """A page for people with any of these roles, or for everybody with an account when none is named.

    Others who are logged in get 403; everybody else goes to the login page and comes back.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            person = current_person()
            if person is None:
                return to_login()
            if roles and not any(person.has(role) for role in roles):
                raise NotAllowed(f"{request.endpoint} is for {', '.join(roles)}")
            return view(*args, **kwargs)

        guarded.coach_roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the test of all routes
        return guarded

    return decorate


def to_login() -> ResponseReturnValue:
    return redirect(url_for("security.login", next=here()))


# ---- where one is and may go ----


def nav_links(person: Person | None) -> list[NavLink]:
    if person is None:
        return []
    items = [
        (item, url_for(item.endpoint))
        for item in shell_of(current_app).settings.nav
        if item.roles & person.roles and item.endpoint in current_app.view_functions
    ]
    current = _closest([href for _, href in items], request.path)
    return [NavLink(item.endpoint, href, str(item.label), href == current) for item, href in items]


def _closest(addresses: list[str], path: str) -> str | None:
    """The longest address that is the path or lies above it."""
    above = [a for a in addresses if path == a or path.startswith(a.rstrip("/") + "/")]
    return max(above, key=len, default=None)


def here() -> str:
    """The address of this page, to come back to. After a POST that shows the form again: where the form lives."""
    return request.full_path if request.query_string and request.method == "GET" else request.path


def safe_next(target: str | None, fallback: str = "/") -> str:
    """`target` if it is a path on this very site, else `fallback`. Browsers read `\\` as `/`, and skip tabs."""
    if not target or not target.startswith("/"):
        return fallback
    for form in (target, unquote(target)):
        parts = urlsplit(form)
        if form.startswith(("//", "/\\")) or "\\" in form or parts.scheme or parts.netloc or not form.isprintable():
            return fallback
    return target


# ---- language and theme ----


def _language_setting() -> Language | None:
    person = current_person()
    return person.language if person else None


def _blueprint() -> Blueprint:
    shell = Blueprint("shell", __name__)
    shell.add_url_rule("/language", "set_language", set_language, methods=["POST"])
    shell.add_url_rule("/theme", "set_theme", set_theme, methods=["POST"])
    return shell


def set_language() -> ResponseReturnValue:
    try:
        language = Language(request.form.get("language", ""))
    except ValueError:
        return redirect(safe_next(request.form.get("next")))
    person = current_person()
    if person is not None:
        shell_of(current_app).set_language(person.id, language)
    return _remember(i18n.COOKIE, language.value)


def set_theme() -> ResponseReturnValue:
    return _remember(theme.COOKIE, theme.parsed(request.form.get("theme", "")).value)


def _remember(cookie: str, value: str) -> Response:
    """Sets the cookie and goes back; a script that asks in the background only wants to know that it worked."""
    if request.headers.get("X-Requested-With") == "fetch":
        response = Response(status=204)
    else:
        response = redirect(safe_next(request.form.get("next")), code=303)  # type: ignore[assignment]
    secure = shell_of(current_app).settings.secure
    response.set_cookie(cookie, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


# ---- words ----


def quoted(text: str) -> str:
    """In the quotation marks of the page's language; 「」 in traditional Chinese."""
    return f"「{text}」" if i18n.language_of_request() is Language.ZH_HANT else f"“{text}”"
