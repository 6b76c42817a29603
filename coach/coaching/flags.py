"""QA flags an agent on a step of a real call; mentors see the flags of their teams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from coach.coaching.ports import CoachingStore
from coach.domain.flag import Flag, NewFlag, Severity
from coach.domain.people import Person, Role
from coach.domain.rubric import RubricPack, Step
from coach.errors import BadInput, NotAllowed
from coach.practice.ports import Clock

LONGEST_REFERENCE = 100
LONGEST_CODE = 60
LONGEST_NOTE = 2000
MOST_FLAGS = 200  # in one answer
_CODE = re.compile(r"[\w.:/-]{1,60}")
_NOT_LINE = re.compile("[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What QA reports. `agent` is an e-mail address, `step` is "rubric:step"; either `step` or `error_code` is ""."""

    agent: str
    call_reference: str
    date: date
    step: str
    error_code: str
    severity: Severity
    note: str = ""


class WrongFinding(BadInput):
    """A finding cannot be kept; `details["errors"]` names every field at fault with a code."""

    code = "bad-input"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("the finding cannot be kept", errors=[{"field": f, "code": c} for f, c in faults.items()])
        self.faults = dict(faults)


class Flagging:
    """Flags in and out."""

    def __init__(self, store: CoachingStore, packs: Mapping[str, RubricPack], clock: Clock) -> None:
        self._store = store
        self._packs = packs
        self._clock = clock

    @property
    def steps(self) -> dict[str, tuple[RubricPack, Step]]:
        """Every step that can be flagged, by "rubric:step"."""
        return {f"{pack.id}:{step.id}": (pack, step) for pack in self._packs.values() for step in pack.steps}

    def flag(self, by: Person, finding: Finding) -> tuple[Flag, bool]:
        """The flag, and whether it is new: the same finding again is the same flag. WrongFinding, NotAllowed."""
        if not (by.has(Role.QA) or by.has(Role.ADMIN)):
            raise NotAllowed("only QA flags")
        faults = self._faults(finding)
        with self._store.write() as work:
            agent = work.people.by_email(finding.agent)
            if agent is None:
                faults["agent"] = "unknown_agent"
            if faults or agent is None:
                raise WrongFinding(faults)
            return work.flags.add(
                NewFlag(
                    agent_id=agent.id,
                    flagged_by_id=by.id,
                    call_reference=finding.call_reference.strip(),
                    date=finding.date,
                    step=finding.step,
                    error_code=finding.error_code.strip(),
                    severity=finding.severity,
                    note=_NOT_TEXT.sub("", finding.note).strip(),
                )
            )

    def newest(self, reader: Person, *, limit: int = 50, before: int | None = None) -> tuple[Flag, ...]:
        """Newest first: all for QA and admins, those of their teams for mentors. NotAllowed for others."""
        limit = max(0, min(limit, MOST_FLAGS))
        with self._store.read() as work:
            if reader.has(Role.QA) or reader.has(Role.ADMIN):
                return work.flags.newest(limit=limit, before=before)
            if not reader.has(Role.MENTOR):
                raise NotAllowed("flags are for QA and mentors")
            team = [person.id for person in work.people.trainees_of(reader)]
            return work.flags.newest(agents=team, limit=limit, before=before)

    def _faults(self, finding: Finding) -> dict[str, str]:
        faults: dict[str, str] = {}
        reference = finding.call_reference.strip()
        if not reference:
            faults["call_reference"] = "string_too_short"
        elif len(reference) > LONGEST_REFERENCE:
            faults["call_reference"] = "string_too_long"
        elif _NOT_LINE.search(reference):
            faults["call_reference"] = "string_pattern_mismatch"
        if bool(finding.step) == bool(finding.error_code.strip()):
            faults["step"] = "step_or_error_code"
        elif finding.step and finding.step not in self.steps:
            faults["step"] = "unknown_step"
        elif finding.error_code and not _CODE.fullmatch(finding.error_code.strip()):
            faults["error_code"] = "string_pattern_mismatch"
        # A day of grace: where the call was, it may be tomorrow already.
        if finding.date > self._clock().date() + timedelta(days=1):
            faults["date"] = "date_in_future"
        if len(finding.note) > LONGEST_NOTE:
            faults["note"] = "string_too_long"
        return faults
