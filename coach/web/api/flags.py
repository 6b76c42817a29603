"""Flags from the quality assurance of real calls."""

from __future__ import annotations

from datetime import date as Date
from typing import Literal, Self

from flask import Response
from flask.typing import ResponseReturnValue
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from coach.coaching.flags import LONGEST_CODE, LONGEST_NOTE, LONGEST_REFERENCE, MOST_FLAGS, Finding, WrongFinding
from coach.domain.flag import Flag, Severity
from coach.domain.people import Role
from coach.web.api import words
from coach.web.api.answering import answer
from coach.web.api.asking import Asked, bad_fields, body, query
from coach.web.api.door import api
from coach.web.api.specification import MaybeKeyHeader, documented
from coach.web.services import services
from coach.web.shared import for_people, the_person

PAGE = 50


class FlagAsked(Asked):
    """A finding in a real call: either `step` or `error_code` says what was missed."""

    agent: str = Field(min_length=3, max_length=254, description="The agent's e-mail address")
    call_reference: str = Field(min_length=1, max_length=LONGEST_REFERENCE)
    date: Date = Field(description="Day of the call")
    step: str | None = Field(default=None, max_length=200, description="rubric:step, such as six-step:listen")
    error_code: str | None = Field(default=None, max_length=LONGEST_CODE, description="Of your own list")
    severity: Literal["low", "medium", "high", "critical"]
    note: str = Field(default="", max_length=LONGEST_NOTE)

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if (self.step is None) == (self.error_code is None):
            raise PydanticCustomError("step_or_error_code", "either step or error code")
        return self


class FlagsQuery(Asked):
    limit: int = Field(default=PAGE, ge=1, le=MOST_FLAGS)
    before: int | None = Field(default=None, ge=1, le=2**31 - 1, description="`next` of an earlier answer")


@api.post("/flags")
@for_people(Role.QA, Role.ADMIN)
@documented(
    says=words.FlagEntry,
    status=201,
    also=200,
    json=FlagAsked,
    headers=MaybeKeyHeader,
    problems=(400, 403, 413, 415, 422, 503),
    operation="flag_agent",
)
def flag() -> ResponseReturnValue:
    """Flag an agent on a step of a real call

    For QA and administrators. The same agent, call, date and step or error code is the same flag, with or without an
    Idempotency-Key: 201 the first time, then 200 with the flag as it was first told.
    """
    asked = body(FlagAsked)
    finding = Finding(
        agent=asked.agent,
        call_reference=asked.call_reference,
        date=asked.date,
        step=asked.step or "",
        error_code=asked.error_code or "",
        severity=Severity(asked.severity),
        note=asked.note,
    )
    try:
        kept, is_new = services().flagging.flag(the_person(), finding)
    except WrongFinding as error:
        raise bad_fields(error.faults) from error
    return answer(_entry(kept), 201 if is_new else 200)


@api.get("/flags")
@for_people(Role.QA, Role.ADMIN, Role.MENTOR)
@documented(says=words.FlagList, query=FlagsQuery, problems=(403, 422), operation="list_flags")
def flags() -> Response:
    """Flags, newest first

    All for QA and administrators, those of their teams for mentors.
    """
    asked = query(FlagsQuery)
    found = services().flagging.newest(the_person(), limit=asked.limit, before=asked.before)
    more = found[-1].id if len(found) == asked.limit else None
    return answer(words.FlagList(flags=[_entry(one) for one in found], next=more))


def _entry(flag: Flag) -> words.FlagEntry:
    new = flag.new
    return words.FlagEntry(
        id=flag.id,
        agent=flag.agent_email,
        agent_name=flag.agent_name,
        call_reference=new.call_reference,
        date=new.date,
        step=new.step or None,
        error_code=new.error_code or None,
        severity=new.severity.value,
        note=new.note,
        state=flag.state.value,
        flagged_by=flag.flagged_by,
        created_at=flag.created,
    )
