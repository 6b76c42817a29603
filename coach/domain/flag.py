"""A flag: quality assurance heard an agent miss a step in a real call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class FlagState(StrEnum):
    OPEN = "open"  # nothing was done about it yet


@dataclass(frozen=True, slots=True)
class NewFlag:
    """`step` is "rubric:step", `error_code` a code of the centre's own list; one of them is "".

    `date` is the day of the call, where the call was.
    """

    agent_id: int
    flagged_by_id: int
    call_reference: str
    date: date
    step: str
    error_code: str
    severity: Severity
    note: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as it is kept, with the people's names of today."""

    id: int
    new: NewFlag
    state: FlagState
    created: datetime
    agent_email: str
    agent_name: str
    flagged_by: str  # name
