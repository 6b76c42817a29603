"""Who may come in: the owner of a bearer token. Cookies of a browser open nothing here."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, request
from werkzeug.datastructures import WWWAuthenticate

from coach.web.errors_pages import answer
from coach.web.services import services

api = Blueprint("api", __name__, url_prefix="/api/v1")

PUBLIC = frozenset({"api.openapi"})
LONGEST_TOKEN = 200
TRY_AGAIN_AFTER = "2"  # seconds; what waits on us is a writer's turn or an engine's start


@api.before_request
def know_the_caller() -> None:
    """Makes the token's owner the person of this request; 401 without a token that is good."""
    g.person = None  # whatever a cookie says
    if request.endpoint in PUBLIC:
        return
    given = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    if not token:
        _refuse("token-needed", {"realm": "coach"})
    elif len(token) <= LONGEST_TOKEN:
        g.person = services().by_token(token)
    if g.person is None:
        _refuse("token-refused", {"realm": "coach", "error": "invalid_token"})


@api.after_request
def say_how_to_go_on(response: Response) -> Response:
    """Nothing is kept on the way, and programs learn when to come back."""
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", TRY_AGAIN_AFTER)
    return response


def _refuse(code: str, challenge: dict[str, str | None]) -> None:
    response = answer(code, 401)
    response.headers["WWW-Authenticate"] = WWWAuthenticate("bearer", challenge).to_header()
    abort(response)
