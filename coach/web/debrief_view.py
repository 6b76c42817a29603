"""The debrief as the page shows it: turns with marked words, the curve's points, better wordings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask_babel import gettext as _

from coach.behaviours import catalogue
from coach.domain.behaviour import FAULTS
from coach.domain.language import Language
from coach.domain.mood import MoodChange
from coach.domain.rehearsal import Event, Turn
from coach.practice.debrief import Debrief
from coach.web.curve import CurvePoint, points_of
from coach.web.marks import MarkKind, Span


@dataclass(frozen=True, slots=True)
class TurnView:
    """One exchange. `spans` mark the trainee's words, `readings` explain them: (name, sentence, fault?, unsure?)."""

    turn: Turn
    event: str
    spans: tuple[Span, ...]
    readings: tuple[tuple[str, str, bool, bool], ...]
    is_key: bool


@dataclass(frozen=True, slots=True)
class DebriefView:
    turns: tuple[TurnView, ...]
    points: tuple[CurvePoint, ...]
    key_turn: int | None  # the reply that did most harm, None if none did
    better: tuple[tuple[str, str], ...]  # name of a behaviour that was missed, a good wording in this case


def debrief_view(debrief: Debrief, language: Language) -> DebriefView:
    turns = debrief.rehearsal.turns
    key = _worst(turns)
    labels = (_("Start"), _("Turn %(n)s"))
    return DebriefView(
        turns=tuple(_turn_view(turn, language, key) for turn in turns),
        points=tuple(map(_told, turns, points_of(turns, language, labels[0], labels[1], key))),
        key_turn=key,
        better=_better(debrief, language),
    )


def _told(turn: Turn, point: CurvePoint) -> CurvePoint:
    """Where nobody said anything, that is the reason."""
    words = {Event.HANG_UP: _("(ended the call)"), Event.SILENCE: _("(silence)")}
    return point if point.because or turn.event not in words else replace(point, because=words[turn.event])


def _worst(turns: tuple[Turn, ...]) -> int | None:
    """The reply after which the customer was angriest compared with before; only if it did harm."""
    harm = {turn.seq: _harm(turn.changes) for turn in turns if turn.event is Event.REPLY}
    worst = max(harm, key=lambda seq: harm[seq], default=None)
    return worst if worst is not None and harm[worst] > 0 else None


def _harm(changes: tuple[MoodChange, ...]) -> int:
    return sum(c.delta if c.what == "anger" else -c.delta for c in changes)


def _turn_view(turn: Turn, language: Language, key: int | None) -> TurnView:
    return TurnView(
        turn=turn,
        event=turn.event.value,
        spans=spans_of(turn, language),
        readings=_readings(turn, language),
        is_key=turn.seq == key,
    )


def spans_of(turn: Turn, language: Language) -> tuple[Span, ...]:
    """The evidence in the trainee's words, tagged with the names of the behaviours."""
    behaviours = turn.reading.behaviours if turn.reading else ()
    return tuple(
        Span(e.start, e.end, catalogue.name(b.id).within(language), _kind(b.id, b.is_present))
        for b in behaviours
        for e in b.evidence
    )


def _kind(id: str, present: bool) -> MarkKind:
    if not present:
        return MarkKind.MAYBE
    return MarkKind.FAULT if id in FAULTS else MarkKind.ACT


def _readings(turn: Turn, language: Language) -> tuple[tuple[str, str, bool, bool], ...]:
    behaviours = turn.reading.behaviours if turn.reading else ()
    return tuple(
        (
            catalogue.name(b.id).within(language),
            catalogue.explain(b.id, b.evidence[0].text if b.evidence else "").within(language),
            b.id in FAULTS,
            not b.is_present,
        )
        for b in behaviours
    )


def _better(debrief: Debrief, language: Language) -> tuple[tuple[str, str], ...]:
    """A wording for each behaviour that the case trains and the call did not show."""
    shown = {id for turn in debrief.rehearsal.replies if turn.reading for id in turn.reading.present}
    return tuple(
        (catalogue.name(id).within(language), text.within(language))
        for id, text in debrief.scenario.better.items()
        if id not in shown
    )
