"""What programs send: read strictly, and every fault named at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from coach.domain.language import Language
from coach.errors import BadInput, KeyMissing
from coach.web.faults import fault_words

LARGEST_JSON = 256 * 1024  # bytes; ten thousand emoji, escaped, still get a proper answer
JSON = "application/json"


class Asked(BaseModel):
    """A body: nothing is converted, nothing unknown is let through."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


A = TypeVar("A", bound=Asked)


def body(model: type[A]) -> A:
    """The JSON body. 415 for other content, 413 for too much of it, 400 for broken JSON, BadInput for its fields."""
    if request.mimetype != JSON:
        raise UnsupportedMediaType
    content = _read()
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False, include_context=False)[0]["type"] == "json_invalid":
            raise BadRequest from error
        raise _unfit(error) from error


def _read() -> bytes:
    """The body; what announces no length is stopped by the limit for recordings first."""
    if (request.content_length or 0) > LARGEST_JSON:
        raise RequestEntityTooLarge
    content = request.get_data(cache=False)
    if len(content) > LARGEST_JSON:
        raise RequestEntityTooLarge
    return content


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
    return {"field": field, "code": code, "message": fault_words(code)}
