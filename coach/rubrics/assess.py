"""Rating a call by a rubric pack: a pure function from what happened to an assessment.

Doubt is neutral: a part about which the reader is unsure leaves its step, and a step of nothing but doubt leaves the
call. So doubt is never worth more than having done it, nor less than not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.domain.behaviour import BEHAVIOURS
from coach.domain.language import Text
from coach.domain.rubric import (
    Assessment,
    CriticalResult,
    FaultResult,
    FaultRule,
    OrderRule,
    Part,
    Quote,
    RubricPack,
    Step,
    StepResult,
    StepVerdict,
)
from coach.rubrics import wording
from coach.rubrics.occurrences import Occurrence, Occurrences

MET_FROM = 0.75
PARTLY_FROM = 0.25
LATE_CREDIT = 0.5  # what a part is worth that came after the replies it belongs in
DECIDED_TO_PASS = 0.5  # a call of which less than this share of the weight could be decided cannot pass unseen
_QUOTES_PER_PART = 3
_PLACES = {id: place for place, id in enumerate(BEHAVIOURS)}
_ROUNDING = 1e-9  # sums of shares such as 0.4 + 0.2 + 0.15 miss their thresholds by less than this


@dataclass(frozen=True, slots=True)
class _RatedPart:
    """`earned` of `decided` shares; what is left of the part's share is in doubt."""

    part: Part
    earned: float
    decided: float
    quotes: tuple[Quote, ...]
    said: Text
    is_missing: bool = False

    @property
    def doubt(self) -> float:
        return self.part.share - self.decided


@dataclass(frozen=True, slots=True)
class _RatedStep:
    result: StepResult
    decided: float  # 0..1 of the step
    ceiling: float  # 0..1, what its faults leave of the step at best


def assess(
    happened: Occurrences, pack: RubricPack, *, trains: frozenset[str] | None, language: str, grader: str
) -> Assessment:
    """The call under the pack. `trains`: behaviours that the case calls for, None when that is not known."""
    rated = [_step(step, pack.order, happened, trains) for step in pack.steps]
    faults = tuple(result for rule in pack.faults if (result := _fault(rule, happened)) is not None)
    critical = _critical(pack, happened)
    total = _total(rated, faults)
    return Assessment(
        rubric=pack.id,
        rubric_version=pack.version,
        rubric_hash=pack.hash,
        grader=grader,
        language=language,
        total=total,
        passed=total >= pack.pass_mark and _is_decided(rated) and not critical,
        steps=tuple(r.result for r in rated),
        faults=faults,
        critical=critical,
        unsure=happened.all_doubtful(),
    )


def _is_decided(rated: list[_RatedStep]) -> bool:
    in_play = [r for r in rated if r.result.verdict is not StepVerdict.NOT_RATED]
    decided = sum(r.result.weight * r.decided for r in in_play)
    return decided >= DECIDED_TO_PASS * sum(r.result.weight for r in in_play)


def _total(rated: list[_RatedStep], faults: Iterable[FaultResult]) -> int:
    counted = [(r.result.weight, r.result.score) for r in rated if r.decided]
    average = _average(counted)
    # A step of nothing but doubt could still not rise above what its faults leave of it: where that is less than the
    # rest is worth, it counts with that, or doubt would be worth more than certainty.
    spoilt = [(r.result.weight, r.ceiling) for r in rated if not r.decided and r.ceiling < average]
    points = 100 * _average([*counted, *spoilt]) - sum(fault.points for fault in faults)
    return int(min(100.0, max(0.0, points)) + 0.5 + _ROUNDING)


def _average(counted: list[tuple[int, float]]) -> float:
    weights = sum(weight for weight, _ in counted)
    return sum(weight * score for weight, score in counted) / weights if weights else 0.0


def _step(step: Step, order: tuple[OrderRule, ...], happened: Occurrences, trains: frozenset[str] | None) -> _RatedStep:
    if trains is not None and step.demanded_by and not step.demanded_by & trains:
        result = StepResult(step.id, step.name, step.weight, StepVerdict.NOT_RATED, 0.0, (), (), (wording.not_rated(),))
        return _RatedStep(result, 0.0, 1.0)
    parts = [_part(part, happened) for part in step.parts]
    broken = [(rule, at) for rule in order if rule.step == step.id and (at := _broken(rule, happened)) is not None]
    spoils = [(id, happened.shown(frozenset({id}))) for id in sorted(step.spoiled_by, key=_by_codebook)]
    spoils = [(id, found) for id, found in spoils if found]
    cost = sum(rule.cost for rule, _ in broken) + step.fault_cost * len(spoils)
    decided, earned = sum(p.decided for p in parts), sum(p.earned for p in parts)
    score = _clamped(earned / decided - cost) if decided else 0.0
    lacking = (
        *(wording.with_place(rule.because, at.quotes[0]) for rule, at in broken),
        *(wording.fault(found[0].quotes[0]) for _, found in spoils),
        *(p.said for p in parts if p.earned < p.decided and not p.doubt),
    )
    credited = tuple(p.said for p in parts if p.earned == p.part.share)
    result = StepResult(
        id=step.id,
        name=step.name,
        weight=step.weight,
        verdict=_verdict(parts, cost),
        score=score,
        quotes=_all_quotes(parts, [found for _, found in spoils]),
        missing=tuple(p.part.id for p in parts if p.is_missing),
        because=(*credited, *lacking, *(p.said for p in parts if p.doubt)),
        wanted=_wanted(parts),
        lacking=lacking,
    )
    return _RatedStep(result, decided, _clamped(1 - cost))


