"""Errors as people read them: one sentence that says what happened, one that says what to do.

Pages get these as a page, htmx requests as a note, requests under `/api/` as problem JSON (RFC 9457). All of
them come from one table, keyed by `CoachError.code` or `http-STATUS`.
"""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from coach.errors import CallersMistake, CoachError
from coach.web.i18n import forget_language, language_of_request

log = logging.getLogger("coach.web")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`title`: what happened. `action`: what to do now."""

    title: LazyString
    action: LazyString


_AGAIN = _l("Please try again in a moment. What you wrote is still in your browser: go back to find it.")
_BACK = _l("Go back one page, or start from the first page.")

SENTENCES: dict[str, Sentence] = {
    "error": Sentence(_l("Something went wrong on our side."), _AGAIN),
    "not-found": Sentence(
        _l("We cannot find this."), _l("It may have been moved or deleted, or it belongs to somebody else.")
    ),
    "not-allowed": Sentence(
        _l("This is not open to you."), _l("If you need it for your work, ask your mentor or an administrator.")
    ),
    "unknown-scenario": Sentence(
        _l("There is no such scenario."), _l("Choose one from the list; it may have been renamed.")
    ),
    "unknown-rubric": Sentence(_l("There is no such method of grading."), _l("Choose one from the list.")),
    "call-ended": Sentence(_l("This call is over."), _l("Open its debrief, or retry it from any turn.")),
    "key-reused": Sentence(
        _l("This key was already used for another reply."), _l("Send each new reply with a new Idempotency-Key.")
    ),
    "key-missing": Sentence(
        _l("This was sent without an Idempotency-Key."), _l("Make a new random key for each reply and send it along.")
    ),
    "token-needed": Sentence(
        _l("This needs a token."), _l("Send it in the header Authorization, after the word Bearer.")
    ),
    "token-refused": Sentence(_l("This token is not valid, or no longer."), _l("Ask an administrator for a new one.")),
    "out-of-step": Sentence(
        _l("This call went on in another window."), _l("Load the page again to see the newest turn, then answer.")
    ),
    "bad-text": Sentence(_l("This reply cannot be used as it is."), _l("Please check it and send it again.")),
    "text-too-long": Sentence(
        _l("This reply is longer than a caller would listen to."), _l("Please shorten it and send it again.")
    ),
    "empty-reply": Sentence(_l("There is nothing in this reply yet."), _l("Say or type something, then send it.")),
    "bad-audio": Sentence(
        _l("This recording cannot be used."), _l("Please record it again, or go on by typing; the grading is the same.")
    ),
    "audio-empty": Sentence(
        _l("The recording is empty."),
        _l("Check the microphone and record again, or go on by typing; the grading is the same."),
    ),
    "audio-too-long": Sentence(_l("This recording is too long."), _l("Please answer in a shorter reply.")),
    "audio-too-large": Sentence(_l("This recording is too large."), _l("Please answer in a shorter reply.")),
    "audio-type": Sentence(
        _l("We cannot read this kind of recording."), _l("Use WAV, WebM, Ogg, MP4 or MP3, or go on by typing.")
    ),
    "audio-broken": Sentence(
        _l("The recording arrived damaged."), _l("Please record it again, or go on by typing; the grading is the same.")
    ),
    "nothing-heard": Sentence(
        _l("We could not hear any words."), _l("Speak a little closer to the microphone, or go on by typing.")
    ),
    "bad-input": Sentence(
        _l("Something in what was sent is missing or not allowed."), _l("Please check the fields and send it again.")
    ),
    "bad-scenario": Sentence(
        _l("This scenario still has mistakes in it."), _l("Each one is listed with its line; mend them and try again.")
    ),
    "bad-rubric": Sentence(
        _l("This method of grading still has mistakes in it."), _l("Each one is listed; mend them and try again.")
    ),
    "speech-unavailable": Sentence(
        _l("Speech is not available just now."), _l("Go on by typing; the grading is the same.")
    ),
    "busy": Sentence(_l("A great deal is going on just now."), _AGAIN),
    "store-unavailable": Sentence(_l("Your work could not be saved just now."), _AGAIN),
    "bad-settings": Sentence(_l("Something went wrong on our side."), _AGAIN),
    "bad-csrf": Sentence(
        _l("This page was open for too long, so it was not sent."),
        _l("Go back, load the page again and send it once more."),
    ),
    "http-400": Sentence(_l("We could not understand this request."), _BACK),
    "http-401": Sentence(_l("Please log in first."), _l("Then open this page again.")),
    "http-403": Sentence(
        _l("This is not open to you."), _l("If you need it for your work, ask your mentor or an administrator.")
    ),
    "http-404": Sentence(
        _l("There is nothing at this address."), _l("Check the address, or start from the first page.")
    ),
    "http-405": Sentence(_l("This page cannot be used in that way."), _BACK),
    "http-409": Sentence(
        _l("Somebody changed this in the meantime."), _l("Load the page again and look before you send.")
    ),
    "http-413": Sentence(_l("What was sent is too large."), _l("Please send less at a time.")),
    "http-415": Sentence(
        _l("We cannot read this kind of content."), _l("Send it in a form that the documentation names.")
    ),
    "http-422": Sentence(
        _l("Something in what was sent is missing or not allowed."), _l("Please check the fields and send it again.")
    ),
    "http-429": Sentence(_l("That was too many tries in a short time."), _l("Please wait a minute, then try again.")),
    "http-500": Sentence(_l("Something went wrong on our side."), _AGAIN),
    "http-503": Sentence(_l("We cannot answer just now."), _AGAIN),
}
"""One sentence per code of coach/errors.py, and per status that the framework raises."""

_PASSED_ON = ("Allow", "Retry-After", "WWW-Authenticate")


def sentence_for(code: str, status: int) -> Sentence:
    return (
        SENTENCES.get(code) or SENTENCES.get(f"http-{status}") or SENTENCES["http-400" if status < 500 else "http-500"]
    )


def install_errors(app: Flask) -> None:
    app.register_error_handler(CoachError, _coach_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _coach_error(error: CoachError) -> Response:
    incident = ""
    if error.status >= 500:
        incident = _log_incident(error)
    details = error.details if isinstance(error, CallersMistake) else {}
    return answer(error.code, error.status, incident=incident, details=details)


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # redirects, and abort(response)
    incident = _log_incident(error) if error.code >= 500 else ""
    code = "bad-csrf" if type(error).__name__ == "CSRFError" else f"http-{error.code}"
    response = answer(code, error.code, incident=incident)
    for name, value in error.get_headers():
        if name in _PASSED_ON:
            response.headers[name] = value
    retry_after = getattr(error, "retry_after", None)
    if isinstance(retry_after, int):
        response.headers["Retry-After"] = str(retry_after)
    return response


def _unforeseen(error: Exception) -> Response:
    return answer("http-500", 500, incident=_log_incident(error))


def _log_incident(error: Exception) -> str:
    """Logs the whole error under a random id that the page shows, so that a report leads to the line."""
    incident = secrets.token_hex(5)
    log.error("incident %s: %s %s", incident, request.method, request.path, exc_info=error)
    return incident


def answer(code: str, status: int, *, incident: str = "", details: dict[str, object] | None = None) -> Response:
    """The error in the form the request can use: page, note or problem JSON."""
    sentence = sentence_for(code, status)
    if request.path.startswith("/api/"):
        return problem(code, status, sentence, incident=incident, details=details or {})
    return _page(status, sentence, incident)


def problem(code: str, status: int, sentence: Sentence, *, incident: str, details: dict[str, object]) -> Response:
    body: dict[str, object] = {
        "type": f"urn:coach:problem:{code}",
        "title": str(sentence.title),
        "status": status,
        "detail": str(sentence.action),
        "instance": f"{request.path}#{incident}" if incident else request.path,
        "code": code,
    }
    if details:
        body["details"] = details
    text = json.dumps(body, ensure_ascii=False, default=str)
    response = Response(text, status=status, content_type="application/problem+json")
    response.headers["Content-Language"] = language_of_request().value
    return response


def _page(status: int, sentence: Sentence, incident: str) -> Response:
    template = "errors/note.html" if request.headers.get("HX-Request") == "true" else "errors/page.html"
    words = {"status": status, "sentence": sentence, "incident": incident}
    try:
        return make_response(render_template(template, **words), status)
    except Exception as error:
        log.error("the page of an error failed, showing it to nobody in particular", exc_info=error)
    # Who is there, and in which language they read, may be just what cannot be found out now.
    g.person = None
    forget_language()
    return make_response(render_template(template, **words), status)
