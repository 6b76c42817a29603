"""From the values of the house to the shapes that programs get."""

from __future__ import annotations

from flask import Response, url_for
from pydantic import BaseModel

from coach.domain.language import Language, Text
from coach.domain.mood import MoodChange
from coach.domain.rehearsal import Rehearsal, Turn
from coach.domain.scenario import Ending, Scenario
from coach.grading import Better, Explanation, assessment_to_json, reading_to_json
from coach.practice.debrief import Debrief
from coach.web.api import words


def answer(shape: BaseModel, status: int = 200) -> Response:
    """The same value is the same bytes, always."""
    return Response(shape.model_dump_json(by_alias=True), status=status, content_type="application/json")


def scenario_entry(scenario: Scenario, language: Language) -> words.ScenarioEntry:
    return words.ScenarioEntry(
        id=scenario.id,
        version=scenario.version,
        title=scenario.title.within(language),
        titles=_texts(scenario.title),
        hook=scenario.hook.within(language),
        difficulty=scenario.difficulty,
        minutes=scenario.minutes,
        industry=scenario.industry,
        situation=scenario.situation,
        trains=list(scenario.trains),
        rubric=scenario.rubric,
        abusive=scenario.abusive,
        channels=["voice", "text"],
    )


def turn_answer(rehearsal: Rehearsal, turn: Turn, scenario: Scenario, language: Language) -> words.TurnAnswer:
    """Depends on nothing that later turns change."""
    return words.TurnAnswer.model_validate(
        {
            "turn": turn.seq,
            "event": turn.event.value,
            "heard": turn.text,
            "words": [{"text": w.text, "start": w.start, "end": w.end, "confidence": w.confidence} for w in turn.words],
            "behaviours": reading_to_json(turn.reading)["behaviours"] if turn.reading else [],
            "customer": _customer(rehearsal, turn, scenario, language),
            "mood": words.MoodMoved(
                anger=turn.mood.anger, patience=turn.mood.patience, changes=_changes(turn.changes, language)
            ),
        }
    )


def started(rehearsal: Rehearsal, scenario: Scenario, language: Language) -> words.RehearsalStarted:
    """The rehearsal as it was when the customer had spoken first."""
    return words.RehearsalStarted.model_validate(_head(rehearsal, rehearsal.turns[0], scenario, language))


def state(rehearsal: Rehearsal, scenario: Scenario, language: Language) -> words.RehearsalState:
    """The rehearsal as it is now."""
    return words.RehearsalState.model_validate(
        {
            **_head(rehearsal, rehearsal.last, scenario, language),
            "ended_at": rehearsal.ended,
            "turns": [turn_answer(rehearsal, turn, scenario, language) for turn in rehearsal.turns],
            "debrief_url": url_for("api.debrief", rehearsal_id=rehearsal.id),
        }
    )


def debrief_answer(found: Debrief, language: Language) -> words.DebriefAnswer:
    rehearsal, ending = found.rehearsal, found.ending
    return words.DebriefAnswer(
        id=rehearsal.id,
        scenario=rehearsal.scenario_id,
        scenario_version=rehearsal.scenario_version,
        language=rehearsal.language.value,
        outcome=None if ending is None else _outcome(ending, language),
        assessment=assessment_to_json(found.assessment),
        explanation=_explanation(found.explanation),
        curve=[
            words.CurveEntry(
                turn=point.turn,
                anger=point.mood.anger,
                patience=point.mood.patience,
                changes=_changes(point.changes, language),
            )
            for point in found.curve
        ],
    )


def _head(rehearsal: Rehearsal, turn: Turn, scenario: Scenario, language: Language) -> dict[str, object]:
    return {
        "id": rehearsal.id,
        "scenario": rehearsal.scenario_id,
        "scenario_version": rehearsal.scenario_version,
        "language": rehearsal.language.value,
        "channel": rehearsal.channel.value,
        "started_at": rehearsal.started,
        "turn": turn.seq,
        "customer": _customer(rehearsal, turn, scenario, language),
        "mood": {"anger": turn.mood.anger, "patience": turn.mood.patience},
    }


def _customer(rehearsal: Rehearsal, turn: Turn, scenario: Scenario, language: Language) -> words.Customer:
    address = url_for("api.audio", rehearsal_id=rehearsal.id, turn=turn.seq) if turn.customer else None
    ending = _ending(scenario.ending(turn.ended), language) if turn.ended else None
    return words.Customer(text=turn.customer_text, audio_url=address, ended=bool(turn.ended), ending=ending)


def _ending(ending: Ending, language: Language) -> words.EndingEntry:
    return words.EndingEntry(id=ending.id, kind=ending.kind.value, title=ending.title.within(language))


def _outcome(ending: Ending, language: Language) -> words.Outcome:
    return words.Outcome(
        id=ending.id,
        kind=ending.kind.value,
        title=ending.title.within(language),
        because=ending.because.within(language),
        good=ending.is_good,
    )


def _changes(changes: tuple[MoodChange, ...], language: Language) -> list[words.MoodStep]:
    return [
        words.MoodStep.model_validate({"what": c.what, "delta": c.delta, "because": c.because.within(language)})
        for c in changes
    ]


def _explanation(said: Explanation) -> words.ExplanationEntry:
    first = said.first
    return words.ExplanationEntry(
        language=said.language.value,
        summary=said.summary,
        critical=list(said.critical),
        strengths=list(said.strengths),
        first=first
        and words.FocusEntry(
            kind=first.kind, id=first.id, sentence=first.sentence, turn=first.turn, better=_better(first.better)
        ),
        steps=[
            words.StepEntry(
                id=step.id,
                name=step.name,
                verdict=step.verdict,
                sentences=list(step.sentences),
                better=_better(step.better),
            )
            for step in said.steps
        ],
        faults=list(said.faults),
        better=_better(said.better),
    )


def _better(wordings: tuple[Better, ...]) -> list[words.BetterEntry]:
    return [words.BetterEntry(behaviour=b.behaviour, text=b.text) for b in wordings]


def _texts(text: Text) -> words.Texts:
    return words.Texts(zh_hans=text.zh, zh_hant=text.hant or text.zh, en=text.en)
