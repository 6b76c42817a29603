"""Small scenarios, readings and people, so that a test says only what it is about.

The customer is Mrs Reed, whose kettle came late. She speaks in lines whose text is their id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from coach.domain.behaviour import AmountSlot, Behaviour, Certainty, Evidence, Reading, TimeSlot
from coach.domain.language import Language, Text
from coach.domain.people import Person, Role
from coach.domain.rehearsal import Event
from coach.domain.scenario import (
    Authority,
    Condition,
    Ending,
    EndingKind,
    Fact,
    Line,
    Lines,
    MoodRule,
    Persona,
    Reaction,
    Repeat,
    Scenario,
    Stage,
    Transition,
)
from coach.scenarios.engine import Observation, Step, opening, step
from coach.scenarios.program import compile_scenario

NOTHING = Text("", "")


def text(words: str) -> Text:
    return Text(f"{words}（中）", words)


def line(id: str, *, reveals: Iterable[str] = ()) -> Line:
    return Line(id, text(id), tuple(reveals))


def lines(*ids: str, reveals: Iterable[str] = ()) -> Lines:
    """The same variants in every mood."""
    group = tuple(line(id, reveals=reveals) for id in ids)
    return Lines(group, group, group)


def when(**parts: object) -> Condition:
    """A condition; a string names several ids (`any="ask verify"`)."""
    sets = {name: frozenset(part.split()) if isinstance(part, str) else part for name, part in parts.items()}
    return Condition(**sets)  # type: ignore[arg-type]


def way(id: str, to: str, says: Lines | None = None, **condition: object) -> Transition:
    return Transition(id, when(**condition), to, says)


def stage(id: str, *go: Transition, hang_up_to: str = "", says: Lines | None = None) -> Stage:
    entering, staying = says or lines(f"{id}-1", f"{id}-2", f"{id}-3"), lines(f"{id}-s1", f"{id}-s2", f"{id}-s3")
    return Stage(id, text(id), entering, staying, go, hang_up_to)


def fact(id: str, *, asked_by: str, says: Lines | None = None) -> Fact:
    words = tuple(asked_by.split("|"))
    return Fact(id, text(id), {"zh": words, "en": words}, says or lines(f"{id}-1"))


def rule(
    id: str, anger: int = 0, patience: int = 0, repeat: Repeat = Repeat.EACH, quote: str = "", **on: object
) -> MoodRule:
    return MoodRule(id, when(**on), anger, patience, text(f"because of {id}"), repeat, quote)


def reaction(id: str, **on: object) -> Reaction:
    return Reaction(id, when(**on), lines(f"{id}-1", f"{id}-2"))


def ending(id: str, kind: EndingKind) -> Ending:
    return Ending(id, kind, text(id), text(f"because {id}"), lines(f"{id}-1"))


ENDINGS = (
    ending("settled", EndingKind.SATISFIED),
    ending("gone", EndingKind.HANGS_UP),
    ending("left", EndingKind.ABANDONED),
)


def scenario(
    *stages: Stage, anger: int = 60, patience: int = 50, rise: float = 1, fall: float = 1, **more: object
) -> Scenario:
    """Mrs Reed's call; without stages there is one, `venting`, that nothing leads out of."""
    persona = Persona(
        text("Mrs Reed"), text("Mrs Reed"), NOTHING, NOTHING, "cold", {"zh": "zf_xiaoyi", "en": "bf_emma"},
        anger, patience, rise, fall,
    )  # fmt: skip
    stages = stages or (stage("venting"),)
    plain = Scenario(
        id="late-kettle", version=1, hash="hash-1", industry="other", situation="late", difficulty=1,
        hard_in=("matter",), rubric="four-step", minutes=5, title=text("Late kettle"), hook=NOTHING, brief=NOTHING,
        why=NOTHING, goals=(), trains=("empathise",), persona=persona, record=(), policy=(),
        authority=authority(), facts=(), start=stages[0].id, stages=stages, always=(), reactions=(), mood=(),
        soothe_limit=25, worsen_limit=40, endings=ENDINGS, better={}, register={},
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def authority(refund: float | None = 50, coupon: float | None = 5, **more: object) -> Authority:
    both = {"zh": "CNY", "en": "GBP"}
    return Authority(both, {"zh": refund, "en": refund}, {"zh": coupon, "en": coupon}, **more)  # type: ignore[arg-type]


class Call:
    """A call in progress, told in lines: `call.does("apologise")`, `call.is_silent()`."""

    def __init__(self, played: Scenario, seed: int = 7) -> None:
        self.program, self.seed, self._words = compile_scenario(played), seed, 0
        self.last: Step = opening(self.program, seed)

    def does(self, acts: str = "", *, asks: str = "", words: int = 0, quotes: dict[str, str] | None = None) -> Step:
        """A reply that does these acts. Each reply has words of its own unless `words` says which."""
        self._words += 1
        behaviours = frozenset(acts.split())
        fingerprint = words or 1000 + self._words
        return self._step(Observation(Event.REPLY, behaviours, quotes=quotes, asked=asks, fingerprint=fingerprint))

    def is_silent(self) -> Step:
        return self._step(Observation(Event.SILENCE))

    def times_out(self) -> Step:
        return self._step(Observation(Event.TIMEOUT))

    def hangs_up(self) -> Step:
        return self._step(Observation(Event.HANG_UP))

    def _step(self, observation: Observation) -> Step:
        self.last = step(self.program, self.last.state, observation, self.seed)
        return self.last


def said(came: Step) -> tuple[str, ...]:
    """Ids of the lines."""
    return tuple(line.id for line in came.lines)


def reading(
    words: str, acts: str = "", language: str = "en", *,
    quotes: dict[str, str] | None = None, times: tuple[TimeSlot, ...] = (), amounts: tuple[AmountSlot, ...] = (),
) -> Reading:  # fmt: skip
    """What a reader would find. `quotes` gives the words of an act; otherwise they are the whole reply.
    An act with a question mark is unsure."""
    found = tuple(_behaviour(act, words, (quotes or {}).get(act, words)) for act in acts.split())
    return Reading(words, language, found, times, amounts, reader="by hand")


def _behaviour(act: str, words: str, quote: str) -> Behaviour:
    start = words.index(quote)
    certainty = Certainty.UNSURE if act.endswith("?") else Certainty.PRESENT
    return Behaviour(act.removesuffix("?"), certainty, 0.9, (Evidence(start, start + len(quote), quote),))


def amount(words: str, quote: str, value: float) -> AmountSlot:
    return AmountSlot(words.index(quote), words.index(quote) + len(quote), quote, value)


def time(words: str, quote: str, minutes: float | None) -> TimeSlot:
    return TimeSlot(words.index(quote), words.index(quote) + len(quote), quote, minutes)


def person(id: int, *, roles: str = "trainee", trains: Iterable[int] = (), mentors: Iterable[int] = ()) -> Person:
    kinds = frozenset(Role(role) for role in roles.split())
    return Person(id, f"p{id}@example.com", f"P{id}", Language.EN, kinds, frozenset(trains), frozenset(mentors))
