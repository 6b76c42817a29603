"""A call as words: what both sides said, turn after turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.behaviour import Reading


class Speaker(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One side's words. `turn` is the agent's turn number from 1; the customer's opening words have turn 0
    and the customer's answer carries the number of the reply it answers. `reading` is set on agent utterances
    that were read already."""

    speaker: Speaker
    text: str
    turn: int
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    language: str  # "zh" or "en"
    utterances: tuple[Utterance, ...]

    @property
    def replies(self) -> tuple[Utterance, ...]:
        """What the agent said, in order."""
        return tuple(u for u in self.utterances if u.speaker is Speaker.AGENT)
