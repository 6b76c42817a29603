"""Logging in and out, and changing the password: Flask-Security, in our look and our words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

from argon2 import PasswordHasher
from flask import Flask, Request, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, user_logged_out
from flask_security import Security
from flask_security.forms import ChangePasswordForm, EqualToLocalize, LoginForm
from wtforms import PasswordField

from coach.domain.people import Person
from coach.web.forms import N_
from coach.web.i18n import TRANSLATIONS, is_for_programs
from coach.web.shared import safe_next

MESSAGES: dict[str, str] = {
    "GENERIC_AUTHN_FAILED": N_("This e-mail address and password do not belong together. Please check both."),
    "UNAUTHENTICATED": N_("Please log in to see this page."),
    "UNAUTHORIZED": N_("This page is not open to you."),
    "LOGIN": N_("Please log in to see this page."),
    "REFRESH": N_("Please log in once more to go on."),
    "REAUTHENTICATION_REQUIRED": N_("Please log in once more to go on."),
    "DISABLED_ACCOUNT": N_("This account is switched off. An administrator can switch it on."),
    "EMAIL_NOT_PROVIDED": N_("Please enter your e-mail address."),
    "INVALID_EMAIL_ADDRESS": N_("This does not look like an e-mail address."),
    "PASSWORD_NOT_PROVIDED": N_("Please enter your password."),
    "PASSWORD_INVALID_LENGTH": N_("Please use at least %(length)s characters."),
    "PASSWORD_IS_THE_SAME": N_("Please choose a password that differs from the old one."),
    "PASSWORD_MISMATCH": N_("This is not your present password."),
    "INVALID_PASSWORD": N_("This is not your present password."),
    "RETYPE_PASSWORD_MISMATCH": N_("The two new passwords differ. Please type them again."),
    "PASSWORD_CHANGE": N_("Your password is changed."),
    "ANONYMOUS_USER_REQUIRED": N_("You are logged in already."),
    "USER_DOES_NOT_EXIST": N_("This e-mail address and password do not belong together. Please check both."),
    "INVALID_REDIRECT": N_("This address leads away from here."),
}
"""What Flask-Security may say in the flows we offer. It has no traditional Chinese; our catalogues have both."""

LOGIN_LIMITS = "10 per minute; 60 per day"
ADDRESS_LIMITS = "60 per minute"


class FreshLoginForm(LoginForm):
    """Drops everything the browser held before the login, so that nothing planted there survives it."""

    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs):
            return False
        session.clear()
        return True


def _change_password_form() -> type[ChangePasswordForm]:
    """A form with validators of its own: those of the library remember the words of the first app of a process."""

    class OwnChangePasswordForm(ChangePasswordForm):
        new_password_confirm = PasswordField(
            ChangePasswordForm.new_password_confirm.args[0],
            render_kw={"autocomplete": "new-password"},
            validators=[EqualToLocalize("new_password", message="RETYPE_PASSWORD_MISMATCH")],
        )

    return OwnChangePasswordForm


class PageSessions(SecureCookieSessionInterface):
    """Sessions for pages. Programs get an empty one that nothing can be written to."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if is_for_programs(request) else super().open_session(app, request)


def security_settings(*, password_min: int = 10) -> dict[str, object]:
    settings: dict[str, object] = {
        # Its own header comes out as `no-store=True`, which no browser knows; ours says no-store on all pages.
        "SECURITY_CACHE_CONTROL": None,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        # argon2 salts by itself; a second, keyed hash would tie every password to one more secret.
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_LENGTH_MIN": password_min,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_POST_CHANGE_VIEW": "/",
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(TRANSLATIONS)],
    }
    for name, text in MESSAGES.items():
        settings[f"SECURITY_MSG_{name}"] = (text, "success" if name == "PASSWORD_CHANGE" else "error")
    return settings


def hash_password(password: str) -> str:
    """An argon2id hash as the log-in page will check it. Takes about half a second on purpose."""
    return PasswordHasher().hash(unicodedata.normalize("NFKD", password))


def who_is_logged_in(person_of: Callable[[Any], Person]) -> Callable[[], Person | None]:
    """The `find_person` of `install_shell`: turns Flask-Security's row into our value."""

    def find() -> Person | None:
        return person_of(current_user) if current_user and current_user.is_authenticated else None

    return find


def install_auth(
    app: Flask, datastore: Any, *, limiter: Limiter | None = None, end_request: Callable[[], None] = lambda: None
) -> Security:
    """Registers /login, /logout (POST) and /password. `datastore`: a Flask-Security user datastore.

    Failed logins are limited per account and address together, and per address; successful ones are free. Without
    a `limiter` the counts are held in memory, which is right for one process only. `end_request` gives the
    datastore's session back, such as `store.account_session.remove`.
    """
    app.config.update(security_settings())
    app.session_interface = PageSessions()
    security = Security(app, datastore, login_form=FreshLoginForm, change_password_form=_change_password_form())
    limiter = limiter or Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)
    if "limiter" not in app.extensions:
        limiter.init_app(app)
    _limit_logins(app, limiter)
    app.before_request(_without_foreign_next)
    _only_for_pages(app, limiter, security.principal, app.login_manager)  # type: ignore[attr-defined]
    user_logged_out.connect(_end_everywhere, app)
    app.teardown_appcontext(lambda _error: end_request())
    return security


def _without_foreign_next() -> Any:
    """An address elsewhere to go to after the log-in is dropped; Flask-Security would refuse without a word."""
    target = request.args.get("next")
    if request.endpoint == "security.login" and target and safe_next(target, "") == "":
        return redirect(url_for("security.login"))
    return None


def _limit_logins(app: Flask, limiter: Limiter) -> None:
    view: Any = app.view_functions["security.login"]
    failed: Any = {"methods": ["POST"], "deduct_when": lambda response: response.status_code not in (302, 303)}
    for limits, key in ((LOGIN_LIMITS, account_and_address), (ADDRESS_LIMITS, get_remote_address)):
        view = limiter.limit(limits, key_func=key, **failed)(view)
    app.view_functions["security.login"] = view


def _only_for_pages(app: Flask, *parts: object) -> None:
    """Keeps what these parts do at every request away from the API. Its callers bring a token: they have no session
    to look into and no log-in to count, and doing both cost a tenth of a turn and said `Vary: Cookie`."""

    def belongs(hook: Any) -> bool:
        owner = hook.args[0] if isinstance(hook, partial) else getattr(hook, "__self__", None)
        return any(owner is part for part in parts)

    def before_page(hook: Any) -> Callable[[], Any]:
        return lambda: None if is_for_programs(request) else hook()

    def after_page(hook: Any) -> Callable[[Any], Any]:
        return lambda response: response if is_for_programs(request) else hook(response)

    before, after = app.before_request_funcs[None], app.after_request_funcs[None]
    before[:] = [before_page(hook) if belongs(hook) else hook for hook in before]
    after[:] = [after_page(hook) if belongs(hook) else hook for hook in after]


def account_and_address() -> str:
    """Guessing one account from one place is stopped; its owner elsewhere can still log in."""
    sent = request.get_json(silent=True) if request.is_json else request.form
    account = str((sent or {}).get("email", ""))[:254].strip().lower()
    return f"{account} {get_remote_address()}"


def _end_everywhere(app: Flask, user: Any) -> None:
    """Logging out ends all logins of this person: a copied cookie is worth nothing afterwards."""
    datastore = app.extensions["security"].datastore
    datastore.set_uniquifier(user)
    datastore.commit()
