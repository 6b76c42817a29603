"""A scenario: one angry customer, the case behind the anger, and how the call can go.

Plain values, checked by `coach.scenarios.loader`. `docs/scenario-format.md` explains each field to writers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coach.domain.language import Text
from coach.domain.mood import Band

SIGNALS: tuple[str, ...] = (
    "silence",  # nothing was said for the time the pages allow
    "timeout",  # the call reached its time limit
    "off_script",  # a sentence in which no behaviour was found and no fact was asked for
    "off_script_again",  # the second such reply in a row, and each one after it
    "unintelligible",  # gibberish, code, laughter, a handful of signs, odd words that have nothing to do with the case
    "goodbye",  # nothing but a goodbye, where an agreement has been reached
    "goodbye_too_soon",  # nothing but a goodbye, anywhere else
    "asked_fact",  # a fact of the case was asked for, for the first time
    "asked_again",  # a fact was asked for that the customer had already given
    "beyond_authority",  # an amount or a time was promised that the policy card does not allow
    "offers_gift",  # something on top is named: a voucher, points, a gesture of goodwill
    "same_words",  # the reply repeats an earlier reply word for word
    "other_language",  # the reply is in the other language
)
"""What a condition can name besides behaviours: things the engine itself notices."""

OUTCOMES: tuple[str, ...] = ("customer_hung_up", "call_left")
"""How a call was lost; only rubrics can name them, since they are known when the call is over."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words the customer can say. `id` is unique in its scenario and never reused."""

    id: str
    text: Text
    reveals: tuple[str, ...] = ()  # facts that the customer gives away by saying this
    after: tuple[str, ...] = ()  # said only when all of these behaviours have happened in the call
    unless: tuple[str, ...] = ()  # not said when one of these has happened: nobody asks for what was just given


@dataclass(frozen=True, slots=True)
class Lines:
    """Variants of one utterance for each band of mood; no band is empty."""

    cool: tuple[Line, ...]
    hot: tuple[Line, ...]
    boiling: tuple[Line, ...]

    def within(self, band: Band) -> tuple[Line, ...]:
        return self.boiling if band is Band.BOILING else self.hot if band is Band.HOT else self.cool

    @property
    def every(self) -> tuple[Line, ...]:
        """All variants once, in the order of the file."""
        return tuple({line.id: line for line in (*self.cool, *self.hot, *self.boiling)}.values())


@dataclass(frozen=True, slots=True)
class Condition:
    """When something happens. All parts that are given must hold; an empty condition always holds.

    `all`, `any`, `none` look at this reply; `seen`, `unseen`, `times`, `before` at the whole call up to and
    including it; the ids in them are behaviours or signals.
    """

    all: frozenset[str] = frozenset()
    any: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    seen_any: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    times: Mapping[str, int] = field(default_factory=dict)  # id -> happened in at least so many replies
    before: tuple[tuple[str, str], ...] = ()  # (a, b): b happened, and a did not happen in an earlier reply or this one
    facts: frozenset[str] = frozenset()  # the agent knows all of these
    facts_unknown: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    turns_here: int = 0  # at least so many replies since the stage was entered, this one included
    turns: int = 0  # at least so many replies in the call, this one included
    anger_from: int = 0
    anger_to: int = 100
    patience_from: int = 0
    patience_to: int = 100

    @property
    def ids(self) -> frozenset[str]:
        """Every behaviour and signal that the condition names."""
        pairs = frozenset(name for pair in self.before for name in pair)
        return self.all | self.any | self.none | self.seen | self.seen_any | self.unseen | frozenset(self.times) | pairs


class Repeat(StrEnum):
    """How often a mood rule works in one call: every time, once, or less each time (whole, half, then nothing)."""

    EACH = "each"
    ONCE = "once"
    FADING = "fading"


