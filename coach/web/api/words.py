"""What the API answers: the shapes, as the specification shows them. Fields are added, never changed."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Tag = Literal["zh", "zh-Hans", "zh-Hant", "en"]


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


class Texts(Answer):
    """One text in the three scripts."""

    zh_hans: str = Field(alias="zh-Hans")
    zh_hant: str = Field(alias="zh-Hant")
    en: str


class FieldFault(Answer):
    field: str = Field(description="Name of the field, with dots for what lies deeper; empty for the whole body")
    code: str
    message: str


class ProblemDetails(Answer):
    model_config = ConfigDict(frozen=True, extra="allow")

    errors: list[FieldFault] | None = None


class Problem(Answer):
    """RFC 9457. Programs go by `code`; `title` and `detail` are for people, in the language of Accept-Language."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    details: ProblemDetails | None = None


class ScenarioEntry(Answer):
    id: str
    version: int
    title: str = Field(description="In the language asked for")
    titles: Texts
    hook: str = Field(description="The customer's complaint in a sentence, in the language asked for")
    difficulty: int = Field(description="1 (easy) to 5 (hard)")
    minutes: int
    industry: str
    situation: str
    trains: list[str] = Field(description="Ids of the behaviours that the case calls for")
    rubric: str = Field(description="The rubric pack it is graded by unless another is asked for")
    abusive: bool = Field(description="Whether the customer may swear")
    channels: list[Literal["voice", "text"]]


class ScenarioList(Answer):
    scenarios: list[ScenarioEntry]


class EndingEntry(Answer):
    id: str
    kind: str
    title: str


class Customer(Answer):
    text: str
    audio_url: str | None = Field(description="The same words as WAV; null when the customer said nothing")
    ended: bool = Field(description="Whether the call is over")
    ending: EndingEntry | None


class MoodNow(Answer):
    anger: int = Field(ge=0, le=100)
    patience: int = Field(ge=0, le=100)


class MoodStep(Answer):
    what: Literal["anger", "patience"]
    delta: int
    because: str


class MoodMoved(MoodNow):
    changes: list[MoodStep]


class EvidenceEntry(Answer):
    """Offsets count code points of `heard`."""

    start: int
    end: int
    text: str


class BehaviourEntry(Answer):
    id: str
    verdict: Literal["present", "unsure"]
    confidence: float
    evidence: list[EvidenceEntry]


class WordHeard(Answer):
    """A word of a recording: seconds from its start, confidence 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


class TurnAnswer(Answer):
    turn: int
    event: Literal["opening", "reply", "silence", "timeout", "hang-up"]
    heard: str = Field(description="The reply as it was understood; empty when nothing was said")
    words: list[WordHeard] = Field(description="For spoken replies")
    behaviours: list[BehaviourEntry]
    customer: Customer
    mood: MoodMoved


class RehearsalStarted(Answer):
    id: str
    scenario: str
    scenario_version: int
    language: Literal["zh-Hans", "zh-Hant", "en"]
    channel: Literal["voice", "text"]
    started_at: datetime
    turn: int = Field(description="The newest turn; 0 is the customer's opening")
    customer: Customer
    mood: MoodNow


class RehearsalState(RehearsalStarted):
    """A call as it stands: what is needed to go on with it."""

    ended_at: datetime | None
    turns: list[TurnAnswer]
    debrief_url: str


class CurveEntry(MoodMoved):
    turn: int


class Outcome(Answer):
    id: str
    kind: str
    title: str
    because: str
    good: bool


class BetterEntry(Answer):
    behaviour: str
    text: str


class FocusEntry(Answer):
    kind: str
    id: str
    sentence: str
    turn: int
    better: list[BetterEntry]


class StepEntry(Answer):
    id: str
    name: str
    verdict: str
    sentences: list[str]
    better: list[BetterEntry]


class ExplanationEntry(Answer):
    language: str
    summary: str
    critical: list[str]
    strengths: list[str]
    first: FocusEntry | None = Field(description="The one thing to work on first")
    steps: list[StepEntry]
    faults: list[str]
    better: list[BetterEntry]


class DebriefAnswer(Answer):
    id: str
    scenario: str
    scenario_version: int
    language: str
    outcome: Outcome | None = Field(description="null while the call is running")
    assessment: dict[str, Any] = Field(description="As `python -m coach grade` prints it")
    explanation: ExplanationEntry
    curve: list[CurveEntry]


class FlagEntry(Answer):
    id: int
    agent: str = Field(description="E-mail address")
    agent_name: str
    call_reference: str
    date: Date
    step: str | None
    error_code: str | None
    severity: Literal["low", "medium", "high", "critical"]
    note: str
    state: str
    flagged_by: str
    created_at: datetime


class FlagList(Answer):
    flags: list[FlagEntry]
    next: int | None = Field(description="`before` for the next older ones; null when these are the last")
