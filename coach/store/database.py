"""The store in SQL: SQLite for one machine, PostgreSQL for many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session, scoped_session

from coach.coaching.ports import Flags
from coach.domain.rehearsal import Rehearsal
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

    `session` is for this package only. A turn needs neither it nor most of the parts, and making them costs more than
    a statement, so each is made when it is first asked for.
    """

    def __init__(self, connection: Connection, clock: Clock, kept: KeptTurns, *, writable: bool) -> None:
        self._connection = connection
        self._clock = clock
        self._kept = kept
        self._writable = writable

    @cached_property
    def rehearsals(self) -> Rehearsals:
        return self._rehearsals

    @cached_property
    def _rehearsals(self) -> SqlRehearsals:
        return SqlRehearsals(self._connection, self._kept, writable=self._writable)

    @cached_property
    def people(self) -> People:
        return SqlPeople(self._connection, self._clock, writable=self._writable)

    @cached_property
    def archive(self) -> ScenarioArchive:
        return SqlArchive(self.session, self._clock, writable=self._writable)

    @cached_property
    def flags(self) -> Flags:
        return SqlFlags(self.session, self._clock, writable=self._writable)

    @cached_property
    def jobs(self) -> SqlJobs:
        return SqlJobs(self.session, self._clock, writable=self._writable)

    @cached_property
    def audit(self) -> SqlAudit:
        return SqlAudit(self.session, self._clock, writable=self._writable)

    @cached_property
    def session(self) -> Session:
        """It takes part in the transaction of the connection, and neither commits it nor rolls it back."""
        return Session(self._connection, join_transaction_mode="rollback_only")

    def flush(self) -> None:
        """Sends what the session still holds back."""
        if "session" in self.__dict__:
            self.session.flush()

    def committed(self) -> None:
        """What was written is the truth now."""
        if "_rehearsals" in self.__dict__:
            self._rehearsals.committed()

    def close(self) -> None:
        if "session" in self.__dict__:
            self.session.close()


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
        with self._writer() as connection:
            with connection.begin(), self._work(connection, writable=True) as work:
                yield work
                work.flush()
            work.committed()

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        with self._engines.reading.connect() as connection, self._work(connection, writable=False) as work:
            yield work

    def recall(self, rehearsal_id: str) -> Rehearsal | None:
        return self._kept.recall(rehearsal_id)

    @contextmanager
    def _work(self, connection: Connection, *, writable: bool) -> Iterator[SqlUnitOfWork]:
        work = SqlUnitOfWork(connection, self.clock, self._kept, writable=writable)
        try:
            yield work
        finally:
            work.close()

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
