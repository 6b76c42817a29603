"""An assessment in sentences for the person who made the call: what went well, and one thing to work on first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.domain.behaviour import ACTS, FAULTS
from coach.domain.language import Language, Text
from coach.domain.rubric import Assessment, CriticalResult, FaultResult, Quote, StepResult, StepVerdict
from coach.domain.scenario import Scenario
from coach.rubrics import wording

MOST_STRENGTHS = 3
_MOST_BETTER = 2  # wordings beside the one thing to work on: more would be a lecture
_LIKED = {StepVerdict.MET: 0, StepVerdict.PARTLY: 1, StepVerdict.UNSURE: 2}


@dataclass(frozen=True, slots=True)
class Better:
    """A good wording in this case for a behaviour that was not shown."""

    behaviour: str
    text: str


@dataclass(frozen=True, slots=True)
class StepExplanation:
    """`verdict` is the word people read; `sentences` say why, the good ones first."""

    id: str
    name: str
    verdict: str
    sentences: tuple[str, ...]
    quotes: tuple[Quote, ...]
    better: tuple[Better, ...]


@dataclass(frozen=True, slots=True)
class Focus:
    """The one thing to work on first. `kind`: "critical", "step" or "fault"; `turn`: where to retry, 0 for nowhere."""

    kind: str
    id: str
    sentence: str
    turn: int
    better: tuple[Better, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything in one language. `better`: a wording for each behaviour that was missed, in the codebook's order."""

    language: Language
    summary: str
    critical: tuple[str, ...]
    strengths: tuple[str, ...]
    first: Focus | None
    steps: tuple[StepExplanation, ...]
    faults: tuple[str, ...]
    better: tuple[Better, ...]


def explain(assessment: Assessment, language: Language, scenario: Scenario | None = None) -> Explanation:
    """The assessment in sentences. Better wordings come from the scenario, where one is given."""
    say = _Say(language, scenario)
    missed = {id for step in assessment.steps for id in step.wanted}
    return Explanation(
        language=language,
        summary=say.text(wording.summary(assessment.passed, tuple(c.because for c in assessment.critical))),
        critical=tuple(_critical_sentence(say, c.because, c.quotes) for c in assessment.critical),
        strengths=_strengths(assessment.steps, say),
        first=_first(assessment, say),
        steps=tuple(_step(step, say) for step in assessment.steps),
        faults=tuple(say.text(wording.fault(quote)) for fault in assessment.faults for quote in _by_turn(fault)),
        better=say.better(id for id in ACTS if id in missed),
    )


@dataclass(frozen=True, slots=True)
class _Say:
    language: Language
    scenario: Scenario | None

    def text(self, text: Text) -> str:
        return text.within(self.language)

    def better(self, ids: Iterable[str]) -> tuple[Better, ...]:
        known = self.scenario.better if self.scenario else {}
        return tuple(Better(id, self.text(known[id])) for id in ids if id in known)


def _critical_sentence(say: _Say, because: Text, quotes: tuple[Quote, ...]) -> str:
    return say.text(wording.with_place(because, quotes[0])) if quotes else say.text(because)


def _by_turn(fault: FaultResult) -> list[Quote]:
    """One quote for each reply with the fault."""
    return list({quote.turn: quote for quote in reversed(fault.quotes)}.values())[::-1]


def _step(step: StepResult, say: _Say) -> StepExplanation:
    return StepExplanation(
        id=step.id,
        name=say.text(step.name),
        verdict=say.text(wording.VERDICTS[step.verdict]),
        sentences=tuple(map(say.text, step.because)),
        quotes=step.quotes,
        better=say.better(step.wanted),
    )


def _strengths(steps: tuple[StepResult, ...], say: _Say) -> tuple[str, ...]:
    """What was shown in the steps that went best; no words are praised twice."""
    shown = [s for s in steps if s.score > 0 and s.verdict in _LIKED]
    praised: set[tuple[int, int, int]] = set()
    sentences: list[str] = []
    for step in sorted(shown, key=lambda s: (_LIKED[s.verdict], -s.weight * s.score)):
        for quote in step.quotes:
            place = (quote.turn, quote.start, quote.end)
            if not quote.unsure and quote.behaviour not in FAULTS and place not in praised:
                praised.add(place)
                sentences.append(say.text(wording.strength(step.name, quote)))
                break
    return tuple(sentences[:MOST_STRENGTHS])


def _first(assessment: Assessment, say: _Say) -> Focus | None:
    critical = next((c for c in assessment.critical if not _is_outcome(c)), None)
    if critical is not None:
        turn = critical.quotes[0].turn if critical.quotes else 0
        cures = wording.cures(critical.quotes[0].behaviour) if critical.quotes else ()
        sentence = _critical_sentence(say, critical.because, critical.quotes)
        return Focus("critical", critical.id, sentence, turn, say.better(cures)[:_MOST_BETTER])
    step = max(assessment.steps, key=_lost, default=None)
    fault = max(assessment.faults, key=lambda f: f.points, default=None)
    if fault is not None and (step is None or fault.points > _lost(step)):
        quote = fault.quotes[0]
        better = say.better(wording.cures(fault.id))[:_MOST_BETTER]
        return Focus("fault", fault.id, say.text(wording.fault(quote)), quote.turn, better)
    if step is None or _lost(step) <= 0:
        return None
    sentence = say.text(wording.work_on(step.name, step.lacking[0]))
    return Focus("step", step.id, sentence, _retry_turn(step), say.better(_helpful(step))[:_MOST_BETTER])


def _is_outcome(critical: CriticalResult) -> bool:
    """A lost call is what the other mistakes led to; those are what one can work on. It has no words to quote."""
    return not critical.quotes


def _lost(step: StepResult) -> float:
    """Points of the step's weight that were lost for a reason that can be told; doubt is none."""
    return step.weight * (1 - step.score) if step.lacking else 0.0


def _helpful(step: StepResult) -> list[str]:
    """What to say in its place: for what spoiled the step, which is told first, then for what was missing."""
    cures = (cure for quote in step.quotes for cure in wording.cures(quote.behaviour) if not quote.unsure)
    return list(dict.fromkeys((*cures, *step.wanted)))


def _retry_turn(step: StepResult) -> int:
    """Where the step went wrong: its first fault, else where it began, else the first reply."""
    faulty = [quote.turn for quote in step.quotes if quote.behaviour in FAULTS]
    return min(faulty) if faulty else step.quotes[0].turn if step.quotes else 1
