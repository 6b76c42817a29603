"""The store in SQL: SQLite for one machine, PostgreSQL for many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session, scoped_session

from coach.coaching.ports import Flags
from coach.practice.ports import Clock, People, Rehearsals, ScenarioArchive
from coach.store.account_session import account_sessions
from coach.store.archive import SqlArchive
from coach.store.audit import SqlAudit
from coach.store.engines import PATIENCE, engines_for, wait_for_outsiders
from coach.store.flags import SqlFlags
from coach.store.jobs import SqlJobs
from coach.store.kept_turns import KeptTurns
from coach.store.people import SqlPeople
from coach.store.queue_lock import QueueLock
from coach.store.rehearsals import SqlRehearsals


class SqlUnitOfWork:
    """One transaction, seen through the ports; also background work and the audit trail.

    `session` is for this package only.
    """

    def __init__(self, session: Session, clock: Clock, kept: KeptTurns, *, writable: bool) -> None:
        self.session = session
        self.rehearsals: Rehearsals = SqlRehearsals(session, kept, writable=writable)
        self.people: People = SqlPeople(session, clock, writable=writable)
        self.archive: ScenarioArchive = SqlArchive(session, clock, writable=writable)
        self.flags: Flags = SqlFlags(session, clock, writable=writable)
        self.jobs = SqlJobs(session, clock, writable=writable)
        self.audit = SqlAudit(session, clock, writable=writable)


class SqlStore:
    """Keeps the promises of `coach.practice.ports.Store`.

    `url`: `sqlite:///path` or `postgresql://…`; BadSettings for others. The tables must be there: see
    `coach.store.migrate`. `max_waiting`: with so many writers waiting already, the next one is refused at once, which
    keeps threads free for readers.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        patience: float = PATIENCE,
        max_waiting: int | None = None,
    ) -> None:
        self.clock = clock
        self._patience = patience
        self._engines = engines_for(url, patience)
        self._lock = QueueLock(max_waiting=max_waiting)
        self._kept = KeptTurns()
        self.account_session: scoped_session[Session] = account_sessions(
            self._engines.accounts, self._lock if self._engines.is_sqlite else None, patience
        )

    @contextmanager
    def write(self) -> Iterator[SqlUnitOfWork]:
        with self._writer() as connection, Session(connection) as session, session.begin():
            yield SqlUnitOfWork(session, self.clock, self._kept, writable=True)

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        with self._engines.reading.connect() as connection, Session(connection) as session:
            yield SqlUnitOfWork(session, self.clock, self._kept, writable=False)

    def ping(self) -> None:
        """StoreUnavailable unless the database answers."""
        with self.read() as work:
            work.session.execute(text("SELECT 1"))

    @property
    def waiting_writers(self) -> int:
        """How many writers of this process wait just now (SQLite)."""
        return self._lock.waiting

    def close(self) -> None:
        """Gives all connections back."""
        self.account_session.remove()
        self._engines.close()

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """A connection to write by. On SQLite, writers of this process queue up in the order they came."""
        if not self._engines.is_sqlite:
            with self._engines.writing.connect() as connection:
                yield connection
            return
        with self._lock.turn(self._patience) as left, self._engines.writing.connect() as connection:
            wait_for_outsiders(connection, left)
            yield connection
