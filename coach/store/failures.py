"""What database drivers raise, sorted into our errors."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from coach.errors import StoreUnavailable

# Primary result codes of SQLite that tell of its surroundings, not of our SQL.
_AROUND_SQLITE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_NOMEM: "memory",
    sqlite3.SQLITE_READONLY: "disk",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_FULL: "disk",
    sqlite3.SQLITE_CANTOPEN: "disk",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_NOTADB: "damaged",
}
_READ_ONLY_TRANSACTION = "25006"  # a PostgreSQL standby, or one that ran out of disk


def reason_of(error: DBAPIError) -> str:
    """ "locked", "disk", "memory", "damaged" or "away" when trying later may help, else ""."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _AROUND_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF, "")
    if error.connection_invalidated or isinstance(error, OperationalError):
        return _reason_of_postgresql(getattr(cause, "sqlstate", None) or "")
    return "disk" if getattr(cause, "sqlstate", "") == _READ_ONLY_TRANSACTION else ""


def _reason_of_postgresql(sqlstate: str) -> str:
    if sqlstate in {"55P03", "40001", "40P01", "57014"}:  # lock timeout, serialisation, deadlock, statement timeout
        return "locked"
    if sqlstate.startswith("53"):
        return "memory" if sqlstate == "53200" else "disk" if sqlstate == "53100" else "away"
    return "away"


def sort_failures_of(engine: Engine) -> None:
    """From now on, what the surroundings of the database refuse is StoreUnavailable, with the driver's error as cause.

    Our own mistakes, such as bad SQL, stay what they are.
    """
    event.listen(engine, "handle_error", _sort)


def _sort(context: ExceptionContext) -> BaseException | None:
    error = context.sqlalchemy_exception
    if context.is_pre_ping:
        return None  # the pool finds out that a connection is dead, and takes a new one
    if isinstance(error, DBAPIError) and (reason := reason_of(error)):
        return StoreUnavailable(f"the database refuses: {reason}", reason=reason)
    return None


class LimitedPool(QueuePool):
    """A pool whose exhaustion is StoreUnavailable."""

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except NoConnectionLeft as error:
            raise StoreUnavailable("no connection left", reason="away") from error
