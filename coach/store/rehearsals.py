"""Rehearsals and their turns in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from coach.domain.rehearsal import Rehearsal, Turn
from coach.errors import CallEnded, KeyReused, NotFound, OutOfStep
from coach.practice.ports import RehearsalSummary
from coach.store.kept_turns import KeptTurns
from coach.store.rows import Base, PersonRow
from coach.store.translate import (
    can_be_id,
    can_be_number,
    columns_of_rehearsal,
    columns_of_turn,
    counted,
    rehearsal_of,
    summary_of,
    turn_of,
)

# Tables, not classes: nothing here changes a row in memory, and making objects that notice changes is half of the
# work of a query. Statements are built once: building one takes longer than running it.
_REHEARSAL, _TURN = (Base.metadata.tables[name] for name in ("rehearsal", "turn"))
_HEAD = select(_REHEARSAL).where(_REHEARSAL.c.id == bindparam("id"))
_HEAD_LOCKED = _HEAD.with_for_update()
_OF_REHEARSAL = select(_TURN).where(_TURN.c.rehearsal_id == bindparam("id"))
_TURNS = _OF_REHEARSAL.where(_TURN.c.seq >= bindparam("seq")).order_by(_TURN.c.seq)
_ANSWER = _OF_REHEARSAL.where(_TURN.c.key == bindparam("key"))
_OWNER = select(PersonRow.id).where(PersonRow.id == bindparam("id"))
_ADD, _ADD_TURN = insert(_REHEARSAL), insert(_TURN)
_COUNT = update(_REHEARSAL).where(_REHEARSAL.c.id == bindparam("rehearsal"))


class SqlRehearsals:
    def __init__(self, connection: Connection, kept: KeptTurns, *, writable: bool) -> None:
        self._connection = connection
        self._kept = kept
        self._writable = writable
        self._locked: dict[str, Row[Any]] = {}
        self._seen: dict[str, Rehearsal] = {}  # as nobody else can change it while this transaction lasts
        self._longer: dict[str, Rehearsal] = {}  # to be remembered once they are committed

    def add(self, rehearsal: Rehearsal) -> None:
        self._must_write()
        columns = columns_of_rehearsal(rehearsal)
        if self._first(_HEAD, {"id": rehearsal.id}) is not None:
            raise KeyReused("a rehearsal of this id exists", rehearsal=rehearsal.id)
        self._must_know(rehearsal)
        self._connection.execute(_ADD, columns)
        turns = [columns_of_turn(rehearsal.id, turn, "") for turn in rehearsal.turns]
        if turns:
            self._connection.execute(_ADD_TURN, turns)

    def get(self, id: str) -> Rehearsal:
        return self._with_turns(self._head(id), is_ours=not self._writable or id in self._locked)

    def lock(self, id: str) -> Rehearsal:
        return self._with_turns(self._locked_head(id), is_ours=True)

    def append(self, id: str, turn: Turn, request: str) -> None:
        head = self._locked_head(id)
        if turn.seq != head.next_seq:
            raise OutOfStep("not the next turn", seq=turn.seq, expected=head.next_seq)
        if head.ended_utc is not None:
            raise CallEnded("the call is over", rehearsal=id)
        columns = columns_of_turn(id, turn, request)
        if self.answered(id, turn.key) is not None:
            raise KeyReused("the key was used in this rehearsal", key=turn.key)
        self._connection.execute(_ADD_TURN, columns)
        self._connection.execute(_COUNT, {"rehearsal": id, **counted(head, turn)})
        del self._locked[id]  # what was read is no longer true; the lock itself stays
        seen = self._seen.pop(id, None)
        if seen is not None:
            self._longer[id] = seen.with_turn(turn)

    def committed(self) -> None:
        """What was appended need not be read again by those who come next."""
        for rehearsal in self._longer.values():
            self._kept.keep(rehearsal)

    def answered(self, id: str, key: str) -> tuple[str, Turn] | None:
        seen = self._seen.get(id)
        if seen is not None and all(turn.key != key for turn in seen.turns):
            return None
        row = self._first(_ANSWER, {"id": id, "key": key}) if can_be_id(id) and can_be_id(key) else None
        return (row.request_hash, turn_of(row)) if row is not None else None

    def of_owner(
        self, owner_id: int, *, limit: int = 50, before: datetime | None = None
    ) -> tuple[RehearsalSummary, ...]:
        if not can_be_number(owner_id):
            return ()
        newest = select(_REHEARSAL).where(_REHEARSAL.c.owner_id == owner_id)
        if before is not None:
            newest = newest.where(_REHEARSAL.c.started_utc < before)
        return self._summaries(
            newest.order_by(_REHEARSAL.c.started_utc.desc(), _REHEARSAL.c.id.desc()).limit(max(0, limit))
        )

    def running_since(self, before: datetime, *, limit: int = 100) -> tuple[RehearsalSummary, ...]:
        running = select(_REHEARSAL).where(_REHEARSAL.c.ended_utc.is_(None), _REHEARSAL.c.started_utc < before)
        return self._summaries(running.order_by(_REHEARSAL.c.started_utc, _REHEARSAL.c.id).limit(max(0, limit)))

    def branches_of(self, id: str) -> tuple[RehearsalSummary, ...]:
        if not can_be_id(id):
            return ()
        branches = select(_REHEARSAL).where(_REHEARSAL.c.branch_of_id == id)
        return self._summaries(branches.order_by(_REHEARSAL.c.started_utc, _REHEARSAL.c.id))

    def _must_write(self) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")

    def _must_know(self, rehearsal: Rehearsal) -> None:
        owner = rehearsal.owner_id
        if not can_be_number(owner) or self._first(_OWNER, {"id": owner}) is None:
            raise NotFound("no such owner", owner=owner)
        if rehearsal.branch_of is not None:
            self._head(rehearsal.branch_of[0])

    def _head(self, id: str, query: Select[*tuple[Any, ...]] = _HEAD) -> Row[Any]:
        """The rehearsal's own row."""
        row = self._first(query, {"id": id}) if can_be_id(id) else None
        if row is None:
            raise NotFound("no such rehearsal", rehearsal=id)
        return row

    def _locked_head(self, id: str) -> Row[Any]:
        """The row as it is now, kept from other writers until this transaction ends.

        PostgreSQL locks the row; SQLite's writers are alone anyway and leave FOR UPDATE out.
        """
        self._must_write()
        if id not in self._locked:
            self._locked[id] = self._head(id, _HEAD_LOCKED)
        return self._locked[id]

    def _with_turns(self, head: Row[Any], *, is_ours: bool) -> Rehearsal:
        """The rehearsal with its turns; those that are known are not read again.

        `is_ours`: nobody else can add to it while this transaction lasts, or be seen doing so.
        """
        known = self._kept.first(head.id, head.next_seq)
        missing = head.next_seq - len(known)
        if missing:
            new = self._connection.execute(_TURNS, {"id": head.id, "seq": len(known)})
            known += tuple(turn_of(turn) for turn in new)
        rehearsal = rehearsal_of(head, known)
        if missing and not self._writable:  # a writer's own turns may still be rolled back
            self._kept.keep(rehearsal)
        if is_ours:
            self._seen[head.id] = rehearsal
        return rehearsal

    def _first(self, query: Select[*tuple[Any, ...]], values: dict[str, object]) -> Row[Any] | None:
        return self._connection.execute(query, values).first()

    def _summaries(self, query: Select[*tuple[Any, ...]]) -> tuple[RehearsalSummary, ...]:
        return tuple(summary_of(row) for row in self._connection.execute(query))
