"""The shape of a scenario file, checked by Pydantic: strict types, no unknown keys, all errors at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from coach.domain.behaviour import BEHAVIOURS
from coach.domain.scenario import SIGNALS, EndingKind, Repeat

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Target = Annotated[str, StringConstraints(pattern=r"^@?[a-z0-9][a-z0-9-]{0,63}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def check(word: str) -> str:
        if word not in words:
            raise PydanticCustomError(
                "literal_error", "{word} is not one of: {words}", {"word": word, "words": ", ".join(words)}
            )
        return word

    return check


Level = Annotated[int, Field(ge=0, le=100)]

REGISTER_FIELDS = (
    "who", "contact", "product", "what_happened", "since", "cause", "wants", "promise", "next_step", "owner",
)  # fmt: skip
INDUSTRIES = (
    "telecom", "broadband", "e-commerce", "parcel", "utilities", "retail", "property", "banking", "travel", "other",
)  # fmt: skip
TEMPERAMENTS = ("short-fused", "sarcastic", "cold", "anxious", "worn-out", "loud", "proud")


Event = Annotated[str, AfterValidator(_one_of(BEHAVIOURS + SIGNALS))]
Behaviour = Annotated[str, AfterValidator(_one_of(BEHAVIOURS))]
Industry = Annotated[str, AfterValidator(_one_of(INDUSTRIES))]
Temperament = Annotated[str, AfterValidator(_one_of(TEMPERAMENTS))]
RegisterField = Annotated[str, AfterValidator(_one_of(REGISTER_FIELDS))]
SpokenLanguage = Annotated[str, AfterValidator(_one_of(("zh", "en")))]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextShape(Shape):
    zh: Words
    en: Words
    hant: Words | None = None


class LineShape(TextShape):
    id: Id
    reveals: list[Id] = []
    after: list[Behaviour] = []
    unless: list[Behaviour] = []


Variants = Annotated[list[LineShape], Field(min_length=1, max_length=12)]


class LinesShape(Shape):
    any: Variants | None = None
    cool: Variants | None = None
    hot: Variants | None = None
    boiling: Variants | None = None

    @model_validator(mode="after")
    def _says_something(self) -> LinesShape:
        if not (self.any or self.cool or self.hot or self.boiling):
            raise PydanticCustomError("too_short", "There are no lines here")
        return self


class RangeShape(Shape):
    from_: Level = Field(0, alias="from")
    to: Level = 100


class ConditionShape(Shape):
    all: list[Event] = []
    any: list[Event] = []
    none: list[Event] = []
    seen: list[Event] = []
    seen_any: list[Event] = []
    unseen: list[Event] = []
    times: dict[Event, Annotated[int, Field(ge=1, le=99)]] = {}
    before: list[Annotated[list[Event], Field(min_length=2, max_length=2)]] = []
    facts: list[Id] = []
    facts_unknown: list[Id] = []
    stages: list[Id] = []
    turns_here: Annotated[int, Field(ge=0, le=99)] = 0
    turns: Annotated[int, Field(ge=0, le=99)] = 0
    anger: RangeShape = RangeShape()
    patience: RangeShape = RangeShape()


class TransitionShape(Shape):
    id: Id
    to: Target
    when: ConditionShape = ConditionShape()
    says: LinesShape | None = None


class ReactionShape(Shape):
    id: Id
    when: ConditionShape
    says: LinesShape


class MoodRuleShape(Shape):
    id: Id
    when: ConditionShape
    anger: Annotated[int, Field(ge=-50, le=50)] = 0
    patience: Annotated[int, Field(ge=-50, le=50)] = 0
    because: TextShape
    repeat: Annotated[Repeat, Field(strict=False)] = Repeat.EACH
    quote: Behaviour | None = None


class LimitsShape(Shape):
    soothe: Annotated[int, Field(ge=1, le=100)] = 25
    worsen: Annotated[int, Field(ge=1, le=100)] = 40


class PersonaShape(Shape):
    name: TextShape
    address: TextShape
    about: TextShape
    talks: TextShape
    temperament: Temperament
    voice: dict[SpokenLanguage, Words]
    anger: Level
    patience: Level
    rise: Annotated[float, Field(ge=0.5, le=2)] = 1.0
    fall: Annotated[float, Field(ge=0.5, le=2)] = 1.0


class RecordShape(Shape):
    label: TextShape
    value: TextShape


class PolicyShape(Shape):
    allowed: bool
    text: TextShape


PerLanguage = dict[SpokenLanguage, Annotated[list[Words], Field(min_length=1)]]


class EarliestShape(Shape):
    id: Id
    minutes: Annotated[int, Field(ge=1)]
    words: PerLanguage
    text: TextShape


class MoneyShape(Shape):
    zh: Annotated[float, Field(ge=0)] | None
    en: Annotated[float, Field(ge=0)] | None


class CurrencyShape(Shape):
    zh: Literal["CNY", "TWD", "HKD"]
    en: Literal["GBP", "USD", "EUR", "AUD", "SGD"]


class AuthorityShape(Shape):
    currency: CurrencyShape
    refund_limit: MoneyShape | None = None
    coupon_limit: MoneyShape | None = None
    earliest: list[EarliestShape] = []


class FactShape(Shape):
    id: Id
    about: TextShape
    asked_by: PerLanguage
    says: LinesShape


class StageShape(Shape):
    id: Id
    name: TextShape
    says: LinesShape
    stays: LinesShape
    go: Annotated[list[TransitionShape], Field(min_length=1)]
    hang_up_to: Target | None = None


class EndingShape(Shape):
    id: Id
    kind: Annotated[EndingKind, Field(strict=False)]
    title: TextShape
    because: TextShape
    says: LinesShape


class ScenarioShape(Shape):
    """A whole scenario file."""

    format: Literal[1]
    id: Id
    version: Annotated[int, Field(ge=1)]
    industry: Industry
    situation: Id
    difficulty: Annotated[int, Field(ge=1, le=5)]
    hard_in: Annotated[list[Literal["person", "matter", "solution"]], Field(min_length=1)]
    rubric: Id
    minutes: Annotated[int, Field(ge=1, le=60)]
    title: TextShape
    hook: TextShape
    brief: TextShape
    why: TextShape
    goals: Annotated[list[TextShape], Field(min_length=1, max_length=6)]
    trains: Annotated[list[Behaviour], Field(min_length=1)]
    abusive: bool = False
    persona: PersonaShape
    record: Annotated[list[RecordShape], Field(min_length=1, max_length=12)]
    policy: Annotated[list[PolicyShape], Field(min_length=1, max_length=12)]
    authority: AuthorityShape
    facts: Annotated[list[FactShape], Field(min_length=1, max_length=60)]
    start: Id
    stages: Annotated[list[StageShape], Field(min_length=1, max_length=1000)]
    always: list[TransitionShape] = []
    reactions: list[ReactionShape] = []
    mood: list[MoodRuleShape] = []
    limits: LimitsShape = LimitsShape()
    endings: Annotated[list[EndingShape], Field(min_length=2)]
    better: dict[Behaviour, TextShape]
    register_: dict[RegisterField, TextShape] = Field(alias="register")


class DefaultsShape(Shape):
    """A file in `scenarios/defaults/`: what every scenario shares unless it says otherwise."""

    always: list[TransitionShape] = []
    reactions: list[ReactionShape] = []
    mood: list[MoodRuleShape] = []
