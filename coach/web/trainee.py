"""Pages of the trainee: choose a call, read the brief, talk, read the debrief, see the progress."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coach.behaviours import catalogue
from coach.domain.language import Language
from coach.domain.people import Role
from coach.domain.rehearsal import Channel, Rehearsal, Turn
from coach.domain.scenario import Scenario
from coach.errors import BadInput
from coach.practice.progress import Progress
from coach.practice.rehearse import Answer
from coach.web.debrief_view import debrief_view
from coach.web.debrief_words import debrief_words
from coach.web.i18n import language_of_request
from coach.web.services import services
from coach.web.shared import for_people, the_person

trainee = Blueprint("trainee", __name__)

ALL_ROLES = (Role.TRAINEE, Role.MENTOR, Role.QA, Role.ADMIN)
"""Everybody may practise: a mentor who has not talked to the customer cannot coach for it."""


# ---- choosing ----


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of calls is narrowed to. Empty = everything."""

    words: str
    industry: str
    behaviour: str
    difficulty: str
    calm_only: bool


@trainee.get("/practice")
@for_people(*ALL_ROLES)
def scenarios() -> ResponseReturnValue:
    person = the_person()
    filters = _filters()
    language = language_of_request()
    shown = [s for s in services().library.scenarios if _matches(s, filters, language)]
    progress = services().progress.of(person, person.id)
    page = "trainee/_calls.html" if request.headers.get("HX-Request") == "true" else "trainee/scenarios.html"
    return render_template(
        page,
        scenarios=shown,
        every=services().library.scenarios,
        filters=filters,
        suggestion=_suggestion(services().library.scenarios, progress),
        last={attempt.summary.scenario_id: attempt for attempt in reversed(progress.attempts)},
        behaviour_name=lambda id: catalogue.name(id).within(language),
    )


def _filters() -> Filters:
    asked = request.args
    return Filters(
        words=asked.get("q", "")[:100].strip(),
        industry=asked.get("industry", ""),
        behaviour=asked.get("behaviour", ""),
        difficulty=asked.get("difficulty", ""),
        calm_only=asked.get("calm") == "1",
    )


