"""One attempt at a scenario: its turns, from which everything else is derived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from coach.domain.behaviour import Reading
from coach.domain.language import Language
from coach.domain.mood import Mood, MoodChange

_HAN = re.compile(r"[\u3400-\u9fff]")


def join_lines(lines: Iterable[str]) -> str:
    """Lines said in one breath: with spaces in English, without in Chinese."""
    said = list(lines)
    return ("" if any(_HAN.search(line) for line in said) else " ").join(said)


class Channel(StrEnum):
    VOICE = "voice"
    TEXT = "text"


class Event(StrEnum):
    """What the trainee did to cause a turn."""

    OPENING = "opening"  # turn 0: the customer speaks first
    REPLY = "reply"
    SILENCE = "silence"
    TIMEOUT = "timeout"
    HANG_UP = "hang-up"  # the trainee ended the call


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the recogniser heard it: seconds in the recording, confidence 0..1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Said:
    """A line as the customer said it in this rehearsal's language."""

    line: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: what the trainee said and what the customer answered.

    `seq` counts from 0 (the opening). `state` is the engine's JSON after this turn.
    """

    seq: int
    key: str
    event: Event
    channel: Channel
    text: str
    words: tuple[Word, ...]
    reading: Reading | None
    signals: tuple[str, ...]
    customer: tuple[Said, ...]
    mood: Mood
    changes: tuple[MoodChange, ...]
    stage: str
    ended: str  # ending id, or ""
    state: Mapping[str, object]
    at: datetime

    @property
    def customer_text(self) -> str:
        """All that the customer said in this turn, in one string."""
        return join_lines([said.text for said in self.customer])


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`id` is an unguessable string. `branch_of` is (rehearsal id, turn) when this one retries another from a turn;
    then the turns before it are copies."""

    id: str
    owner_id: int
    scenario_id: str
    scenario_version: int
    scenario_hash: str
    language: Language
    channel: Channel
    seed: int
    started: datetime
    ended: datetime | None
    turns: tuple[Turn, ...]
    branch_of: tuple[str, int] | None = None

    @property
    def is_over(self) -> bool:
        return self.ended is not None

    @property
    def last(self) -> Turn:
        """The newest turn; there always is one, the opening."""
        return self.turns[-1]

    def with_turn(self, turn: Turn) -> Rehearsal:
        """The rehearsal with this as its newest turn, and over if the turn ended the call."""
        return replace(self, turns=(*self.turns, turn), ended=turn.at if turn.ended else None)

    @property
    def replies(self) -> tuple[Turn, ...]:
        """The turns in which the trainee said something."""
        return tuple(t for t in self.turns if t.event is Event.REPLY)
