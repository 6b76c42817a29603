"""The OpenAPI 3.1 document. SpecTree writes it from the shapes; reading what is sent is the business of `asking`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field
from spectree import Response, SecurityScheme, SpecTree
from spectree.model_adapter import get_pydantic_model_adapter
from spectree.models import SecureType, SecuritySchemeData

from coach import __version__
from coach.web.api.door import api
from coach.web.api.words import Problem

V = TypeVar("V", bound=Callable[..., Any])

PROBLEM_TYPE = "application/problem+json"

_DESCRIPTION = """Rehearse complaint calls, read debriefs, flag real calls.

Every request but this one needs `Authorization: Bearer TOKEN`; an administrator makes tokens with
`python -m coach token create EMAIL`. Errors are problem details (RFC 9457); go by their `code`.
Sentences come in the language of `Accept-Language`, of `?language=` where there is one, or of the call.
After 429 and 503, wait for as many seconds as `Retry-After` says."""

_tree = SpecTree(
    "flask",
    mode="strict",
    path="openapi",  # not registered: SpecTree leaves out all routes below its own path
    page_templates={},
    annotations=False,
    title="Coach",
    version=__version__,
    description=_DESCRIPTION,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[SecurityScheme(name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))],
    security={"bearer": []},
)


class KeyHeader(BaseModel):
    """Sending the same again with the same key changes nothing and is answered in the same way."""

    model_config = ConfigDict(strict=True)

    key: str = Field(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,100}$")


class MaybeKeyHeader(BaseModel):
    """As `KeyHeader`, for those who want it."""

    key: str | None = Field(default=None, alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,100}$")


class AudioForm(BaseModel):
    """A recording in any format that browsers make, up to 10 MB and two minutes."""

    audio: get_pydantic_model_adapter().basefile  # type: ignore[valid-type]


def documented(
    *,
    says: type[BaseModel] | None = None,
    status: int = 200,
    also: int | None = None,
    problems: tuple[int, ...] = (),
    json: type[BaseModel] | None = None,
    form: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    headers: type[BaseModel] | None = None,
    operation: str,
    parameters: dict[str, str] | None = None,
) -> Callable[[V], V]:
    """Puts a view into the document. `says`: what it answers with `status` (and `also`)."""
    shapes: dict[str, Any] = {f"HTTP_{code}": Problem for code in (401, *problems)}
    for code in (status, also):
        if code is not None:
            shapes[f"HTTP_{code}"] = says
    return _tree.validate(
        resp=Response(**shapes),
        json=json,
        form=form,
        query=query,
        headers=headers,
        operation_id=operation,
        skip_validation=True,
        path_parameter_descriptions=parameters,
        validation_error_status=problems[-1] if problems else 401,
    )


@api.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    return _document()


@cache
def _document() -> dict[str, Any]:
    """SpecTree's document, with what it cannot say: problems have a content type of their own, sounds are WAV."""
    spec: dict[str, Any] = _tree.spec
    for path in spec["paths"].values():
        for operation in path.values():
            operation.pop("tags", None)
            for status, response in operation["responses"].items():
                if int(status) >= 400 and "content" in response:
                    response["content"] = {PROBLEM_TYPE: response["content"]["application/json"]}
            if operation["operationId"] == "hear_turn":
                operation["responses"]["200"]["content"] = {
                    "audio/wav": {"schema": {"type": "string", "format": "binary"}}
                }
    return spec