def _part(part: Part, happened: Occurrences) -> _RatedPart:
    in_time = happened.shown(part.any, until=part.by_reply)
    if in_time:
        quotes = _some(in_time)
        return _RatedPart(part, part.share, part.share, quotes, wording.shown(quotes[0], part.name))
    late, half = happened.shown(part.any), part.share * LATE_CREDIT
    doubt = happened.doubtful(part.any, until=part.by_reply)
    if doubt:  # the late half is certain where the act came again, late
        quotes, sure = _some(doubt), half if late else 0.0
        return _RatedPart(part, sure, sure, quotes, wording.doubtful(quotes[0], part.name))
    if late:
        quotes = _some(late)
        return _RatedPart(part, half, part.share, quotes, wording.late(quotes[0], part.name, part.by_reply))
    doubt = happened.doubtful(part.any)
    if doubt:  # it could have earned the late half at most
        quotes = _some(doubt)
        return _RatedPart(part, 0.0, part.share - half, quotes, wording.doubtful(quotes[0], part.name))
    return _RatedPart(part, 0.0, part.share, (), wording.missing(part.name), is_missing=True)


def _broken(rule: OrderRule, happened: Occurrences) -> Occurrence | None:
    """Where `then` came too early. None if it did not, or if `first` never came: a missing part costs enough."""
    first, then = happened.first(rule.first), happened.first(rule.then)
    if first is None or then is None or first.rank <= then.rank:
        return None
    return None if happened.doubtful(rule.first, until=then.rank) else then


def _verdict(parts: list[_RatedPart], cost: float) -> StepVerdict:
    """Unsure only where the doubt could change the word."""
    worst = _word(_clamped(sum(p.earned for p in parts) - cost))
    best = _word(_clamped(sum(p.earned + p.doubt for p in parts) - cost))
    return worst if worst is best else StepVerdict.UNSURE


def _word(score: float) -> StepVerdict:
    if score >= MET_FROM - _ROUNDING:
        return StepVerdict.MET
    return StepVerdict.PARTLY if score >= PARTLY_FROM - _ROUNDING else StepVerdict.MISSED


def _clamped(score: float) -> float:
    return min(1.0, max(0.0, round(score, 9)))


def _fault(rule: FaultRule, happened: Occurrences) -> FaultResult | None:
    times = happened.shown(frozenset({rule.id}))
    if not times:
        return None
    quotes = tuple(quote for occurrence in times for quote in occurrence.quotes)
    replies = len({quote.turn for quote in quotes})
    return FaultResult(rule.id, min(rule.points * replies, rule.at_most), quotes)


def _critical(pack: RubricPack, happened: Occurrences) -> tuple[CriticalResult, ...]:
    found = ((rule, happened.shown(rule.any)) for rule in pack.critical)
    return tuple(
        CriticalResult(rule.id, rule.because, tuple(quote for occurrence in times for quote in occurrence.quotes))
        for rule, times in found
        if times
    )


def _wanted(parts: list[_RatedPart]) -> tuple[str, ...]:
    missing = sorted((rated.part for rated in parts if rated.is_missing), key=lambda part: -part.share)
    return tuple(dict.fromkeys(id for part in missing for id in sorted(part.any, key=_by_codebook)))


def _by_codebook(id: str) -> int:
    return _PLACES.get(id, len(_PLACES))


def _some(occurrences: list[Occurrence]) -> tuple[Quote, ...]:
    """A few quotes, the clearest first: the twentieth apology proves no more than the third."""
    clearest = sorted(occurrences, key=lambda occurrence: -occurrence.confidence)
    return tuple(occurrence.quotes[0] for occurrence in clearest[:_QUOTES_PER_PART])


def _all_quotes(parts: list[_RatedPart], spoils: list[list[Occurrence]]) -> tuple[Quote, ...]:
    acts = (quote for rated in parts for quote in rated.quotes)
    faults = (quote for found in spoils for quote in _some(found))
    return tuple(dict.fromkeys((*acts, *faults)))
