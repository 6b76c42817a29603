"""The scenario versions that were rehearsed, in SQL."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from coach.errors import NotFound
from coach.practice.ports import Clock
from coach.store.rows import ScenarioVersionRow
from coach.store.translate import can_be_id, storable, storable_id


class SqlArchive:
    def __init__(self, session: Session, clock: Clock, *, writable: bool) -> None:
        self._session = session
        self._clock = clock
        self._writable = writable

    def keep(self, scenario_id: str, version: int, hash: str, source: str) -> None:
        if not self._writable:
            raise RuntimeError("only inside Store.write()")
        same = select(ScenarioVersionRow.hash).where(ScenarioVersionRow.hash == storable_id(hash, "hash"))
        if self._session.scalar(same) is not None:
            return
        # Two nodes may keep the same version at once, hence "or do nothing" all the same.
        insert = postgresql.insert if self._session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = {
            "hash": hash,
            "scenario_id": storable_id(scenario_id, "scenario_id"),
            "version": version,
            "source": storable(source, "source"),
            "kept_utc": self._clock(),
        }
        self._session.execute(insert(ScenarioVersionRow).values(row).on_conflict_do_nothing())

    def source(self, hash: str) -> str:
        query = select(ScenarioVersionRow.source).where(ScenarioVersionRow.hash == hash)
        source = self._session.scalar(query) if can_be_id(hash) else None
        if source is None:
            raise NotFound("no such scenario version", hash=hash)
        return source
