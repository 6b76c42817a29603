"""Rehearsals and their turns in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from coach.domain.rehearsal import Rehearsal, Turn
from coach.errors import CallEnded, KeyReused, NotFound, OutOfStep
from coach.practice.ports import RehearsalSummary
from coach.store.kept_turns import KeptTurns
from coach.store.rows import PersonRow, RehearsalRow, TurnRow
from coach.store.translate import (
    can_be_id,
    can_be_number,
    count_turn,
    rehearsal_of,
    row_of_rehearsal,
    row_of_turn,
    summary_of,
    turn_of,
)

# Built once: building a statement takes longer than running it.
_ROW = select(RehearsalRow).where(RehearsalRow.id == bindparam("id"))
# Locking reads again what this transaction may have read before another one changed it.
_ROW_LOCKED = _ROW.with_for_update().execution_options(populate_existing=True)
_OF_REHEARSAL = select(TurnRow).where(TurnRow.rehearsal_id == bindparam("id"))
_TURNS = _OF_REHEARSAL.where(TurnRow.seq >= bindparam("seq")).order_by(TurnRow.seq)
_ANSWER = _OF_REHEARSAL.where(TurnRow.key == bindparam("key"))
_USED = select(TurnRow.seq).where(TurnRow.rehearsal_id == bindparam("id"), TurnRow.key == bindparam("key"))


class SqlRehearsals:
    def __init__(self, session: Session, kept: KeptTurns, *, writable: bool) -> None:
        self._session = session
        self._kept = kept
        self._writable = writable
        self._locked: dict[str, RehearsalRow] = {}
        self._free: set[tuple[str, str]] = set()  # keys that were looked for while the rehearsal was locked

    def add(self, rehearsal: Rehearsal) -> None:
        self._must_write()
        row = row_of_rehearsal(rehearsal)
        if self._session.scalar(_ROW, {"id": row.id}) is not None:
            raise KeyReused("a rehearsal of this id exists", rehearsal=row.id)
        self._must_know(rehearsal)
        self._session.add(row)
        self._session.flush()  # before the turns: no relationship tells the session about this order
        self._session.add_all([row_of_turn(rehearsal.id, turn, "") for turn in rehearsal.turns])
        self._session.flush()

    def get(self, id: str) -> Rehearsal:
        return self._with_turns(self._row(id))

    def lock(self, id: str) -> Rehearsal:
        return self._with_turns(self._locked_row(id))

    def append(self, id: str, turn: Turn, request: str) -> None:
        row = self._locked_row(id)
        if turn.seq != row.next_seq:
            raise OutOfStep("not the next turn", seq=turn.seq, expected=row.next_seq)
        if row.ended_utc is not None:
            raise CallEnded("the call is over", rehearsal=id)
        added = row_of_turn(id, turn, request)
        if not self._is_free(id, turn.key):
            raise KeyReused("the key was used in this rehearsal", key=turn.key)
        self._session.add(added)
        count_turn(row, turn)
        row.ended_utc = turn.at if turn.ended else None
        self._session.flush()
        self._free.discard((id, turn.key))

    def answered(self, id: str, key: str) -> tuple[str, Turn] | None:
        if not (can_be_id(id) and can_be_id(key)):
            return None
        row = self._session.scalar(_ANSWER, {"id": id, "key": key})
        if row is None and id in self._locked:
            self._free.add((id, key))
        return (row.request_hash, turn_of(row)) if row else None

    def of_owner(
        self, owner_id: int, *, limit: int = 50, before: datetime | None = None
    ) -> tuple[RehearsalSummary, ...]:
        if not can_be_number(owner_id):
            return ()
        newest = select(RehearsalRow).where(RehearsalRow.owner_id == owner_id)
        if before is not None:
            newest = newest.where(RehearsalRow.started_utc < before)
        return self._summaries(
            newest.order_by(RehearsalRow.started_utc.desc(), RehearsalRow.id.desc()).limit(max(0, limit))
        )

    def running_since(self, before: datetime, *, limit: int = 100) -> tuple[RehearsalSummary, ...]:
        running = select(RehearsalRow).where(RehearsalRow.ended_utc.is_(None), RehearsalRow.started_utc < before)
        return self._summaries(running.order_by(RehearsalRow.started_utc, RehearsalRow.id).limit(max(0, limit)))

    def branches_of(self, id: str) -> tuple[RehearsalSummary, ...]:
        if not can_be_id(id):
            return ()
        branches = select(RehearsalRow).where(RehearsalRow.branch_of_id == id)
        return self._summaries(branches.order_by(RehearsalRow.started_utc, RehearsalRow.id))

    def _is_free(self, id: str, key: str) -> bool:
        """Whether no turn of the locked rehearsal has this key."""
        return (id, key) in self._free or self._session.scalar(_USED, {"id": id, "key": key}) is None

    def _must_write(self) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")

    def _must_know(self, rehearsal: Rehearsal) -> None:
        owner = rehearsal.owner_id
        if not can_be_number(owner) or self._session.scalar(select(PersonRow.id).where(PersonRow.id == owner)) is None:
            raise NotFound("no such owner", owner=owner)
        if rehearsal.branch_of is not None:
            self._row(rehearsal.branch_of[0])

    def _row(self, id: str, query: Select[RehearsalRow] = _ROW) -> RehearsalRow:
        row = self._session.scalar(query, {"id": id}) if can_be_id(id) else None
        if row is None:
            raise NotFound("no such rehearsal", rehearsal=id)
        return row

    def _locked_row(self, id: str) -> RehearsalRow:
        """The row as it is now, kept from other writers until this transaction ends.

        PostgreSQL locks the row; SQLite's writers are alone anyway and leave FOR UPDATE out.
        """
        self._must_write()
        if id not in self._locked:
            self._locked[id] = self._row(id, _ROW_LOCKED)
        return self._locked[id]

    def _with_turns(self, row: RehearsalRow) -> Rehearsal:
        """The rehearsal with its turns; those that are known are not read again."""
        known = self._kept.first(row.id, row.next_seq)
        if len(known) < row.next_seq:
            new = self._session.scalars(_TURNS, {"id": row.id, "seq": len(known)})
            known += tuple(turn_of(turn) for turn in new)
            if not self._writable:  # a writer's own turns may still be rolled back
                self._kept.keep(row.id, known)
        return rehearsal_of(row, known)

    def _summaries(self, query: Select[RehearsalRow]) -> tuple[RehearsalSummary, ...]:
        return tuple(summary_of(row) for row in self._session.scalars(query))