def _matches(scenario: Scenario, filters: Filters, language: Language) -> bool:
    words = " ".join(t.within(language) for t in (scenario.title, scenario.hook, scenario.brief, scenario.why)).lower()
    return (
        (not filters.words or filters.words.lower() in words)
        and (not filters.industry or scenario.industry == filters.industry)
        and (not filters.behaviour or filters.behaviour in scenario.trains)
        and (not filters.difficulty or str(scenario.difficulty) == filters.difficulty)
        and not (filters.calm_only and scenario.abusive)
    )


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The call to take next and why: a step that was missed most, or the easiest call not tried yet."""

    scenario: Scenario
    step: str  # name of the step in the page's language, "" for a first call


def _suggestion(every: tuple[Scenario, ...], progress: Progress) -> Suggestion | None:
    tried = {attempt.summary.scenario_id for attempt in progress.attempts}
    weak = progress.weakest
    if weak and weak.met < len(weak.verdicts):
        step = next(step for step in weak.pack.steps if step.id == weak.step_id)
        asked = {behaviour for part in step.parts for behaviour in part.any}
        fitting = [s for s in every if asked & set(s.trains)]
        fresh = [s for s in fitting if s.id not in tried]
        if fitting:
            return Suggestion((fresh or fitting)[0], step.name.within(language_of_request()))
    untried = [s for s in every if s.id not in tried]
    return Suggestion((untried or list(every))[0], "") if every else None


@trainee.get("/practice/<scenario_id>")
@for_people(*ALL_ROLES)
def brief(scenario_id: str) -> ResponseReturnValue:
    scenario = services().library.playable(scenario_id).scenario
    services().voicing.prepare_opening(scenario_id, language_of_request())
    return render_template(
        "trainee/brief.html",
        scenario=scenario,
        pack=services().debriefing.pack(scenario.rubric),
        behaviour_name=lambda id: catalogue.name(id).within(language_of_request()),
        speech_problem=services().health().get("listening", ""),
    )


# ---- the call ----


@trainee.post("/rehearsals")
@for_people(*ALL_ROLES)
def start() -> ResponseReturnValue:
    form = request.form
    try:
        language = Language.of(form.get("language", language_of_request().value))
        channel = Channel(form.get("channel", Channel.VOICE.value))
    except ValueError as error:
        raise BadInput(str(error)) from error
    rehearsal = services().rehearsing.start(the_person(), form.get("scenario", ""), language, channel)
    services().voicing.prepare_next(rehearsal)
    return redirect(url_for("trainee.call", rehearsal_id=rehearsal.id), code=303)


@trainee.get("/rehearsals/<rehearsal_id>")
@for_people(*ALL_ROLES)
def call(rehearsal_id: str) -> ResponseReturnValue:
    """The call as it stands: a reload, a second tab or a restart of the server goes on where it was."""
    rehearsal = services().rehearsing.find(the_person(), rehearsal_id)
    services().voicing.prepare_next(rehearsal)
    return render_template("trainee/call.html", **_call_words(rehearsal))


def _call_words(rehearsal: Rehearsal, answered: Turn | None = None) -> dict[str, object]:
    scenario = services().debriefing.scenario_of(rehearsal)
    return {
        "rehearsal": rehearsal,
        "scenario": scenario,
        "pack": services().debriefing.pack(scenario.rubric),
        "turn": rehearsal.last,
        "answered": answered,
        "before": rehearsal.turns[-2].mood if len(rehearsal.turns) > 1 else None,
        "next_key": uuid4().hex,
        "ending": scenario.ending(rehearsal.last.ended) if rehearsal.last.ended else None,
        "lang": rehearsal.language,
    }


@trainee.post("/rehearsals/<rehearsal_id>/turns")
@for_people(*ALL_ROLES)
def reply(rehearsal_id: str) -> ResponseReturnValue:
    """A reply: `text`, or `audio` as a file. `key` makes sending twice harmless, `seq` is the newest turn one saw."""
    desk, person = services().rehearsing, the_person()
    audio = request.files.get("audio")
    if audio is not None:
        content = audio.read()
        return _take(rehearsal_id, lambda key, seq: desk.speak(person, rehearsal_id, key, content, expected_seq=seq))
    text = request.form.get("text", "")
    return _take(rehearsal_id, lambda key, seq: desk.reply(person, rehearsal_id, key, text, expected_seq=seq))


@trainee.post("/rehearsals/<rehearsal_id>/silence")
@for_people(*ALL_ROLES)
def silence(rehearsal_id: str) -> ResponseReturnValue:
    return _take(
        rehearsal_id,
        lambda key, seq: services().rehearsing.be_silent(the_person(), rehearsal_id, key, expected_seq=seq),
    )


@trainee.post("/rehearsals/<rehearsal_id>/time-out")
@for_people(*ALL_ROLES)
def time_out(rehearsal_id: str) -> ResponseReturnValue:
    return _take(rehearsal_id, lambda key, _seq: services().rehearsing.time_out(the_person(), rehearsal_id, key))


@trainee.post("/rehearsals/<rehearsal_id>/hang-up")
@for_people(*ALL_ROLES)
def hang_up(rehearsal_id: str) -> ResponseReturnValue:
    return _take(rehearsal_id, lambda key, _seq: services().rehearsing.hang_up(the_person(), rehearsal_id, key))


def _take(rehearsal_id: str, act: Callable[[str, int | None], Answer]) -> ResponseReturnValue:
    key = request.form.get("key", "")
    seq = request.form.get("seq", "")
    answer = act(key, int(seq) if re.fullmatch("[0-9]{1,9}", seq) else None)
    if request.headers.get("HX-Request") != "true":
        return redirect(url_for("trainee.call", rehearsal_id=rehearsal_id), code=303)
    services().voicing.prepare_next(answer.rehearsal)
    return render_template("trainee/_live.html", **_call_words(answer.rehearsal, answered=answer.turn))


@trainee.get("/rehearsals/<rehearsal_id>/turns/<int:seq>/sound.wav")
@for_people(*ALL_ROLES)
def sound(rehearsal_id: str, seq: int) -> ResponseReturnValue:
    """What the customer said in that turn. Mentors may hear it too."""
    lines = services().voicing.lines_of(the_person(), rehearsal_id, seq)
    return wav(services().join_sounds(lines))


def wav(content: bytes) -> Response:
    """A sound that the browser may keep and seek in; it never changes."""
    response = make_response(content)
    response.content_type = "audio/wav"
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


# ---- afterwards ----


@trainee.get("/rehearsals/<rehearsal_id>/debrief")
@for_people(*ALL_ROLES)
def debrief(rehearsal_id: str) -> ResponseReturnValue:
    found = services().debriefing.debrief(the_person(), rehearsal_id, request.args.get("rubric") or None)
    return render_template("trainee/debrief.html", **debrief_words(found))


@trainee.post("/rehearsals/<rehearsal_id>/retry")
@for_people(*ALL_ROLES)
def retry(rehearsal_id: str) -> ResponseReturnValue:
    turn = request.form.get("turn", "")
    if not (turn.isascii() and turn.isdigit()):
        raise BadInput("the turn is a number", field="turn")
    rehearsal = services().rehearsing.retry(the_person(), rehearsal_id, int(turn))
    return redirect(url_for("trainee.call", rehearsal_id=rehearsal.id), code=303)


@trainee.get("/rehearsals/<rehearsal_id>/compare")
@for_people(*ALL_ROLES)
def compare(rehearsal_id: str) -> ResponseReturnValue:
    """A retry beside what it retried, from the turn where they part."""
    after = services().debriefing.debrief(the_person(), rehearsal_id)
    if after.rehearsal.branch_of is None:
        raise BadInput("this call is not a retry of another")
    origin, turn = after.rehearsal.branch_of
    before = services().debriefing.debrief(the_person(), origin)
    language = language_of_request()
    return render_template(
        "trainee/compare.html",
        turn=turn,
        sides=(
            (_("First time"), before, debrief_view(before, language)),
            (_("This time"), after, debrief_view(after, language)),
        ),
    )


@trainee.get("/debriefs")
@for_people(*ALL_ROLES)
def debriefs() -> ResponseReturnValue:
    person = the_person()
    return render_template("trainee/debriefs.html", progress=services().progress.of(person, person.id))


@trainee.get("/progress")
@for_people(*ALL_ROLES)
def progress() -> ResponseReturnValue:
    person = the_person()
    return render_template("trainee/progress.html", progress=services().progress.of(person, person.id))


@trainee.get("/help/sound-check.wav")
@for_people(*ALL_ROLES)
def sound_check() -> ResponseReturnValue:
    """A sentence to set the loudness by. 503 when no voice engine works."""
    return wav(services().voicing.sound_check(language_of_request()))
