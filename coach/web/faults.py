"""What may be wrong with a field, in words: by Pydantic's kinds of error and those of our use cases."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_CHOICE = _l("This must be one of the values that the documentation lists.")
_DATE = _l("This must be a date such as 2026-03-05.")
_WHOLE = _l("This must be a whole number.")
_RANGE = _l("This number is out of range.")
_NOT_ALLOWED = _l("This value is not allowed.")

FAULTS: dict[str, LazyString] = {
    "missing": _l("This field is required."),
    "extra_forbidden": _l("There is no field of this name."),
    "string_type": _l("This must be text."),
    "string_unicode": _l("This text holds characters that do not exist."),
    "string_too_short": _l("This must not be empty."),
    "string_too_long": _l("This is too long."),
    "string_pattern_mismatch": _l("This holds characters that are not allowed here."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _RANGE,
    "greater_than_equal": _RANGE,
    "less_than_equal": _RANGE,
    "literal_error": _CHOICE,
    "date_from_datetime_parsing": _DATE,
    "date_parsing": _DATE,
    "date_type": _DATE,
    "model_type": _l("The body must be a JSON object."),
    "text_or_event": _l("Send either text or an event, not both."),
    "unknown_agent": _l("Nobody with an active account has this e-mail address."),
    "unknown_step": _l("There is no such step; write it as method:step, such as six-step:listen."),
    "date_in_future": _l("This day has not come yet."),
    "step_or_error_code": _l("Give either a step or an error code, not both."),
}


def fault_words(code: str) -> LazyString:
    return FAULTS.get(code, _NOT_ALLOWED)
