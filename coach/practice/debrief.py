"""The debrief: what a rehearsal came to, with the words that show it. Derived from the turns, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.domain.mood import Mood, MoodChange
from coach.domain.people import Person
from coach.domain.rehearsal import Event, Rehearsal
from coach.domain.rubric import Assessment, RubricPack
from coach.domain.scenario import Ending, EndingKind, Scenario
from coach.domain.transcript import Speaker, Transcript, Utterance
from coach.errors import NotFound, UnknownRubric
from coach.grading import Explanation, explain, grade
from coach.practice.library import Library
from coach.practice.ports import RehearsalSummary, Store

_LOST = {
    EndingKind.HANGS_UP: frozenset({"customer_hung_up"}),
    EndingKind.ABANDONED: frozenset({"call_left"}),
}


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The mood after one turn (turn 0: when the phone was picked up) and why it moved."""

    turn: int
    mood: Mood
    changes: tuple[MoodChange, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """Everything a debrief page shows. `ending` is None while the call is running."""

    rehearsal: Rehearsal
    owner: Person
    scenario: Scenario
    ending: Ending | None
    assessment: Assessment
    explanation: Explanation
    curve: tuple[CurvePoint, ...]
    retries: tuple[RehearsalSummary, ...]


class Debriefing:
    """Debriefs for the trainee and for whoever may see the trainee's work."""

    def __init__(self, store: Store, library: Library, packs: Mapping[str, RubricPack]) -> None:
        self._store = store
        self._library = library
        self._packs = packs

    @property
    def packs(self) -> tuple[RubricPack, ...]:
        """The rubric packs one can grade by, by name of id."""
        return tuple(self._packs[id] for id in sorted(self._packs))

    def pack(self, id: str) -> RubricPack:
        """UnknownRubric if there is none of that id."""
        if id not in self._packs:
            raise UnknownRubric(f"there is no rubric pack {id}", rubric=id)
        return self._packs[id]

    def scenario_of(self, rehearsal: Rehearsal) -> Scenario:
        """The version the rehearsal is played on."""
        return self._library.look_up(rehearsal, self._store).scenario

    def debrief(self, reader: Person, rehearsal_id: str, rubric: str | None = None) -> Debrief:
        """The debrief in the reader's language, graded by the scenario's pack or another. NotFound, UnknownRubric."""
        with self._store.read() as work:
            rehearsal = work.rehearsals.get(rehearsal_id)
            owner = work.people.get(rehearsal.owner_id)
            if not reader.may_see_work_of(owner):
                raise NotFound("no such rehearsal")
            scenario = self._library.program_of(rehearsal, work).scenario
            retries = work.rehearsals.branches_of(rehearsal_id)
        assessment = assess(rehearsal, scenario, self.pack(rubric) if rubric else pack_for(scenario, self._packs))
        return Debrief(
            rehearsal=rehearsal,
            owner=owner,
            scenario=scenario,
            ending=scenario.ending(rehearsal.last.ended) if rehearsal.last.ended else None,
            assessment=assessment,
            explanation=explain(assessment, reader.language, scenario=scenario),
            curve=tuple(CurvePoint(turn.seq, turn.mood, turn.changes) for turn in rehearsal.turns),
            retries=retries,
        )


def pack_for(scenario: Scenario, packs: Mapping[str, RubricPack]) -> RubricPack:
    """The pack the scenario names; the first of them all when that one is gone. UnknownRubric when there is none."""
    if not packs:
        raise UnknownRubric("there is no rubric pack")
    return packs.get(scenario.rubric) or packs[min(packs)]


def assess(rehearsal: Rehearsal, scenario: Scenario, pack: RubricPack) -> Assessment:
    """The grade of a rehearsal under a pack."""
    signals = {turn.seq: frozenset(turn.signals) for turn in rehearsal.replies}
    if rehearsal.last.ended and signals:
        last = rehearsal.replies[-1].seq
        signals[last] |= _LOST.get(scenario.ending(rehearsal.last.ended).kind, frozenset())
    return grade(transcript_of(rehearsal), pack, scenario=scenario, signals=signals)


def transcript_of(rehearsal: Rehearsal) -> Transcript:
    """The call as words; the agent's turn numbers are the rehearsal's."""
    utterances = []
    for turn in rehearsal.turns:
        if turn.event is Event.REPLY:
            utterances.append(Utterance(Speaker.AGENT, turn.text, turn.seq, turn.reading))
        utterances.append(Utterance(Speaker.CUSTOMER, turn.customer_text, turn.seq))
    return Transcript(rehearsal.language.spoken, tuple(utterances))