@dataclass(frozen=True, slots=True)
class MoodRule:
    """Moves the mood when its condition holds. `quote` names the behaviour whose words the reason quotes."""

    id: str
    when: Condition
    anger: int
    patience: int
    because: Text
    repeat: Repeat = Repeat.EACH
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the customer says first, about what the agent just did. The first one that holds is used."""

    id: str
    when: Condition
    says: Lines


@dataclass(frozen=True, slots=True)
class Transition:
    """A way out of a stage (or, in `Scenario.always`, out of any stage). `to` is a stage or an ending."""

    id: str
    when: Condition
    to: str
    says: Lines | None = None  # said on the way, before the lines of where it leads


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the customer knows and tells when asked."""

    id: str
    about: Text
    asked_by: Mapping[str, tuple[str, ...]]  # "zh"/"en" -> words in a question that ask for it, in lower case
    says: Lines


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the call is. `says` is said on entering, `stays` when a reply moved nothing."""

    id: str
    name: Text
    says: Lines
    stays: Lines
    go: tuple[Transition, ...]
    hang_up_to: str = ""  # ending when the trainee ends the call here; "" = abandoned


class EndingKind(StrEnum):
    SATISFIED = "satisfied"
    SETTLED_COLD = "settled-cold"
    SUPERVISOR = "supervisor"
    HANGS_UP = "hangs-up"
    THREATENS = "threatens"
    ABANDONED = "abandoned"


GOOD_ENDINGS = frozenset({EndingKind.SATISFIED, EndingKind.SETTLED_COLD})


@dataclass(frozen=True, slots=True)
class Ending:
    id: str
    kind: EndingKind
    title: Text
    because: Text  # why a call ends this way, in a sentence for the debrief
    says: Lines

    @property
    def is_good(self) -> bool:
        return self.kind in GOOD_ENDINGS


@dataclass(frozen=True, slots=True)
class Persona:
    """The customer as a person. `rise` and `fall` scale how fast anger comes and goes (1 = ordinary)."""

    name: Text
    address: Text  # how a polite agent would address this person
    about: Text
    talks: Text  # way of talking, for writers and mentors
    temperament: str
    voice: Mapping[str, str]  # "zh"/"en" -> voice name
    anger: int
    patience: int
    rise: float = 1.0
    fall: float = 1.0


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One line of the customer's record that the trainee has on screen."""

    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One line of the policy card: something that may be promised, or may not."""

    text: Text
    allowed: bool


@dataclass(frozen=True, slots=True)
class Earliest:
    """The soonest that something may be promised, with the words that name that something."""

    id: str
    minutes: int
    words: Mapping[str, tuple[str, ...]]
    text: Text


@dataclass(frozen=True, slots=True)
class Authority:
    """What this agent may promise. Limits are per language because the two versions have their own money;
    None = nothing of the kind may be promised."""

    currency: Mapping[str, str]
    refund_limit: Mapping[str, float | None]
    coupon_limit: Mapping[str, float | None]
    earliest: tuple[Earliest, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario as written. `hash` is the SHA-256 of the file's content and the shared defaults."""

    id: str
    version: int
    hash: str
    industry: str
    situation: str
    difficulty: int
    hard_in: tuple[str, ...]
    rubric: str
    minutes: int
    title: Text
    hook: Text
    brief: Text
    why: Text
    goals: tuple[Text, ...]
    trains: tuple[str, ...]
    persona: Persona
    record: tuple[RecordEntry, ...]
    policy: tuple[PolicyEntry, ...]
    authority: Authority
    facts: tuple[Fact, ...]
    start: str
    stages: tuple[Stage, ...]
    always: tuple[Transition, ...]
    reactions: tuple[Reaction, ...]
    mood: tuple[MoodRule, ...]
    soothe_limit: int
    worsen_limit: int
    endings: tuple[Ending, ...]
    better: Mapping[str, Text]  # behaviour -> a good wording in this case, for the debrief
    register: Mapping[str, Text]  # truth for the complaint register, field -> text
    abusive: bool = False

    @property
    def groups(self) -> tuple[Lines, ...]:
        """Every group of lines, in the order of the file."""
        ways = [way for stage in self.stages for way in stage.go] + list(self.always)
        return (
            *(group for stage in self.stages for group in (stage.says, stage.stays)),
            *(way.says for way in ways if way.says),
            *(fact.says for fact in self.facts),
            *(reaction.says for reaction in self.reactions),
            *(ending.says for ending in self.endings),
        )

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line the customer can say, once, in the order of the file."""
        return tuple({line.id: line for group in self.groups for line in group.every}.values())

    def ending(self, id: str) -> Ending:
        """The ending of that id; KeyError otherwise."""
        return {ending.id: ending for ending in self.endings}[id]

    def stage(self, id: str) -> Stage:
        """The stage of that id; KeyError otherwise."""
        return {stage.id: stage for stage in self.stages}[id]
