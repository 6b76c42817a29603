"""The codebook's 32 behaviours and what reading a reply yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

ACTS: tuple[str, ...] = (
    "greet", "invite", "empathise", "restate", "ask", "verify", "record", "apologise",
    "apologise_specific", "thank", "own", "explain", "remedy", "compensate", "involve",
    "timeframe", "follow_up", "prevent", "confirm", "close", "escalate",
)  # fmt: skip
FAULTS: tuple[str, ...] = (
    "interrupt", "argue", "blame_customer", "shift_blame", "flat_refusal", "minimise",
    "overpromise", "vague_time", "jargon", "rude", "template",
)  # fmt: skip
BEHAVIOURS: tuple[str, ...] = ACTS + FAULTS


class Certainty(StrEnum):
    """`unsure` never credits and never costs: a mentor should look."""

    PRESENT = "present"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that show a behaviour. Offsets count code points of the reply as given."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One behaviour found in a reply. `confidence` is 0..1."""

    id: str
    verdict: Certainty
    confidence: float
    evidence: tuple[Evidence, ...]

    @property
    def is_present(self) -> bool:
        return self.verdict is Certainty.PRESENT


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """A time a customer could hold the agent to.

    `latest_minutes` is how far away its end is, in minutes from now, where the words tell it;
    `None` for dates and clock times that depend on the calendar.
    """

    start: int
    end: int
    text: str
    latest_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class AmountSlot:
    """Money named in a reply. `currency` is an ISO code, or "" where the words do not say."""

    start: int
    end: int
    text: str
    value: float
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reply does: the behaviours in the order of the codebook, times and amounts in text order."""

    text: str
    language: str
    behaviours: tuple[Behaviour, ...] = ()
    times: tuple[TimeSlot, ...] = ()
    amounts: tuple[AmountSlot, ...] = ()
    reader: str = ""
    present: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "present", frozenset(b.id for b in self.behaviours if b.is_present))

    def find(self, behaviour: str) -> Behaviour | None:
        """The behaviour of that id, or None."""
        return next((b for b in self.behaviours if b.id == behaviour), None)
