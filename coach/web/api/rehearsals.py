"""Rehearsing by program: start a call, take turns, end it, read the debrief."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Literal, Self

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from coach.domain.people import Person
from coach.domain.rehearsal import Channel, Rehearsal
from coach.errors import CallEnded, NotFound
from coach.practice.rehearse import Answer
from coach.web.api import words
from coach.web.api.answering import answer, debrief_answer, started, state, turn_answer
from coach.web.api.asking import Asked, body, idempotency_key, language_of, query, recording
from coach.web.api.door import api
from coach.web.api.scenarios import InLanguage
from coach.web.api.specification import AudioForm, KeyHeader, MaybeKeyHeader, documented
from coach.web.services import services
from coach.web.shared import for_people, the_person

FINISH = "coach.finish"
"""The key of ending a call by program: ending it twice is ending it once."""

_ID = {"rehearsal_id": "As the start of the rehearsal gave it"}
_TURN = {**_ID, "turn": "0 is the customer's opening"}


class StartAsked(Asked):
    scenario: str = Field(min_length=1, max_length=200, description="Id of a scenario")
    language: words.Tag | None = Field(default=None, description="Of the call; your own when left out")
    channel: Literal["voice", "text"] = "text"


class TurnAsked(Asked):
    """Either `text`, the reply in words, or `event`, something that happened instead."""

    text: str | None = Field(default=None, description="At most 2,000 characters")
    event: Literal["silence"] | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if (self.text is None) == (self.event is None):
            raise PydanticCustomError("text_or_event", "either text or event")
        return self


class DebriefQuery(InLanguage):
    rubric: str | None = Field(default=None, max_length=100, description="Id of a rubric pack to grade by")


@api.post("/rehearsals")
@for_people()
@documented(
    says=words.RehearsalStarted,
    status=201,
    json=StartAsked,
    headers=MaybeKeyHeader,
    problems=(400, 404, 413, 415, 422, 503),
    operation="start_rehearsal",
)
def start() -> ResponseReturnValue:
    """Start a call: the customer speaks first

    With an Idempotency-Key, sending it again answers with the call that was started the first time.
    """
    asked, person = body(StartAsked), the_person()
    rehearsal = services().rehearsing.start(
        person,
        asked.scenario,
        language_of(asked.language, person.language),
        Channel(asked.channel),
        key=request.headers.get("Idempotency-Key", ""),
    )
    _prepare(rehearsal)
    scenario = services().debriefing.scenario_of(rehearsal)
    response = answer(started(rehearsal, scenario, rehearsal.language), 201)
    response.headers["Location"] = f"{request.path}/{rehearsal.id}"
    return response


@api.get("/rehearsals/<rehearsal_id>")
@for_people()
@documented(
    says=words.RehearsalState,
    query=InLanguage,
    problems=(404, 422),
    parameters=_ID,
    operation="get_rehearsal",
)
def rehearsal(rehearsal_id: str) -> ResponseReturnValue:
    """A call as it stands, with all its turns

    Reasons come in `?language=`, else in the language of the call.
    """
    return _state(services().rehearsing.find(the_person(), rehearsal_id))


@api.post("/rehearsals/<rehearsal_id>/turns")
@for_people()
@documented(
    says=words.TurnAnswer,
    json=TurnAsked,
    form=AudioForm,
    headers=KeyHeader,
    query=InLanguage,
    problems=(400, 404, 409, 413, 415, 422, 503),
    parameters=_ID,
    operation="take_turn",
)
def take_turn(rehearsal_id: str) -> ResponseReturnValue:
    """Answer the customer

    Send what the agent says as JSON `text` or as a recording (`audio` in a multipart body), or `event: silence`.
    The same key with the same content is answered with the same turn; with other content it is refused.
    """
    language = query(InLanguage).language
    taken = _taken(the_person(), rehearsal_id, idempotency_key())
    rehearsal = taken.rehearsal
    _prepare(rehearsal)
    scenario = services().debriefing.scenario_of(rehearsal)
    return answer(turn_answer(rehearsal, taken.turn, scenario, language_of(language, rehearsal.language)))


@api.get("/rehearsals/<rehearsal_id>/turns/<int:turn>/audio")
@for_people()
@documented(problems=(404, 503), parameters=_TURN, operation="hear_turn")
def audio(rehearsal_id: str, turn: int) -> ResponseReturnValue:
    """What the customer said in that turn, as WAV

    Also for mentors of the trainee. 503 where no voice can speak; the call goes on in text.
    """
    lines = services().voicing.lines_of(the_person(), rehearsal_id, turn)
    if not lines:
        raise NotFound("nothing was said in this turn")
    content = services().join_sounds(lines)
    response = make_response(content)
    response.content_type = "audio/wav"
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


@api.post("/rehearsals/<rehearsal_id>/finish")
@for_people()
@documented(
    says=words.RehearsalState,
    query=InLanguage,
    problems=(404, 422, 503),
    parameters=_ID,
    operation="finish_rehearsal",
)
def finish(rehearsal_id: str) -> ResponseReturnValue:
    """End the call

    Hangs up if the call is still running. Again, or after the customer ended it, nothing changes.
    """
    query(InLanguage)
    person = the_person()
    with suppress(CallEnded):  # over is what was asked for, whoever ended it
        services().rehearsing.hang_up(person, rehearsal_id, FINISH)
    return _state(services().rehearsing.find(person, rehearsal_id))


@api.get("/rehearsals/<rehearsal_id>/debrief")
@for_people()
@documented(
    says=words.DebriefAnswer,
    query=DebriefQuery,
    problems=(404, 422),
    parameters=_ID,
    operation="read_debrief",
)
def debrief(rehearsal_id: str) -> ResponseReturnValue:
    """What the call came to, with the words that show it

    Also for mentors of the trainee. Sentences come in `?language=`, else in the reader's language.
    """
    asked, person = query(DebriefQuery), the_person()
    language = language_of(asked.language, person.language)
    found = services().debriefing.debrief(replace(person, language=language), rehearsal_id, asked.rubric)
    return answer(debrief_answer(found, language))


def _taken(person: Person, rehearsal_id: str, key: str) -> Answer:
    rehearsing = services().rehearsing
    if request.mimetype == "multipart/form-data":
        return rehearsing.speak(person, rehearsal_id, key, recording())
    asked = body(TurnAsked)
    if asked.text is None:
        return rehearsing.be_silent(person, rehearsal_id, key)
    return rehearsing.reply(person, rehearsal_id, key, asked.text)


def _state(rehearsal: Rehearsal) -> Response:
    language = language_of(query(InLanguage).language, rehearsal.language)
    return answer(state(rehearsal, services().debriefing.scenario_of(rehearsal), language))


def _prepare(rehearsal: Rehearsal) -> None:
    """Who types may never ask for the sound; it is made then."""
    if rehearsal.channel is Channel.VOICE:
        services().voicing.prepare_next(rehearsal)
