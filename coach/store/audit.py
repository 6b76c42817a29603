"""Who did what to whom, and when. Rows are only ever added."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coach.practice.ports import Clock
from coach.store.rows import AuditEventRow
from coach.store.translate import is_storable, storable, to_json


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """`actor` is a person's id, None for the program itself; `subject` what it was about, such as "rehearsal:ab1"."""

    at: datetime
    actor: int | None
    action: str
    subject: str
    detail: Mapping[str, object]


class SqlAudit:
    def __init__(self, session: Session, clock: Clock, *, writable: bool) -> None:
        self._session = session
        self._clock = clock
        self._writable = writable

    def record(self, actor: int | None, action: str, subject: str, detail: Mapping[str, object] | None = None) -> None:
        """Adds an event, in the same transaction as the deed."""
        if not self._writable:
            raise RuntimeError("only inside Store.write()")
        self._session.add(
            AuditEventRow(
                at_utc=self._clock(),
                actor_id=actor,
                action=storable(action, "action"),
                subject=storable(subject, "subject"),
                detail_json=to_json(dict(detail or {}), "detail"),
            )
        )
        self._session.flush()

    def about(self, subject: str, *, limit: int = 100) -> tuple[AuditEvent, ...]:
        """Newest first."""
        if not is_storable(subject):
            return ()
        query = select(AuditEventRow).where(AuditEventRow.subject == subject).order_by(AuditEventRow.id.desc())
        return tuple(map(_event_of, self._session.scalars(query.limit(limit))))


def _event_of(row: AuditEventRow) -> AuditEvent:
    return AuditEvent(row.at_utc, row.actor_id, row.action, row.subject, json.loads(row.detail_json))
