"""Rubric packs and the assessments they lead to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from coach.domain.language import Text


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a step asks for: any of these behaviours. `by_reply` > 0: within so many first replies."""

    id: str
    any: frozenset[str]
    share: float  # 0..1 of the step; the shares of a step add up to 1
    name: Text
    by_reply: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a complaint-handling method.

    `spoiled_by`: faults that lower the verdict, each kind by `fault_cost` of the step.
    `demanded_by`: the step is rated only if the scenario trains one of these behaviours; empty = always.
    """

    id: str
    name: Text
    about: Text
    weight: int
    parts: tuple[Part, ...]
    spoiled_by: frozenset[str] = frozenset()
    fault_cost: float = 0.34
    demanded_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OrderRule:
    """`first` must happen before any of `then`, or in the same reply; else the step loses `cost` (0..1) of itself."""

    id: str
    step: str
    first: frozenset[str]
    then: frozenset[str]
    cost: float
    because: Text


@dataclass(frozen=True, slots=True)
class FaultRule:
    """What a fault takes from the total, each time it happens, `at_most` in all."""

    id: str
    points: float
    at_most: float


@dataclass(frozen=True, slots=True)
class CriticalRule:
    """Fails the call whatever the total: any of these behaviours or signals."""

    id: str
    any: frozenset[str]
    because: Text


@dataclass(frozen=True, slots=True)
class RubricPack:
    """`hash` is the SHA-256 of the pack's content: an assessment names the exact rules it was made by."""

    id: str
    version: int
    hash: str
    name: Text
    about: Text
    pass_mark: int
    steps: tuple[Step, ...]
    order: tuple[OrderRule, ...] = ()
    faults: tuple[FaultRule, ...] = ()
    critical: tuple[CriticalRule, ...] = ()


class StepVerdict(StrEnum):
    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"
    UNSURE = "unsure"
    NOT_RATED = "not-rated"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the agent that show a behaviour: turn number from 1, code point offsets in that reply."""

    turn: int
    start: int
    end: int
    text: str
    behaviour: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step's verdict, its evidence and what was missing. `score` is 0..1 of the step's weight."""

    id: str
    name: Text
    weight: int
    verdict: StepVerdict
    score: float
    quotes: tuple[Quote, ...]
    missing: tuple[str, ...]  # ids of parts not shown
    because: tuple[Text, ...]  # sentences: what counted, what was out of order, what spoiled it
    wanted: tuple[str, ...] = ()  # behaviours that would have shown the missing parts, the weightiest part's first
    lacking: tuple[Text, ...] = ()  # those of the sentences that say what to do better


@dataclass(frozen=True, slots=True)
class FaultResult:
    id: str
    points: float
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class CriticalResult:
    id: str
    because: Text
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a whole call is worth under one rubric pack. Derived, never stored; `total` is 0..100."""

    rubric: str
    rubric_version: int
    rubric_hash: str
    grader: str
    language: str
    total: int
    passed: bool
    steps: tuple[StepResult, ...]
    faults: tuple[FaultResult, ...]
    critical: tuple[CriticalResult, ...]
    unsure: tuple[Quote, ...] = field(default_factory=tuple)
