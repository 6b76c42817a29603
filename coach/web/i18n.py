"""The language of a page: simplified Chinese, traditional Chinese or English.

The person's setting, else the cookie, else what the browser asks for, else the default of the house.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask, Request, current_app, g, has_request_context, request
from flask_babel import Babel

from coach.domain.language import Language

TRANSLATIONS = Path(__file__).with_name("translations")
COOKIE = "language"

FOLDERS: dict[Language, str] = {Language.ZH_HANS: "zh_Hans", Language.ZH_HANT: "zh_Hant", Language.EN: "en"}
"""Babel's names, by script: `zh_TW` would leave out Hong Kong, and `zh-CN` crashes Flask-Babel."""

Setting = Callable[[], Language | None]


def install_i18n(app: Flask, *, default: Language, setting: Setting) -> Babel:
    """`setting` gives the language of the person who is logged in, or None."""
    app.config["COACH_DEFAULT_LANGUAGE"] = default
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.extensions["coach-language-setting"] = setting
    app.context_processor(lambda: {"language": language_of_request()})
    return Babel(app, locale_selector=lambda: FOLDERS[language_of_request()])


def language_of_request() -> Language:
    """The language of this request, decided once. Outside a request: English."""
    if not has_request_context():
        return Language.EN
    if "language" not in g:
        g.language = _decide()
    return g.language  # type: ignore[no-any-return]


def forget_language() -> None:
    """Decide anew: the setting or the cookie was changed in this request."""
    g.pop("language", None)


def _decide() -> Language:
    if not is_for_programs(request):  # they say what they want in Accept-Language
        chosen = _setting() or _parsed(request.cookies.get(COOKIE, ""))
        if chosen is not None:
            return chosen
    return asked_for() or current_app.config["COACH_DEFAULT_LANGUAGE"]


def is_for_programs(asked: Request) -> bool:
    """Whether this request goes to the API, where cookies count for nothing."""
    return asked.path.startswith("/api/")


def _setting() -> Language | None:
    setting: Setting = current_app.extensions["coach-language-setting"]
    return setting()


def asked_for() -> Language | None:
    """The first language of Accept-Language that we have. By script, so that zh-HK and zh-TW read traditional and
    zh-SG simplified; `best_match` would answer English to zh-TW."""
    for tag, _quality in request.accept_languages:
        language = _parsed(tag)
        if language is not None:
            return language
    return None


def _parsed(tag: str) -> Language | None:
    try:
        return Language.of(tag)
    except ValueError:
        return None
