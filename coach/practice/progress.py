"""A trainee's progress: the steps of a method over the rehearsals, compared with nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.domain.people import Person
from coach.domain.rubric import Assessment, RubricPack, StepVerdict
from coach.domain.scenario import Scenario
from coach.errors import NotFound
from coach.practice.debrief import assess, pack_for
from coach.practice.library import Library
from coach.practice.ports import RehearsalSummary, Store

LOOKED_AT = 12  # rehearsals; enough for a trend, few enough to grade while somebody waits


@dataclass(frozen=True, slots=True)
class Attempt:
    """A finished or running rehearsal in the list. `assessment` is None while it runs."""

    summary: RehearsalSummary
    scenario: Scenario
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step's verdicts from the oldest to the newest rehearsal that rated it."""

    pack: RubricPack
    step_id: str
    verdicts: tuple[StepVerdict, ...]

    @property
    def met(self) -> int:
        return sum(verdict is StepVerdict.MET for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Progress:
    """`attempts` newest first; `weakest` is the step met least often (the later one on a tie), None without any."""

    person: Person
    attempts: tuple[Attempt, ...]
    steps: tuple[StepLine, ...]
    weakest: StepLine | None


class ProgressReport:
    """Progress for the trainee and for whoever may see the trainee's work."""

    def __init__(self, store: Store, library: Library, packs: Mapping[str, RubricPack]) -> None:
        self._store = store
        self._library = library
        self._packs = packs

    def of(self, reader: Person, person_id: int) -> Progress:
        """NotFound for people whose work the reader may not see."""
        with self._store.read() as work:
            owner = work.people.get(person_id)
            if not reader.may_see_work_of(owner):
                raise NotFound("no such person")
            attempts = []
            for summary in work.rehearsals.of_owner(person_id, limit=LOOKED_AT):
                scenario = self._library.program(summary.scenario_id, summary.scenario_hash, work).scenario
                assessment = None
                if summary.ended and summary.replies:
                    assessment = assess(work.rehearsals.get(summary.id), scenario, pack_for(scenario, self._packs))
                attempts.append(Attempt(summary, scenario, assessment))
        steps = _steps(attempts, self._packs)
        return Progress(owner, tuple(attempts), steps, _weakest(steps))


def _steps(attempts: list[Attempt], packs: Mapping[str, RubricPack]) -> tuple[StepLine, ...]:
    verdicts: dict[tuple[str, str], list[StepVerdict]] = {}
    for attempt in reversed(attempts):
        for result in attempt.assessment.steps if attempt.assessment else ():
            if result.verdict is not StepVerdict.NOT_RATED and attempt.assessment:
                verdicts.setdefault((attempt.assessment.rubric, result.id), []).append(result.verdict)
    return tuple(
        StepLine(pack, step.id, tuple(verdicts[pack.id, step.id]))
        for pack in packs.values()
        for step in pack.steps
        if (pack.id, step.id) in verdicts
    )


def _weakest(steps: tuple[StepLine, ...]) -> StepLine | None:
    return min(reversed(steps), key=lambda line: line.met / len(line.verdicts), default=None)
