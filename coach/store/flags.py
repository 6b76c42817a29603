"""Flags in SQL."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from coach.domain.flag import Flag, FlagState, NewFlag, Severity
from coach.errors import NotFound
from coach.practice.ports import Clock
from coach.store.rows import FlagRow, PersonRow
from coach.store.translate import can_be_number, storable, storable_id

_Agent = aliased(PersonRow)
_Flagger = aliased(PersonRow)
_SAME = ("agent_id", "call_reference", "call_date", "step", "error_code")


class SqlFlags:
    def __init__(self, session: Session, clock: Clock, *, writable: bool) -> None:
        self._session = session
        self._clock = clock
        self._writable = writable

    def add(self, new: NewFlag) -> tuple[Flag, bool]:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")
        row = self._row(new)
        self._must_exist(new.agent_id, new.flagged_by_id)
        insert: Any = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        # Two nodes may be told of the same call at once: the unique constraint decides who was first.
        added = self._session.execute(insert(FlagRow).values(row).on_conflict_do_nothing().returning(FlagRow.id))
        is_new = added.scalar() is not None
        same = _with_names().where(*(getattr(FlagRow, name) == row[name] for name in _SAME))
        return _flag_of(self._session.execute(same).one()), is_new

    def newest(
        self, *, agents: Collection[int] | None = None, limit: int = 50, before: int | None = None
    ) -> tuple[Flag, ...]:
        query = _with_names().order_by(FlagRow.id.desc()).limit(max(0, limit))
        if agents is not None:
            query = query.where(FlagRow.agent_id.in_(sorted(filter(can_be_number, agents))))
        if before is not None and can_be_number(before):
            query = query.where(FlagRow.id < before)
        elif before is not None and before <= 0:
            return ()
        return tuple(map(_flag_of, self._session.execute(query)))

    def _row(self, new: NewFlag) -> dict[str, Any]:
        return {
            "agent_id": new.agent_id,
            "flagged_by_id": new.flagged_by_id,
            "call_reference": storable_id(new.call_reference, "call_reference"),
            "call_date": new.date.isoformat(),
            "step": storable_id(new.step, "step"),
            "error_code": storable_id(new.error_code, "error_code"),
            "severity": new.severity.value,
            "note": storable(new.note, "note"),
            "state": FlagState.OPEN.value,
            "created_utc": self._clock(),
        }

    def _must_exist(self, *people: int) -> None:
        for id in people:
            if not can_be_number(id) or self._session.get(PersonRow, id) is None:
                raise NotFound("no such person", person=id)


def _with_names() -> Select[FlagRow, str, str, str]:
    """Flags with the columns of both people that are shown; whole accounts would bring rights and teams along."""
    return (
        select(FlagRow, _Agent.email, _Agent.name, _Flagger.name)
        .join(_Agent, _Agent.id == FlagRow.agent_id)
        .join(_Flagger, _Flagger.id == FlagRow.flagged_by_id)
    )


def _flag_of(found: Any) -> Flag:
    row, email, name, flagged_by = found
    new = NewFlag(
        agent_id=row.agent_id,
        flagged_by_id=row.flagged_by_id,
        call_reference=row.call_reference,
        date=date.fromisoformat(row.call_date),
        step=row.step,
        error_code=row.error_code,
        severity=Severity(row.severity),
        note=row.note,
    )
    return Flag(row.id, new, FlagState(row.state), row.created_utc, email, name, flagged_by)
