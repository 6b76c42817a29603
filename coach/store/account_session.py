"""The session that Flask-Security works with, and how it takes its turn among the writers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction, scoped_session, sessionmaker

from coach.store.engines import wait_for_outsiders
from coach.store.queue_lock import QueueLock


class AccountSession(Session):
    """Reads without a transaction and takes its turn as a writer when it flushes.

    Sign-in code reads first and decides later to write. In SQLite a transaction that began by reading cannot be
    relied on to write: another writer may have passed it. So reading here holds no transaction, and the first flush
    queues up and says BEGIN IMMEDIATE. Commit, rollback and `remove()` end the turn. PostgreSQL has no queue (`lock`
    is None) and ordinary transactions.
    """

    def __init__(self, *, lock: QueueLock | None, patience: float, **settings: Any) -> None:
        super().__init__(**settings)
        self._lock = lock
        self._patience = patience
        self._has_turn = False

    def flush(self, objects: Sequence[object] | None = None) -> None:
        if self._lock is not None and not self._has_turn and (self.new or self.dirty or self.deleted):
            self._take_turn(self._lock)
        super().flush(objects)

    def commit(self) -> None:
        try:
            super().commit()
        except BaseException:
            self.rollback()  # ends our turn, even where nobody calls remove()
            raise

    def _take_turn(self, lock: QueueLock) -> None:
        left = lock.acquire(self._patience)
        self._has_turn = True
        try:
            connection = self.connection()
            wait_for_outsiders(connection, left)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self.end_turn()
            raise

    def end_turn(self) -> None:
        """Lets the next writer in; does nothing if this session had no turn."""
        if self._has_turn and self._lock is not None:
            self._has_turn = False
            self._lock.release()


@event.listens_for(AccountSession, "after_transaction_end")
def _end_turn(session: AccountSession, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.end_turn()


def account_sessions(engine: Engine, lock: QueueLock | None, patience: float) -> scoped_session[Session]:
    """One session for each thread; the pages call `remove()` at the end of each request."""
    return scoped_session(sessionmaker(engine, class_=AccountSession, autoflush=False, lock=lock, patience=patience))
