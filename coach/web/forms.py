"""The base of every form: CSRF, and messages in the language of the page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm


class _OurTranslations:
    """WTForms would answer traditional readers in simplified Chinese; our own catalogues know both."""

    def gettext(self, string: str) -> str:
        return str(gettext(string)) if string else string

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(ngettext(singular, plural, n))


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, _form: Any) -> _OurTranslations:
            return _OurTranslations()


def N_(text: str) -> str:
    """Marks text for translation that is translated later, by a library."""
    return text


# What WTForms says by itself; listed so that our catalogues hold it.
LIBRARY_MESSAGES = (
    N_("This field is required."),
    N_("Not a valid choice."),
    N_("Not a valid choice"),
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid integer value."),
    N_("Not a valid decimal value."),
    N_("Not a valid date value."),
    N_("Invalid email address."),
    N_("Invalid input."),
    N_("CSRF token missing."),
    N_("CSRF failed."),
)
