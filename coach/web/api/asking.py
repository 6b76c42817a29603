"""What programs send: read strictly, and every fault named at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from coach.domain.language import Language
from coach.errors import BadInput, KeyMissing

LARGEST_JSON = 256 * 1024  # bytes; ten thousand emoji, escaped, still get a proper answer
JSON = "application/json"

MESSAGES: dict[str, LazyString] = {
    "missing": _l("This field is required."),
    "extra_forbidden": _l("There is no field of this name."),
    "string_type": _l("This must be text."),
    "string_unicode": _l("This text holds characters that do not exist."),
    "string_too_short": _l("This must not be empty."),
    "string_too_long": _l("This is too long."),
    "string_pattern_mismatch": _l("This holds characters that are not allowed here."),
    "int_type": _l("This must be a whole number."),
    "literal_error": _l("This must be one of the values that the documentation lists."),
    "enum": _l("This must be one of the values that the documentation lists."),
    "date_from_datetime_parsing": _l("This must be a date such as 2026-03-05."),
    "date_parsing": _l("This must be a date such as 2026-03-05."),
    "date_type": _l("This must be a date such as 2026-03-05."),
    "model_type": _l("The body must be a JSON object."),
    "text_or_event": _l("Send either text or an event, not both."),
    "unknown_agent": _l("Nobody with an active account has this e-mail address."),
    "unknown_step": _l("There is no such step; write it as method:step, such as six-step:listen."),
    "date_in_future": _l("This day has not come yet."),
    "step_or_error_code": _l("Send either a step or an error code, not both."),
}
"""By Pydantic's kinds of error and our own."""

_NOT_ALLOWED = _l("This value is not allowed.")


class Asked(BaseModel):
    """A body: nothing is converted, nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


A = TypeVar("A", bound=Asked)


def body(model: type[A]) -> A:
    """The JSON body. 415 for other content, 413 for too much of it, 400 for broken JSON, BadInput for its fields."""
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    request.max_content_length = LARGEST_JSON
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False, include_context=False)[0]["type"] == "json_invalid":
            raise BadRequest from error
        raise _unfit(error) from error


def query(model: type[A]) -> A:
    """The query string; a name that is given twice counts once. BadInput for its fields."""
    try:
        return model.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise _unfit(error) from error


def bad_fields(faults: Mapping[str, str]) -> BadInput:
    """The error for fields (name -> code), as `body` would report it."""
    return BadInput("fields are wrong", errors=[_fault(field, code) for field, code in faults.items()])


def recording() -> bytes:
    """The file `audio` of a multipart body, alone in it."""
    faults = [_fault(name, "extra_forbidden") for name in (*request.form, *request.files) if name != "audio"]
    if "audio" not in request.files:
        faults.append(_fault("audio", "missing"))
    if faults:
        raise BadInput("not a recording alone", errors=faults)
    content: bytes = request.files["audio"].read()
    return content


def idempotency_key() -> str:
    """The key that makes sending twice harmless; KeyMissing when there is none."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise KeyMissing("the Idempotency-Key is missing", field="Idempotency-Key")
    return key


def language_of(asked: str | None, otherwise: Language) -> Language:
    """`asked` is one of the tags that the models allow."""
    return Language.of(asked) if asked else otherwise


def _unfit(error: ValidationError) -> BadInput:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return BadInput("fields are wrong", errors=[_fault(".".join(map(str, e["loc"])), e["type"]) for e in found])


def _fault(field: str, code: str) -> dict[str, Any]:
    return {"field": field, "code": code, "message": MESSAGES.get(code, _NOT_ALLOWED)}
