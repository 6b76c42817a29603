"""The customer's mood: anger and patience from 0 to 100, and a ledger of why they moved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.language import Text

LOWEST, HIGHEST = 0, 100


class Band(StrEnum):
    """How the customer talks just now; scenario lines come in these three bands."""

    COOL = "cool"
    HOT = "hot"
    BOILING = "boiling"


HOT_FROM, BOILING_FROM = 40, 70


def band_of(anger: int) -> Band:
    """cool below 40, hot below 70, else boiling."""
    if anger >= BOILING_FROM:
        return Band.BOILING
    return Band.HOT if anger >= HOT_FROM else Band.COOL


class AngerWord(StrEnum):
    """The five words for anger that people read, each twenty points wide."""

    CALM = "calm"
    IRRITATED = "irritated"
    ANGRY = "angry"
    VERY_ANGRY = "very-angry"
    FURIOUS = "furious"


class PatienceWord(StrEnum):
    GONE = "about-to-hang-up"
    RUNNING_OUT = "running-out"
    WAITING = "waiting"
    WILL_WAIT = "will-wait"


def anger_word(anger: int) -> AngerWord:
    """The word for 0..100."""
    return tuple(AngerWord)[min(anger, 99) // 20]


def patience_word(patience: int) -> PatienceWord:
    """The word for 0..100, each twenty-five points wide."""
    return tuple(PatienceWord)[min(patience, 99) // 25]


@dataclass(frozen=True, slots=True)
class Mood:
    anger: int
    patience: int

    @property
    def band(self) -> Band:
        return band_of(self.anger)


@dataclass(frozen=True, slots=True)
class MoodChange:
    """One line of the ledger: what moved, by how much, and the reason that can be read aloud.

    `rule` is the stable id of the rule that moved it; `quote` the trainee's words it is about, or "".
    """

    what: str  # "anger" or "patience"
    delta: int
    rule: str
    because: Text
    quote: str = ""


def clamp(value: int) -> int:
    """The value, or the end of 0..100 it lies beyond."""
    return LOWEST if value < LOWEST else HIGHEST if value > HIGHEST else value
